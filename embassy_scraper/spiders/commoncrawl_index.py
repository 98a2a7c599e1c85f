"""Common Crawl's index: pywb says what there is, crawl by crawl."""

import re
from collections.abc import AsyncIterator
from urllib.parse import urlencode

from scrapy.http import Response

from embassy_scraper.archives.cdx import read_json, read_pywb
from embassy_scraper.crawl_items import Offered
from embassy_scraper.errors import ArchiveAnswerError
from embassy_scraper.fetching.addresses import ArchivePlaces
from embassy_scraper.limits import MAX_INDEX_CRAWLS, MAX_INDEX_EMPTY, MAX_NAME
from embassy_scraper.spiders.backfill import BackfillSpider

_NAME = re.compile(rf"[\w.-]{{1,{MAX_NAME}}}", re.A)
_NOT_AS_IT_SHOULD = (ArchiveAnswerError, ValueError, TypeError, KeyError, OverflowError)


class CommonCrawlIndex(BackfillSpider):
    """A spider that reads the index of every crawl."""

    def archive_places(self) -> ArchivePlaces:
        """Return the hosts that this spider may ask."""
        archives = self.config.archives
        return ArchivePlaces(archives.commoncrawl_index, archives.commoncrawl_data)

    def is_of_use(self, offer: Offered) -> bool:
        """Say whether the index tells enough of a capture to fetch it."""
        return bool(offer.file and offer.length)

    def data_url(self, file: str) -> str:
        """Return the address of a file of Common Crawl."""
        return f"{self.config.archives.commoncrawl_data.rstrip('/')}/{file}"

    @property
    def _index(self) -> str:
        return self.config.archives.commoncrawl_index.rstrip("/")

    async def read_index(self) -> AsyncIterator[None]:
        """Read the index of every crawl, and write down what it offers.

        A crawl never changes, so one that was read to its end is not asked for again.
        """
        for crawl in await self._crawls():
            for domain in self.config.profile.domains:
                async for _ in self._read_crawl(crawl, domain):
                    yield

    async def _read_crawl(self, crawl: str, domain: str) -> AsyncIterator[None]:
        query = {"url": f"{domain}/{self.family}/*" if self.family else f"*.{domain}"}
        name = f"{crawl} {urlencode(query)}"
        known = self.history.query_place(name)
        if known is not None and known[1]:
            return
        first = int(known[0]) if known is not None and known[0] else 0
        pages = await self._pages(crawl, query)
        empty = 0
        unsound: int | None = None  # the first page of which a line could not be read
        for page in range(first, pages or 0):
            url = self._query_url(crawl, query, page=str(page))
            found = await self.read_index_page(url, read_pywb)
            if found is None:
                break
            unsound = page if unsound is None and found.unread else unsound
            place = page + 1 if unsound is None else unsound
            empty = empty + 1 if not found.rows else 0
            if empty == MAX_INDEX_EMPTY:
                self.tell(f"{crawl}: {empty} empty pages of its index in a row; giving up")
                break
            rows = tuple(row for row in found.rows if self.is_of_use(row))
            self.counts.offered += len(rows)
            self.history.keep_page(name, rows, str(place), is_done=place == pages)
            yield
        if pages == 0:
            self.history.keep_page(name, (), None, is_done=True)
        yield

    async def _crawls(self) -> list[str]:
        """Return the names of all crawls, the newest first."""
        url = f"{self._index}/collinfo.json"
        response = await self.ask_index(url)
        if response is None:
            return []
        try:
            names = [str(crawl["id"]) for crawl in read_json(response.body.decode())]
        except _NOT_AS_IT_SHOULD:
            self.tell(f"{url}: answered {response.status}, without a list of crawls")
            return []
        crawls = [name for name in names if _NAME.fullmatch(name)][:MAX_INDEX_CRAWLS]
        if len(crawls) < len(names):
            odd = f"{len(names)} crawls, of which {len(crawls)} are read"
            self.tell(f"{url}: {odd}; the others have no name of a crawl, or are too many")
        return crawls

    async def _pages(self, crawl: str, query: dict[str, str]) -> int | None:
        """Return how many pages the index of a crawl has for us; ``None`` where it did not say."""
        url = self._query_url(crawl, query, showNumPages="true")
        response = await self.ask_index(url)
        if response is None:
            return None
        if self.offers_nothing(response):
            return 0
        try:
            found = read_json(response.body.decode())
            return int(found["pages"] if isinstance(found, dict) else found)
        except _NOT_AS_IT_SHOULD:
            self.tell(f"{url}: answered {response.status}, without a number of pages")
            return None

    def _query_url(self, crawl: str, query: dict[str, str], **more: str) -> str:
        return f"{self._index}/{crawl}-index?{urlencode({**query, 'output': 'json', **more})}"

    def offers_nothing(self, response: Response) -> bool:
        """Say whether pywb has nothing to offer, which it tells with the status 404."""
        return response.status == 404 and b"No Captures found" in response.body
