"""Problems: what could not be read, each once.

In: a problem, of a stored capture or of a file that was rejected. Out: a row. Drops: the same one
again. Never: decides what is one.
"""

import sqlite3
from collections.abc import Iterable

from embassy_scraper.items import PageProblem


def store_problems(
    connection: sqlite3.Connection,
    problems: Iterable[PageProblem],
    *,
    capture: str | None = None,
    path: str | None = None,
) -> None:
    """Write *problems* of a stored capture, or of a file that was rejected; each once."""
    rows = [(capture, path, p.what, p.where, p.text) for p in problems]
    if rows:
        connection.executemany("INSERT OR IGNORE INTO problems VALUES (?,?,?,?,?)", rows)


def copy_rejections(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy the problems of files that were rejected, which no raw capture tells of."""
    rows = source.execute("SELECT * FROM problems WHERE capture IS NULL").fetchall()
    target.executemany("INSERT OR IGNORE INTO problems VALUES (?,?,?,?,?)", rows)


def kinds_of_problems(connection: sqlite3.Connection) -> list[str]:
    """Return of which kinds there are problems."""
    rows = connection.execute("SELECT DISTINCT what FROM problems ORDER BY 1")
    return [row[0] for row in rows]
