"""Making a bundle: what is known of a change, as the bytes of one zip."""

import sqlite3
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from embassy_scraper.bundle.json_text import as_json
from embassy_scraper.bundle.kept import read_kept
from embassy_scraper.bundle.stamp import ask_timestamp
from embassy_scraper.bundle.told import Told, archives_json, change_json
from embassy_scraper.bundle.wacz import make_wacz
from embassy_scraper.bundle.words import readme
from embassy_scraper.bundle.zips import make_sealed_zip
from embassy_scraper.captures import sha1_of
from embassy_scraper.config import Archives
from pipelines.tables.one_capture import show_capture
from pipelines.tables.one_change import offers_of, show_change
from pipelines.tables.site_and_reader import profile_of

_SUMS, _REPLY = "SHA256SUMS", "SHA256SUMS.tsr"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle: the bytes of its zip, how many captures are in it, the change in words."""

    data: bytes
    captures: int
    sentence: str


def make_bundle(
    connection: sqlite3.Connection,
    captures_folder: Path,
    change_id: str,
    archives: Archives,
    timestamp: str = "",
) -> Bundle:
    """Return the bundle of a change: the same bytes of the same history, but for a time stamp.

    *timestamp* is the address of a time-stamping authority, or empty.

    Raises:
        RawCaptureMissing: a raw record is lost.
        TimestampError: the authority gives no time stamp.
    """
    told = _told(connection, captures_folder, change_id)
    about = told.change.title or told.change.subject
    members = {
        "README.txt": readme(told, is_stamped=bool(timestamp)).encode("utf-8", "replace"),
        "archives.json": as_json(archives_json(told, archives)).encode(),
        "captures.wacz": make_wacz(told.captures, f"{told.sentence}: {about}", about),
        "change.json": as_json(change_json(told)).encode(),
        "prove.py": files(__package__).joinpath("prove.py").read_bytes(),
    }
    members[_SUMS] = b"".join(_sum(name, data) for name, data in members.items())
    if timestamp:
        reply = ask_timestamp(timestamp, members[_SUMS])
        members |= {_REPLY: reply, f"{_REPLY}.sha256": _sum(_REPLY, reply)}
    return Bundle(make_sealed_zip(members.items()), len(told.captures), told.sentence)


def _sum(name: str, data: bytes) -> bytes:
    return f"{sha256(data).hexdigest()}  {name}\n".encode()


def _told(connection: sqlite3.Connection, captures_folder: Path, change_id: str) -> Told:
    profile = profile_of(connection)
    rows = show_change(connection, change_id)
    captures = read_kept(connection, captures_folder, profile, rows.captures)
    return Told(
        rows,
        captures,
        [show_capture(connection, one.id) for one in captures],
        [offers_of(connection, one.id, sha1_of(one.raw.payload)) for one in captures],
        profile.list_headings,
    )
