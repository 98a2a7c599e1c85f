"""A small site, and a way to crawl its replica."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from embassy_scraper.replica import Replica, Scenario
from embassy_scraper.replica.scenario import Fault
from tests.live import forked
from tests.live.story import OPENS, signature
from tests.world import program

ROOT = Path(__file__).parents[2]
Open = Callable[..., Any]  # a site's scenario and settings of the crawl -> a context with a Live


def publish(number: int, at: datetime, day: date | None = None) -> dict[str, Any]:
    day = day or at.date()
    return {
        "at": at, "do": "publish", "key": f"fnapr/{number}", "date": day,
        "signature": signature(day),
        "title": f"Statement {number} of the embassy", "lead": f"It says thing {number}.",
        "body": f"It says thing {number}.\n\nAnd more about {number}.", "lists": ("newarh",),
    }  # fmt: skip


def site(count: int = 14, *events: dict[str, Any], faults: tuple[Fault, ...] = ()) -> Scenario:
    """A site with *count* statements, one a day before it opens, and what happens then."""
    first = [publish(9000 + n, OPENS - timedelta(days=count - n)) for n in range(count)]
    return Scenario(OPENS, tuple(first) + events, faults)


@dataclass
class Live:
    """A replica, a database, and a way to crawl the one into the other."""

    replica: Replica
    folder: Path
    config: Path

    @property
    def db(self) -> Path:
        return self.folder / "data" / "embassy.db"

    def command(self, *words: str) -> list[str]:
        verb, *more = words or ("crawl",)
        return [
            sys.executable, "-m", "embassy_scraper", verb, *more,
            "--db", str(self.db), "--config", str(self.config),
        ]  # fmt: skip

    def crawl(self, *words: str, code: int = 0) -> str:
        done = forked.run(self.folder, *self.command("crawl", *words)[3:])
        assert done.returncode == code, done.stderr
        assert done.stdout == ""
        return done.stderr

    def asked(self) -> list[tuple[str, int]]:
        """What was asked for since the last time, without robots.txt."""
        found = [(p, status) for _, p, status in self.replica.asked if p != "/robots.txt"]
        self.replica.asked.clear()
        return found

    def later(self, **span: int) -> None:
        self.replica.move_to(self.replica.now + timedelta(**span))

    def kinds(self) -> list[str]:
        return sorted(row["kind"] for row in program.report_rows(self.db))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return program.query(self.db, query)

    def outcomes(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT outcome FROM runs ORDER BY id")]
