"""Wanted: which changes a report has, and those changes as entries."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from embassy_scraper.reports import run_report
from embassy_scraper.reports.entries import Change

_NOT_ASKED = (
    "significance",
    "list",
    "subjects",
    "whole",
    "learned",
    "before",
    "before_id",
)  # of timeline.sql


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of a report: kinds as a JSON array, instants; ``None`` leaves nothing out."""

    kinds: str | None = None
    since: str | None = None
    until: str | None = None

    def of_rows(self) -> dict[str, str | None]:
        """Return the filters by the names that ``changes.sql`` has for them."""
        return {"kinds": self.kinds, "since": self.since, "until": self.until}


def read_changes(connection: sqlite3.Connection, wanted: Wanted) -> Iterator[Change]:
    """Yield the changes that are *wanted*, newest first."""
    others: dict[str, object] = dict.fromkeys(_NOT_ASKED)
    _, rows = run_report(connection, "timeline", **wanted.of_rows(), **others, most=-1)
    for row in rows:
        yield Change(*row)
