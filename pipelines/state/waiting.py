"""Revisits: "the same as before"; each waits until what it repeats is here, and is kept then.

In: a revisit as its archive wrote it. Out: the same, as soon as what it refers to is stored, and
whenever that may be another capture, or may be read differently. Drops: nothing; until it is
resolved it is a problem. Never: resolves one itself, which takes reading.

What was made of a revisit is written beside it, for it holds only as long as no better original
comes: the history is as if that had been there from the beginning.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from embassy_scraper.evidence import Evidence
from embassy_scraper.items import RawCapture
from embassy_scraper.revisit import Revisit
from pipelines.tables.known import WITH_REVISIT
from pipelines.tables.retracted import held

NO_ORIGINAL = "revisit without its original"
_NONE, _COMPARE, _READ = 0, 1, 2  # doubts: another original may be better; it reads differently
_COLUMNS = (
    'id, path, "where", digest, refers_to, refers_at, own, original, capture, evidence, warc_file,'
    " warc_offset, doubt"
)
_GIVEN = "(SELECT value FROM json_each(?))"
_OPEN = "(original IS NULL OR doubt > 0) AND (:doubtful OR original IS NULL)"
_NAMED = """
id IN (SELECT id FROM _waiting_revisits
WHERE original IS NULL AND refers_at IN (SELECT value FROM json_each(:named))
UNION SELECT id FROM _waiting_revisits
WHERE :doubtful AND (original IS NULL OR doubt > 0) AND doubt > 0)
"""  # so that their indexes serve
Place = tuple[str, int]  # of a raw record: file and offset


@dataclass(frozen=True, slots=True)
class WaitingRevisit:
    """A revisit as it was offered: its file, its place in it, what it says."""

    path: str
    where: str
    revisit: Revisit


@dataclass(frozen=True, slots=True)
class Known:
    """A revisit by its number, what it was made of last, and where its own raw record lies.

    It *is sound* where its original reads as it did.
    """

    number: int
    offer: WaitingRevisit
    original: str | None
    capture: str | None
    evidence: Evidence | None
    place: Place | None
    is_sound: bool


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a revisit was read with, and what it became.

    ``url`` is the address that it repeats, ``place`` where its own raw record lies.
    """

    original: str
    url: str | None
    capture: str
    evidence: Evidence
    place: Place


def wait(connection: sqlite3.Connection, offer: WaitingRevisit, place: Place | None = None) -> int:
    """Write a revisit down, once, and where it is kept; return its number. The caller commits."""
    revisit = offer.revisit
    values = {name: value for name, value in asdict(revisit.raw).items() if name != "payload"}
    row = (
        offer.path, offer.where, revisit.digest, revisit.refers_to or "",
        revisit.refers_at or "", json.dumps(values, sort_keys=True),
    )  # fmt: skip
    connection.execute(
        'INSERT OR IGNORE INTO _waiting_revisits (path, "where", digest, refers_to, refers_at, own,'
        " warc_file, warc_offset) VALUES (?,?,?,?,?,?,?,?)",
        (*row, *(place or (None, None))),
    )
    found = connection.execute(
        'SELECT id FROM _waiting_revisits WHERE path = ? AND "where" = ? AND digest = ?'
        " AND refers_to = ? AND refers_at = ? AND own = ?",
        row,
    ).fetchone()
    return int(found[0])


def known_revisit(connection: sqlite3.Connection, number: int) -> Known:
    """Return the revisit *number*."""
    query = f"SELECT {_COLUMNS} FROM _waiting_revisits WHERE id = ?"
    return _read(connection.execute(query, (number,)).fetchone())


def waiting(
    connection: sqlite3.Connection,
    batch: int,
    named: Collection[str] | None = None,
    *,
    doubtful: bool,
) -> Iterator[list[Known]]:
    """Yield those that wait, by number, *batch* at a time; any may be resolved meanwhile.

    With *named*, only those that repeat a capture of one of these instants. Those too that are
    *doubtful*, if they are asked for.
    """
    last, which = 0, _OPEN if named is None else _NAMED
    given = json.dumps(sorted(named or ()))
    while rows := connection.execute(
        f"SELECT {_COLUMNS} FROM _waiting_revisits WHERE id > :last AND {which}"
        " ORDER BY id LIMIT :batch",
        {"last": last, "batch": batch, "doubtful": doubtful, "named": given},
    ).fetchall():
        yield [_read(row) for row in rows]
        last = rows[-1][0]


def _read(row: Sequence[object]) -> Known:
    number, path, where, digest, refers_to, refers_at, own, *made, file, offset, doubt = row
    values = json.loads(str(own))
    head = tuple((name, value) for name, value in values.pop("http_head"))
    raw = RawCapture(payload=b"", http_head=head, **values)
    revisit = Revisit(str(digest), raw, str(refers_to) or None, str(refers_at) or None)
    original, capture, evidence = (None if one is None else str(one) for one in made)
    return Known(
        number=int(str(number)),
        offer=WaitingRevisit(str(path), str(where), revisit),
        original=original,
        capture=capture,
        evidence=None if evidence is None else Evidence.read(evidence),
        place=None if file is None else (str(file), int(str(offset))),
        is_sound=doubt != _READ,
    )


def move_record(connection: sqlite3.Connection, before: Place, after: Place) -> None:
    """Let a revisit, and the capture that is read from its record, be kept in another place.

    The caller commits.
    """
    for table in ("_waiting_revisits", "captures", "_retracted"):
        connection.execute(
            f"UPDATE {table} SET warc_file = ?, warc_offset = ?"
            " WHERE warc_file = ? AND warc_offset = ?",
            (*after, *before),
        )


def note_resolved(connection: sqlite3.Connection, number: int, made: Resolved) -> None:
    """Note what the revisit *number* was read with and became; it is no problem any more.

    The caller commits.
    """
    connection.execute(
        'DELETE FROM problems WHERE capture IS NULL AND what = ? AND (path, "where") ='
        ' (SELECT path, "where" FROM _waiting_revisits WHERE id = ?)',
        (NO_ORIGINAL, number),
    )
    connection.execute(
        "UPDATE _waiting_revisits SET original = ?, url = ?, capture = ?, evidence = ?,"
        " warc_file = ?, warc_offset = ?, doubt = ? WHERE id = ?",
        (made.original, made.url, made.capture, str(made.evidence), *made.place, _NONE, number),
    )


def note_unchanged(connection: sqlite3.Connection, number: int) -> None:
    """Note that nothing better has come for the revisit *number*. The caller commits."""
    connection.execute("UPDATE _waiting_revisits SET doubt = ? WHERE id = ?", (_NONE, number))


def wait_again(connection: sqlite3.Connection, number: int) -> None:
    """Let the revisit *number*, of which a capture was made, wait again. The caller commits."""
    connection.execute(
        "UPDATE _waiting_revisits SET original = NULL, capture = NULL, evidence = NULL, doubt = ?"
        " WHERE id = ?",
        (_NONE, number),
    )


def doubt_originals(
    connection: sqlite3.Connection, came: Iterable[tuple[str | None, str | None, str]]
) -> None:
    """Let revisits be compared with captures that *came*: declared digest, address and instant.

    They may be better originals than those that they were read with. The caller commits.
    """
    connection.executemany(
        f"UPDATE _waiting_revisits SET doubt = {_COMPARE}"
        f" WHERE doubt = {_NONE} AND original IS NOT NULL"
        " AND (digest = ?1 AND ?1 != '' OR refers_at = ?3 AND url IS ?2)",
        came,
    )


def doubt_readings(connection: sqlite3.Connection, originals: Iterable[str]) -> None:
    """Let revisits be read again whose *originals* read differently. The caller commits."""
    connection.executemany(
        "UPDATE _waiting_revisits SET doubt = ? WHERE original = ?",
        [(_READ, original) for original in originals],
    )


def doubt_all(connection: sqlite3.Connection) -> None:
    """Let all revisits be read again: addresses may be read differently. The caller commits."""
    query = "UPDATE _waiting_revisits SET doubt = ? WHERE capture IS NOT NULL"
    connection.execute(query, (_READ,))


def has_doubts(connection: sqlite3.Connection) -> bool:
    """Say whether any revisit may have come to be read differently."""
    query = (
        "SELECT 1 FROM _waiting_revisits WHERE (original IS NULL OR doubt > 0) AND doubt > 0"
        " LIMIT 1"  # so that its index serves
    )
    return connection.execute(query).fetchone() is not None


def is_kept_at(connection: sqlite3.Connection, place: Place) -> bool:
    """Say whether the raw record at *place* is that of a revisit as it was offered."""
    query = "SELECT 1 FROM _waiting_revisits WHERE warc_file = ? AND warc_offset = ?"
    return connection.execute(query, place).fetchone() is not None


def made_of_revisits(connection: sqlite3.Connection, ids: Iterable[str]) -> set[str]:
    """Return those of the stored captures *ids* that only revisits offered."""
    rows = connection.execute(
        f"SELECT c.id FROM {held(connection)} c {WITH_REVISIT} WHERE c.id IN {_GIVEN}",
        (json.dumps(list(ids)),),
    )
    return {row[0] for row in rows}


def best_revisits(
    connection: sqlite3.Connection, ids: Iterable[str]
) -> dict[str, tuple[Evidence, Place]]:
    """Return, of the captures *ids*, the best evidence of a revisit that they are made of."""
    rows = connection.execute(
        "SELECT capture, evidence, warc_file, warc_offset FROM _waiting_revisits"
        f" WHERE capture IN {_GIVEN} ORDER BY warc_file DESC, warc_offset DESC",
        (json.dumps(list(ids)),),
    )
    best: dict[str, tuple[Evidence, Place]] = {}
    for capture, text, file, offset in rows:
        evidence = Evidence.read(text)
        if capture not in best or not evidence < best[capture][0]:
            best[capture] = evidence, (file, offset)
    return best
