"""Facts: what captures show, as rows that are written once.

In: captures in values, with the place of their raw record. Out: rows of facts, and each capture
marked as pending for ``diff``. Drops: nothing. Never: compares captures. A fact changes only where
a lost raw file is restored (``store``), a capture is met again (``dedupe``), or an earlier capture
shows the lines of a form; all of them are deleted only to be derived anew.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from embassy_scraper.items import Capture, Form
from embassy_scraper.text import digest64
from pipelines.tables.problems import store_problems
from pipelines.tables.site_and_reader import refuse_other_reader
from pipelines.values.keys import provisional_key

_FORMS_A_QUERY = 500
REBUILT = (  # tables of facts, and of what follows from them; beside these problems of captures
    "captures", "headers", "forms", "sightings", "snapshots", "counter_readings", "statements",
    "versions", "places", "renames", "stretches", "counters", "changes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RawPlace:
    """Where the raw record of a capture lies: file below ``captures/``, offset in bytes.

    ``digest`` is the payload digest an archive declared, by which its revisits refer to it.
    ``is_revisit``: the record repeats another one, which has the bytes.
    """

    warc_file: str
    warc_offset: int
    digest: str | None = None
    is_revisit: bool = False


def store_captures(
    connection: sqlite3.Connection, captures: Sequence[tuple[Capture, RawPlace]]
) -> None:
    """Write the facts of *captures*, none of them stored yet; the caller commits.

    Raises:
        DatabaseError: the captures stored were read by another profile or reader.
    """
    refuse_other_reader(connection, {capture.reader for capture, _ in captures})
    forms = _store_forms(connection, [capture for capture, _ in captures])
    connection.executemany(
        "INSERT INTO captures VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [_capture_row(capture, place) for capture, place in captures],
    )
    items = [capture for capture, _ in captures]
    _store_header_facts(connection, items)
    _store_sightings(connection, items, forms)
    for capture in items:
        store_problems(connection, capture.problems, capture=capture.id)
    connection.executemany("INSERT INTO pending VALUES (?)", [(c.id,) for c in items])


def _store_header_facts(connection: sqlite3.Connection, items: Sequence[Capture]) -> None:
    """Write the headers of *items*, and their counters' readings."""
    connection.executemany(
        "INSERT INTO headers VALUES (?,?,?,?,?,?,?)",
        [
            (c.id, h.page_date, h.language, h.label, h.phone, h.email, h.shape)
            for c in items
            if (h := c.header) is not None
        ],
    )
    connection.executemany(
        "INSERT INTO counter_readings VALUES (?,?,?,?,?,?,?,?)",
        [
            (r.event, c.id, c.captured_at, r.page_date, r.value, r.since_date, r.unit, r.label)
            for c in items
            for r in c.readings
        ],
    )


def _store_sightings(
    connection: sqlite3.Connection, items: Sequence[Capture], forms: dict[str, tuple[int, str]]
) -> None:
    """Write the sightings of *items* and their windows; *forms* are id and statement by digest."""
    connection.executemany(
        "INSERT INTO sightings VALUES (?,?,?,?,?,?,?,?)",
        [
            (
                forms[s.form.digest][1],
                c.id,
                s.list,
                s.position,
                s.start,
                forms[s.form.digest][0],
                s.number,
                int(s.is_left_out),
            )
            for c in items
            for s in c.sightings
        ],
    )
    connection.executemany(
        "INSERT INTO snapshots VALUES (?,?,?,?,?,?,?)",
        [
            (c.id, w.list, w.start, w.covers_after, w.covers_until, w.entries, w.newest)
            for c in items
            for w in c.windows
        ],
    )


def _capture_row(c: Capture, place: RawPlace) -> tuple[object, ...]:
    return (
        c.id, c.url, c.page_kind, c.captured_at, c.page_clock, c.http_status, c.source, c.sha256,
        place.warc_file, place.warc_offset, c.key, c.media_type, c.payload_bytes, int(c.is_cut),
        c.clock_deviation, place.digest, str(c.evidence), int(place.is_revisit), c.reader,
    )  # fmt: skip


def _store_forms(
    connection: sqlite3.Connection, captures: Sequence[Capture]
) -> dict[str, tuple[int, str]]:
    """Write the forms not known yet; return id and statement of all forms of *captures*."""
    first: dict[str, tuple[str, Form]] = {}
    for capture in captures:
        for sighting in capture.sightings:
            seen = first.get(sighting.form.digest)
            if seen is None or capture.id < seen[0]:
                first[sighting.form.digest] = (capture.id, sighting.form)
    known = _known_forms(connection, list(first))
    new = [digest for digest in first if digest not in known]
    connection.executemany(
        "INSERT INTO forms (digest, is_page, url_key, title, lead, body, date, date_text,"
        " published_at, signed_on, signature_text, is_open, is_box, first_capture,"
        " title_digest, statement)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [_form_row(form, capture) for capture, form in (first[digest] for digest in new)],
    )
    _keep_earliest(connection, [first[digest] for digest in known])
    return known | _known_forms(connection, new)


def _form_row(f: Form, capture: str) -> tuple[object, ...]:
    return (
        f.digest, int(f.is_page), f.url_key, f.title, f.lead, f.body, f.date, f.date_text,
        f.published_at, f.signed_on, f.signature_text, int(f.is_open), int(f.is_box), capture,
        digest64(f.bare_title) if f.bare_title is not None else None, provisional_key(f),
    )  # fmt: skip


def _known_forms(
    connection: sqlite3.Connection, digests: Sequence[str]
) -> dict[str, tuple[int, str]]:
    known: dict[str, tuple[int, str]] = {}
    for start in range(0, len(digests), _FORMS_A_QUERY):
        part = digests[start : start + _FORMS_A_QUERY]
        marks = ",".join("?" * len(part))
        query = f"SELECT digest, id, statement FROM forms WHERE digest IN ({marks})"
        known.update((row[0], (row[1], row[2])) for row in connection.execute(query, part))
    return known


def _keep_earliest(connection: sqlite3.Connection, seen: Iterable[tuple[str, Form]]) -> None:
    """Let a form show the line structure of its earliest capture, whenever that one arrives."""
    connection.executemany(
        "UPDATE forms SET first_capture = ?1, body = ?2 WHERE digest = ?3 AND first_capture > ?1",
        [(capture, form.body, form.digest) for capture, form in seen],
    )


def forget_everything(connection: sqlite3.Connection) -> None:
    """Delete all that can be derived anew; what was rejected, and the runs, stay."""
    for table in (*REBUILT, "pending"):
        connection.execute(f"DELETE FROM {table}")
    connection.execute("DELETE FROM problems WHERE capture IS NOT NULL")
