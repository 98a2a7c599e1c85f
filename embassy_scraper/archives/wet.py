"""WET files of Common Crawl: the visible texts of the pages in a WARC file.

One gzip member for each ``conversion`` record, in the order of the WARC file; no index tells where.
So a file is read from its beginning, in parts, until all texts that are wanted were met.
"""

import io
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from fastwarc.warc import ArchiveIterator, WarcRecordType

from embassy_scraper.archives.records import read_record
from embassy_scraper.archives.soundness import is_blank
from embassy_scraper.crawl_items import Offered, Wanted
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import RawCapture
from embassy_scraper.limits import MAX_BYTES
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import read_address

_WARC = re.compile(r"(.+/)warc(/[^/]+\.warc)\.gz")
_STEP = 1 << 16  # bytes; what follows a member is copied, so it must not be much
_MOST = MAX_BYTES + (1 << 20)  # bytes of a record that are kept, its head among them


def wet_file(warc_file: str) -> str | None:
    """Return the WET file that goes with a WARC file; ``None`` where there is none.

    >>> wet_file("crawl-data/CC-MAIN-2020-05/segments/1579.16/warc/CC-0.warc.gz")
    'crawl-data/CC-MAIN-2020-05/segments/1579.16/wet/CC-0.warc.wet.gz'
    >>> wet_file("crawl-data/CC-MAIN-2020-05/segments/1579.16/robotstxt/CC-0.warc.gz")
    """
    found = _WARC.fullmatch(warc_file)
    return f"{found[1]}wet{found[2]}.wet.gz" if found else None


def has_text(offer: Offered) -> bool:
    """Say whether Common Crawl made a text of a capture: of HTML answers 200 alone."""
    is_page = offer.status == 200 and "html" in offer.mime.lower()
    return is_page and wet_file(offer.file or "") is not None


class TextSearch:
    """The search for texts in one WET file; ``missing`` are those not met so far."""

    def __init__(self, wanted: Iterable[Wanted], source: str, profile: Profile) -> None:
        """Look for *wanted*; the captures found are of *source*."""
        self._source, self._profile = source, profile
        self._members = Members()
        self._wanted: dict[str | None, list[Wanted]] = defaultdict(list)  # by canonical address
        self._faults: dict[str | None, str] = {}
        for one in wanted:
            self._wanted[self._canonical(one.offer.url)].append(one)

    @property
    def missing(self) -> list[Wanted]:
        """Return what was not found."""
        return [one for same_url in self._wanted.values() for one in same_url]

    def why(self, missing: Wanted) -> str:
        """Return why a text was not found in a file that was read to its end."""
        fault = self._faults.get(self._canonical(missing.offer.url))
        return fault or "its WET file was read to the end and does not contain its text"

    def _canonical(self, url: str) -> str | None:
        return read_address(url, self._profile).url

    def feed(self, part: bytes) -> Iterator[tuple[Wanted, RawCapture]]:
        """Yield what is found in the next *part* of the file.

        Raises:
            CaptureRejected: the file is damaged there.
        """
        for member in self._members.feed(part):
            yield from self._search(member)

    def end(self) -> None:
        """Check that the file ended where a record does.

        Raises:
            CaptureRejected: it did not.
        """
        self._members.end()

    def _search(self, member: bytes) -> Iterator[tuple[Wanted, RawCapture]]:
        try:
            if is_blank(member):
                return
            records = ArchiveIterator(
                io.BytesIO(member), record_types=WarcRecordType.conversion, parse_http=False
            )
            for record in records:
                address = record.headers.get("WARC-Target-URI") or ""
                url = self._canonical(address.strip("<> "))
                if not self._wanted.get(url):
                    continue
                try:
                    found = read_record(record, self._source)
                except CaptureRejected as error:
                    self._faults[url] = f"{error}"
                    continue
                assert isinstance(found, RawCapture)
                if (one := self._take(url, found)) is not None:
                    yield one, found
        except (OSError, ValueError, zlib.error) as error:
            raise CaptureRejected("damaged record", f"not a WARC record: {error}") from error

    def _take(self, url: str | None, found: RawCapture) -> Wanted | None:
        """Return the one that is *found*, missing no more; of several, the same spelling."""
        same = [one for one in self._wanted[url] if one.offer.captured_at == found.captured_at]
        same.sort(key=lambda one: one.offer.url != found.url)
        if not same:
            return None
        self._wanted[url].remove(same[0])
        return same[0]


class Members:
    """The gzip members of a file that comes in parts, each unpacked over the seams of the parts."""

    def __init__(self) -> None:
        """Begin where a member begins."""
        self._begin()

    def _begin(self) -> None:
        self._inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._kept: list[bytes] = []
        self._size = 0
        self._is_inside = False

    def feed(self, part: bytes) -> Iterator[bytes]:
        """Yield the data of every member that ends in *part*; of a huge one, only its beginning.

        Raises:
            CaptureRejected: a member is damaged.
        """
        for start in range(0, len(part), _STEP):
            rest, is_more = part[start : start + _STEP], False
            while rest or is_more:
                self._is_inside = True
                rest, is_more = self._unpack(rest)
                if self._inflater.eof:
                    member = b"".join(self._kept)
                    self._begin()
                    yield member

    def _unpack(self, packed: bytes) -> tuple[bytes, bool]:
        """Unpack a step of one member; return the bytes behind it, and whether more may come."""
        try:
            data = self._inflater.decompress(packed, _STEP)
        except zlib.error as error:
            raise CaptureRejected("damaged record", f"its compressed data: {error}") from error
        if self._size < _MOST:
            self._kept.append(data)
        self._size += len(data)
        is_more = len(data) == _STEP and not self._inflater.eof
        return self._inflater.unused_data or self._inflater.unconsumed_tail, is_more

    def end(self) -> None:
        """Check that no member is left unfinished.

        Raises:
            CaptureRejected: the file ended inside one.
        """
        if self._is_inside:
            raise CaptureRejected("damaged record", "its WET file ends inside a record")
