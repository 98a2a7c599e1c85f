"""Wanted: which changes a report or a page has, and how they are read."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from embassy_scraper.reports import run_report
from embassy_scraper.reports.entries import Change

LAST = "~"  # later than any instant


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes are wanted; ``None`` leaves nothing out.

    Instants are UTC; ``list`` is a list, or ``page``; ``whole`` is 1 for pages that were gone with
    the whole site, 0 for all other changes.
    """

    kinds: tuple[str, ...] | None = None
    since: str | None = None
    until: str | None = None
    significance: str | None = None
    list: str | None = None
    learned: str | None = None
    whole: int | None = None

    def fits(self, change: Change) -> bool:
        """Say whether a *change* is wanted, as ``timeline.sql`` does."""
        return (
            (self.kinds is None or change.kind in self.kinds)
            and (self.since is None or change.observed_by >= self.since)
            and (self.until is None or change.observed_by <= self.until)
            and (self.significance is None or change.significance == self.significance)
            and (self.list is None or (change.is_of_list and change.field == self.list))
            and (self.learned is None or (change.learned or "") >= self.learned)
            and (self.whole is None or change.is_with_the_site == bool(self.whole))
        )

    def of_rows(self) -> dict[str, str | None]:
        """Return the filters by the names that ``changes.sql`` has for them."""
        return {"kinds": _names(self.kinds), "since": self.since, "until": self.until}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the timeline begins: behind the change that was the last before it."""

    at: str
    change: str


def read_changes(
    connection: sqlite3.Connection, wanted: Wanted, place: Place | None = None, most: int = -1
) -> list[Change]:
    """Return the changes that are *wanted*, newest first: behind a *place*, so many at *most*."""
    values: dict[str, object] = {
        **wanted.of_rows(), "significance": wanted.significance, "list": wanted.list,
        "learned": wanted.learned, "whole": wanted.whole, "most": most,
        "before": place.at if place else None,
        "before_id": place.change if place else None,
    }  # fmt: skip
    _, rows = run_report(connection, "timeline", **values)
    return [Change(*row) for row in rows]


def change_of(row: Mapping[str, str | None]) -> Change:
    """Return a row of the report, as it is printed, as a change."""
    similarity = row["similarity"]
    values = {**row, "similarity": float(similarity) if similarity is not None else None}
    return Change(**values)  # type: ignore[arg-type]  # its fields are the columns


def read_changes_of(
    connection: sqlite3.Connection,
    subjects: Iterable[str],
    since: str = "",
    until: str = LAST,
    most: int = -1,
) -> list[Change]:
    """Return the changes of some *subjects* between two instants, earliest first."""
    names = json.dumps(sorted(set(subjects)))
    values = {"subjects": names, "since": since, "until": until, "most": most}
    return [Change(*row) for row in run_report(connection, "changes_of", **values)[1]]


def read_whole_site(
    connection: sqlite3.Connection, since: str = "", until: str = LAST
) -> list[Change]:
    """Return the pages that were gone with the whole site between two instants."""
    _, rows = run_report(connection, "whole_site", since=since, until=until)
    return [Change(*row) for row in rows]


def days_from(instant: str, days: int) -> str:
    """Return the instant so many *days* from another; before all times, nothing.

    >>> days_from("2021-03-01T09:00:00Z", -1), days_from("0001-01-01T00:00:00Z", -1)
    ('2021-02-28T09:00:00Z', '')
    """
    try:
        moment = datetime.fromisoformat(instant) + timedelta(days=days)
    except OverflowError:  # a capture may say that it is of the year 1
        return "" if days < 0 else LAST
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _names(names: tuple[str, ...] | None) -> str | None:
    return None if names is None else json.dumps(names)
