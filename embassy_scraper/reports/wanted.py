"""Wanted: which changes a report or a page has, and how they are read."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
    connection: sqlite3.Connection, subjects: Iterable[str], most: int = -1
) -> list[Change]:
    """Return the changes of some *subjects*, earliest first, so many at *most*."""
    names = json.dumps(sorted(set(subjects)))
    _, rows = run_report(connection, "changes_of", subjects=names, most=most)
    return [Change(*row) for row in rows]


def read_whole_site(connection: sqlite3.Connection) -> list[Change]:
    """Return the pages that were gone with the whole site."""
    return [Change(*row) for row in run_report(connection, "whole_site")[1]]


def _names(names: tuple[str, ...] | None) -> str | None:
    return None if names is None else json.dumps(names)
