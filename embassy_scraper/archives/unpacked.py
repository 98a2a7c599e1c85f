"""Packed files, unpacked into a temporary file: what is read from it can be sought in cheaply.

A file is a row of gzip members or zstd frames. Where one is damaged, what was unpacked is kept up
to the record in which the damage may lie, and the next member is looked for. Where the file ends
inside a member, what came is kept.
"""

import io
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO

from embassy_scraper.archives import Offer
from embassy_scraper.archives.unpackers import (
    DAMAGES,
    GZIP,
    STEP,
    ZSTD,
    ZSTD_FRAME,
    Unpacker,
    gzip_member,
    is_mismatch,
    read_dictionary,
    zstd_frames,
)
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.limits import MAX_STRETCHES, MAX_UNPACKED_BYTES, MAX_UNPACKED_TIMES

_BLOCK = 1 << 16
_OVERLAP = 1 << 15  # bytes; no beginning of a member or a record is longer
_BLANK = b"\r\n\0 "  # what may follow the last member


@dataclass(frozen=True, slots=True)
class Damage:
    """What could not be unpacked: from which byte of the packed file on, and why."""

    at: int
    why: str


@dataclass(frozen=True, slots=True)
class Records:
    """How a file of records is unpacked around damage.

    A record begins as *begins* says; *find_end* says where the one at a place ends, if it is known.
    A record of which a part is lost is left out, or it would be put together of two.
    """

    begins: re.Pattern[bytes]
    find_end: Callable[[IO[bytes], int], int | None]


@dataclass(slots=True)
class Unpacked:
    """A temporary *file*, what could not be unpacked into it, and whether that is all."""

    file: IO[bytes]
    damages: list[Damage] = field(default_factory=list)
    is_lost: bool = False

    def write(self, data: bytes) -> None:
        """Write *data* behind what is there.

        Raises:
            CaptureRejected: there is no room for it.
        """
        self._try(lambda: self.file.write(data))

    def rewind(self) -> None:
        """Go back to the beginning, to be read.

        Raises:
            CaptureRejected: there is no room for what was written.
        """
        self._try(lambda: self.file.seek(0))

    def _try(self, act: Callable[[], int]) -> None:
        try:
            act()
        except OSError as error:
            folder = tempfile.gettempdir()
            told = f"it could not be unpacked in {folder} ({error.strerror or error}); make room"
            raise CaptureRejected(
                "unreadable file", f"{told} there, or name another folder in TMPDIR"
            ) from error


@contextmanager
def temporary() -> Iterator[Unpacked]:
    """Yield an empty temporary file, which is removed at the end."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closing it may fail, too
    try:
        yield Unpacked(file)
    finally:
        with suppress(OSError):  # that the disk is full has been told
            file.close()


def most_bytes(size: int) -> int:
    """Return to how many bytes a packed file of *size* bytes may unpack."""
    return max(MAX_UNPACKED_BYTES, MAX_UNPACKED_TIMES * size)


@contextmanager
def unpacked(packed: IO[bytes], records: Records) -> Iterator[Unpacked]:
    """Yield what the gzip members or zstd frames of *packed* unpack to.

    Raises:
        CaptureRejected: the disk is full.
    """
    with temporary() as into:
        _Unpacking(packed, into, records).run()
        into.is_lost = bool(into.damages) and into.file.tell() == 0
        into.rewind()
        yield into


def unpack_member(packed: IO[bytes], at: int, into: Unpacked) -> int:
    """Write what the gzip member *at* a place of *packed* unpacks to; return where that ends.

    As far as it is sound, and no further than any file may unpack.

    Raises:
        CaptureRejected: the disk is full.
    """
    unpacker, most = gzip_member(), most_bytes(packed.seek(0, io.SEEK_END))
    packed.seek(at)
    with suppress(*DAMAGES):
        while not unpacker.eof and into.file.tell() < most and (step := packed.read(STEP)):
            into.write(unpacker.decompress(step))
            at += len(step) - len(unpacker.unused_data)
    return at


class _Unpacking:
    def __init__(self, packed: IO[bytes], into: Unpacked, records: Records) -> None:
        self._packed, self._into, self._records = packed, into, records
        self._most = most_bytes(packed.seek(0, io.SEEK_END))
        self._done = self._failed = 0  # bytes unpacked, with those dropped; members that failed
        self._is_lost = False  # nothing sound has come since the last damage
        self._scanned, self._beginning = 0, -1  # up to where, and of the last record found there
        packed.seek(0)
        is_zstd = ZSTD.match(packed.read(4)) is not None
        self._magic, self._next_magic = (ZSTD, ZSTD_FRAME) if is_zstd else (GZIP, GZIP)
        self._begin: Callable[[], Unpacker] = gzip_member
        if is_zstd:
            self._begin = zstd_frames(read_dictionary(packed))

    def run(self) -> None:
        """Unpack all that can be."""
        at: int | None = 0
        while at is not None and self._failed < MAX_STRETCHES:
            self._packed.seek(at)
            if self._magic.match(self._packed.read(16)):
                at = self._unpack(at)
            elif self._is_blank(at):
                return
            else:
                self._drop(self._into.file.tell(), self._into.file.tell())
                at = self._lose(at, "no compressed data begins there")
        if at is not None:
            self._note(at, f"over {MAX_STRETCHES} damaged places; the rest is not read")

    def _unpack(self, at: int) -> int | None:
        """Unpack the member that begins *at*; return where the next one begins."""
        begun, place, unpacker = self._into.file.tell(), at, self._begin()
        self._packed.seek(at)
        try:
            while not unpacker.eof:
                step = self._packed.read(STEP)
                if not step:
                    self._note(at, "the compressed data that begins there is cut off")
                    return None
                data = unpacker.decompress(step)
                self._into.write(data)
                self._done += len(data)
                if self._done > self._most:
                    self._note(at, f"it unpacks to over {self._most} bytes; the rest is not read")
                    return None
                place += len(step) - len(unpacker.unused_data)
            self._is_lost &= self._into.file.tell() == begun  # a frame to skip says nothing
        except DAMAGES as error:
            self._drop(begun, begun if is_mismatch(error) else self._into.file.tell())
            return self._lose(at, f"the compressed data that begins there is damaged: {error}")
        return place

    def _lose(self, at: int, why: str) -> int | None:
        """Note a damage, of each stretch once; return where the next member begins."""
        self._failed += 1
        if not self._is_lost:
            self._note(at, why)
            self._is_lost = True
        return next(places(self._packed, at + 1, self._next_magic), None)

    def _drop(self, begun: int, end: int) -> None:
        """Remove the record in which a damage lies, and what follows it.

        Up to *begun* all members are sound, up to *end* all records but the last: it may be the
        one in which the damage was met, or have a part in what is lost.
        """
        file = self._into.file
        for place in places(file, self._rescanned_from(), self._records.begins):
            if place < end:
                self._beginning = place
        self._scanned = end
        cut = begun
        if self._beginning >= 0:
            whole_until = self._records.find_end(file, self._beginning)
            if self._beginning >= begun or whole_until is None or whole_until > begun:
                cut = self._beginning
        file.seek(cut)
        file.truncate()
        self._scanned, self._beginning = min(self._scanned, cut), -1

    def _rescanned_from(self) -> int:
        """Return where the last line but one begins of what was looked through for beginnings.

        In these two may stand one of which not all had come: none goes over more than two lines.
        """
        start = max(0, self._scanned - _OVERLAP)
        self._into.file.seek(start)
        seen = self._into.file.read(self._scanned - start)
        return start + max(0, seen.rfind(b"\n", 0, max(0, seen.rfind(b"\n"))))

    def _note(self, at: int, why: str) -> None:
        self._into.damages.append(Damage(at, why))

    def _is_blank(self, at: int) -> bool:
        self._packed.seek(at)
        while data := self._packed.read(_BLOCK):
            if data.strip(_BLANK):
                return False
        return True


def places(file: IO[bytes], start: int, beginning: re.Pattern[bytes]) -> Iterator[int]:
    """Yield where, from *start* on, something begins as *beginning* says."""
    file.seek(start)
    block, at, known = b"", start, -1
    while data := file.read(_BLOCK):
        block += data
        for found in beginning.finditer(block):
            if at + found.start() > known:
                known = at + found.start()
                yield known
        at += len(block) - len(block[-_OVERLAP:])
        block = block[-_OVERLAP:]


def damages(into: Unpacked, path: str, member: str = "") -> Iterator[Offer]:
    """Yield what could not be unpacked of the *member* of the file *path*, as rejected."""
    for damage in into.damages:
        where = f"{member}packed {damage.at}"
        message = f"{path} near offset {where}: {damage.why}"
        yield Offer(path, where, CaptureRejected("damaged record", message, where, damage.why))
