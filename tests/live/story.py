"""Scenarios made by chance: what a site does in many days, and what goes wrong meanwhile."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

WORDS = (
    "embassy comment statement ministry visit talks agreement question answer meeting minister"
    " ambassador council region treaty report media interview article position partners measures"
).split()
OPENS = datetime(2021, 3, 1, 6, tzinfo=UTC)
FAULTS = (
    "500", "503", "429", "403", "reset", "cut", "blocked", "soft404", "to_home", "loop",
    "elsewhere", "inside", "oversized", "timeout",
)  # fmt: skip


def words(rng: Random, count: int) -> str:
    return " ".join(rng.choices(WORDS, k=count))


def sentence(rng: Random, count: int) -> str:
    return words(rng, count).capitalize() + "."


def signature(day: date) -> str:
    """The line at the end of a body, without which it is not proven in unknown markup."""
    return f"{day.day} {day:%B %Y}, 18:05"


class Story:
    """Events of many days, written as a scenario file."""

    def __init__(self, seed: int, days: int) -> None:
        self.rng, self.days = Random(seed), days
        self.events: list[dict[str, Any]] = []
        self.faults: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.state: dict[str, str] = {}
        self._number = 9000
        for back in range(30, 0, -1):
            self.publish(OPENS - timedelta(days=back), (OPENS - timedelta(days=back)).date())
        self.events.append(
            {"at": OPENS - timedelta(days=40), "do": "counter", "event": "the last concert",
             "tail": "no date for the next", "since": date(2020, 5, 5)}
        )  # fmt: skip
        moment = OPENS
        while moment < OPENS + timedelta(days=days - 4):
            moment += timedelta(hours=self.rng.randint(5, 60), minutes=self.rng.randint(1, 50))
            self.happen(moment)
        self.events.sort(key=lambda event: event["at"])

    def publish(self, at: datetime, day: date) -> None:
        self._number += 1
        key, rng = f"fnapr/{self._number}", self.rng
        self.keys.append(key)
        self.state[key] = "there"
        lead = sentence(rng, 12)
        self.events.append(
            {"at": at, "do": "publish", "key": key, "date": day,
             "title": f"{words(rng, 5).capitalize()} {self._number}", "lead": lead,
             "body": f"{lead}\n\n{sentence(rng, 30)}", "signature": signature(day),
             "lists": ["newarh", "apress_arh"]}
        )  # fmt: skip

    def happen(self, at: datetime) -> None:
        rng = self.rng
        doing = rng.choice(
            "publish publish publish title lead body withdraw unlist restore back".split()
        )
        there = [key for key in self.keys[-8:] if self.state[key] == "there"]
        away = [key for key in self.keys if self.state[key] != "there"]
        if doing == "publish":
            self.publish(at, at.date())
        elif doing == "back":
            self.publish(at, at.date() - timedelta(days=rng.randint(2, 6)))
        elif doing in ("title", "lead", "body") and there:
            self.edit(at, rng.choice(there), doing)
        elif doing in ("withdraw", "unlist") and len(there) > 3:
            key = rng.choice(there)
            self.state[key] = doing
            self.events.append({"at": at, "do": doing, "key": key})
        elif doing == "restore" and away:
            key = rng.choice(away)
            self.state[key] = "there"
            self.events.append({"at": at, "do": "restore", "key": key})

    def edit(self, at: datetime, key: str, field: str) -> None:
        new = {
            "title": f"{words(self.rng, 5).capitalize()} {key[-4:]}",
            "lead": sentence(self.rng, 12),
            "body": f"{sentence(self.rng, 12)}\n\n{sentence(self.rng, 30)}",
        }[field]
        self.events.append({"at": at, "do": "edit", "key": key, field: new})

    def disturb(self) -> None:
        """Let every kind of fault happen, some hours each."""
        for kind in FAULTS:
            since = OPENS + timedelta(hours=self.rng.randint(24, 24 * (self.days - 6)))
            path = self.rng.choice(["/", "/newarh/*", "/apress_arh/*", "/fnapr/*", "*"])
            until = since + timedelta(hours=self.rng.randint(6, 40))
            self.faults.append({"path": path, "kind": kind, "since": since, "until": until})

    def write(self, path: Path) -> Path:
        tables = [("site", {"opens": OPENS})]
        tables += [("event", event) for event in self.events]
        tables += [("fault", fault) for fault in self.faults]
        lines: list[str] = []
        for name, table in tables:
            lines.append(f"[{name}]" if name == "site" else f"[[{name}]]")
            lines += [f"{key} = {_toml(value)}" for key, value in table.items()]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path


def _toml(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value)
