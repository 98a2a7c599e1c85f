"""Records that say of a capture that it is taken out of the history, or brought back, and why.

They stand in the WARC files of our raw captures, as metadata of the capture's own record. Who
imports captures passes over them, as over all metadata.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from embassy_scraper.captures import NO_URL, OWN, as_member, record_id

_FIELDS = "application/warc-fields"
_RETRACTED, _BROUGHT_BACK = "retracted", "brought-back"  # the names of our fields


@dataclass(frozen=True, slots=True)
class RetractionRecord:
    """That a capture is retracted, or is so no more; *at* orders the records of one capture."""

    capture: str
    url: str | None
    at: datetime
    why: str
    is_undone: bool


def make_retraction(told: RetractionRecord) -> bytes:
    """Return the WARC record that says so, as one gzip member."""
    name = _BROUGHT_BACK if told.is_undone else _RETRACTED
    block = f"{name}: {' '.join(told.why.split())}\r\n".encode()
    record = WarcRecord()
    record.init_headers(WarcRecordType.metadata, content_length=len(block))
    headers = record.headers
    headers["WARC-Date"] = f"{told.at:%Y-%m-%dT%H:%M:%S.%fZ}"  # WARC 1.1 has fractions
    headers["WARC-Target-URI"] = (told.url or NO_URL).replace("\r", "").replace("\n", "")
    headers["WARC-Refers-To"] = record_id(told.capture)
    headers[OWN] = told.capture
    headers["Content-Type"] = _FIELDS
    record.set_bytes_content(block)
    return as_member(record)


def read_retraction(record: WarcRecord) -> RetractionRecord | None:
    """Return what a record says of a capture of ours; ``None`` where it is another metadata."""
    headers = record.headers
    capture, at = headers.get(OWN), headers.get("WARC-Date")
    if record.record_type != WarcRecordType.metadata or not capture or not at:
        return None
    name, _, why = record.reader.read().decode("utf-8", "replace").partition(":")
    if name not in (_RETRACTED, _BROUGHT_BACK):
        return None
    url = headers.get("WARC-Target-URI")
    moment = datetime.fromisoformat(at)
    return RetractionRecord(
        capture, None if url == NO_URL else url, moment, why.strip(), name == _BROUGHT_BACK
    )


def last_told(folder: Path) -> dict[str, tuple[RetractionRecord, str]]:
    """Return what the WARC files of *folder* say last of every capture, and in which file.

    A file that is damaged, or that a killed run left half written, is read as far as it goes: what
    follows the damage no database has named.
    """
    told: dict[str, tuple[RetractionRecord, str]] = {}
    for path in sorted(folder.glob("*.warc.gz")):
        for one in _told_in(path):
            if one.capture not in told or told[one.capture][0].at < one.at:
                told[one.capture] = one, path.name
    return told


def _told_in(path: Path) -> Iterator[RetractionRecord]:
    with path.open("rb") as file:
        records = ArchiveIterator(file, record_types=WarcRecordType.metadata, parse_http=False)
        try:
            for record in records:
                found = read_retraction(record)
                if found is not None:
                    yield found
        except OSError:
            return
