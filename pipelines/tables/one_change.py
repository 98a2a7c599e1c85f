"""One change: all that is known of one change, for what proves it.

In: the id of a change, or how it begins. Out: its row, its statement, the texts before and after,
and what archives offered of its captures. Drops: what is internal, and where raw records lie.
Never: reads a page.
"""

import sqlite3
from dataclasses import dataclass
from typing import Any

from embassy_scraper.errors import DatabaseError

_MOST_NAMED = 5  # changes, where what was given is the beginning of several
Row = dict[str, Any]


def changes_named(connection: sqlite3.Connection, given: str) -> list[Row]:
    """Return the change whose id is *given*, else those whose ids begin so, some at most."""
    query = (
        "SELECT * FROM changes WHERE change_id >= ?1 AND substr(change_id, 1, length(?1)) = ?1"
        " ORDER BY change_id LIMIT ?2"
    )
    found = _rows(connection, query, given, _MOST_NAMED + 1)
    return found[:1] if found and found[0]["change_id"] == given else found


def find_change(connection: sqlite3.Connection, given: str) -> str:
    """Return the id of the one change whose id is *given*, or begins so.

    Raises:
        DatabaseError: there is none, or there are several.
    """
    found = [str(row["change_id"]) for row in changes_named(connection, given)]
    if len(found) == 1:
        return found[0]
    if not found or not given:
        raise DatabaseError(
            f"no change has an id that begins with {given!r}; the column change_id of"
            " embassy-scraper report has them"
        )
    more = ", …" if len(found) > _MOST_NAMED else ""
    named = ", ".join(found[:_MOST_NAMED])
    raise DatabaseError(f"several ids begin with {given!r}: {named}{more}; give more characters")


@dataclass(frozen=True, slots=True)
class ChangeRows:
    """A change with what it is about: ``statement`` and the versions are ``None`` of a counter."""

    change: Row
    statement: Row | None
    version_before: Row | None
    version_after: Row | None

    @property
    def captures(self) -> list[tuple[str, str]]:
        """Return the captures between which it happened, each with its role."""
        named = (
            ("before", self.change["capture_before"]),
            ("after", self.change["capture_after"]),
        )
        return [(role, capture) for role, capture in named if capture is not None]


def show_change(connection: sqlite3.Connection, change_id: str) -> ChangeRows:
    """Return all that is known of a change, but its captures."""
    (change,) = _rows(connection, "SELECT * FROM changes WHERE change_id = ?", change_id)
    key = change["subject"]
    statement = _one(connection, "SELECT * FROM statements WHERE key = ?", key)
    return ChangeRows(
        change,
        statement,
        _version(connection, key, change["observed_after"]),
        _version(connection, key, change["observed_by"]),
    )


def _version(connection: sqlite3.Connection, statement: str, at: str | None) -> Row | None:
    """Return the version of a statement that was the newest at an instant."""
    return _one(
        connection,
        "SELECT statement, number, title, lead, body, first_seen, last_seen, first_capture"
        " FROM versions WHERE statement = ? AND first_seen <= ? ORDER BY number DESC LIMIT 1",
        statement,
        at,
    )


def offers_of(connection: sqlite3.Connection, capture: str, digest: str) -> list[Row]:
    """Return what archives say of a *capture*: of itself, and of the same bytes at other instants.

    *digest* is the payload's SHA-1 in base 32, by which archives know bytes.
    """
    return _rows(
        connection,
        "SELECT archive, timestamp, url, mime, http_status, digest, length, file, offset,"
        " coalesce(capture = ?1, 0) AS is_this_capture FROM _offers"
        " WHERE capture = ?1 OR digest = ?2 ORDER BY archive, timestamp, url, digest",
        capture,
        digest,
    )


def _one(connection: sqlite3.Connection, query: str, *values: object) -> Row | None:
    rows = _rows(connection, query, *values)
    return rows[0] if rows else None


def _rows(connection: sqlite3.Connection, query: str, *values: object) -> list[Row]:
    cursor = connection.execute(query, values)
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor]
