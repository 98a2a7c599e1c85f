"""Whether a record of a file is sound, as what lies around it tells."""

import zlib
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


def tells_end(offer: Offer | None) -> bool:
    """Say whether a record is offered as rejected, or as a capture that is cut off."""
    found = offer.found if offer else None
    raw = found.raw if isinstance(found, Revisit) else found
    is_cut = isinstance(raw, RawCapture) and raw.announced_bytes_missing
    return is_cut or isinstance(found, CaptureRejected)
