"""Statements made of cores: a core, and those joined to it by a rename; and their keys."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from pipelines.history.renames import connected
from pipelines.values.keys import content_key, opening

_COLUMNS = (
    "id, core, statement, url_key, date, title, lead, is_page, is_open, is_box, first_capture"
)


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
    """Give every form of a dirty statement the key of the statement it now belongs to.

    Keys that begin or cease to be used are marked dirty as well.
    """
    linked = {core for row in connection.execute("SELECT old, new FROM renames") for core in row}
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM forms WHERE core IN"
        " (SELECT f.core FROM dirty d CROSS JOIN forms f ON f.statement = d.key) ORDER BY core"
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
        query = f"SELECT {_COLUMNS} FROM forms WHERE core = ?"
        yield from (FormKey(*row) for row in connection.execute(query, (core,)))


def _give_key(connection: sqlite3.Connection, forms: list[FormKey]) -> None:
    key = _key_of(connection, forms)
    moved = [form for form in forms if form.statement != key]
    for form in moved:
        connection.execute("UPDATE forms SET statement = ? WHERE id = ?", (key, form.id))
        connection.execute(
            "UPDATE sightings SET statement = ? WHERE statement = ? AND form = ?",
            (key, form.statement, form.id),
        )
    if moved:
        keys = {key, *(form.statement for form in moved)}
        connection.executemany("INSERT OR IGNORE INTO dirty VALUES (?)", [(k,) for k in keys])


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
            query = "SELECT body FROM forms WHERE id = ?"
            return opening(connection.execute(query, (form.id,)).fetchone()[0] or "")
    return None
