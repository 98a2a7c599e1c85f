"""Store: write facts, once each.

In: captures in values, with the place of their raw record. Out: rows of facts, and the capture
marked as pending for ``diff``. Drops: nothing; of a capture already known, stronger evidence is
kept for later. Never: compares captures. A fact changes only where a lost raw file is restored, or
an earlier capture shows the lines of a form; all of them are deleted only to be derived anew.
"""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from embassy_scraper.captures import WarcWriter, make_record
from embassy_scraper.items import Capture, Form, Taken
from embassy_scraper.text import digest64
from pipelines import offers
from pipelines.evidence import note_evidence
from pipelines.keys import provisional_key
from pipelines.known import known_captures
from pipelines.problems import store_problems
from pipelines.schema import open_database, writing
from pipelines.visits import keep_walk, note_visit

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

_FORMS_A_QUERY = 500
_PAUSE, _BATCH = 0.5, 128  # seconds and captures after which a live run writes


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


@dataclass(frozen=True, slots=True)
class NewCapture:
    """A capture to keep: its values, its raw WARC record, the digest an archive declared."""

    capture: Capture
    record: bytes
    digest: str | None = None
    is_revisit: bool = False


def restore(connection: sqlite3.Connection, writer: WarcWriter, lost: Sequence[NewCapture]) -> None:
    """Write the raw records of stored captures whose files were *lost*. The caller commits."""
    for one in lost:
        place = writer.append(one.record)
        connection.execute(
            "UPDATE captures SET warc_file = ?, warc_offset = ?, is_revisit = 0 WHERE id = ?",
            (*place, one.capture.id),
        )
    name_written(connection, writer)
    connection.execute("DELETE FROM warc_files WHERE name NOT IN (SELECT warc_file FROM captures)")


def store_captures(
    connection: sqlite3.Connection, captures: Sequence[tuple[Capture, RawPlace]]
) -> None:
    """Write the facts of *captures*, none of them stored yet; the caller commits."""
    forms = _store_forms(connection, [capture for capture, _ in captures])
    connection.executemany(
        "INSERT INTO captures VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [_capture_row(capture, place) for capture, place in captures],
    )
    items = [capture for capture, _ in captures]
    connection.executemany(
        "INSERT INTO headers VALUES (?,?,?,?,?,?,?)",
        [
            (c.id, h.page_date, h.language, h.label, h.phone, h.email, h.shape)
            for c in items
            if (h := c.header) is not None
        ],
    )
    connection.executemany(
        "INSERT INTO sightings VALUES (?,?,?,?,?,?)",
        [
            (forms[s.form.digest][1], c.id, s.list, s.position, s.start, forms[s.form.digest][0])
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
    connection.executemany(
        "INSERT INTO counter_readings VALUES (?,?,?,?,?,?,?,?)",
        [
            (r.event, c.id, c.captured_at, r.page_date, r.value, r.since_date, r.unit, r.label)
            for c in items
            for r in c.readings
        ],
    )
    for capture in items:
        store_problems(connection, capture.problems, capture=capture.id)
    connection.executemany("INSERT INTO pending VALUES (?)", [(c.id,) for c in items])


def keep(connection: sqlite3.Connection, writer: WarcWriter, new: Sequence[NewCapture]) -> None:
    """Write the raw records of *new* captures, bring them to the disk, then write their facts.

    The caller commits.
    """
    rows = [
        (one.capture, RawPlace(*writer.append(one.record), one.digest, one.is_revisit))
        for one in new
    ]
    name_written(connection, writer)
    store_captures(connection, rows)


def name_written(connection: sqlite3.Connection, writer: WarcWriter) -> None:
    """Bring what was written to the disk, and only then name it in the database."""
    connection.executemany(
        "INSERT OR REPLACE INTO warc_files VALUES (?,?,?)",
        [(state.name, state.bytes, state.sha256) for state in writer.flush()],
    )


def _capture_row(c: Capture, place: RawPlace) -> tuple[object, ...]:
    return (
        c.id, c.url, c.page_kind, c.captured_at, c.page_clock, c.http_status, c.source, c.sha256,
        place.warc_file, place.warc_offset, c.key, c.media_type, c.payload_bytes, int(c.is_cut),
        c.clock_deviation, place.digest, c.evidence, int(place.is_revisit),
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
        " published_at, signature_text, is_open, twin, first_capture, title_digest, statement)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [_form_row(form, capture) for capture, form in (first[digest] for digest in new)],
    )
    _keep_earliest(connection, [first[digest] for digest in known])
    return known | _known_forms(connection, new)


def _form_row(f: Form, capture: str) -> tuple[object, ...]:
    return (
        f.digest, int(f.is_page), f.url_key, f.title, f.lead, f.body, f.date, f.date_text,
        f.published_at, f.signature_text, int(f.is_open), f.twin, capture,
        digest64(f.title) if f.title is not None else None, provisional_key(f),
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
    for table in (
        "captures", "headers", "forms", "sightings", "snapshots", "counter_readings", "pending",
        "statements", "versions", "places", "renames", "stretches", "counters", "changes",
    ):  # fmt: skip
        connection.execute(f"DELETE FROM {table}")
    connection.execute("DELETE FROM problems WHERE capture IS NOT NULL")


def _new(item: Taken) -> NewCapture:
    return NewCapture(
        capture=item.capture,
        record=make_record(item.raw, item.capture.id, item.capture.captured_at),
        digest=offers.declared_digest(item.offer),
        is_revisit=item.raw.record_type == "revisit",
    )


class StorePipeline:
    """Scrapy's adapter: keeps captures soon, and in batches when they come fast.

    A batch is written with the first capture that comes so much later than the last writing. What
    is not written when the process dies was fetched for nothing, and is fetched again: that a page
    of a list was read is written with the page.
    """

    def __init__(self, db: Path, stats: "StatsCollector | None" = None) -> None:
        """Store in the database *db*, and raw bytes in ``captures/`` beside it.

        How many were stored is told by the value ``embassy/stored`` of *stats*, and what cannot be
        stored in the end by ``embassy/unstored``.
        """
        self._stats = stats
        self._connection = open_database(db, cache_mb=8)
        self._writer = WarcWriter(db.parent / "captures")
        self._waiting: list[Taken] = []
        self._written_at = 0.0

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the stage for *crawler*, whose setting ``EMBASSY_DB`` names the database."""
        return cls(Path(crawler.settings["EMBASSY_DB"]), crawler.stats)

    def process_item(self, item: Taken) -> Taken:
        """Return *item* when it is stored, or waits to be stored with the next ones."""
        self._waiting.append(item)
        is_time = time.monotonic() - self._written_at > _PAUSE
        if is_time or len(self._waiting) >= _BATCH:
            self._write()
        return item

    def _write(self) -> None:
        best: dict[str, Taken] = {}
        for item in sorted(self._waiting, key=lambda item: item.capture.evidence):
            best[item.capture.id] = item
        with writing(self._connection):
            known = known_captures(self._connection, list(best))
            new = [_new(item) for name, item in best.items() if name not in known]
            for name, item in best.items():
                if name in known and item.capture.evidence > known[name]:
                    self._will_count(item)
            keep(self._connection, self._writer, new)
            for item in self._waiting:
                note_visit(self._connection, item.raw, item.capture)
                if item.step is not None:
                    keep_walk(self._connection, item.step)
                if item.offer is not None:
                    offers.stored(self._connection, item.offer[0], item.capture.id)
        self._waiting.clear()
        self._written_at = time.monotonic()
        if self._stats is not None:
            self._stats.inc_value("embassy/stored", len(new))

    def _will_count(self, item: Taken) -> None:
        """Keep the record of a stored capture of which it says more; a revisit with its bytes."""
        whole = replace(item.raw, refers_to=None)
        if whole.record_type == "revisit":
            whole = replace(whole, record_type="response")
        capture = item.capture
        place = self._writer.append(make_record(whole, capture.id, capture.captured_at))
        note_evidence(self._connection, capture.id, capture.evidence, place)

    def close_spider(self) -> None:
        """Write what waits; close the raw file and the database."""
        try:
            if self._waiting:
                self._write()
        except (sqlite3.Error, OSError) as error:
            if self._stats is None:
                raise
            count = len(self._waiting)
            self._stats.set_value("embassy/unstored", f"{count} pages could not be stored: {error}")
        finally:
            self._writer.close()
            self._connection.close()
