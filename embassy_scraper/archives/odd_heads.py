"""WARC records with a head that not every reader takes, and where in a file records really begin.

Names of fields may be written in any letter case, lines may end in a bare line feed, and one gzip
member may hold several records. The fast reader loses such records without a word; here they are
read in plain Python, to the end of a file.
"""

import io
import re
import zlib
from collections import deque
from collections.abc import Iterator
from typing import IO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from embassy_scraper.archives import MAX_BYTES
from embassy_scraper.archives.http import read_length
from embassy_scraper.archives.records import GZIP_MAGIC, NEXT_RECORD

KINDS = frozenset(
    {
        "warcinfo",
        "request",
        "response",
        "resource",
        "revisit",
        "conversion",
        "continuation",
        "metadata",
    }
)
_VERSION = re.compile(rb"(?i:warc)/([01]\.[0-9]{1,2})[ \t]*")
_ANOTHER = re.compile(rb"(?i:warc)/[01]\.[0-9]")
_KIND = re.compile(r"[\w.+-]{1,40}")
_MANDATORY = {name.lower(): name for name in (b"WARC-Type", b"Content-Length")}
_LINE_ENDS, _PADDING = b"\r\n", b"\r\n\0 "  # between records; behind the last one too
_NO_HEAD = "no WARC header, or only a part of one"
_LONGEST_HEAD = 1 << 16
_STEP = 1 << 15  # bytes; packed ones may be a thousand times as many unpacked


class UnreadableRecord(OSError):
    """There is no record where one should begin, or it cannot be read; ``place`` is where."""

    def __init__(self, message: str, place: int) -> None:
        """Take what is wrong, and the offset in the file."""
        super().__init__(message)
        self.place = place


def is_usual(record: WarcRecord) -> bool:
    """Say whether the fast reader has read the head of *record* rightly, so that it can go on."""
    headers = record.headers
    kind, length = headers.get("WARC-Type"), headers.get("Content-Length")
    if kind is None or length is None or record.content_length != read_length(length):
        return False
    if record.record_type != WarcRecordType.unknown:
        return True
    return _KIND.fullmatch(kind) is not None and kind.lower() not in KINDS


def begins_at(file: IO[bytes], place: int, record: WarcRecord) -> bool:
    """Say whether *record* begins at *place*, which may also be the end of its gzip member.

    Reading *file* goes on where it was.
    """
    before = file.tell()
    try:
        head = _Unpacked(file, place).head()
        return head is not None and _made(head[0], b"").headers.to_tuples() == (
            record.headers.to_tuples()
        )
    except OSError:
        return False
    finally:
        file.seek(before)


def read_odd(file: IO[bytes], place: int, skip: int = 0) -> Iterator[tuple[int, WarcRecord]]:
    """Yield the records of *file* from *place* on, each with where it or its gzip member begins.

    The first *skip* ones are passed over. A record that ends with its gzip member, before all the
    bytes came that it announces, is cut off.

    Raises:
        UnreadableRecord: what follows is no record, or is damaged; or the last one is cut off
            because it announces so many bytes that it holds others.
    """
    unpacked = _Unpacked(file, place)
    cut_off = b""
    while (found := unpacked.head()) is not None:
        head, length = found
        begin = unpacked.begin
        block = unpacked.block(length)
        if skip <= 0:
            yield begin, _made(head, block if length <= MAX_BYTES else b"")
        skip -= 1
        cut_off = block if len(block) < min(length, MAX_BYTES) else b""
    if NEXT_RECORD.search(cut_off):
        raise UnreadableRecord("the file ends inside a record that holds others", begin)


def _made(head: bytes, block: bytes) -> WarcRecord:
    """Return the record of a *head* in the usual form."""
    for record in ArchiveIterator(io.BytesIO(head + block), parse_http=False):
        return record
    raise OSError(_NO_HEAD)


class _Unpacked:
    """The bytes of a file from a place on, those of its gzip members unpacked and joined."""

    def __init__(self, file: IO[bytes], place: int) -> None:
        self._file, self._place = file, place  # of what is read next
        self._data = bytearray()  # unpacked, and not yet taken
        self._taken = 0
        self._members: deque[tuple[int, int]] = deque()  # the first byte of each, and its place
        self._inflater: zlib._Decompress | None = None
        file.seek(place)
        self._is_packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        self._first = place
        self._begun = 0  # the first byte of the newest member
        self.begin = place  # where the record whose head was read last begins, or its member

    def head(self) -> tuple[bytes, int] | None:
        """Return the head of the next record in the usual form, and the length of its block.

        ``None`` where nothing but blanks follows.

        Raises:
            UnreadableRecord: there is no record.
        """
        self._skip(_LINE_ENDS)
        self.begin = self._place_of(self._taken)
        if self._data[:1] in _PADDING:
            self._skip(_PADDING)
            if self._data:
                raise UnreadableRecord(_NO_HEAD, self.begin)
            if self._is_member_begun():
                raise UnreadableRecord("the file ends inside a record", self.begin)
            return None
        lines = self._lines()
        version = _VERSION.fullmatch(lines[0])
        if version is None:
            raise UnreadableRecord(_NO_HEAD, self.begin)
        fields = _fields(lines[1:])
        length = read_length(_value(fields, b"content-length"))
        if length is None or not _value(fields, b"warc-type"):
            told = "no WARC-Type, or no Content-Length that is a number of bytes"
            raise UnreadableRecord(f"a record has {told}", self.begin)
        return b"\r\n".join([b"WARC/" + version[1], *fields, b"", b""]), length

    def _skip(self, blanks: bytes) -> None:
        while True:
            self._take(len(self._data) - len(self._data.lstrip(blanks)))
            if self._data or not self._fill():
                return

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
        return b"".join(kept)[:MAX_BYTES]

    def _has_seam(self) -> bool:
        """Say whether another gzip member begins inside the data that wait to be taken."""
        while self._members and self._members[0][0] <= self._taken:
            self._first = self._members.popleft()[1]
        return bool(self._members)

    def _begins_record(self) -> bool:
        while len(self._data) < 8 and self._fill():
            pass
        return _ANOTHER.match(self._data) is not None

    def _place_of(self, at: int) -> int:
        if not self._is_packed:
            return self._place - len(self._data)
        while self._members and self._members[0][0] <= at:
            self._first = self._members.popleft()[1]
        return self._first

    def _lines(self) -> list[bytes]:
        """Take the lines of a head, without their ends, up to the empty one behind it."""
        lines: list[bytes] = []
        size = 0
        while True:
            while (end := self._data.find(b"\n")) < 0 and size + len(self._data) < _LONGEST_HEAD:
                if not self._fill():
                    break
            size += end + 1
            if end < 0 or size > _LONGEST_HEAD:
                raise UnreadableRecord(_NO_HEAD, self.begin)
            line = self._take(end + 1).rstrip(b"\r\n")
            if not line:
                return lines
            lines.append(line)

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
    """Return the fields of a head, each in one line; the mandatory ones in their usual letters."""
    fields: list[bytes] = []
    for line in lines:
        if line[:1] in b" \t" and fields:
            fields[-1] += b" " + line.strip()
            continue
        name, colon, value = line.partition(b":")
        if colon:
            name = name.strip()
            fields.append(_MANDATORY.get(name.lower(), name) + b": " + value.strip())
    return fields


def _value(fields: list[bytes], name: bytes) -> str | None:
    for field in fields:
        found, _, value = field.partition(b": ")
        if found.lower() == name:
            return value.decode("latin-1")
    return None
