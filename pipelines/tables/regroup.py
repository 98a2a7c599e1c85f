"""Statements made of cores: a core, and those joined to it by a rename; and their keys."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from pipelines.tables.renames import connected
from pipelines.values.keys import content_key, opening

_WORDINGS = """
SELECT v.id, v.core, v.statement, v.url_key, v.date, t.text, l.text, v.is_page, v.is_open, v.is_box,
       v.first_capture
FROM _wordings v LEFT JOIN _texts t ON t.id = v.title LEFT JOIN _texts l ON l.id = v.lead
"""


@dataclass(frozen=True, slots=True)
class WordingKey:
    """What of a wording can enter its statement's key."""

    id: int
    core: int
    statement: str
    url_key: str | None
    date: str | None
    title: str | None
    lead: str | None
    is_page: bool
    is_open: bool
    is_box: bool
    first_capture: str


def regroup(connection: sqlite3.Connection) -> None:
    """Give every wording of a stale statement the key of the statement it now belongs to.

    Keys that begin or cease to be used become stale as well.
    """
    links = "SELECT old, new FROM _renames UNION ALL SELECT page, other FROM _doubts"
    linked = {core for row in connection.execute(links) for core in row}
    rows = connection.execute(
        f"{_WORDINGS} WHERE v.core IN (SELECT o.core FROM stale s"
        " CROSS JOIN _wordings o ON o.statement = s.key) ORDER BY v.core"
    ).fetchall()
    joined: set[int] = set()
    for core, group in groupby(rows, key=lambda row: row[1]):
        if core in joined:
            continue
        wordings = [WordingKey(*row) for row in group]
        if core in linked:
            cores = connected(connection, {core})
            joined |= cores
            wordings = list(_wordings_of(connection, cores))
        _give_key(connection, wordings)


def _wordings_of(connection: sqlite3.Connection, cores: Iterable[int]) -> Iterator[WordingKey]:
    for core in sorted(cores):
        rows = connection.execute(f"{_WORDINGS} WHERE v.core = ?", (core,))
        yield from (WordingKey(*row) for row in rows)


def _give_key(connection: sqlite3.Connection, wordings: list[WordingKey]) -> None:
    key = _key_of(connection, wordings)
    moved = [wording for wording in wordings if wording.statement != key]
    for wording in moved:
        connection.execute("UPDATE _wordings SET statement = ? WHERE id = ?", (key, wording.id))
    keys = {key, *(wording.statement for wording in moved)} if moved else set()
    connection.executemany("INSERT OR IGNORE INTO stale VALUES (?)", [(k,) for k in keys])


def _key_of(connection: sqlite3.Connection, wordings: list[WordingKey]) -> str:
    """Return the smallest URL key; without one, what first date, title and lead make."""
    urls = [wording.url_key for wording in wordings if wording.url_key is not None]
    if urls:
        return min(urls)
    order = sorted(  # what a box shows counts only where nothing else shows anything
        wordings,
        key=lambda f: (
            f.is_box, f.first_capture, f.is_page, f.date or "", f.title or "", f.lead or "",
        ),
    )  # fmt: skip
    day = next((wording.date for wording in order if wording.date), None)
    title = next((wording.title for wording in order if wording.title is not None), None)
    entries = [f for f in order if not f.is_page and not f.is_open and f.lead is not None]
    if not entries:
        return content_key(day, title, _first_opening(connection, order))
    return content_key(day, title, entries[0].lead)


def _first_opening(connection: sqlite3.Connection, order: list[WordingKey]) -> str | None:
    for wording in order:
        if wording.is_page:
            query = "SELECT t.text FROM _wordings v JOIN _texts t ON t.id = v.body WHERE v.id = ?"
            row = connection.execute(query, (wording.id,)).fetchone()
            return opening(row[0] if row is not None else "")
    return None
