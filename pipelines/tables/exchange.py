"""Exchange: the facts that one reader has read, and what follows from them, for those of another.

In: a database of the same captures, read again and settled. Out: its rows in place of ours. Drops:
ours. Never: reads a page. What no raw capture tells (runs, offers, visits) stays.
"""

import sqlite3
from collections.abc import Iterable

from embassy_scraper.sites import Profile
from pipelines.tables.facts import REBUILT, forget_everything
from pipelines.tables.site_and_reader import note_reader

_NAMED_ELSEWHERE = (
    ("_visits", "capture"),
    ("_offers", "capture"),
    ("_waiting_revisits", "original"),
    ("_evidence", "capture"),
)


def exchange(
    connection: sqlite3.Connection,
    anew: sqlite3.Connection,
    profile: Profile,
    renamed: Iterable[tuple[str, str]],
) -> None:
    """Put all that *anew* says, read by *profile*, in place of what *connection* says.

    *renamed* are captures with the ids they have now: another profile may read another address.
    The caller commits.
    """
    forget_everything(connection)
    for table in REBUILT:
        _copy(connection, anew, table, "")
    _copy(connection, anew, "problems", "WHERE capture IS NOT NULL")
    for old, new in renamed:
        for table, column in _NAMED_ELSEWHERE:
            query = f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {column} = ?"
            connection.execute(query, (new, old))
    _copy(connection, anew, "_evidence", "")
    connection.execute("DELETE FROM _changed_sources")  # all were compared just now
    note_reader(connection, profile)


def _copy(
    connection: sqlite3.Connection, anew: sqlite3.Connection, table: str, condition: str
) -> None:
    names = [row[1] for row in anew.execute(f"PRAGMA table_info({table})")]
    columns = ", ".join(f'"{name}"' for name in names)
    rows = anew.execute(f"SELECT {columns} FROM {table} {condition}")
    marks = ",".join("?" * len(names))
    connection.executemany(f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})", rows)
