"""WARC and WET files: the captures in their records.

A damaged stretch is reported once, with its offset, and the next record is looked for; a record
that is cut off is a capture that is cut off; a file without any record is reported.
"""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from embassy_scraper.archives import Offer, Revisit, shown
from embassy_scraper.archives.left_out import Passed
from embassy_scraper.archives.records import (
    GZIP_MAGIC,
    NEXT_RECORD,
    differs_from_digest,
    end_of_record,
    read_record,
    target_of,
)
from embassy_scraper.archives.unpacked import Records, damages, unpacked
from embassy_scraper.archives.unpackers import GZIP, ZSTD
from embassy_scraper.errors import CaptureRejected

_WANTED = (
    WarcRecordType.response,
    WarcRecordType.resource,
    WarcRecordType.revisit,
    WarcRecordType.conversion,
)
_BEGINNING = re.compile(GZIP.pattern + b"|" + NEXT_RECORD.pattern, re.DOTALL)
_RECORDS = Records(  # another record inside one shows that this one is not whole
    NEXT_RECORD, b"WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
)
_MAGIC = 4  # bytes
_OVERLAP = 64  # bytes; no beginning is longer
_MANDATORY = ("WARC-Type", "Content-Length")
_STEP = 1 << 20
_STRETCHES = 1000  # damaged ones in one file, after which it is given up


def read_warc(
    path: Path,
    begin: int = 0,
    end: int | None = None,
    is_wanted: Callable[[str], bool] | None = None,
) -> Iterator[Offer]:
    """Yield what the records of the WARC or WET file *path* offer.

    From *begin*, where a record begins, up to another one at *end*; only those whose URL
    *is_wanted*.
    """
    source = "wet" if ".wet" in path.name.lower() else "warc"
    try:
        with path.open("rb") as file:
            if ZSTD.match(file.read(_MAGIC)):
                yield from read_zstd(file, shown(path), source, "", is_wanted)
            else:
                yield from _Reader(file, shown(path), source, "", is_wanted).read(begin, end)
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
    is_wanted: Callable[[str], bool] | None = None,
) -> Iterator[Offer]:
    """Yield what the records of *file* offer, which is *member* of the file *path*."""
    return _Reader(file, path, source, member, is_wanted).read()


def read_zstd(
    file: IO[bytes],
    path: str,
    source: str,
    member: str = "",
    is_wanted: Callable[[str], bool] | None = None,
) -> Iterator[Offer]:
    """Yield what ``read_records`` does of zstd frames; places are those of what they unpack to.

    Raises:
        CaptureRejected: the disk is full.
    """
    with unpacked(file, _RECORDS) as into:
        yield from damages(into, path, member)
        yield from read_records(into.file, path, source, f"{member}unpacked ", is_wanted)


def is_sound(record: WarcRecord) -> bool:
    """Say whether *record* has the head that every record must have."""
    return all(record.headers.get(name) is not None for name in _MANDATORY)


class _Reader:
    """Reads the records of one file, those behind a damaged stretch too."""

    def __init__(
        self,
        file: IO[bytes],
        path: str,
        source: str,
        member: str,
        is_wanted: Callable[[str], bool] | None,
    ) -> None:
        self._file, self._path = file, path
        self._source, self._member = source, member
        self._is_wanted = is_wanted
        self._end: int | None = None
        self._is_done = False  # the record at the end was met
        self._left_out = Passed()
        self._last = -1  # where the last record begins
        self._told = -1  # the last record that was itself offered as damaged
        self._damage: Offer | None = None  # found, but not yet reported
        self._held: Offer | None = None  # until what follows shows that its record was sound

    def read(self, first: int = 0, end: int | None = None) -> Iterator[Offer]:
        """Yield what the records from *first* to *end* offer, and every damaged stretch once."""
        self._end = end
        yield from self._read(first)
        yield from self._left_out.offers(self._path)

    def _read(self, first: int) -> Iterator[Offer]:
        begin: int | None = first
        for _ in range(_STRETCHES):
            if begin is None:
                break
            place = begin
            try:
                yield from self._read_from(place)
                if self._is_done:
                    return
                yield from self._release()
                begin = self._behind_last()
            except OSError as error:
                self._judge_held()
                yield from self._release()
                if self._last >= place and self._is_blank_behind_last():
                    break
                place = max(self._last, place)
                self._note(place, f"{error}; reading goes on after it")
                begin = self._next(place + 1)
        else:
            self._note(self._last, f"over {_STRETCHES} damaged places; the rest is not read")
        if self._damage is not None:
            yield self._damage
        elif self._last < 0:
            message = f"{self._path}: it contains no record; is it a WARC file?"
            yield self._rejected("no records", message, self._member.strip())

    def _read_from(self, begin: int) -> Iterator[Offer]:
        self._file.seek(begin)
        for record in ArchiveIterator(self._file, parse_http=False):
            if not is_sound(record):
                raise OSError("no WARC header, or only a part of one")
            yield from self._release()
            self._last = record.stream_pos
            if self._damage is not None:
                yield self._damage
                self._damage = None
            if self._end is not None and self._last >= self._end:
                self._is_done = True
                return
            if record.record_type not in _WANTED:
                continue
            if self._is_wanted is None or self._is_wanted(url := target_of(record)):
                self._held = self._offer(record)
            else:
                self._left_out.add(url)

    def _release(self) -> Iterator[Offer]:
        if self._held is not None:
            yield self._held
            self._held = None

    def _judge_held(self) -> None:
        """Reject the last record where its gzip member is not sound: its text may be any."""
        if self._held is None or isinstance(self._held.found, CaptureRejected):
            return
        if self._is_unsound():
            self._told = self._last
            where = self._held.where
            message = f"{self._path} at {where}: its compressed data is damaged"
            self._held = self._rejected("damaged record", message, where, "compressed data")

    def _is_unsound(self) -> bool:
        """Say whether the gzip member of the last record is not what its checksum says."""
        place = self._file.tell()
        self._file.seek(self._last)
        is_packed = self._file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        is_unsound = is_packed and end_of_record(self._file, self._last) is None
        self._file.seek(place)
        return is_unsound

    def _offer(self, record: WarcRecord) -> Offer:
        digest = record.headers.get("WARC-Payload-Digest")
        where = f"{self._member}{self._last}"
        try:
            is_suspect = differs_from_digest(record)
            found = read_record(record, self._source)
            is_whole = isinstance(found, Revisit) or not found.announced_bytes_missing
            if is_suspect and is_whole and self._is_unsound():
                raise CaptureRejected("damaged record", "its compressed data is damaged")
        except CaptureRejected as error:
            if error.what == "damaged record":
                self._told = self._last
            message = f"{self._path} at {where}: {error}"
            return self._rejected(error.what, message, where, str(error))
        except Exception as error:  # noqa: BLE001 - a record that breaks the reader stops no other
            told = f"reading it failed ({type(error).__name__}: {error}); please report it"
            return self._rejected("reading failed", f"{self._path} at {where}: {told}", where)
        if isinstance(found, Revisit):
            digest = None
        return Offer(self._path, where, found, digest)

    def _note(self, place: int, text: str) -> None:
        """Keep a damage until the next record is found: one stretch is reported once."""
        if self._damage is None and self._told != place:
            where = f"{self._member}{place}"
            message = f"{self._path} near offset {where}: {text}"
            self._damage = self._rejected("damaged record", message, where, text)

    def _rejected(self, what: str, message: str, where: str, why: str = "") -> Offer:
        return Offer(self._path, where, CaptureRejected(what, message, where, why))

    def _behind_last(self) -> int | None:
        """Return where reading goes on behind the last record; ``None`` at the file's true end.

        The library stops silently at a record of which only the head came.
        """
        end = end_of_record(self._file, self._last) if self._last >= 0 else None
        if end is None or self._is_blank(end):
            return None
        self._note(end, "the file ends inside a record, or no record begins there")
        return self._next(end + 1)

    def _is_blank_behind_last(self) -> bool:
        end = end_of_record(self._file, self._last)
        return end is not None and self._is_blank(end)

    def _is_blank(self, start: int) -> bool:
        """Say whether nothing but zeros and line ends follows (some disks pad files so)."""
        if start >= self._file.seek(0, io.SEEK_END):
            return True
        self._file.seek(start)
        while data := self._file.read(_STEP):
            if data.strip(b"\r\n\0 "):
                return False
        return True

    def _next(self, start: int) -> int | None:
        """Return where, from *start* on, a gzip member or an uncompressed record begins."""
        self._file.seek(start)
        block, at = b"", start
        while data := self._file.read(_STEP):
            block += data
            found = _BEGINNING.search(block)
            if found:
                return at + found.start()
            at += len(block) - len(block[-_OVERLAP:])
            block = block[-_OVERLAP:]
        return None
