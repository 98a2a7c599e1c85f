"""The same history once more: every stored raw capture read again into an empty database."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from embassy_scraper.archives.warc import read_record
from embassy_scraper.captures import read_back
from embassy_scraper.errors import CaptureRejected, RawCaptureMissing
from embassy_scraper.items import Capture, RawCapture
from embassy_scraper.pages import read_page
from pipelines.normalise import normalise
from pipelines.store import RawPlace, store_captures

_BATCH = 250


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database says of one stored capture."""

    id: str
    source: str
    sha256: str
    place: RawPlace


def stored_captures(connection: sqlite3.Connection) -> Iterator[Stored]:
    """Yield every stored capture, in the order in which the raw records lie."""
    rows = connection.execute(
        "SELECT id, source, sha256, warc_file, warc_offset, payload_digest FROM captures"
        " ORDER BY warc_file, warc_offset"
    )
    for capture, source, digest, *place in rows:
        yield Stored(capture, source, digest, RawPlace(*place))


def read_again(folder: Path, stored: Stored, mirror: str | None) -> Capture:
    """Return a stored capture, read from its raw record.

    Raises:
        RawCaptureMissing: the record is not there, or is not the one that was stored.
    """
    where = f"{folder / stored.place.warc_file} at {stored.place.warc_offset}"
    record = read_back(folder, stored.place.warc_file, stored.place.warc_offset)
    try:
        raw = read_record(record, stored.source)
        if not isinstance(raw, RawCapture):
            raise RawCaptureMissing(f"{where}: a revisit where a capture was; restore the file")
        if sha256(raw.payload).hexdigest() != stored.sha256:
            raise RawCaptureMissing(f"{where}: its bytes are not those stored; restore the file")
        capture = normalise(raw, read_page(raw, mirror), mirror)
    except CaptureRejected as error:
        raise RawCaptureMissing(f"{where}: {error}; restore the file from a backup") from error
    if capture.id != stored.id:
        raise RawCaptureMissing(f"{where}: it is {capture.id}, not {stored.id}; restore the file")
    return replace(capture, source=stored.source)


def derive_facts(target: sqlite3.Connection, captures: Iterator[tuple[Capture, RawPlace]]) -> None:
    """Write the facts of *captures* into *target*, batch by batch; the caller commits."""
    batch: list[tuple[Capture, RawPlace]] = []
    for one in captures:
        batch.append(one)
        if len(batch) == _BATCH:
            store_captures(target, batch)
            batch = []
    if batch:
        store_captures(target, batch)
