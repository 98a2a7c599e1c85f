"""One capture: all that is known of one capture, as it was read.

In: the id of a capture, or how it begins. Out: its rows, table by table. Drops: what is internal.
Never: reads a page.
"""

import sqlite3
from typing import Any

from embassy_scraper.errors import DatabaseError
from pipelines.tables.retracted import held, retractions

_MOST_NAMED = 5  # captures, where what was given is the beginning of several
Rows = list[dict[str, Any]]
_PARTS = {
    "header": "SELECT page_date, language, label, phone, email FROM headers WHERE capture = ?",
    "counters": "SELECT value, label, since_date FROM counter_readings WHERE capture = ?"
    " ORDER BY event",
    "page": "SELECT statement, date, date_text, title, signature_text, published_at, body"
    " FROM _shown WHERE capture = ? AND list = 'page'",
    "windows": "SELECT list, start, covers_after, covers_until, entries FROM snapshots"
    " WHERE capture = ? ORDER BY list",
    "entries": "SELECT list, position, statement, date, date_text, title, lead"
    " FROM _shown WHERE capture = ? AND list != 'page' ORDER BY list, position",
    "problems": "SELECT what, \"where\", text FROM problems WHERE coalesce(capture, '') = ?"
    ' ORDER BY what, "where", text',
}
_INTERNAL = ("evidence", "url_key", "payload_digest")  # columns of captures


def find_capture(connection: sqlite3.Connection, given: str) -> str:
    """Return the id of the one capture, retracted or not, whose id is *given*, or begins so.

    Raises:
        DatabaseError: there is none, or there are several.
    """
    found = [
        row[0]
        for row in connection.execute(
            f"SELECT id FROM {held(connection)} WHERE id >= ?1 AND substr(id, 1, length(?1)) = ?1"
            " ORDER BY id LIMIT ?2",
            (given, _MOST_NAMED + 1),
        )
    ]
    if len(found) == 1 or (found and found[0] == given):
        return str(found[0])
    if not found or not given:
        raise DatabaseError(
            f"no capture has an id that begins with {given!r}; ids begin with the instant"
            " (20180318T154400Z-…); report and problems show them"
        )
    more = ", …" if len(found) > _MOST_NAMED else ""
    named = ", ".join(found[:_MOST_NAMED])
    raise DatabaseError(f"several ids begin with {given!r}: {named}{more}; give more characters")


def url_of(connection: sqlite3.Connection, capture: str) -> str | None:
    """Return the canonical URL of a stored *capture*, retracted or not."""
    query = f"SELECT url FROM {held(connection)} WHERE id = ?"
    url: str | None = connection.execute(query, (capture,)).fetchone()[0]
    return url


def newest_capture(connection: sqlite3.Connection, url: str | None) -> str | None:
    """Return the id of the newest capture of a canonical *url*, if there is any."""
    row = connection.execute("SELECT max(id) FROM captures WHERE url = ?", (url,)).fetchone()
    return None if row[0] is None else str(row[0])


def show_capture(connection: sqlite3.Connection, capture: str) -> dict[str, Rows]:
    """Return all that is known of *capture*, part by part; each part is a list of rows."""
    query = f"SELECT * FROM {held(connection)} WHERE id = ?"
    shown = {"capture": _rows(connection, query, capture)}
    for row in shown["capture"]:
        for name in _INTERNAL:
            row.pop(name, None)
    if capture in retractions(connection, [capture]):
        query = "SELECT at, why, warc_file AS noted_in FROM retractions WHERE capture = ?"
        shown["retracted"] = _rows(connection, query, capture)
    return shown | {name: _rows(connection, query, capture) for name, query in _PARTS.items()}


def _rows(connection: sqlite3.Connection, query: str, capture: str) -> Rows:
    cursor = connection.execute(query, (capture,))
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor]
