"""Texts, wordings and parts: what pages say, each distinct thing once, under its digest.

In: the sightings and windows of captures. Out: ids of the parts that captures show. Drops: what is
known already; but a wording has the lines and the instant of its earliest capture, whenever that
one arrives. Never: compares captures.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from embassy_scraper.items import Capture, Sighting, Window, Wording
from embassy_scraper.text import digest64
from pipelines.values.digests import digest_of
from pipelines.values.keys import provisional_key

_A_QUERY = 500  # values in one query
TextIds = dict[str | None, int | None]


@dataclass(frozen=True, slots=True)
class SeenPart:
    """One part of a page as one capture shows it: a window, the side boxes, the own page."""

    digest: bytes
    capture: str
    place: str
    start: int
    window: Window | None
    sightings: tuple[Sighting, ...]


def parts_of(capture: Capture) -> list[SeenPart]:
    """Return the parts of the page that *capture* is of."""
    windows = {window.list: window for window in capture.windows}
    shown: dict[str, list[Sighting]] = {name: [] for name in windows}
    for sighting in capture.sightings:
        shown.setdefault(sighting.list, []).append(sighting)
    parts = []
    for place, sightings in shown.items():
        window = windows.get(place)
        seed = [digest_of(place, str(window)), *(s.wording.digest for s in sightings)]
        seed += [f"{s.number} {s.position} {s.is_left_out}".encode() for s in sightings]
        digest = blake2b(b"\x1f".join(seed), digest_size=16).digest()
        start = window.start if window is not None else 0
        parts.append(SeenPart(digest, capture.id, place, start, window, tuple(sightings)))
    return parts


def store_parts(connection: sqlite3.Connection, seen: Iterable[SeenPart]) -> dict[bytes, int]:
    """Write what of *seen* is new; return the ids of all of it. The caller commits."""
    earliest: dict[bytes, SeenPart] = {}
    for part in seen:
        before = earliest.get(part.digest)
        if before is None or part.capture < before.capture:
            earliest[part.digest] = part
    query = "SELECT digest, id, first_capture FROM _parts WHERE digest IN"
    known = {row[0]: row[1:] for row in _ask(connection, query, list(earliest))}
    new = [part for digest, part in earliest.items() if digest not in known]
    earlier = [p for d, p in earliest.items() if d in known and p.capture < known[d][1]]
    wordings = _store_wordings(connection, [*new, *earlier])
    connection.executemany(
        "UPDATE _parts SET first_capture = ? WHERE digest = ?",
        [(part.capture, part.digest) for part in earlier],
    )
    return {d: row[0] for d, row in known.items()} | {
        part.digest: _store_part(connection, part, wordings) for part in new
    }


def _store_part(connection: sqlite3.Connection, part: SeenPart, wordings: dict[bytes, int]) -> int:
    w = part.window
    covers = (w.covers_after, w.covers_until, w.newest, w.entries) if w else (None,) * 4
    cursor = connection.execute(
        "INSERT INTO _parts (digest, place, start, covers_after, covers_until, newest, entries,"
        " first_capture) VALUES (?,?,?,?,?,?,?,?)",
        (part.digest, part.place, part.start, *covers, part.capture),
    )
    number = cursor.lastrowid
    assert number is not None
    connection.executemany(
        "INSERT INTO _entries VALUES (?,?,?,?,?)",
        [
            (number, s.number, s.position, wordings[s.wording.digest], int(s.is_left_out))
            for s in part.sightings
        ],
    )
    return number


def _store_wordings(connection: sqlite3.Connection, parts: Sequence[SeenPart]) -> dict[bytes, int]:
    """Write the wordings that are new; return the ids of all wordings of *parts*."""
    first: dict[bytes, tuple[str, Wording]] = {}
    for part in parts:
        for sighting in part.sightings:
            seen = first.get(sighting.wording.digest)
            if seen is None or part.capture < seen[0]:
                first[sighting.wording.digest] = (part.capture, sighting.wording)
    query = "SELECT digest, id, first_capture FROM _wordings WHERE digest IN"
    known = {row[0]: row[1:] for row in _ask(connection, query, list(first))}
    new = [one for digest, one in first.items() if digest not in known]
    earlier = [
        one for digest, one in first.items() if digest in known and one[0] < known[digest][1]
    ]
    wordings = [wording for _, wording in (*new, *earlier)]
    texts = text_ids(connection, {t for f in wordings for t in (f.title, f.lead, f.body)})
    connection.executemany(
        "INSERT INTO _wordings (digest, is_page, is_box, is_open, url_key, title, lead, body, date,"
        " date_text, published_at, signed_on, signature_text, first_capture, title_digest,"
        " statement) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [_wording_row(wording, capture, texts) for capture, wording in new],
    )
    connection.executemany(
        "UPDATE _wordings SET first_capture = ?, body = ? WHERE digest = ?",
        [(capture, texts[wording.body], wording.digest) for capture, wording in earlier],
    )
    rows = _ask(connection, query, [wording.digest for _, wording in new])
    return {d: row[0] for d, row in known.items()} | {row[0]: row[1] for row in rows}


def _wording_row(f: Wording, capture: str, texts: TextIds) -> tuple[object, ...]:
    return (
        f.digest, int(f.is_page), int(f.is_box), int(f.is_open), f.url_key, texts[f.title],
        texts[f.lead], texts[f.body], f.date, f.date_text, f.published_at, f.signed_on,
        f.signature_text, capture,
        digest64(f.bare_title) if f.bare_title is not None else None, provisional_key(f),
    )  # fmt: skip


def text_ids(connection: sqlite3.Connection, texts: Iterable[str | None]) -> TextIds:
    """Return the ids of *texts*; those that are new are written. The caller commits.

    What is no text, ``None``, has the id ``None``.
    """
    digests = {digest_of(text): text for text in texts if text is not None}
    query = "SELECT digest, id FROM _texts WHERE digest IN"
    known: dict[bytes, int] = dict(_ask(connection, query, list(digests)))
    new = [digest for digest in digests if digest not in known]
    connection.executemany(
        "INSERT INTO _texts (digest, text) VALUES (?,?)", [(d, digests[d]) for d in new]
    )
    known.update(_ask(connection, query, new))
    return {None: None} | {digests[digest]: number for digest, number in known.items()}


def _ask(
    connection: sqlite3.Connection, query: str, values: Sequence[object]
) -> Iterable[tuple[Any, ...]]:
    """Yield the rows of *query*, which ends in ``IN``, for all *values*."""
    for start in range(0, len(values), _A_QUERY):
        part = values[start : start + _A_QUERY]
        yield from connection.execute(f"{query} ({','.join('?' * len(part))})", part)
