"""Revisits that wait for their original: "the same as before", where that is not here yet.

In: a revisit as its archive wrote it. Out: the same, as soon as what it refers to is stored, and
once more when that is read again from stronger evidence. Drops: nothing; until it is resolved it is
a problem. Never: resolves one itself, which takes reading.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from embassy_scraper.items import RawCapture

NO_ORIGINAL = "revisit without its original"


@dataclass(frozen=True, slots=True)
class WaitingRevisit:
    """A revisit: its file and place in it, what it refers to, what it says of itself.

    It refers to its original by ``digest``, or by URL and instant (``refers_to``, ``refers_at``).
    """

    path: str
    where: str
    digest: str
    refers_to: str | None
    refers_at: str | None
    own: RawCapture


def wait(connection: sqlite3.Connection, revisit: WaitingRevisit) -> int:
    """Write *revisit* down, once; return its number. The caller commits."""
    values = {name: value for name, value in asdict(revisit.own).items() if name != "payload"}
    row = (
        revisit.path, revisit.where, revisit.digest, revisit.refers_to or "",
        revisit.refers_at or "", json.dumps(values, sort_keys=True),
    )  # fmt: skip
    connection.execute(
        'INSERT OR IGNORE INTO _waiting_revisits (path, "where", digest, refers_to, refers_at, own)'
        " VALUES (?,?,?,?,?,?)",
        row,
    )
    found = connection.execute(
        'SELECT id FROM _waiting_revisits WHERE path = ? AND "where" = ? AND digest = ?'
        " AND refers_to = ? AND refers_at = ? AND own = ?",
        row,
    ).fetchone()
    return int(found[0])


def waiting(
    connection: sqlite3.Connection, batch: int
) -> Iterator[list[tuple[int, WaitingRevisit]]]:
    """Yield those that wait, by number, *batch* at a time; any of them may be let go meanwhile."""
    last = 0
    while rows := connection.execute(
        'SELECT id, path, "where", digest, refers_to, refers_at, own FROM _waiting_revisits'
        " WHERE id > ? AND original IS NULL ORDER BY id LIMIT ?",
        (last, batch),
    ).fetchall():
        yield [_read(row) for row in rows]
        last = rows[-1][0]


def _read(row: tuple[int, str, str, str, str, str, str]) -> tuple[int, WaitingRevisit]:
    number, path, where, digest, refers_to, refers_at, own = row
    values = json.loads(own)
    head = tuple((name, value) for name, value in values.pop("http_head"))
    raw = RawCapture(payload=b"", http_head=head, **values)
    return number, WaitingRevisit(path, where, digest, refers_to or None, refers_at or None, raw)


def let_go(connection: sqlite3.Connection, number: int, original: str | None) -> None:
    """Let the revisit *number* wait no more, and be no problem: it repeats the capture *original*.

    It is kept, because its original may be read differently later.
    """
    connection.execute(
        'DELETE FROM problems WHERE capture IS NULL AND what = ? AND (path, "where") ='
        ' (SELECT path, "where" FROM _waiting_revisits WHERE id = ?)',
        (NO_ORIGINAL, number),
    )
    connection.execute("UPDATE _waiting_revisits SET original = ? WHERE id = ?", (original, number))


def wait_again(connection: sqlite3.Connection) -> None:
    """Let the revisits wait whose original there is stronger evidence of. The caller commits."""
    connection.execute(
        "UPDATE _waiting_revisits SET original = NULL"
        " WHERE original IN (SELECT capture FROM _evidence)"
    )
