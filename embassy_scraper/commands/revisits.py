"""Resolving revisits: a record that says "the same as before" gets the bytes of before."""

import sqlite3
from dataclasses import replace
from pathlib import Path

from embassy_scraper.archives.warc import read_record
from embassy_scraper.captures import read_back
from embassy_scraper.errors import CaptureRejected, RawCaptureMissing
from embassy_scraper.items import RawCapture
from embassy_scraper.site import read_address
from pipelines.store import find_payload
from pipelines.waiting import NO_ORIGINAL, WaitingRevisit


def resolve(
    connection: sqlite3.Connection, folder: Path, revisit: WaitingRevisit
) -> RawCapture | CaptureRejected:
    """Return the capture that *revisit* stands for, or why there is none."""
    own = revisit.own
    refers_to = read_address(revisit.refers_to, own.mirror).url
    place = find_payload(connection, revisit.digest, refers_to, revisit.refers_at)
    if place is None:
        return _rejected(revisit, "is not here; bring it")
    try:
        original = read_record(read_back(folder, *place), own.source)
    except (RawCaptureMissing, CaptureRejected) as fault:
        return _rejected(revisit, f"cannot be read: {fault}")
    assert isinstance(original, RawCapture)
    return replace(
        original,
        url=own.url,
        captured_at=own.captured_at,
        source=own.source,
        mirror=own.mirror,
        http_status=_status(own.http_status, original.http_status),
        http_head=own.http_head or original.http_head,
        media_type=own.media_type or original.media_type,
        charset=own.charset or original.charset,
    )


def _rejected(revisit: WaitingRevisit, why: str) -> CaptureRejected:
    message = f"{revisit.path} at {revisit.where}: the record it refers to {why}"
    return CaptureRejected(NO_ORIGINAL, message, revisit.where)


def _status(own: int | None, original: int | None) -> int | None:
    """Return the status of a revisit: "not modified" means what it was before."""
    return original if own in {None, 304} else own
