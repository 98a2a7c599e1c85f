"""WARC and WET files: the captures in their records.

A damaged stretch is reported once, with its offset, and the next record is looked for; a record
that is cut off is a capture that is cut off; a file without any record is reported.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from embassy_scraper.archives import IsWanted, Offer, shown
from embassy_scraper.archives.record_reader import RecordReader
from embassy_scraper.archives.records import NEXT_RECORD, end_of_record
from embassy_scraper.archives.unpacked import Records, damages, unpacked
from embassy_scraper.archives.unpackers import MAGIC, ZSTD
from embassy_scraper.errors import CaptureRejected

_RECORDS = Records(NEXT_RECORD, end_of_record)


def read_warc(
    path: Path,
    begin: int = 0,
    end: int | None = None,
    is_wanted: IsWanted | None = None,
) -> Iterator[Offer]:
    """Yield what the records of the WARC or WET file *path* offer.

    From *begin*, where a record begins, up to another one at *end*; only those whose URL
    *is_wanted*.
    """
    source = "wet" if ".wet" in path.name.lower() else "warc"
    try:
        with path.open("rb") as file:
            if ZSTD.match(file.read(MAGIC)):
                yield from read_zstd(file, shown(path), source, "", is_wanted)
            else:
                yield from RecordReader(file, shown(path), source, "", is_wanted).read(begin, end)
    except CaptureRejected as error:
        yield Offer(shown(path), "", CaptureRejected(error.what, f"{shown(path)}: {error}"))
    except OSError as error:
        message = f"{shown(path)}: {error.strerror or error}; check the file"
        yield Offer(shown(path), "", CaptureRejected("unreadable file", message))


def read_records(
    file: IO[bytes],
    path: str,
    source: str,
    member: str = "",
    is_wanted: IsWanted | None = None,
) -> Iterator[Offer]:
    """Yield what the records of *file* offer, which is *member* of the file *path*."""
    return RecordReader(file, path, source, member, is_wanted).read()


def read_zstd(
    file: IO[bytes],
    path: str,
    source: str,
    member: str = "",
    is_wanted: IsWanted | None = None,
) -> Iterator[Offer]:
    """Yield what ``read_records`` does of zstd frames; places are those of what they unpack to.

    Raises:
        CaptureRejected: the disk is full.
    """
    with unpacked(file, _RECORDS) as into:
        yield from damages(into, path, member)
        if not into.is_lost:
            yield from read_records(into.file, path, source, f"{member}unpacked ", is_wanted)
