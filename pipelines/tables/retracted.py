"""Retracted: captures that were taken out of the history, why, and where their bytes lie.

In: captures and reasons. Out: rows of ``retractions`` and ``_retracted``. Drops: nothing; a capture
that is brought back leaves both. Never: alters the history, which ``take_out`` does.

A retracted capture is held, that is known with its evidence and its bytes, but no part of the
history: offered again it stays out, and revisits may still repeat it.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

_HELD = "(SELECT * FROM captures UNION ALL SELECT * FROM _retracted)"


@dataclass(frozen=True, slots=True)
class Retraction:
    """Why a capture was taken out of the history, when, and the WARC file that says so too."""

    capture: str
    why: str
    at: str
    warc_file: str


def held(connection: sqlite3.Connection) -> str:
    """Return what to select from for the captures of the history and the retracted ones.

    A database that may not be brought up to date has no retracted ones.
    """
    there = "SELECT 1 FROM sqlite_master WHERE name = '_retracted'"
    return _HELD if connection.execute(there).fetchone() is not None else "captures"


def retractions(
    connection: sqlite3.Connection, ids: Sequence[str] | None = None
) -> dict[str, Retraction]:
    """Return the retractions of the captures *ids*, or all of them, by capture."""
    if held(connection) == "captures":
        return {}
    rows = connection.execute(
        "SELECT capture, why, at, warc_file FROM retractions"
        " WHERE ?1 IS NULL OR capture IN (SELECT value FROM json_each(?1)) ORDER BY capture",
        (None if ids is None else json.dumps(list(ids)),),
    )
    return {row[0]: Retraction(*row) for row in rows}


def note_retractions(connection: sqlite3.Connection, found: Iterable[Retraction]) -> None:
    """Write down that captures are retracted. The caller commits."""
    connection.executemany(
        "INSERT OR REPLACE INTO retractions (capture, why, at, warc_file) VALUES (?,?,?,?)",
        [astuple(one) for one in found],
    )


def set_aside(connection: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Move the rows of captures from the history to those that are retracted."""
    for capture in ids:
        connection.execute("INSERT INTO _retracted SELECT * FROM captures WHERE id = ?", (capture,))
        connection.execute("DELETE FROM captures WHERE id = ?", (capture,))


def forget_retracted(connection: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Forget the rows of captures that were set aside. The caller commits."""
    connection.executemany("DELETE FROM _retracted WHERE id = ?", [(capture,) for capture in ids])


def forget_retractions(connection: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Forget that captures are retracted, so that they can be stored. The caller commits."""
    rows = [(capture,) for capture in ids]
    connection.executemany("DELETE FROM retractions WHERE capture = ?", rows)
    forget_retracted(connection, ids)


def copy_retractions(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy what is retracted to another database of the same captures."""
    note_retractions(target, retractions(source).values())
