"""Records that say of a capture that it is taken out of the history, or brought back, and why.

They stand in the WARC files of our raw captures, as metadata of the capture's own record. Who
imports captures passes over them, as over all metadata.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from fastwarc.warc import WarcRecord, WarcRecordType

from embassy_scraper.captures import NO_URL, as_member
from embassy_scraper.own_headers import OWN, record_id

_FIELDS = "application/warc-fields"
_RETRACTED, _BROUGHT_BACK = "retracted", "brought-back"  # the names of our fields
_INSTANT = re.compile(r"[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


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


def read_retraction(capture: str, at: str, block: str, url: str | None) -> RetractionRecord | None:
    """Return what a metadata record says of *capture*; ``None`` where that is something else.

    *at* is its date, *block* what stands in it.

    Raises:
        ValueError: its date is not an instant, so it cannot be told what was said last.
    """
    name, _, why = block.partition(":")
    if name not in (_RETRACTED, _BROUGHT_BACK):
        return None
    if not _INSTANT.fullmatch(at):
        raise ValueError(f"its WARC-Date {at[:40]!r} is not an instant")
    is_undone = name == _BROUGHT_BACK
    moment = datetime.fromisoformat(at)
    url = None if url == NO_URL else url
    return RetractionRecord(capture, url, moment, " ".join(why.split()), is_undone)
