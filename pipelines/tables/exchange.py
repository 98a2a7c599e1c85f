"""Exchange: the facts that one reader has read, and what follows from them, for those of another.

In: a database of the same captures, read again and settled. Out: its rows in place of ours; or, of
a database with earlier tables, what no raw capture holds (runs, offers, visits) beside the new
rows. Drops: what was read before. Never: reads a page.
"""

import sqlite3
from collections.abc import Iterable

from embassy_scraper.sites import Profile, reader_digest
from pipelines.state.evidence import better_evidence
from pipelines.state.waiting import doubt_all, doubt_readings
from pipelines.tables.facts import REBUILT, forget_everything
from pipelines.tables.runs import now
from pipelines.tables.site_and_reader import note_reader, reader_of

EARLIER = (  # tables of what no raw capture tells, whose names once had no "_"
    "_visits", "_walks", "_robots", "_offers", "_queries", "_waiting_revisits", "_warc_files",
)  # fmt: skip
STATE = ("runs", "_learned", "_evidence", "retractions", "_told", "_messages", *EARLIER)
_NAMED_ELSEWHERE = (
    ("_visits", "capture"),
    ("_offers", "capture"),
    ("_waiting_revisits", "original"),
    ("_waiting_revisits", "capture"),
    ("_evidence", "capture"),
    ("retractions", "capture"),
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
    _rename(connection, renamed)
    _copy(connection, anew, "_evidence", "")
    doubt_readings(connection, better_evidence(connection))
    if reader_of(connection) != reader_digest(profile):
        doubt_all(connection)
    connection.execute("DELETE FROM _changed_sources")  # all were compared just now
    connection.execute("INSERT OR IGNORE INTO _learned SELECT change_id, ? FROM changes", (now(),))
    note_reader(connection, profile)


def _rename(connection: sqlite3.Connection, renamed: Iterable[tuple[str, str]]) -> None:
    """Give captures the ids that they have now, wherever what no raw capture tells names them."""
    for old, new in renamed:
        for table, column in _NAMED_ELSEWHERE:
            query = f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {column} = ?"
            connection.execute(query, (new, old))


def carry_over(
    earlier: sqlite3.Connection,
    connection: sqlite3.Connection,
    renamed: Iterable[tuple[str, str]],
) -> None:
    """Copy what no raw capture tells from a database with *earlier* tables. The caller commits.

    *renamed* are captures with the ids they have now.
    """
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    there = {row[0] for row in earlier.execute(query)}
    for table in STATE:
        name = table.removeprefix("_") if table in EARLIER and table not in there else table
        if name in there:
            _copy(connection, earlier, table, "", name)
    _rename(connection, renamed)
    _copy(connection, earlier, "problems", "WHERE capture IS NULL")


def _copy(
    connection: sqlite3.Connection,
    source: sqlite3.Connection,
    table: str,
    condition: str,
    name: str | None = None,
) -> None:
    """Copy what both have of a *table*, which the *source* may have by another *name*."""
    wanted = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    there = [row[1] for row in source.execute(f"PRAGMA table_info({name or table})")]
    both = [f'"{column}"' for column in there if column in wanted]
    columns, marks = ", ".join(both), ",".join("?" * len(both))
    rows = source.execute(f"SELECT {columns} FROM {name or table} {condition}")
    connection.executemany(f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})", rows)
