"""Withheld: pages of which a part could not be proven, and so was not read.

In: problems of captures, rows of ``runs``. Out: how much of what was seen is withheld, and whether
the last run was clean. Drops: nothing. Never: says what a page means.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from embassy_scraper.items import WITHHELD, Capture

_MARKS = ",".join("?" * len(WITHHELD))


@dataclass(frozen=True, slots=True)
class Share:
    """How many captures of a month there are, and of how many a part is withheld."""

    month: str
    captures: int
    withheld: int


@dataclass(frozen=True, slots=True)
class Unclean:
    """The last run that brought captures, if a part of some is withheld; ``capture`` is one."""

    started: str
    command: str
    withheld: int
    captures: int
    capture: str | None


def is_withheld(capture: Capture) -> bool:
    """Say whether a part of *capture* was not read because it could not be proven."""
    return any(problem.what in WITHHELD for problem in capture.problems)


def newest_withheld(captures: Iterable[Capture]) -> tuple[int, str | None]:
    """Return of how many of *captures* a part is withheld, and the newest of these."""
    found = [capture.id for capture in captures if is_withheld(capture)]
    return len(found), max(found, default=None)


def shares(connection: sqlite3.Connection) -> list[Share]:
    """Return the months of which a part of some capture is withheld."""
    rows = connection.execute(
        "SELECT substr(captured_at, 1, 7), count(*), sum(id IN (SELECT capture FROM problems"
        f" WHERE what IN ({_MARKS}) AND capture IS NOT NULL)) AS withheld"
        " FROM captures GROUP BY 1 HAVING withheld ORDER BY 1",
        tuple(WITHHELD),
    )
    return [Share(*row) for row in rows]


def unclean_run(connection: sqlite3.Connection) -> Unclean | None:
    """Return the last run that brought captures, if a part of some of them is withheld.

    Once a later one is clean, or they are read differently, there is nothing left to look at.
    """
    row = connection.execute(
        "SELECT started, command, json_extract(counts, '$.withheld'),"
        " json_extract(counts, '$.stored') AS stored FROM runs"
        " WHERE json_extract(counts, '$.withheld') IS NOT NULL AND stored > 0"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    capture = connection.execute(
        f"SELECT max(capture) FROM problems WHERE what IN ({_MARKS})", tuple(WITHHELD)
    ).fetchone()[0]
    if row is None or not row[2] or capture is None:
        return None
    started, command, withheld, stored = row
    return Unclean(started, command, withheld, stored, capture)
