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
    """Return the last run of which a part of some capture is withheld, if that still holds.

    Once a later one that looks at as much is clean, there is nothing left to look at: a daily round
    is not made good by the homepage's next one. Nor is there where all is read differently, or,
    after a crawl, where each of those pages was read well since.
    """
    row = connection.execute(_UNCLEAN).fetchone()
    if row is None:
        return None
    started, command, withheld, stored, reach = row
    newest = _NEWEST if reach else ""
    capture = connection.execute(
        f"SELECT max(c.id) FROM captures c WHERE c.id IN"
        f" (SELECT capture FROM problems WHERE what IN ({_MARKS})) {newest}",
        tuple(WITHHELD),
    ).fetchone()[0]
    return Unclean(started, command, withheld, stored, capture) if capture is not None else None


_NEWEST = "AND NOT EXISTS (SELECT 1 FROM captures n WHERE n.url = c.url AND n.id > c.id)"
_UNCLEAN = """
    WITH told AS (
        SELECT id, started, command, json_extract(counts, '$.withheld') AS withheld,
               json_extract(counts, '$.stored') AS stored,
               CASE WHEN command LIKE 'crawl --part homepage%' THEN 1
                    WHEN command LIKE 'crawl --part%' THEN 2
                    WHEN command LIKE 'crawl%' THEN 3 ELSE 0 END AS reach
        FROM runs
    ), brought AS (SELECT * FROM told WHERE withheld IS NOT NULL AND stored > 0)
    SELECT started, command, withheld, stored, reach FROM brought b
    WHERE withheld > 0 AND NOT EXISTS (
        SELECT 1 FROM brought l
        WHERE l.id > b.id AND (l.reach >= b.reach OR l.command LIKE 'rebuild%')
    )
    ORDER BY id DESC LIMIT 1
"""
