"""What is stored already: captures by their ids and files, raw bytes by their digests."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

_IDS_A_QUERY = 500


def known_captures(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return those of *ids* that are stored, with the evidence they rest on."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), _IDS_A_QUERY):
        part = ids[start : start + _IDS_A_QUERY]
        marks = ",".join("?" * len(part))
        query = f"SELECT id, evidence FROM captures WHERE id IN ({marks})"
        found.update(connection.execute(query, part).fetchall())
    return found


def captures_in(connection: sqlite3.Connection, names: Sequence[str]) -> set[str]:
    """Return the captures whose raw records lie in the files *names*."""
    return {
        row[0]
        for name in names
        for row in connection.execute("SELECT id FROM captures WHERE warc_file = ?", (name,))
    }


def find_payload(
    connection: sqlite3.Connection, digest: str, url: str | None, captured_at: str | None
) -> tuple[str, int] | None:
    """Return file and offset of the stored bytes that a revisit refers to.

    Found by the *digest* its archive declared, else by canonical *url* and instant.
    """
    row = connection.execute(
        "SELECT sha256, id FROM captures WHERE payload_digest = ?1 AND ?1 != ''"
        " UNION ALL SELECT sha256, id FROM captures"
        " WHERE url = ?2 AND captured_at = ?3 AND payload_bytes > 0 ORDER BY id LIMIT 1",
        (digest, url, captured_at),
    ).fetchone()
    return find_original(connection, row[0]) if row is not None else None


def find_answer(
    connection: sqlite3.Connection, digest: str, http_status: int, url: str | None
) -> tuple[str, int] | None:
    """Return file and offset of an answer with a declared *digest*, one of *url* before others.

    Of several the earliest, so that it does not matter which of them came first.
    """
    row: tuple[str, int] | None = connection.execute(
        "SELECT warc_file, warc_offset FROM captures WHERE payload_digest = ? AND http_status = ?"
        " AND NOT is_revisit ORDER BY url IS NOT ?, id LIMIT 1",
        (digest, http_status, url),
    ).fetchone()
    return row


def find_original(connection: sqlite3.Connection, payload_sha256: str) -> tuple[str, int] | None:
    """Return file and offset of the record that holds a payload's bytes."""
    row: tuple[str, int] | None = connection.execute(
        "SELECT warc_file, warc_offset FROM captures WHERE sha256 = ? AND NOT is_revisit"
        " ORDER BY id DESC LIMIT 1",  # where raw files were lost, the newest are there again
        (payload_sha256,),
    ).fetchone()
    return row


@dataclass(frozen=True, slots=True)
class Original:
    """A record that holds a payload's bytes: of which capture, and where it lies."""

    url: str | None
    captured_at: str
    place: tuple[str, int]


def find_originals(connection: sqlite3.Connection, payload_sha256: str) -> tuple[Original, ...]:
    """Return all records that hold a payload's bytes, the newest first."""
    rows = connection.execute(
        "SELECT url, captured_at, warc_file, warc_offset FROM captures"
        " WHERE sha256 = ? AND NOT is_revisit ORDER BY id DESC",
        (payload_sha256,),
    )
    return tuple(Original(url, at, (file, offset)) for url, at, file, offset in rows)


def has_others(connection: sqlite3.Connection, mirror: str) -> bool:
    """Say whether captures are stored that did not come from *mirror*."""
    query = "SELECT 1 FROM captures WHERE substr(evidence, -length(?1)) != ?1 LIMIT 1"
    return connection.execute(query, (mirror,)).fetchone() is not None
