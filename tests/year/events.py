"""Event by event: what happened at the site is told, or no two looks enclose it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.world.observe import Seen
from tests.year.clock import moment
from tests.year.seen import Names

Event = dict[str, Any]
Views = dict[tuple[str, str, str], list[tuple[datetime, Any]]]  # key, field, place: what it showed
KINDS = {
    "publish": ("statement_added", "statement_discovered"),
    "edit": ("statement_edited",),
    "withdraw": ("statement_withdrawn", "page_gone"),
    "unlist": ("statement_withdrawn",),
    "restore": ("statement_restored", "page_back"),
    "contact": ("contact_changed",),
    "counter": ("counter_anomaly", "counter_reworded", "counter_appeared"),
}
_AWAY = ("withdraw", "unlist")  # what was taken out before the first look was never seen to come


@dataclass(frozen=True)
class Events:
    """The events since the first look: how many a row tells, and which none does."""

    told: int
    unseen: tuple[str, ...]  # what no two looks enclose
    untold: tuple[str, ...]  # what two looks enclose, and no row tells


def judge_events(
    events: list[Event], seen: list[Seen], printed: list[dict[str, str]], names: Names
) -> Events:
    """Look for a row, or for a reason that there is none, for every event since the first look."""
    views = _views(seen, names.keys())
    told, unseen, untold = 0, [""][:0], [""][:0]
    for event in events:
        if event["at"] < seen[0].at:
            continue
        if any(_tells(row, event) for row in printed):
            told += 1
            continue
        subject = event.get("key", event.get("event", ""))
        line = f"{event['at']:%Y-%m-%d %H:%M} {event['do']} {subject}"
        (untold if _is_enclosed(event, events, views) else unseen).append(line)
    return Events(told, tuple(unseen), tuple(untold))


def _views(seen: list[Seen], keys: dict[int, str]) -> Views:
    views = Views()
    for one in seen:
        for place, value in _shown(one, keys):
            views.setdefault(place, []).append((one.at, value))
    return views


def _shown(one: Seen, keys: dict[int, str]) -> Iterator[tuple[tuple[str, str, str], Any]]:
    """What a look showed of every field, in its place."""
    for shown in one.shown():
        for name in ("title", "lead", "body", "on"):
            if (value := getattr(shown, name)) is not None:
                yield (keys[shown.sid], name, shown.place), value
    if one.answer is not None:
        yield (keys[one.answer.sid], "status", "page"), one.answer.status
    if one.header is not None:
        yield ("", "phone", "header"), one.header.phone
        yield ("", "email", "header"), one.header.email
        day = one.header.page_date.toordinal()
        for number, (_, label, value) in enumerate(one.header.readings):
            yield ("", f"counter {number}", "header"), (label, day - value)


def _is_enclosed(event: Event, events: list[Event], views: Views) -> bool:
    """Whether two looks at one place, one before the event and the next, show another thing."""
    key = event.get("key", "")
    if event["do"] == "publish":
        shown = [looks[0][0] for (subject, *_), looks in views.items() if subject == key]
        gone = [e["at"] for e in events if e.get("key") == key and e["do"] in _AWAY]
        return bool(shown) and not any(at < min(shown) for at in gone)
    for (subject, name, _), looks in views.items():
        if subject != key or not _concerns(event, name):
            continue
        at = bisect_left(looks, event["at"], key=lambda look: look[0])
        if 0 < at < len(looks) and looks[at - 1][1] != looks[at][1]:
            return True
    return False


def _concerns(event: Event, name: str) -> bool:
    doing = event["do"]
    if doing == "edit":
        return ("date" if name == "on" else name) in event
    if doing == "contact":
        return name in event
    if doing == "counter":
        return name.startswith("counter")
    return doing in ("withdraw", "restore") and name == "status"


def _tells(row: dict[str, str], event: Event) -> bool:
    """Whether a row is of the kind and subject of an event, and its interval holds it."""
    if row["kind"] not in KINDS[event["do"]] or row["subject"] != event.get("key", row["subject"]):
        return False
    if event["do"] == "edit":
        field = {"published_on": "date"}.get(row["field"], row["field"])
        if field not in event:
            return False
    after, at = row["observed_after"], event["at"]
    return (not after or moment(after) < at) and bool(at <= moment(row["observed_by"]))
