"""Entries as any page tells them, and which of them stand on one page of the timeline."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from embassy_scraper.reports import run_report
from embassy_scraper.reports.entries import Change, Entry, entries_of
from embassy_scraper.reports.passages import Passage, passages_of
from embassy_scraper.reports.sentences import sentence, when

_MOST = 60  # changes on a page
_LAST = "9999"  # later than any instant


@dataclass(frozen=True, slots=True)
class Told:
    """An entry in words; ``name`` is the statement's title or the counter's event, as printed."""

    entry: Entry
    sentence: str
    when: str
    name: str
    passages: tuple[Passage, ...]


def tell(entry: Entry, headings: Mapping[str, str]) -> Told:
    """Return *entry* in words; *headings* are those of the site's lists."""
    first = entry.first
    has_name = first.subject != "header" and entry.act != "site gone"
    name = (first.title or first.subject) if has_name else ""
    return Told(entry, sentence(entry, headings), when(entry), name, tuple(passages_of(entry)))


def alike(told: Iterable[Told]) -> list[list[Told]]:
    """Return entries in groups: neighbours of which nothing but the statement differs."""
    groups = groupby(told, key=lambda one: (one.sentence, one.when, bool(one.passages)))
    return [
        part
        for (_, _, has_passages), group in groups
        for part in ([[one] for one in group] if has_passages else [list(group)])
    ]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes are wanted; ``None`` leaves nothing out.

    Instants are UTC; ``kinds`` and ``subjects`` are names; ``list`` is a list, or ``page``.
    """

    kinds: tuple[str, ...] | None = None
    since: str | None = None
    until: str | None = None
    significance: str | None = None
    list: str | None = None
    learned: str | None = None
    subjects: tuple[str, ...] | None = None
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the timeline begins: behind the change that was the last before it."""

    at: str
    change: str


def read_changes(
    connection: sqlite3.Connection, wanted: Wanted, place: Place | None = None, most: int = -1
) -> list[Change]:
    """Return the changes that are *wanted*, newest first: behind a *place*, so many at *most*."""
    values: dict[str, Any] = {
        "kinds": _names(wanted.kinds), "since": wanted.since, "until": wanted.until,
        "significance": wanted.significance, "list": wanted.list, "learned": wanted.learned,
        "subjects": _names(wanted.subjects), "whole": wanted.whole, "most": most,
        "before": place.at if place else None, "before_id": place.change if place else None,
    }  # fmt: skip
    _, rows = run_report(connection, "timeline", **values)
    return [Change(*row) for row in rows]  # type: ignore[arg-type]


def _names(names: tuple[str, ...] | None) -> str | None:
    return None if names is None else json.dumps(names)


def read_page(
    connection: sqlite3.Connection, wanted: Wanted, place: Place | None, most: int = _MOST
) -> tuple[list[Entry], Place | None]:
    """Return the entries of one page, whole, and where the next page begins if there is one.

    *most* are the changes on it, aside from those that complete an entry.

    An entry stands on the page of its newest change that is wanted. The end of the whole site is
    one entry, however many pages were gone with it.
    """
    found = read_changes(connection, replace(wanted, whole=0), place, most + 1)
    page = found[:most]
    following = Place(page[-1].observed_by, page[-1].change_id) if len(found) > most else None
    entries = _whole(connection, wanted, page)
    begin = page[-1].observed_by if following else ""
    end = place.at if place else _LAST
    entries += [e for e in _ends_of_site(connection, wanted) if begin < e.observed_by <= end]
    entries.sort(key=lambda entry: entry.observed_by, reverse=True)
    return entries, following


def _whole(connection: sqlite3.Connection, wanted: Wanted, page: list[Change]) -> list[Entry]:
    """Return the entries whose newest wanted change is on this *page*, with all their changes."""
    if not page:
        return []
    near = Wanted(
        subjects=tuple(sorted({change.subject for change in page})),
        since=_days(page[-1].observed_by, -1),
        until=_days(page[0].observed_by, 1),
        whole=0,
    )
    begin = page[0].observed_by
    fits = replace(wanted, subjects=near.subjects, since=begin, until=near.until, whole=0)
    there = {change.change_id for change in page}
    newer = {c.change_id for c in read_changes(connection, fits) if _is_newer(c, page[0])}
    return [
        entry
        for entry in entries_of(read_changes(connection, near))
        if (ids := {change.change_id for change in entry.changes}) & there and not ids & newer
    ]


def _is_newer(one: Change, other: Change) -> bool:
    return (one.observed_by, one.change_id) > (other.observed_by, other.change_id)


def _ends_of_site(connection: sqlite3.Connection, wanted: Wanted) -> list[Entry]:
    """Return the ends of the whole site that are wanted; mostly there is none."""
    if wanted.kinds is not None and "page_gone" not in wanted.kinds:
        return []
    return entries_of(read_changes(connection, replace(wanted, whole=1)))


def _days(instant: str, days: int) -> str:
    moment = datetime.fromisoformat(instant) + timedelta(days=days)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
