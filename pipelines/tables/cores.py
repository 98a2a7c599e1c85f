"""Cores: the wordings that their own texts show to be one statement, kept in ``_wordings.core``.

In: wordings without a core, and windows that show wordings side by side. Out: their cores. Drops:
nothing. Never: weighs more than the group of a new wording: all that share a title or a URL with
it, also by way of others.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from pipelines.history.identity import Clusters, cluster
from pipelines.history.pairs import WordingRow
from pipelines.values.likeness import Text
from pipelines.values.places import BOX, PAGE

_WORDINGS = """
SELECT v.id, v.is_page, v.url_key, t.text, l.text, v.date, v.signed_on, v.is_open, v.is_box, v.core,
       v.title_digest
FROM _wordings v LEFT JOIN _texts t ON t.id = v.title LEFT JOIN _texts l ON l.id = v.lead
"""
_LONE = """
    core IS NULL AND first_capture <= (SELECT max(capture) FROM due) AND title_digest IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM _wordings o
                    WHERE o.title_digest = _wordings.title_digest AND o.id != _wordings.id)
    AND NOT EXISTS (SELECT 1 FROM _wordings o
                    WHERE o.url_key = _wordings.url_key AND o.id != _wordings.id)
"""
_WINDOWS = """
SELECT e.wording, e.part FROM json_each(?) j CROSS JOIN _entries e ON e.wording = j.value
JOIN _parts p ON p.id = e.part AND p.place NOT IN (?, ?)
"""


@dataclass(slots=True)
class CoreChanges:
    """The cores whose wordings changed, old ones included; all wordings of groups that parted."""

    cores: set[int] = field(default_factory=set)
    regrouped: set[int] = field(default_factory=set)


def assign_cores(connection: sqlite3.Connection) -> CoreChanges:
    """Give every new wording its core; return what changed."""
    changes = CoreChanges(
        {row[0] for row in connection.execute(f"SELECT id FROM _wordings WHERE {_LONE}")}
    )
    connection.execute(f"UPDATE _wordings SET core = id WHERE {_LONE}")
    seen: set[int] = set()
    new = (
        "SELECT id FROM _wordings WHERE core IS NULL"
        " AND first_capture <= (SELECT max(capture) FROM due) ORDER BY title_digest"
    )
    for (wording,) in connection.execute(new).fetchall():
        if wording not in seen:
            seen.update(_weigh(connection, wording, changes))
    return changes


def reconsider(
    connection: sqlite3.Connection, wordings: Iterable[int], changes: CoreChanges
) -> None:
    """Weigh the groups of *wordings* anew, as new windows show some side by side."""
    seen: set[int] = set()
    for wording in wordings:
        if wording not in seen:
            seen.update(_weigh(connection, wording, changes))


def _weigh(connection: sqlite3.Connection, wording: int, changes: CoreChanges) -> set[int]:
    """Part the group of *wording* into cores, note what changed, and return the group."""
    group = load_group(connection, wording)
    ids = json.dumps([one.id for one in group])
    windows: dict[int, set[int]] = {}
    for shown, part in connection.execute(_WINDOWS, (ids, PAGE, BOX)) if len(group) > 1 else ():
        windows.setdefault(shown, set()).add(part)
    found = cluster(group, windows)
    for members in found.statements:
        core = min(one.id for one in members)
        for one in members:
            if one.core != core:
                connection.execute("UPDATE _wordings SET core = ? WHERE id = ?", (core, one.id))
                changes.cores |= {core} if one.core is None else {core, one.core}
                if one.core is not None:
                    changes.regrouped.update(other.id for other in group)
    changes.cores |= _write_doubts(connection, group, found)
    return {one.id for one in group}


def _write_doubts(
    connection: sqlite3.Connection, group: list[WordingRow], found: Clusters
) -> set[int]:
    """Write which pages are in doubt in place of what was known; return the cores concerned."""
    ids = json.dumps([one.id for one in group])  # a core is the id of one of its wordings
    query = "FROM _doubts WHERE page IN (SELECT value FROM json_each(?))"
    known = set(connection.execute(f"SELECT page, other {query}", (ids,)))
    new = {
        (min(one.id for one in page), min(one.id for one in other))
        for page, others in found.doubts
        for other in others
    }
    if known != new:
        connection.execute(f"DELETE {query}", (ids,))
        connection.executemany("INSERT INTO _doubts VALUES (?,?)", sorted(new))
    return {core for pair in known ^ new for core in pair}


def load_group(connection: sqlite3.Connection, wording: int) -> list[WordingRow]:
    """Return every wording that shares a title or a URL with *wording*, also by way of others."""
    wordings: dict[int, WordingRow] = {}
    todo: list[tuple[str, object]] = [("id", wording)]
    asked = set(todo)
    while todo:
        column, value = todo.pop()
        for row in connection.execute(f"{_WORDINGS} WHERE v.{column} = ?", (value,)):
            if row[0] in wordings:
                continue
            one = wordings[row[0]] = _row(connection, row)
            for link in (("title_digest", one.title_digest), ("url_key", one.url_key)):
                if link[1] is not None and link not in asked:
                    asked.add(link)
                    todo.append(link)
    return sorted(wordings.values(), key=lambda wording: wording.id)


def _row(connection: sqlite3.Connection, row: tuple[Any, ...]) -> WordingRow:
    wording, is_page, url_key, title, lead, day, signed_on, is_open, is_box, core, same = row
    text = Text(_body(connection, wording), bool(is_page), lead, title, bool(is_open))
    return WordingRow(
        wording, bool(is_page), url_key, title, day, signed_on, bool(is_box), core, text, same
    )


def _body(connection: sqlite3.Connection, wording: int) -> Callable[[], str | None]:
    def load() -> str | None:
        query = "SELECT t.text FROM _wordings v LEFT JOIN _texts t ON t.id = v.body WHERE v.id = ?"
        row: tuple[str | None] = connection.execute(query, (wording,)).fetchone()
        return row[0]

    return load
