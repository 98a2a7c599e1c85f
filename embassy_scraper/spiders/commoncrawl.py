"""Common Crawl: pywb says what there is, crawl by crawl; WARC records come by HTTP Range."""

import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlencode

from fastwarc.warc import ArchiveIterator
from scrapy import Request
from scrapy.http import Response

from embassy_scraper.archives import Revisit
from embassy_scraper.archives.cdx import CdxPage, read_pywb
from embassy_scraper.archives.records import read_record
from embassy_scraper.errors import ArchiveAnswerError, CaptureRejected
from embassy_scraper.items import Offered, RawCapture
from embassy_scraper.site import read_address
from embassy_scraper.spiders.backfill import DOMAIN, EARLY, ArchivePlaces, BackfillSpider


class CommonCrawlSpider(BackfillSpider):
    """Fetches captures from Common Crawl."""

    name = "commoncrawl"
    archive = "commoncrawl"

    def archive_places(self) -> ArchivePlaces:
        """Return the hosts that this spider may ask."""
        archives = self.config.archives
        return ArchivePlaces(archives.commoncrawl_index, archives.commoncrawl_data)

    @property
    def _index(self) -> str:
        return self.config.archives.commoncrawl_index.rstrip("/")

    async def read_index(self) -> AsyncIterator[None]:
        """Read the index of every crawl into the ledger.

        A crawl never changes, so one that was read to its end is not asked for again.
        """
        for crawl in await self._crawls():
            query = {"url": f"{DOMAIN}/{self.family}/*" if self.family else f"*.{DOMAIN}"}
            name = f"{crawl} {urlencode(query)}"
            known = self.ledger.query_place(name)
            if known is not None and known[1]:
                continue
            first = int(known[0]) if known is not None and known[0] else 0
            pages = await self._pages(crawl, query)
            unsound: int | None = None  # the first page of which a line could not be read
            for page in range(first, pages or 0):
                found = await self._read_page(crawl, query, page)
                if found is None:
                    break
                unsound = page if unsound is None and found.unread else unsound
                place = page + 1 if unsound is None else unsound
                self.ledger.keep_page(name, _located(found), str(place), is_done=place == pages)
                yield
            if pages == 0:
                self.ledger.keep_page(name, (), None, is_done=True)
            yield

    async def _crawls(self) -> list[str]:
        """Return the names of all crawls, the newest first."""
        url = f"{self._index}/collinfo.json"
        response = await self.ask_index(url)
        if response is None:
            return []
        try:
            found = json.loads(response.body)
            return [str(crawl["id"]) for crawl in found]
        except (ValueError, TypeError, KeyError):
            self.tell(f"{url}: answered {response.status}, and no list of crawls")
            return []

    async def _pages(self, crawl: str, query: dict[str, str]) -> int | None:
        """Return how many pages the index of a crawl has for us; ``None`` where it did not say."""
        more = {"output": "json", "showNumPages": "true"}
        url = f"{self._index}/{crawl}-index?{urlencode(query | more)}"
        response = await self.ask_index(url)
        if response is None:
            return None
        if _is_none(response):
            return 0
        try:
            found = json.loads(response.body)
            return int(found["pages"] if isinstance(found, dict) else found)
        except (ValueError, TypeError, KeyError):
            self.tell(f"{url}: answered {response.status}, and no number of pages")
            return None

    async def _read_page(self, crawl: str, query: dict[str, str], page: int) -> CdxPage | None:
        """Return what a page of an index says; ``None`` where it could not be read."""
        more = {"output": "json", "page": str(page)}
        url = f"{self._index}/{crawl}-index?{urlencode(query | more)}"
        response = await self.ask_index(url)
        if response is None:
            return None
        if _is_none(response):
            return CdxPage(())
        if response.status != 200 or not response.body.strip():
            self.tell(f"{url}: answered {response.status} with {len(response.body)} bytes")
            return None
        try:
            found = read_pywb(response.body.decode("utf-8", "replace"))
        except ArchiveAnswerError as error:
            self.tell(f"{url}: {error}")
            return None
        for line in found.unread:
            self.tell(f"{url}: a line that is none: {line}")
        self.counts.offered += len(_located(found))
        return found

    def capture_request(self, offer: Offered) -> Request:
        """Return the request for the bytes of one record."""
        start, length = offer.offset or 0, offer.length or 0
        url = f"{self.config.archives.commoncrawl_data.rstrip('/')}/{offer.file}"
        return Request(url, headers={"Range": f"bytes={start}-{start + length - 1}"})

    def read_answer(self, response: Response, offer: Offered) -> RawCapture:
        """Return the capture in a record, if it is the one asked for."""
        if response.status != 206:
            raise CaptureRejected("range", f"answered {response.status}, not a part of the file")
        if len(response.body) != offer.length:
            got = f"{len(response.body)} bytes instead of {offer.length}"
            raise CaptureRejected("range", f"{got}: the record is cut short")
        try:
            for record in ArchiveIterator(io.BytesIO(response.body), parse_http=False):
                found = read_record(record, self.archive)
                break
            else:
                raise CaptureRejected("damaged record", "no WARC record is there")
        except (OSError, ValueError) as error:
            raise CaptureRejected("damaged record", f"{error}") from error
        if isinstance(found, Revisit):
            found = self._resolved(found)
        is_same = read_address(found.url).url == read_address(offer.url).url
        if not is_same or found.captured_at != offer.captured_at:
            raise CaptureRejected("damaged record", f"it is of {found.url} at {found.captured_at}")
        return replace(found, source=self.archive)

    def _resolved(self, revisit: Revisit) -> RawCapture:
        """Return the capture that a *revisit* stands for: the bytes are held, or will be."""
        own = replace(revisit.raw, source=self.archive, record_type="revisit")
        raw = self.same_as_held(own, revisit.digest.removeprefix("sha1:"))
        if raw is None:
            raise CaptureRejected(EARLY, "the record that it repeats is not here yet")
        return raw


def _located(page: CdxPage) -> tuple[Offered, ...]:
    """Return what a page offers and tells the place of."""
    return tuple(row for row in page.rows if row.file and row.length)


def _is_none(response: Response) -> bool:
    return response.status == 404 and b"No Captures found" in response.body
