"""Is the report what happened? Row by row against the oracle, and event by event against the site."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.world import program
from tests.world.compare import differences
from tests.world.observe import Seen
from tests.world.oracle import acceptable
from tests.year.clock import moment
from tests.year.happens import Year
from tests.year.seen import Names, observe, thinned
from tests.year.site import Look


@dataclass(frozen=True)
class Verdict:
    """What was judged, and every line that is wrong."""

    answers: int
    stored: int
    lost: tuple[str, ...]  # answered, not stored, and no harm was done then
    wrong: tuple[str, ...]  # missed, invented, or not within its bounds
    rows: int
    events: int
    seen_events: int
    unseen: tuple[str, ...]  # what no two looks enclose
    untold: tuple[str, ...]  # what two looks enclose, and no row tells


def judge(
    year: Year, looks: list[Look], db: Path, harmed: list[tuple[datetime, datetime]]
) -> Verdict:
    """Judge the history in *db* by what the replica showed."""
    stored = {
        (str(at), "/" + str(url).split("//", 1)[-1].partition("/")[2])
        for at, url in program.query(db, "SELECT captured_at, url FROM captures")
    }
    kept, lost = [], []
    for look in looks:
        key = f"{look.at:%Y-%m-%dT%H:%M:%SZ}", look.path
        if key in stored or (key[0], look.path.rstrip("/")) in stored:
            kept.append(look)
        elif look.status in (429, 503) or look.status >= 500:
            continue  # it is asked again, and the last answer counts
        elif not any(since <= look.at <= until for since, until in harmed):
            lost.append(f"{key[0]} {look.path} {look.status}")
    names = Names()
    seen = [observe(look, names) for look in kept]
    printed = program.report_rows(db)
    wrong = _compare(thinned(seen), printed, names)
    unseen, untold = _events(year, seen, printed, names)
    return Verdict(
        len(looks), len(kept), tuple(lost), tuple(wrong), len(printed), len(year.events),
        len(year.events) - len(unseen) - len(untold), tuple(unseen), tuple(untold),
    )  # fmt: skip


def _compare(seen: list[Seen], printed: list[dict[str, str]], names: Names) -> list[str]:
    """The fewest differences that any reading of the contract leaves."""
    best: list[str] | None = None
    for _, rows in acceptable(seen):
        found = differences(rows, printed, names.keys())
        if best is None or len(found) < len(best):
            best = found
        if not found:
            break
    return best or []


# -- event by event ------------------------------------------------------------------------------


def _events(
    year: Year, seen: list[Seen], printed: list[dict[str, str]], names: Names
) -> tuple[list[str], list[str]]:
    """The events that no two looks enclose, and those that two enclose and no row tells."""
    views = _views(seen, names)
    unseen, untold = [], []
    for event in year.events:
        if event["at"] < seen[0].at:
            continue
        line = (
            f"{event['at']:%Y-%m-%d %H:%M} {event['do']} {event.get('key', event.get('event', ''))}"
        )
        if any(_tells(row, event) for row in printed):
            continue
        (untold if _is_enclosed(event, views) else unseen).append(line)
    return unseen, untold


View = dict[tuple[str, str, str], list[tuple[datetime, Any]]]  # key, field, place: what it showed


def _views(seen: list[Seen], names: Names) -> View:
    """What every look showed of every field, in its place."""
    keys, views = names.keys(), View()
    for one in seen:
        for shown in one.shown():
            for name in ("title", "lead", "body", "on"):
                value = getattr(shown, name)
                if value is not None:
                    views.setdefault((keys[shown.sid], name, shown.place), []).append(
                        (one.at, value)
                    )
        if one.answer is not None:
            views.setdefault((keys[one.answer.sid], "status", "page"), []).append(
                (one.at, one.answer.status)
            )
        if one.header is not None:
            for name in ("phone", "email"):
                views.setdefault(("", name, "header"), []).append(
                    (one.at, getattr(one.header, name))
                )
            for number, (_, label, value) in enumerate(one.header.readings):
                told = label, one.header.page_date.toordinal() - value
                views.setdefault(("", f"counter {number}", "header"), []).append((one.at, told))
    return views


def _is_enclosed(event: dict[str, Any], views: View) -> bool:
    """Whether two looks at one place, one before the event and one behind it, show another thing."""
    key = event.get("key", "")
    for (subject, name, _), looks in views.items():
        if subject != key or not _concerns(event, name):
            continue
        at = bisect_left(looks, event["at"], key=lambda look: look[0])
        if event["do"] == "publish":
            return True  # it was shown at all
        if 0 < at < len(looks) and looks[at - 1][1] != looks[at][1]:
            return True
    return False


def _concerns(event: dict[str, Any], name: str) -> bool:
    doing = event["do"]
    if doing == "edit":
        return ("date" if name == "on" else name) in event
    if doing == "contact":
        return name in event
    if doing == "counter":
        return name.startswith("counter")
    if doing in ("withdraw", "restore"):
        return name == "status"
    return doing == "publish"


_KINDS = {
    "publish": ("statement_added", "statement_discovered"),
    "edit": ("statement_edited",),
    "withdraw": ("statement_withdrawn", "page_gone"),
    "unlist": ("statement_withdrawn",),
    "restore": ("statement_restored", "page_back"),
    "contact": ("contact_changed",),
    "counter": ("counter_anomaly", "counter_reworded", "counter_appeared"),
}


def _tells(row: dict[str, str], event: dict[str, Any]) -> bool:
    """Whether a row is of the kind and subject of an event, and its interval holds it."""
    if row["kind"] not in _KINDS[event["do"]]:
        return False
    if event["do"] in ("publish", "edit", "withdraw", "unlist", "restore"):
        if row["subject"] != event["key"]:
            return False
    if event["do"] == "edit":
        field = {"published_on": "date"}.get(row["field"], row["field"])
        if field not in event:
            return False
    after = row["observed_after"]
    return (not after or moment(after) < event["at"]) and event["at"] <= moment(row["observed_by"])
