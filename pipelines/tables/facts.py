"""Facts: what captures show, as rows that are written once.

In: captures in values, with the place of their raw record. Out: rows of facts, and each capture
marked as pending for ``diff``. Drops: nothing. Never: compares captures. A fact changes only where
a lost raw file is restored, a capture is met again, or an earlier capture shows the lines of a
wording; they are deleted only to be derived again, or where a capture is retracted.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from embassy_scraper.items import GONE, UNREAD, Capture
from pipelines.tables.problems import store_problems
from pipelines.tables.retracted import retractions
from pipelines.tables.site_and_reader import refuse_other_reader
from pipelines.tables.texts import parts_of, store_parts, text_ids
from pipelines.values.places import ANSWER, BOX, CONTACTS, PAGE, SHAPE

REBUILT = (  # tables of facts, and of what follows from them; beside these problems of captures
    "captures", "_retracted", "headers", "_texts", "_wordings", "_parts", "_entries", "_series",
    "_observations", "_counter_lines", "_readings", "_spans", "_renames", "_doubts", "statements",
    "_bounds", "_versions", "counters", "changes",
)  # fmt: skip
_MARKS = ",".join("?" * 21)  # the columns of captures
Observed = tuple[str, str, str, int | None]  # place, subject, capture, value


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

    Of one that is retracted only its row is written, beside the history.

    Raises:
        DatabaseError: the captures stored were read by another profile or reader.
    """
    refuse_other_reader(connection, {capture.reader for capture, _ in captures})
    out = retractions(connection, [capture.id for capture, _ in captures]).keys()
    for table, is_out in (("captures", False), ("_retracted", True)):
        connection.executemany(
            f"INSERT INTO {table} VALUES ({_MARKS})",
            [_capture_row(c, place) for c, place in captures if (c.id in out) == is_out],
        )
    items = [capture for capture, _ in captures if capture.id not in out]
    _store_headers(connection, items)
    _store_readings(connection, items)
    _store_observations(connection, items)
    for capture in items:
        store_problems(connection, capture.problems, capture=capture.id)
    connection.executemany("INSERT INTO _pending VALUES (?)", [(c.id,) for c in items])


def _capture_row(c: Capture, place: RawPlace) -> tuple[object, ...]:
    told = c.evidence
    return (
        c.id, c.url, c.page_kind, c.captured_at, c.page_clock, c.http_status, told.source, c.sha256,
        place.warc_file, place.warc_offset, c.key, c.media_type, c.payload_bytes, int(c.is_cut),
        c.clock_deviation, place.digest, str(c.evidence), int(place.is_revisit), c.reader,
        told.url_from, told.instant_from,
    )  # fmt: skip


def _store_headers(connection: sqlite3.Connection, items: Sequence[Capture]) -> None:
    rows = [
        (c.id, h.page_date, h.language, h.label, h.phone, h.email)
        for c in items
        if (h := c.header) is not None
    ]
    connection.executemany("INSERT INTO headers VALUES (?,?,?,?,?,?)", rows)


def _store_readings(connection: sqlite3.Connection, items: Sequence[Capture]) -> None:
    lines = {(r.event, r.unit, r.label) for c in items for r in c.readings}
    connection.executemany(
        "INSERT OR IGNORE INTO _counter_lines (event, unit, label) VALUES (?,?,?)", sorted(lines)
    )
    query = "SELECT id FROM _counter_lines WHERE (event, unit, label) = (?,?,?)"
    ids = {line: connection.execute(query, line).fetchone()[0] for line in lines}
    connection.executemany(
        "INSERT INTO _readings VALUES (?,?,?,?,?)",
        [
            (c.id, ids[r.event, r.unit, r.label], r.page_date, r.value, r.since_date)
            for c in items
            for r in c.readings
        ],
    )


def _store_observations(connection: sqlite3.Connection, items: Sequence[Capture]) -> None:
    """Write what *items* show, place by place."""
    seen = {capture.id: parts_of(capture) for capture in items}
    parts = store_parts(connection, (part for shown in seen.values() for part in shown))
    texts = text_ids(connection, {text for c in items for _, _, text in _header_texts(c)})
    observed: list[Observed] = []
    for capture in items:
        for part in seen[capture.id]:
            subject = _subject(capture, part.place, part.start)
            observed.append((part.place, subject, capture.id, parts[part.digest]))
        for place, subject, text in _header_texts(capture):
            observed.append((place, subject, capture.id, texts[text]))
        if capture.url is not None:
            observed.append((ANSWER, capture.url, capture.id, _answer(capture)))
    series = _series_ids(connection, {(place, subject) for place, subject, _, _ in observed})
    connection.executemany(
        "INSERT INTO _observations VALUES (?,?,?)",
        [(series[place, subject], capture, value) for place, subject, capture, value in observed],
    )


def _subject(capture: Capture, place: str, start: int) -> str:
    """Return which of a place: the URL of an own page, the offset of a list's page."""
    if place == PAGE:
        return capture.key or ""
    return "" if place == BOX else str(start)


def _header_texts(capture: Capture) -> Iterator[tuple[str, str, str]]:
    """Yield field, language and text of what a header shows; of the counters their shape."""
    header = capture.header
    if header is None:
        return
    for field in CONTACTS:
        text = getattr(header, field)
        if text is not None:
            yield field, header.language, text
    if header.shape is not None:
        yield SHAPE, "", header.shape


def _answer(capture: Capture) -> int:
    """Return what the address answered: 200 with a page, 404, 410, or 0 for what tells nothing.

    Saved text and HTML count as 200.
    """
    if capture.http_status in GONE:
        return capture.http_status
    is_read = capture.page_kind not in UNREAD
    if capture.key is not None:
        is_read = capture.page_kind == "statement"
    return 200 if is_read and capture.http_status in (None, 200) else 0


def _series_ids(
    connection: sqlite3.Connection, names: set[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    rows = sorted(names)
    connection.executemany("INSERT OR IGNORE INTO _series (place, subject) VALUES (?,?)", rows)
    query = "SELECT id FROM _series WHERE (place, subject) = (?,?)"
    return {name: connection.execute(query, name).fetchone()[0] for name in rows}


def forget_everything(connection: sqlite3.Connection) -> None:
    """Delete all that can be derived again; rejections and runs stay."""
    for table in (*REBUILT, "_pending"):
        connection.execute(f"DELETE FROM {table}")
    connection.execute("DELETE FROM problems WHERE capture IS NOT NULL")
