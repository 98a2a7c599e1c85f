"""ARC files, the format before WARC: the captures in their records.

A record is a line (URL, IP address, instant, media type, length) and so many bytes: the answer.
warcio makes a WARC record of it, which is read like any other. Where no record begins although one
should, that is reported once, and the next such line is looked for.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from fastwarc.warc import ArchiveIterator

from embassy_scraper.archives import IsWanted, Offer, shown
from embassy_scraper.archives.http import read_length
from embassy_scraper.archives.left_out import Passed, is_page
from embassy_scraper.archives.manifest import read_instant
from embassy_scraper.archives.records import read_record
from embassy_scraper.archives.unpacked import Records, damages, places, unpacked
from embassy_scraper.archives.unpackers import MAGIC, is_packed
from embassy_scraper.errors import CaptureRejected, ManifestError
from embassy_scraper.items import RawCapture
from embassy_scraper.limits import MAX_ARC_LINE, MAX_BYTES

_URL = rb"[a-zA-Z][a-zA-Z0-9+.-]{1,20}:[^\r\n\0]{0,8000}"
_REST = (  # version 2 has five fields more before the length
    rb" (\S{1,64}) ([0-9]{12,20}) (\S{1,200})"
    rb"(?: -?[0-9]{1,4} \S{1,100} \S{1,8000} -?[0-9]{1,15} \S{1,300})? ([\w-]{1,20})\r?\n"
)
_HEAD = re.compile(b"(" + _URL + b")" + _REST)
_GLUED = rb"https?://[^\s\0\"'<>:]{1,8000}(?::[^\s\0\"'<>:]{0,8000}){0,5}"  # a bound keeps it quick
_BEGINNING = re.compile(  # of a line, or in the text of a record that was cut off
    b"(?:(?<=\n)" + _URL + b"|" + _GLUED + b")" + _REST.replace(b" (", b" (?:")
)
_BLOCK = 1 << 10
_ANSWER = b"HTTP/"
_MIXED = "it holds an answer below the head of a look-up: two records became one"
_ABOUT = b"filedesc:"  # the record that tells of the file
_SWALLOWED = "it is cut off: another record begins inside it"


def read_arc(path: Path, is_wanted: IsWanted | None = None) -> Iterator[Offer]:
    """Yield what the records of the ARC file *path* offer: those whose URL *is_wanted*."""
    name = shown(path)
    try:
        with path.open("rb") as file:
            yield from read_arc_records(file, name, "", is_wanted)
    except CaptureRejected as error:
        yield Offer(name, "", CaptureRejected(error.what, f"{name}: {error}"))
    except OSError as error:
        message = f"{name}: {error.strerror or error}; check the file"
        yield Offer(name, "", CaptureRejected("unreadable file", message))


def read_arc_records(
    file: IO[bytes], path: str, member: str = "", is_wanted: IsWanted | None = None
) -> Iterator[Offer]:
    """Yield what the records of *file* offer, which is *member* of the file *path*.

    Raises:
        CaptureRejected: it is packed, and the disk is full.
    """
    head = file.read(MAGIC)
    if not is_packed(head):
        yield from _Reader(file, path, member, is_wanted).read()
        return
    with unpacked(file, Records(_BEGINNING, _end_of_record)) as into:
        yield from damages(into, path, member)
        if not into.is_lost:
            yield from _Reader(into.file, path, f"{member}unpacked ", is_wanted).read()


@dataclass(frozen=True, slots=True)
class _Head:
    """The line before a record, and where its content begins."""

    begun: int
    url: bytes
    address: bytes
    instant: bytes
    media_type: bytes
    length_text: bytes

    @property
    def length(self) -> int | None:
        """Return how many bytes the record has; ``None`` where that is not a number of bytes."""
        return read_length(self.length_text.decode("latin-1"))


def _head(file: IO[bytes], at: int) -> _Head | None:
    """Return the line that begins *at*, if it is the head of a record."""
    file.seek(at)
    line = file.readline(MAX_ARC_LINE)
    found = _HEAD.fullmatch(line)
    return _Head(at + len(line), *found.groups()) if found else None


def _end_of_record(file: IO[bytes], place: int) -> int | None:
    """Return where the record at *place* ends; ``None`` where its head does not say."""
    head = _head(file, place)
    return head.begun + head.length if head and head.length is not None else None


class _Reader:
    """Reads the records of one file that is not packed."""

    def __init__(self, file: IO[bytes], path: str, member: str, is_wanted: IsWanted | None) -> None:
        from warcio.recordloader import ArcWarcRecordLoader  # few have ARC files

        self._load = ArcWarcRecordLoader(arc2warc=True).parse_record_stream
        self._file, self._path, self._member = file, path, member
        self._size = file.seek(0, io.SEEK_END)
        self._found: tuple[int, int | None] = (self._size, None)  # from where, and what
        self._is_wanted = is_wanted
        self._left_out = Passed()

    def read(self) -> Iterator[Offer]:
        """Yield what the records offer, and where none begins although one should."""
        at = self._behind_blank(0)
        if at is None:
            yield self._rejected(0, "no records", "it contains no record; is it an ARC file?")
        while at is not None:
            head = _head(self._file, at)
            if head is None:
                yield self._rejected(at, "damaged record", "no record begins there")
                at = next(places(self._file, at, _BEGINNING), None)
                continue
            offer, at = self._record(at, head)
            if offer is not None:
                yield offer
        yield from self._left_out.offers(self._path)

    def _record(self, at: int, head: _Head) -> tuple[Offer | None, int | None]:
        """Return what the record *at* offers, and where reading goes on."""
        if head.url.startswith(_ABOUT):
            return None, self._behind_about(head)
        if head.length is None:
            told = f"its length {head.length_text.decode('latin-1')!r} is not a number of bytes"
            return self._rejected(at, "damaged record", told), self._next(head.begun)
        end = head.begun + head.length
        following = self._behind_blank(end)
        is_parted = following is None or following > end  # by the line end behind every record
        is_right = end <= self._size and is_parted and self._is_beginning(following)
        inside = None if is_right else self._next(head.begun)
        swallows = inside is not None and inside < end
        if swallows or self._is_mixed(head):
            told, at_next = (_SWALLOWED, inside) if swallows else (_MIXED, following)
            return self._rejected(at, "damaged record", told), at_next
        if not self._wants(head):
            return None, following
        try:
            return Offer(self._path, self._where(at), self._capture(head, is_right)), following
        except CaptureRejected as error:
            is_swallowed = error.message == _SWALLOWED
            following = self._next(head.begun) if is_swallowed else following
            return self._rejected(at, error.what, error.message), following
        except Exception as error:  # noqa: BLE001 - a record that breaks the reader stops no other
            told = f"reading it failed ({type(error).__name__}: {error}); please report it"
            return self._rejected(at, "reading failed", told), following

    def _behind_about(self, head: _Head) -> int | None:
        """Return what follows the record that tells of the file.

        Where its length is not right, as with many programs, it has two lines.
        """
        following = self._behind_blank(head.begun + (head.length or 0))
        if head.length is not None and self._is_beginning(following):
            return following
        self._file.seek(head.begun)
        lines = self._file.readline(MAX_ARC_LINE), self._file.readline(MAX_ARC_LINE)
        return self._behind_blank(head.begun + sum(map(len, lines)))

    def _is_beginning(self, at: int | None) -> bool:
        """Say whether a record begins *at*, or the file is over there."""
        return at is None or _head(self._file, at) is not None

    def _is_mixed(self, head: _Head) -> bool:
        """Say whether a record holds an answer, and its head is of a look-up: two became one."""
        self._file.seek(head.begun)
        is_answer = self._file.read(len(_ANSWER)) == _ANSWER
        return is_answer and not is_page(head.url.decode("utf-8", "replace"))

    def _wants(self, head: _Head) -> bool:
        """Say whether a record may be a capture that is wanted; count it as left out if not."""
        url = head.url.decode("utf-8", "replace")
        if not is_page(url):
            self._left_out.add(url, "no page")
        elif self._is_wanted is None or self._is_wanted(url, None):
            return True
        else:
            self._left_out.add(url)
        return False

    def _capture(self, head: _Head, is_right: bool) -> RawCapture:
        """Return the capture in a record; *is_right*: what follows shows that it ends there.

        Raises:
            CaptureRejected: it is too large, or cannot be read.
        """
        assert head.length is not None
        if head.length > MAX_BYTES:
            raise CaptureRejected("too large", f"{head.length} bytes; no page is that large")
        self._file.seek(head.begun)
        found = self._load(self._file, _as_version_1(head), "arc", no_record_parse=True)
        block = found.raw_stream.read(head.length)
        if _BEGINNING.search(block):
            raise CaptureRejected("damaged record", _SWALLOWED)
        packed = io.BytesIO(found.rec_headers.to_bytes() + block)
        record = next(iter(ArchiveIterator(packed, parse_http=False)), None)
        raw = read_record(record, "arc") if record is not None else None
        if not isinstance(raw, RawCapture):
            raise CaptureRejected("damaged record", "it has no content")
        if not is_right:
            raw = replace(raw, announced_bytes_missing=True, body_is_whole=False)
        return raw

    def _next(self, begun: int) -> int | None:
        """Return where the next record begins behind the head of one, wherever that one ends.

        What was found last is still the next one for all that stands before it.
        """
        since, found = self._found
        if since >= begun or (found is not None and found < begun):
            found = next(places(self._file, begun - 1, _BEGINNING), None)
            self._found = (begun - 1, found)
        return found

    def _behind_blank(self, at: int) -> int | None:
        """Return the first place from *at* on that is not blank; ``None``: none up to the end."""
        self._file.seek(at)
        while block := self._file.read(_BLOCK):
            rest = block.lstrip(b"\r\n\0 ")
            if rest:
                return at + len(block) - len(rest)
            at += len(block)
        return None

    def _where(self, at: int) -> str:
        return f"{self._member}{at}"

    def _rejected(self, at: int, what: str, why: str) -> Offer:
        where = self._where(at)
        message = f"{self._path} at {where}: {why}"
        return Offer(self._path, where, CaptureRejected(what, message, where, why))


def _as_version_1(head: _Head) -> bytes:
    """Return the line of a record as warcio reads it.

    Raises:
        CaptureRejected: its date is not an instant.
    """
    text = head.instant.decode("ascii")
    try:
        digits = re.sub("[^0-9]", "", read_instant(text, "")).encode()
    except ManifestError as error:
        raise CaptureRejected("unreadable instant", f"its date {text} is not an instant") from error
    return b" ".join((head.url, head.address, digits, head.media_type, head.length_text)) + b"\n"
