"""Resolving revisits: a record that says "the same as before" gets the bytes of before."""

import sqlite3
from pathlib import Path

from embassy_scraper.archives.records import complete, read_record
from embassy_scraper.captures import read_back
from embassy_scraper.errors import CaptureRejected, RawCaptureMissing
from embassy_scraper.items import RawCapture
from embassy_scraper.site import read_address
from pipelines.known import find_payload
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
    return complete(own, original)


def _rejected(revisit: WaitingRevisit, why: str) -> CaptureRejected:
    message = f"{revisit.path} at {revisit.where}: the record it refers to {why}"
    return CaptureRejected(NO_ORIGINAL, message, revisit.where)
