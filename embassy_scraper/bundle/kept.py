"""The raw records of a change's captures, byte for byte as they are kept."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from embassy_scraper.archives.records import end_of_record
from embassy_scraper.captures import read_back
from embassy_scraper.errors import RawCaptureMissing
from embassy_scraper.intake.stored import original_of, raw_of, stored_captures
from embassy_scraper.items import RawCapture
from embassy_scraper.sites import Profile


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """One WARC record as it is kept: ``member`` is the gzip member that it is.

    ``url`` is what the record itself names as its target.
    """

    record_id: str
    url: str
    at: str
    kind: str
    member: bytes


@dataclass(frozen=True, slots=True)
class KeptCapture:
    """One capture with its bytes: in its ``own`` record, or in the ``holder`` that it repeats."""

    id: str
    role: str
    raw: RawCapture
    sha256: str
    own: KeptRecord
    holder: KeptRecord


def read_kept(
    connection: sqlite3.Connection,
    folder: Path,
    profile: Profile,
    wanted: Iterable[tuple[str, str]],
) -> list[KeptCapture]:
    """Return the captures that are *wanted*, each by its role and id, from the raw *folder*.

    Raises:
        RawCaptureMissing: a record is not there, or its bytes are not those that were stored.
    """
    return [_kept(connection, folder, profile, role, capture) for role, capture in wanted]


def _kept(
    connection: sqlite3.Connection, folder: Path, profile: Profile, role: str, capture: str
) -> KeptCapture:
    (stored,) = stored_captures(connection, capture)
    raw = raw_of(folder, stored, profile)
    own = _record(folder, stored.place.warc_file, stored.place.warc_offset)
    original = original_of(folder, stored, profile)
    holder = own if original is None else _record(folder, *original.place)
    return KeptCapture(capture, role, raw, stored.sha256, own, holder)


def _record(folder: Path, name: str, offset: int) -> KeptRecord:
    record = read_back(folder, name, offset)
    headers = record.headers
    return KeptRecord(
        record_id=record.record_id or "",
        url=headers.get("WARC-Target-URI") or "",
        at=headers.get("WARC-Date") or "",
        kind=headers.get("WARC-Type") or "",
        member=_member(folder / name, offset),
    )


def _member(path: Path, offset: int) -> bytes:
    """Return the bytes of the record at *offset* as they lie in the file."""
    with path.open("rb") as file:
        end = end_of_record(file, offset)
        if end is None:
            raise RawCaptureMissing(f"{path} at {offset}: no whole record; restore the file")
        file.seek(offset)
        return file.read(end - offset)
