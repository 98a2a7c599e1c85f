"""Resolving revisits: a record that says "the same as before" gets the bytes of before."""

import sqlite3
from pathlib import Path

from embassy_scraper.archives.records import complete, read_record, tells_itself
from embassy_scraper.captures import read_back
from embassy_scraper.errors import CaptureRejected, RawCaptureMissing
from embassy_scraper.items import RawCapture
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import read_address
from pipelines.state.waiting import NO_ORIGINAL, WaitingRevisit
from pipelines.tables.known import find_repeated


def resolve(
    connection: sqlite3.Connection, folder: Path, revisit: WaitingRevisit, profile: Profile
) -> tuple[RawCapture | CaptureRejected, str | None]:
    """Return the capture that *revisit* stands for, or why there is none, and its original's id."""
    own = revisit.own
    url = read_address(revisit.refers_to or own.url, profile, own.mirror).url
    found = find_repeated(
        connection, revisit.digest, url, revisit.refers_at, tells_itself=tells_itself(own)
    )
    if found is None:
        return _rejected(revisit, "is not in this history; ingest it too"), None
    try:
        original = read_record(read_back(folder, *found.place), own.source)
    except (RawCaptureMissing, CaptureRejected) as fault:
        return _rejected(revisit, f"cannot be read: {fault}"), None
    assert isinstance(original, RawCapture)
    return complete(own, original), found.capture


def _rejected(revisit: WaitingRevisit, why: str) -> CaptureRejected:
    message = f"{revisit.path} at {revisit.where}: the record that it repeats {why}"
    return CaptureRejected(NO_ORIGINAL, message, revisit.where)
