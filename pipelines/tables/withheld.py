"""Withheld: pages of which a part could not be proven, and so was not read.

In: problems of captures, rows of ``runs``. Out: how much of what was seen is withheld, and by
which run that is not made good since. Drops: nothing. Never: says what a page means.
"""

import math
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
    """A run that withheld a part of some captures; ``capture`` is one."""

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
    """Return the newest run that withheld a part of some capture and is not made good since.

    It is made good by a later one without withheld parts: of the same command, or a crawl that
    looks at more (``_MORE``). One that failed, was interrupted or brought nothing makes nothing
    good. A rebuild reads all anew: where it leaves nothing withheld, all before it is good. It is
    itself at fault only where more is withheld than before it, until a later one mends that.
    Nor is there anything to look at where all is read differently by now, or, after a crawl, where
    each of those pages was read well since.
    """
    capture = withheld_capture(connection)
    if capture is None:
        return None
    of_crawls = withheld_capture(connection, as_seen_last=True)
    clean: set[str] = set()
    left = math.inf  # how many captures had withheld parts after a later rebuild
    for started, command, outcome, withheld, stored, before in connection.execute(_BROUGHT):
        is_good = left <= before or not clean.isdisjoint({command, *_MORE.get(command, ())})
        found = of_crawls if command.startswith("crawl") else capture
        if withheld > before and not is_good and found is not None:
            return Unclean(started, command, withheld, stored, found)
        if command == "rebuild":
            left = min(left, withheld)
        elif not withheld and outcome in _DONE:
            clean.add(command)
    return None


def withheld_capture(connection: sqlite3.Connection, *, as_seen_last: bool = False) -> str | None:
    """Return the newest capture with a withheld part, or of pages *as seen last* alone."""
    query = (
        f"SELECT max(c.id) FROM captures c JOIN problems ON capture = c.id AND what IN ({_MARKS})"
    )
    last = _LAST if as_seen_last else ""
    found: str | None = connection.execute(query + last, tuple(WITHHELD)).fetchone()[0]
    return found


_DONE = frozenset({"complete", "partial"})
_MORE = {  # command -> crawls that look at all that it looks at, and at more
    "crawl": ("crawl --deep",),
    "crawl --part archive": ("crawl --part archive --deep", "crawl", "crawl --deep"),
    "crawl --part archive --deep": ("crawl --deep",),
    "crawl --part homepage": ("crawl", "crawl --deep"),
}
_LAST = " WHERE NOT EXISTS (SELECT 1 FROM captures n WHERE n.url = c.url AND n.id > c.id)"
_BROUGHT = """
    SELECT started, command, outcome, json_extract(counts, '$.withheld') AS withheld,
           json_extract(counts, '$.stored') AS stored,
           coalesce(json_extract(counts, '$.withheld_before'), 0)
    FROM runs WHERE withheld IS NOT NULL AND stored > 0 ORDER BY id DESC
"""
