"""Store: keep captures, raw records first, then their facts.

In: captures in values, with their raw bytes. Out: raw records on the disk, their files' digests,
and rows of facts (``tables.facts``) that name them. Drops: nothing; stronger evidence of a capture
that is known is kept for later. Never: compares captures.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from embassy_scraper.captures import FileState, make_record
from embassy_scraper.door import Stage
from embassy_scraper.evidence import Evidence
from embassy_scraper.items import Taken
from embassy_scraper.provenance_notes import ProvenanceNote, make_note
from embassy_scraper.warc_writer import WarcWriter
from pipelines.state.evidence import note_evidence
from pipelines.tables.facts import RawPlace, store_captures

_MANIFEST = "manifest"


def record_of(one: Taken) -> bytes:
    """Return the WARC record in which a capture is kept; what a manifest told is noted behind."""
    if one.record is not None:
        return one.record
    assert one.raw is not None
    record = make_record(one.raw, one.capture.id, one.capture.captured_at, one.digest)
    told = one.capture.evidence
    return (
        record + note_of(one, told) if _MANIFEST in (told.url_from, told.instant_from) else record
    )


def note_of(one: Taken, told: Evidence) -> bytes:
    """Return the WARC record that says on what evidence a capture was *told*."""
    capture = one.capture
    url = one.raw.url if one.raw is not None else capture.url
    return make_note(ProvenanceNote(capture.id, url, capture.captured_at, told, one.digest))


def pack(one: Taken) -> Taken:
    """Return it with its record packed, without the bytes as they came."""
    return replace(one, record=record_of(one), raw=None)


def keep(connection: sqlite3.Connection, writer: WarcWriter, new: Iterable[Taken]) -> None:
    """Write the raw records of *new* captures, bring them to the disk, then write their facts.

    The caller commits.
    """
    rows = [
        (one.capture, RawPlace(*writer.append(record_of(one)), one.digest, _is_revisit(one)))
        for one in new
    ]
    name_written(connection, writer)
    store_captures(connection, rows)


def keep_evidence(connection: sqlite3.Connection, writer: WarcWriter, one: Taken) -> None:
    """Write the record of a stored capture that is to be read from it from now on.

    The caller commits, and names what was written.
    """
    place = writer.append(record_of(_with_bytes(one)))
    note_evidence(connection, one.capture.id, one.capture.evidence, place)


def restore(connection: sqlite3.Connection, writer: WarcWriter, lost: Iterable[Taken]) -> None:
    """Write the raw records of stored captures whose files were *lost*. The caller commits."""
    for one in lost:
        row = (*writer.append(record_of(_with_bytes(one))), one.capture.id)
        for table in ("captures", "_retracted"):
            connection.execute(
                f"UPDATE {table} SET warc_file = ?, warc_offset = ?, is_revisit = 0 WHERE id = ?",
                row,
            )
    name_restored(connection, writer)


def name_restored(connection: sqlite3.Connection, writer: WarcWriter) -> None:
    """Name in the database what was written again, and lost files no more that it was written for.

    The caller commits.
    """
    name_written(connection, writer)
    tables = ("captures", "_retracted", "retractions", "_evidence", "_waiting_revisits")
    needed = " UNION ALL ".join(
        f"SELECT warc_file FROM {table} WHERE warc_file IS NOT NULL" for table in tables
    )
    connection.execute(f"DELETE FROM _warc_files WHERE name NOT IN ({needed})")


def name_written(connection: sqlite3.Connection, writer: WarcWriter) -> None:
    """Bring what was written to the disk, and only then name it in the database."""
    for state in writer.flush():
        name_file(connection, state)


def name_file(connection: sqlite3.Connection, state: FileState) -> None:
    """Name a file of raw records in the database: how long it is, and its digest."""
    row = (state.name, state.bytes, state.sha256)
    connection.execute("INSERT OR REPLACE INTO _warc_files VALUES (?,?,?)", row)


def _is_revisit(one: Taken) -> bool:
    return one.raw is not None and one.raw.record_type == "revisit"


def _with_bytes(one: Taken) -> Taken:
    """Return *one* so that its record holds the bytes: no revisit of another capture."""
    if one.raw is None or not _is_revisit(one):
        return one
    return replace(one, raw=replace(one.raw, record_type="response", refers_to=None))


class StorePipeline(Stage):
    """Scrapy's adapter: hands captures to be stored, soon, or in batches when they come fast."""

    def process_item(self, item: Taken) -> Taken:
        """Return *item* when it is stored, or waits to be stored with the next ones."""
        self._door.add(item)
        return item

    def close_spider(self) -> None:
        """Store what waits."""
        self._door.flush()
