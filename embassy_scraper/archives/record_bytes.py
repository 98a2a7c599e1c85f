"""The bytes of a WARC file from a place on: heads of records in their usual form, and blocks."""

import re
import zlib
from collections import deque
from typing import IO

from embassy_scraper.archives.http import read_length
from embassy_scraper.archives.records import GZIP_MAGIC
from embassy_scraper.limits import MAX_BYTES, MAX_RECORD_HEAD

_VERSION = re.compile(rb"(?i:warc)/([01]\.[0-9]{1,2})[ \t]*")
_ANOTHER = re.compile(rb"(?i:warc)/[01]\.[0-9]")
_BEGUN_IN_LINE = re.compile(
    rb"WARC/[01]\.[0-9]{1,2}[ \t]*\Z"
)  # where the next record is looked for
_IN_CAPITALS = frozenset({b"warc", b"id", b"uri", b"ip"})
_LINE_ENDS, _PADDING = b"\r\n", b"\r\n\0 "  # between records; behind the last one too
NO_HEAD = "no WARC header, or only a part of one"
_STEP = 1 << 15  # bytes; packed ones may be a thousand times as many unpacked


class UnreadableRecord(OSError):
    """There is no record where one should begin, or it cannot be read; ``place`` is where.

    ``inside`` is how many bytes of the gzip member at ``place`` were read before, if that is sound.
    """

    def __init__(self, message: str, place: int, inside: int | None = None) -> None:
        """Take what is wrong, and the offset in the file."""
        super().__init__(message)
        self.place, self.inside = place, inside


class EndsInside(UnreadableRecord):
    """The file ends before a record does, or before its checksum."""


class RecordBytes:
    """The bytes of a file from a place on, those of its gzip members unpacked and joined."""

    def __init__(self, file: IO[bytes], place: int) -> None:
        """Begin at *place* of *file*, where a record or a gzip member begins."""
        self._file, self._place = file, place  # of what is read next
        self._data = bytearray()  # unpacked, and not yet taken
        self._taken = 0
        self._members: deque[tuple[int, int]] = deque()  # the first byte of each, and its place
        self._inflater: zlib._Decompress | None = None
        file.seek(place)
        self._is_packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        self._first, self._first_start = place, 0  # of the member that is taken from
        self._begun = 0  # the first byte of the newest member
        self._is_cut = False  # fewer bytes came of the last block than were asked for
        self.begin = place  # where the record whose head was read last begins, or its member

    def head(self) -> tuple[bytes, int] | None:
        """Return the head of the next record in the usual form, and the length of its block.

        ``None`` where nothing but blanks follows.

        Raises:
            UnreadableRecord: there is no record.
        """
        self._skip(_LINE_ENDS)
        self.begin = self._place_of(self._taken)
        inside = self._taken - self._first_start if self._is_packed else None
        if self._data[:1] in _PADDING:
            self._skip(_PADDING)
            if self._data:
                raise UnreadableRecord(NO_HEAD, self.begin, inside)
            if self._is_member_begun():
                raise EndsInside("the file ends inside a record", self.begin)
            return None
        lines = self._lines(inside)
        version = _VERSION.fullmatch(lines[0])
        if version is None:
            raise UnreadableRecord(NO_HEAD, self.begin, inside)
        fields = _fields(lines[1:])
        length = read_length(_value(fields, b"content-length"))
        if length is None or not _value(fields, b"warc-type"):
            told = "no WARC-Type, or no Content-Length that is a number of bytes"
            raise UnreadableRecord(f"a record has {told}", self.begin, inside)
        return b"\r\n".join([b"WARC/" + version[1], *fields, b"", b""]), length

    def _skip(self, blanks: bytes) -> None:
        while True:
            self._take(len(self._data) - len(self._data.lstrip(blanks)))
            if self._data or not self._fill():
                return

    @property
    def ends_inside(self) -> bool:
        """Say whether the file, read to its end, ends inside a block or a gzip member."""
        return self._is_cut or self._inflater is not None

    def _is_member_begun(self) -> bool:
        """Say whether a gzip member is unfinished, and nothing of it came."""
        return self._inflater is not None and self._taken == self._begun

    def block(self, length: int) -> bytes:
        """Take the *length* bytes that follow, or as many as there are; return the first of them.

        They end where the next record begins with a gzip member of its own.
        """
        kept, size = [], 0
        while size < length and (self._data or self._fill()):
            if self._members and self._members[0][0] <= self._taken and self._begins_record():
                break
            most = self._members[0][0] - self._taken if self._has_seam() else len(self._data)
            part = self._take(min(length - size, most))
            if size < MAX_BYTES:
                kept.append(part)
            size += len(part)
        self._is_cut = size < length
        return b"".join(kept)[:MAX_BYTES]

    def _has_seam(self) -> bool:
        """Say whether another gzip member begins inside the data that wait to be taken."""
        while self._members and self._members[0][0] <= self._taken:
            self._first_start, self._first = self._members.popleft()
        return bool(self._members)

    def _begins_record(self) -> bool:
        while len(self._data) < 8 and self._fill():
            pass
        return _ANOTHER.match(self._data) is not None

    def _place_of(self, at: int) -> int:
        if not self._is_packed:
            return self._place - len(self._data)
        while self._members and self._members[0][0] <= at:
            self._first_start, self._first = self._members.popleft()
        return self._first

    def _lines(self, inside: int | None) -> list[bytes]:
        """Take the lines of a head, without their ends, up to the empty one behind it.

        Where another head begins in it, or it is not a head, reading stops there: a file may hold
        thousands of beginnings, and what follows would be read again for each of them.
        """
        lines: list[bytes] = []
        size = 0
        if not self._begins_record():
            raise UnreadableRecord(NO_HEAD, self.begin, inside)
        while True:
            while (end := self._data.find(b"\n")) < 0 and size + len(self._data) < MAX_RECORD_HEAD:
                if not self._fill():
                    break
            size += end + 1
            if end < 0 or size > MAX_RECORD_HEAD or self._is_another_in(end + 1):
                raise UnreadableRecord(NO_HEAD, self.begin, inside)
            line = self._take(end + 1).rstrip(b"\r\n")
            if not line:
                return lines
            if lines and _BEGUN_IN_LINE.search(line):
                raise UnreadableRecord(NO_HEAD, self.begin, inside)
            lines.append(line)

    def _is_another_in(self, count: int) -> bool:
        """Say whether in the next *count* bytes a gzip member begins with another record."""
        while self._members and self._members[0][0] < self._taken + count:
            self._first_start, self._first = self._members.popleft()
            start = self._first_start - self._taken
            if _ANOTHER.match(self._data[start : start + 8]):
                return True
        return False

    def _take(self, count: int) -> bytes:
        part = bytes(self._data[:count])
        del self._data[:count]
        self._taken += len(part)
        return part

    def _fill(self) -> bool:
        """Let more data come; say whether any did."""
        self._file.seek(self._place)
        while packed := self._file.read(_STEP):
            self._place += len(packed)
            if not self._is_packed:
                self._data += packed
                return True
            before = len(self._data)
            self._place -= self._unpack(packed)
            if len(self._data) > before:
                return True
            self._file.seek(self._place)
        return False

    def _unpack(self, packed: bytes) -> int:
        """Unpack what belongs to one member; return how many bytes of *packed* are left."""
        if self._inflater is None:
            stripped = packed.lstrip(_PADDING)
            if not stripped:
                return 0
            begin = self._place - len(stripped)
            if not stripped.startswith(GZIP_MAGIC):
                raise UnreadableRecord("no gzip member begins behind another one", begin)
            packed = stripped
            self._inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
            self._begun = self._taken + len(self._data)
            self._members.append((self._begun, begin))
        try:
            self._data += self._inflater.decompress(packed)
        except zlib.error as error:
            place = self._members[-1][1] if self._members else self._first
            raise UnreadableRecord(f"compressed data: {error}", place) from error
        rest = len(self._inflater.unused_data)
        if self._inflater.eof:
            self._inflater = None
        return rest


def _fields(lines: list[bytes]) -> list[bytes]:
    """Return the fields of a head, each in one line and by its usual name."""
    fields: list[bytes] = []
    for line in lines:
        if line[:1] in b" \t" and fields:
            fields[-1] += b" " + line.strip()
            continue
        name, colon, value = line.partition(b":")
        if colon:
            fields.append(_usual_name(name) + b": " + value.strip())
    return list(dict.fromkeys(fields))


def _usual_name(name: bytes) -> bytes:
    """Return the *name* of a field in its usual letters: the library knows some in these alone."""
    words = name.strip().lower().split(b"-")
    return b"-".join(w.upper() if w in _IN_CAPITALS else w.capitalize() for w in words)


def _value(fields: list[bytes], name: bytes) -> str | None:
    for field in fields:
        found, _, value = field.partition(b": ")
        if found.lower() == name:
            return value.decode("latin-1")
    return None
