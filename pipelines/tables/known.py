"""What is stored already: captures by their ids and files, raw bytes by their digests.

Retracted captures are known too: offered again they stay out, and revisits may repeat them.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from embassy_scraper.evidence import Evidence
from pipelines.tables.retracted import held

# Joins a capture "c" with the revisit in whose record it lies.
WITH_REVISIT = """
LEFT JOIN _evidence e ON e.capture = c.id JOIN _waiting_revisits w
ON w.warc_file = coalesce(e.warc_file, c.warc_file)
AND w.warc_offset = coalesce(e.warc_offset, c.warc_offset)
"""
# Whether a capture is made of revisits: of any, or, if those are not barred, of none any more.
_OF_REVISITS = f"""
SELECT 1 FROM (SELECT 1) {WITH_REVISIT}
AND (?4 OR NOT EXISTS (SELECT 1 FROM _waiting_revisits o WHERE o.capture = c.id))
"""


def known_captures(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Evidence]:
    """Return those of *ids* that are stored or retracted, with the evidence they rest on."""
    rows = connection.execute(
        f"SELECT id, coalesce(e.evidence, c.evidence) FROM {held(connection)} c"
        " LEFT JOIN _evidence e ON e.capture = c.id WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids),),
    )
    return {name: Evidence.read(text) for name, text in rows}


def captures_in(connection: sqlite3.Connection, names: Sequence[str]) -> set[str]:
    """Return the captures whose raw records lie in the files *names*."""
    names_given = "(SELECT value FROM json_each(?))"
    query = f"SELECT id FROM {held(connection)} WHERE warc_file IN {names_given}"
    return {row[0] for row in connection.execute(query, (json.dumps(names),))}


@dataclass(frozen=True, slots=True)
class Original:
    """A record that holds a payload's bytes: of which capture, and where it lies."""

    capture: str
    url: str | None
    captured_at: str
    place: tuple[str, int]


def find_originals(connection: sqlite3.Connection, payload_sha256: str) -> tuple[Original, ...]:
    """Return all records that hold a payload's bytes, the newest first."""
    rows = connection.execute(
        f"SELECT id, url, captured_at, warc_file, warc_offset FROM {held(connection)}"
        " WHERE sha256 = ? AND NOT is_revisit ORDER BY id DESC",
        (payload_sha256,),
    )
    return tuple(Original(name, url, at, (file, offset)) for name, url, at, file, offset in rows)


def find_payloads(
    connection: sqlite3.Connection, url: str | None, captured_at: str | None
) -> list[str]:
    """Return the SHA-256 of all that answers of *url* at one instant held."""
    rows = connection.execute(
        f"SELECT sha256 FROM {held(connection)} WHERE url = ? AND captured_at = ?"
        " AND http_status IS NOT NULL ORDER BY id",
        (url, captured_at),
    )
    return [row[0] for row in rows]


def find_repeated(
    connection: sqlite3.Connection,
    digest: str,
    url: str | None,
    captured_at: str | None,
    *,
    tells_itself: bool,
    bars_revisits: bool = False,
) -> Original | None:
    """Return the answer whose bytes a revisit repeats, of those that are stored.

    The very capture that it names, by canonical *url* and instant; else one of the same bytes by
    the *digest* that its archive declared, of the same URL before others, the earliest of them.
    Saved files are none, whatever their bytes: a revisit repeats what a server said. A capture
    with another digest than declared is the last resort, for some programs write wrong ones.

    A revisit that does not *tell itself* the status and the kind of page takes them from the
    capture that it names: no other will do, so that it does not matter which came first.

    Where it *bars revisits*, it repeats no capture that was made of one: else two that name each
    other would each be read as the other is.
    """
    found = _find_repeated(connection, digest, url, captured_at, bars_revisits)
    is_named = found is not None and (found.url, found.captured_at) == (url, captured_at)
    return found if is_named or tells_itself or not captured_at else None


def _find_repeated(
    connection: sqlite3.Connection,
    digest: str,
    url: str | None,
    captured_at: str | None,
    bars_revisits: bool,
) -> Original | None:
    named = connection.execute(
        "SELECT sha256, is_revisit, payload_digest, id, warc_file, warc_offset"
        f" FROM {held(connection)} c"
        " WHERE url = ?2 AND captured_at = ?3 AND http_status IS NOT NULL AND payload_bytes > 0"
        f" AND NOT EXISTS ({_OF_REVISITS})"
        " ORDER BY payload_digest IS NOT ?1, id",
        (digest, url, captured_at, bars_revisits),
    ).fetchone()
    if named is None or named[2] not in (None, digest):
        other = find_answer(connection, digest, url)
        if other is not None or named is None:
            return other
    place = _first_record(connection, named[0]) if named[1] else named[4:]
    return Original(named[3], url, captured_at or "", place) if place is not None else None


def find_answer(
    connection: sqlite3.Connection, digest: str, url: str | None, http_status: int | None = None
) -> Original | None:
    """Return a stored answer with a declared *digest*, and of a status if that is given.

    One of *url* before others, then the earliest, so that it does not matter which came first.
    """
    row = connection.execute(
        f"SELECT id, url, captured_at, warc_file, warc_offset FROM {held(connection)}"
        " WHERE payload_digest = ?1"
        " AND NOT is_revisit AND http_status = coalesce(?3, http_status)"  # NULL is no answer's
        " AND ?1 != '' ORDER BY url IS NOT ?2, id LIMIT 1",
        (digest, url, http_status),
    ).fetchone()
    return Original(row[0], row[1], row[2], row[3:]) if row is not None else None


def _first_record(connection: sqlite3.Connection, payload_sha256: str) -> tuple[str, int] | None:
    """Return where bytes lie that a capture stored as a revisit repeats itself."""
    row: tuple[str, int] | None = connection.execute(
        f"SELECT warc_file, warc_offset FROM {held(connection)} WHERE sha256 = ? AND NOT is_revisit"
        " AND http_status IS NOT NULL ORDER BY id LIMIT 1",
        (payload_sha256,),
    ).fetchone()
    return row


def has_others(connection: sqlite3.Connection, mirror: str) -> bool:
    """Say whether captures are stored that did not come from *mirror*."""
    query = "SELECT 1 FROM captures WHERE json_extract(evidence, '$[6]') != ? LIMIT 1"
    return connection.execute(query, (mirror,)).fetchone() is not None


def count_held(connection: sqlite3.Connection) -> int:
    """Return how many captures are stored, those included that are retracted."""
    return int(connection.execute(f"SELECT count(*) FROM {held(connection)}").fetchone()[0])


def count_captures(connection: sqlite3.Connection) -> int:
    """Return how many captures are stored."""
    return int(connection.execute("SELECT count(*) FROM captures").fetchone()[0])
