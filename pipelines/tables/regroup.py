"""Statements made of cores: a core, and those joined to it by a rename; and their keys."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from pipelines.tables.renames import connected
from pipelines.values.keys import content_key, opening

_VARIANTS = """
SELECT v.id, v.core, v.statement, v.url_key, v.date, t.text, l.text, v.is_page, v.is_open, v.is_box,
       v.first_capture
FROM _variants v LEFT JOIN _texts t ON t.id = v.title LEFT JOIN _texts l ON l.id = v.lead
"""


@dataclass(frozen=True, slots=True)
class FormKey:
    """What of a form can enter its statement's key."""

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
    """Give every variant of a stale statement the key of the statement it now belongs to.

    Keys that begin or cease to be used become stale as well.
    """
    linked = {core for row in connection.execute("SELECT old, new FROM _renames") for core in row}
    rows = connection.execute(
        f"{_VARIANTS} WHERE v.core IN (SELECT o.core FROM stale s"
        " CROSS JOIN _variants o ON o.statement = s.key) ORDER BY v.core"
    ).fetchall()
    joined: set[int] = set()
    for core, group in groupby(rows, key=lambda row: row[1]):
        if core in joined:
            continue
        forms = [FormKey(*row) for row in group]
        if core in linked:
            cores = connected(connection, {core})
            joined |= cores
            forms = list(_forms_of(connection, cores))
        _give_key(connection, forms)


def _forms_of(connection: sqlite3.Connection, cores: Iterable[int]) -> Iterator[FormKey]:
    for core in sorted(cores):
        rows = connection.execute(f"{_VARIANTS} WHERE v.core = ?", (core,))
        yield from (FormKey(*row) for row in rows)


def _give_key(connection: sqlite3.Connection, forms: list[FormKey]) -> None:
    key = _key_of(connection, forms)
    moved = [form for form in forms if form.statement != key]
    for form in moved:
        connection.execute("UPDATE _variants SET statement = ? WHERE id = ?", (key, form.id))
    keys = {key, *(form.statement for form in moved)} if moved else set()
    connection.executemany("INSERT OR IGNORE INTO stale VALUES (?)", [(k,) for k in keys])


def _key_of(connection: sqlite3.Connection, forms: list[FormKey]) -> str:
    """Return the smallest URL key; without one, what first date, title and lead make."""
    urls = [form.url_key for form in forms if form.url_key is not None]
    if urls:
        return min(urls)
    order = sorted(  # what a box shows counts only where nothing else shows anything
        forms,
        key=lambda f: (
            f.is_box, f.first_capture, f.is_page, f.date or "", f.title or "", f.lead or "",
        ),
    )  # fmt: skip
    day = next((form.date for form in order if form.date), None)
    title = next((form.title for form in order if form.title is not None), None)
    entries = [f for f in order if not f.is_page and not f.is_open and f.lead is not None]
    if not entries:
        return content_key(day, title, _first_opening(connection, order))
    return content_key(day, title, entries[0].lead)


def _first_opening(connection: sqlite3.Connection, order: list[FormKey]) -> str | None:
    for form in order:
        if form.is_page:
            query = "SELECT t.text FROM _variants v JOIN _texts t ON t.id = v.body WHERE v.id = ?"
            row = connection.execute(query, (form.id,)).fetchone()
            return opening(row[0] if row is not None else "")
    return None
