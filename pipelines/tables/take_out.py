"""Take out: the history without some captures, derived from the facts of all others.

In: captures, and who reads another one again. Out: the history as if they had never been offered;
their rows stand beside it (``retracted``). Drops: their facts, and what they alone have shown.
Never: derives what they do not touch.

They touch what they show, what they lack, what they answer for; the groups of wordings that they
show, which may part where a wording is gone, or join where a window is; and what was first shown
by them, which is first shown by another one from now on.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence

from pipelines.tables import stale
from pipelines.tables.cores import CoreChanges, load_group, reconsider
from pipelines.tables.derived import derive_pending, derive_stale
from pipelines.tables.reconcile import compare, neighbours
from pipelines.tables.retracted import set_aside
from pipelines.tables.site_and_reader import profile_of
from pipelines.tables.spans import leave_out
from pipelines.tables.texts import text_ids

Bodies = Callable[[str], Mapping[bytes, str | None]]
_FACTS = ("headers", "_readings", "problems", "_pending", "_visits")  # tables that name a capture
_PARTS = """
SELECT DISTINCT p.id FROM json_each(?) j CROSS JOIN _observations o ON o.capture = j.value
JOIN _series s ON s.id = o.series JOIN _parts p ON p.id = o.value AND p.place = s.place
"""
_FIRST = """
SELECT min(sp.first) FROM _spans sp JOIN _series s ON s.id = sp.series
JOIN _parts p ON p.id = sp.value AND p.place = s.place WHERE sp.value = ?
"""
_LINKS = "SELECT old, new FROM _renames UNION SELECT page, other FROM _doubts"


def take_out(connection: sqlite3.Connection, ids: Sequence[str], bodies: Bodies) -> None:
    """Take the captures *ids* out of the history; the caller commits.

    *bodies* reads a stored capture again and returns the bodies it shows, by the digests of their
    wordings: a body has the lines of the first capture that shows it, which may be another now.
    """
    if connection.execute("SELECT 1 FROM _pending LIMIT 1").fetchone():
        derive_pending(connection)
    profile = profile_of(connection)
    parts = _ids(connection, _PARTS, ids)
    wordings = _ids(connection, _of("SELECT DISTINCT wording FROM _entries WHERE part"), parts)
    leave_out(connection, ids)
    stale.begin(connection)
    stale.mark_changed(connection, profile.site.base_url)
    stale.mark_neighbours(connection, wordings)
    near = neighbours(connection, ids)
    for capture in ids:
        for table in _FACTS:
            connection.execute(f"DELETE FROM {table} WHERE capture = ?", (capture,))
    set_aside(connection, ids)
    _regroup(connection, parts, wordings)
    _show_first(connection, wordings, bodies)
    connection.execute("DELETE FROM _series WHERE id NOT IN (SELECT series FROM _observations)")
    derive_stale(connection, profile, lambda what, done, of: None)
    compare(connection, near)


def _regroup(connection: sqlite3.Connection, parts: list[int], wordings: list[int]) -> None:
    """Delete of *parts* and *wordings* what no capture shows any more; weigh their groups anew."""
    groups: set[int] = set()
    for wording in wordings:
        if wording not in groups:
            groups.update(one.id for one in load_group(connection, wording))
    cores = _ids(connection, _of("SELECT DISTINCT core FROM _wordings WHERE id"), groups)
    _delete_unshown(connection, parts, wordings)
    changes = CoreChanges()
    alive = _ids(connection, _of("SELECT id FROM _wordings WHERE id"), groups)
    reconsider(connection, alive, changes)
    stale.mark_cores(connection, changes.cores)
    stale.mark_neighbours(connection, changes.regrouped)
    still = _ids(connection, _of("SELECT DISTINCT core FROM _wordings WHERE core"), cores)
    _forget_links(connection, set(cores) - set(still))


def _delete_unshown(connection: sqlite3.Connection, parts: list[int], wordings: list[int]) -> None:
    for part in parts:
        (first,) = connection.execute(_FIRST, (part,)).fetchone()
        if first is None:
            connection.execute("DELETE FROM _entries WHERE part = ?", (part,))
            connection.execute("DELETE FROM _parts WHERE id = ?", (part,))
        else:
            connection.execute("UPDATE _parts SET first_capture = ? WHERE id = ?", (first, part))
    connection.executemany(
        "DELETE FROM _wordings WHERE id = ?1"
        " AND NOT EXISTS (SELECT 1 FROM _entries WHERE wording = ?1)",
        [(wording,) for wording in wordings],
    )


def _forget_links(connection: sqlite3.Connection, gone: set[int]) -> None:
    """Delete the links of cores that are *gone*; what they linked, or rivalled, is stale."""
    if not gone:
        return
    links = connection.execute(_LINKS).fetchall()
    near = {core for link in links if gone.intersection(link) for core in link}
    near |= {core for link in links if near.intersection(link) for core in link}
    stale.mark_cores(connection, near)
    for core in gone:
        connection.execute("DELETE FROM _renames WHERE old = ?1 OR new = ?1", (core,))
        connection.execute("DELETE FROM _doubts WHERE page = ?1 OR other = ?1", (core,))


def _show_first(connection: sqlite3.Connection, wordings: list[int], bodies: Bodies) -> None:
    """Let wordings be as the first capture prints them that shows them now."""
    moved = connection.execute(
        "SELECT v.id, v.digest, v.body, v.first_capture,"
        " (SELECT min(p.first_capture) FROM _entries e JOIN _parts p ON p.id = e.part"
        "  WHERE e.wording = v.id) AS first"
        f" FROM _wordings v WHERE v.id {_given()} ORDER BY first",
        (json.dumps(wordings),),
    ).fetchall()
    read: tuple[str, Mapping[bytes, str | None]] = ("", {})
    for number, digest, body, before, first in moved:
        if first == before:
            continue
        if body is not None:
            if read[0] != first:
                read = (first, bodies(first))
            text = read[1][digest]
            body = text_ids(connection, {text})[text]
        row = (first, body, number)
        connection.execute("UPDATE _wordings SET first_capture = ?, body = ? WHERE id = ?", row)


def _of(query: str) -> str:
    return f"{query} {_given()}"


def _given() -> str:
    return "IN (SELECT value FROM json_each(?))"


def _ids(
    connection: sqlite3.Connection, query: str, values: Iterable[int] | Iterable[str]
) -> list[int]:
    """Return the ids that *query* finds for *values*, which it takes as a JSON array."""
    return [row[0] for row in connection.execute(query, (json.dumps(list(values)),))]
