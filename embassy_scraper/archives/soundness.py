"""Whether a record of a file is sound, as what lies around it tells."""

import re
import zlib
from os import SEEK_END
from typing import IO

from embassy_scraper.archives import Offer, Revisit
from embassy_scraper.archives.records import (
    GZIP_MAGIC,
    NEXT_RECORD,
    end_of_record,
    is_member_whole,
)
from embassy_scraper.archives.unpacked import places
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import RawCapture
from embassy_scraper.limits import MAX_RECORD_HEAD

_HOLDS_ANOTHER = "length", "it is cut off: another record begins inside it"
_RECORD = re.compile(rb"(?i:warc)/[01]\.[0-9]|\x1f\x8b")
_BLANKS, _BEHIND = b"\r\n\0\t ", 4096  # bytes between two records; how many are looked through


def is_packed(file: IO[bytes], at: int) -> bool:
    """Say whether the record *at* a place of *file* is packed; reading goes on where it was."""
    place = file.tell()
    file.seek(at)
    is_packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    file.seek(place)
    return is_packed


def is_blank(member: bytes) -> bool:
    """Say whether a gzip *member*, or what is not packed, begins with blanks alone: with no record.

    The fast reader takes them line by line: seconds for a member that is a thousand times as large
    unpacked.

    Raises:
        zlib.error: its compressed data is damaged.
    """
    if member.startswith(GZIP_MAGIC):
        first = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(member, MAX_RECORD_HEAD)
    else:
        first = member[:MAX_RECORD_HEAD]
    return not first.strip()


def is_unsound(file: IO[bytes], at: int, *, may_end: bool = False) -> bool:
    """Say whether the gzip member *at* a place of *file* is not whole, as its checksum says.

    One that the end of the file cuts short *may* be sound as far as it goes.
    """
    place = file.tell()
    is_sound = end_of_record(file, at) is not None if may_end else is_member_whole(file, at)
    is_unsound = is_packed(file, at) and not is_sound
    file.seek(place)
    return is_unsound


def holds_another(file: IO[bytes], at: int) -> bool:
    """Say whether inside the record *at* a place of *file*, which is not packed, another begins."""
    following = next(places(file, at + 1, NEXT_RECORD), None)
    end = end_of_record(file, at)
    return following is not None and end is not None and following < end


def why_overlong(file: IO[bytes], at: int, length: int) -> tuple[str, str] | None:
    """Return as ``why_unsound`` that the record *at* a place of *file* has a wrong *length*.

    That is so where it holds another one, and none begins at its end; it need not be read then, for
    each of thousands may announce the rest of the file. A short one is quickly read.
    """
    if length <= MAX_RECORD_HEAD or is_packed(file, at):
        return None
    place = file.tell()
    end = end_of_record(file, at)
    is_overlong = end is not None and not _goes_on(file, end) and holds_another(file, at)
    file.seek(place)
    return _HOLDS_ANOTHER if is_overlong else None


def _goes_on(file: IO[bytes], end: int) -> bool:
    """Say whether at the *end* of a record the next one begins, or may, or the file ends too."""
    if end > file.seek(0, SEEK_END):
        return False
    file.seek(end)
    behind = file.read(_BEHIND).lstrip(_BLANKS)
    return len(behind) < len(b"WARC/1.0") or _RECORD.match(behind) is not None


def why_unsound(
    file: IO[bytes], at: int, *, is_suspect: bool, is_end: bool
) -> tuple[str, str] | None:
    """Return why the record *at* a place of *file*, behind which no record is, is not sound.

    In a word, and in words; ``None`` where nothing shows it. It *is suspect* where its digest says
    other bytes; *is end*: the file ends behind it.
    """
    if is_unsound(file, at, may_end=is_end):
        return "compressed data", "its compressed data is damaged"
    if is_packed(file, at):
        return None
    if is_suspect:
        return "length", "its digest says other bytes, and no record follows them"
    return _HOLDS_ANOTHER if holds_another(file, at) else None


def tells_end(offer: Offer | None) -> bool:
    """Say whether a record is offered as rejected, or as a capture that is cut off."""
    found = offer.found if offer else None
    raw = found.raw if isinstance(found, Revisit) else found
    is_cut = isinstance(raw, RawCapture) and raw.announced_bytes_missing
    return is_cut or isinstance(found, CaptureRejected)
