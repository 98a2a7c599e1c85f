"""The records of one file that holds them one after another, whatever is wrong with some."""

import re
from collections.abc import Generator, Iterator
from typing import IO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from embassy_scraper.archives import IsWanted, Offer, Revisit
from embassy_scraper.archives.earlier import Earlier, lacks_original, of_capture
from embassy_scraper.archives.left_out import Passed, is_page
from embassy_scraper.archives.odd_heads import UNKNOWN, begins_at, is_usual, read_odd
from embassy_scraper.archives.record_bytes import EndsInside, UnreadableRecord
from embassy_scraper.archives.records import (
    NEXT_RECORD,
    differs_from_digest,
    read_record,
    target_of,
)
from embassy_scraper.archives.soundness import is_unsound, tells_end, why_overlong, why_unsound
from embassy_scraper.archives.unpacked import places, temporary, unpack_member
from embassy_scraper.archives.unpackers import GZIP
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import RawCapture
from embassy_scraper.limits import MAX_STRETCHES
from embassy_scraper.own_headers import DECLARED, is_own, mirror_of, named_capture

_WANTED = (
    WarcRecordType.response,
    WarcRecordType.resource,
    WarcRecordType.revisit,
    WarcRecordType.conversion,
    WarcRecordType.continuation,
    *UNKNOWN,
)
_BEGINNING = re.compile(GZIP.pattern + b"|" + NEXT_RECORD.pattern, re.DOTALL)
_GOES_ON = "reading goes on after it"


class RecordReader:
    """Reads the records of one file, those behind a damaged stretch too."""

    _kinds: tuple[WarcRecordType, ...] = _WANTED
    _looks_inside = True  # gzip members in which something else lies between records

    def __init__(
        self,
        file: IO[bytes],
        path: str,
        source: str,
        member: str,
        is_wanted: IsWanted | None,
    ) -> None:
        """Read *file*, which is *member* of the file *path*; only those that are wanted."""
        self._file, self._path = file, path
        self._source, self._member = source, member
        self._is_wanted = is_wanted
        self._end: int | None = None
        self._is_done = False  # the record at the end was met
        self._left_out = Passed()
        self._earlier: Earlier | None = None  # filled when it is first needed
        self._last = -1  # where the last record begins
        self._told = -1  # the last record that was itself offered as damaged
        self._damage: Offer | None = None  # found, but not yet reported
        self._is_suspect = False  # the last record is whole, and its digest says other bytes
        self._held: Offer | None = None  # until what follows shows that its record was sound

    def read(self, first: int = 0, end: int | None = None) -> Iterator[Offer]:
        """Yield what the records from *first* to *end* offer, and every damaged stretch once."""
        self._end = end
        yield from self._read(first)
        yield from self._left_out.offers(self._path)

    def _read(self, first: int) -> Iterator[Offer]:
        begin: int | None = first
        for _ in range(MAX_STRETCHES):
            if begin is None:
                break
            place = begin
            try:
                yield from self._read_from(place)
                if self._is_done:
                    return
                yield from self._release()
                break
            except OSError as error:
                is_end = isinstance(error, EndsInside)
                self._judge_held(is_end=is_end)
                is_told = is_end and tells_end(self._held)
                yield from self._release()
                end = yield from self._go_on_inside(error)
                place = max(self._last, place, (end or 0) - 1)
                beginning = NEXT_RECORD if is_end else _BEGINNING
                begin = next(places(self._file, place + 1, beginning), None)
                if not (end or is_told):
                    self._note(place, f"{error}" if begin is None else f"{error}; {_GOES_ON}")
        else:
            self._note(self._last, f"over {MAX_STRETCHES} damaged places; the rest is not read")
        if self._damage is not None:
            yield self._damage
        elif self._last < 0:
            message = f"{self._path}: it contains no record; is it a WARC file?"
            yield self._rejected("no records", message, self._member.strip())

    def _go_on_inside(self, error: OSError) -> Generator[Offer, None, int | None]:
        """Yield what the rest of a sound gzip member offers, and return where the member ends.

        The rest begins where no record does, and is read as a file that is not packed is; ``None``
        where no record lies in it.
        """
        if not (self._looks_inside and isinstance(error, UnreadableRecord)):
            return None
        if error.inside is None:
            return None
        with temporary() as into:
            end = unpack_member(self._file, error.place, into)
            if next(places(into.file, error.inside + 1, NEXT_RECORD), None) is None:
                return None
            if self._damage is not None:
                yield self._damage
                self._damage = None
            member = f"{self._member}{error.place} unpacked "
            inside = type(self)(into.file, self._path, self._source, member, self._is_wanted)
            inside._earlier, inside._left_out = self._all_earlier(), self._left_out
            yield from inside._read(error.inside)
        self._last = max(self._last, error.place)
        return end

    def _read_from(self, begin: int) -> Iterator[Offer]:
        for place, record in self._records(begin):
            yield from self._release()
            self._last = place
            if self._damage is not None:
                yield self._damage
                self._damage = None
            if self._is_at_end(record):
                self._is_done = True
                return
            if record.record_type in self._kinds and self._takes(record):
                why = why_overlong(self._file, place, record.content_length)
                if why is not None:
                    self._spoil(*why)
                    raise EndsInside(why[1], place)
                self._held = self._offer(record)

    def _takes(self, record: WarcRecord) -> bool:
        """Say whether *record* may be a capture that is wanted; count it as left out if not."""
        url = target_of(record)
        if record.record_type in UNKNOWN:
            self._left_out.add(url, "unknown kind")
        elif not is_own(record) and not is_page(url):
            self._left_out.add(url, "no page")
        elif self._is_wanted and not self._is_wanted(url, mirror_of(record)):
            self._left_out.add(url)
        else:
            return True
        return False

    def _is_at_end(self, record: WarcRecord) -> bool:
        """Say whether *record* is the one at the end, where reading stops, or lies behind it."""
        if self._end is None or self._last < self._end:
            return False
        return self._last > self._end or begins_at(self._file, self._end, record)

    def _records(self, begin: int) -> Iterator[tuple[int, WarcRecord]]:
        """Yield each record from *begin* on, and where it or its gzip member begins.

        The fast reader reads them, up to what it does not understand.
        """
        count, last, is_over = 0, None, False
        self._file.seek(begin)
        try:
            for record in ArchiveIterator(self._file, parse_http=False):
                if not is_usual(record):
                    break
                count, last = count + 1, record
                yield record.stream_pos, record
            else:
                is_over = True
        except OSError:  # it lies behind the last record, where reading goes on
            pass
        if last is not None and begins_at(self._file, self._last, last):
            begin, count = self._last, 1
        yield from self._rest(begin, count, is_over=is_over)

    def _rest(self, begin: int, count: int, *, is_over: bool) -> Iterator[tuple[int, WarcRecord]]:
        """Yield what lies behind *count* records from *begin* on.

        Where it is not the end of the file, the last of these is read once more: its gzip member
        tells better than its length which bytes are its own. So is one that was read as damaged.
        """
        is_damaged = self._held is not None and self._told == self._last
        is_again = self._held is not None and (is_damaged or not is_over)
        try:
            for place, record in read_odd(self._file, begin, count - is_again):
                if is_again:
                    self._held, self._told, is_again = None, -1, False
                yield place, record
        except UnreadableRecord as error:
            is_told = self._told == self._last
            self._last = min(self._last, error.place)
            self._told = self._last if is_told else self._told
            raise

    def _release(self) -> Iterator[Offer]:
        if self._held is not None:
            yield self._held
            self._held = None

    def _judge_held(self, *, is_end: bool) -> None:
        """Reject the last record where its gzip member is not sound: its text may be any.

        So may that of one with another digest than it declares, where no record lies behind it, and
        of one inside which another one begins.
        """
        if self._held is None or isinstance(self._held.found, CaptureRejected):
            return
        is_suspect = self._is_suspect
        why = why_unsound(self._file, self._last, is_suspect=is_suspect, is_end=is_end)
        if why is not None:
            self._spoil(*why)

    def _spoil(self, why: str, message: str) -> None:
        self._told, where = self._last, f"{self._member}{self._last}"
        message = f"{self._path} at {where}: {message}"
        self._held = self._rejected("damaged record", message, where, why)

    def _offer(self, record: WarcRecord) -> Offer | None:
        digest = record.headers.get(DECLARED if is_own(record) else "WARC-Payload-Digest")
        where = f"{self._member}{self._last}"
        try:
            is_suspect = differs_from_digest(record)
            found = self._with_original(record, read_record(record, self._source))
            is_whole = isinstance(found, Revisit) or not found.announced_bytes_missing
            self._is_suspect = is_suspect and is_whole
            if self._is_suspect and is_unsound(self._file, self._last):
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
        own = named_capture(record) if is_own(record) else None
        return Offer(self._path, where, found, digest, capture=own)

    def _with_original(
        self, record: WarcRecord, found: RawCapture | Revisit
    ) -> RawCapture | Revisit:
        """Return what was *found*; where it is "not modified" alone, of which capture of the file.

        Only then is the whole file looked through, so that it does not matter where it is cut.
        """
        if not lacks_original(record, found):
            return found
        raw = found if isinstance(found, RawCapture) else found.raw
        seen = self._all_earlier().repeated_by(record, raw)
        return found if seen is None else of_capture(found, seen)

    def _all_earlier(self) -> Earlier:
        if self._earlier is None:
            place = self._file.tell()
            index = _Index(self._file, self._path, self._source, self._member, self._is_wanted)
            self._earlier = index.fill()
            self._file.seek(place)
        return self._earlier

    def _note(self, place: int, text: str) -> None:
        """Keep a damage until the next record is found: one stretch is reported once."""
        if self._damage is None and self._told != place:
            where = f"{self._member}{place}"
            message = f"{self._path} near offset {where}: {text}"
            self._damage = self._rejected("damaged record", message, where, text)

    def _rejected(self, what: str, message: str, where: str, why: str = "") -> Offer:
        return Offer(self._path, where, CaptureRejected(what, message, where, why))


class _Index(RecordReader):
    """Reads a file for what its records show of each URL."""

    def fill(self) -> Earlier:
        """Return that."""
        self._earlier = earlier = Earlier()
        for _ in self._read(0):  # what is damaged is told by who reads the records
            pass
        return earlier

    def _offer(self, record: WarcRecord) -> Offer | None:
        assert self._earlier is not None
        self._earlier.note(record)
        return None
