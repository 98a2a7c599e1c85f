"""Common Crawl's texts: WET files, which have no index, are read in parts from their beginning.

One part after another, with the pause between two captures; a file is left as soon as all texts
that are wanted of it were met. One left half-read is begun again in the next run, for what is
still missing.
"""

from collections.abc import AsyncIterator

from embassy_scraper.archives.wet import TextSearch, has_text, wet_file
from embassy_scraper.config import Config
from embassy_scraper.crawl_items import Offered
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.fetching.manners import Refused
from embassy_scraper.fetching.ranges import Part, range_request, read_part
from embassy_scraper.fetching.robots import NO_ANSWER, plain_reason
from embassy_scraper.items import Fetched
from embassy_scraper.limits import MAX_WET_BYTES
from embassy_scraper.spiders.commoncrawl_index import CommonCrawlIndex


class CommonCrawlTextSpider(CommonCrawlIndex):
    """Fetches the texts of captures from Common Crawl."""

    name = "commoncrawl-text"
    archive = "commoncrawl-text"

    @classmethod
    def limits(cls, config: Config) -> tuple[float, int, int]:
        """Let a part be as large as ``embassy.toml`` wants it."""
        timeout, most_bytes, concurrency = super().limits(config)
        return timeout, max(most_bytes, config.archives.part_bytes), concurrency

    def command(self) -> str:
        """Return the command as it stands in ``runs``."""
        return "backfill commoncrawl --text"

    def is_of_use(self, offer: Offered) -> bool:
        """Say whether there is a text of a capture."""
        return super().is_of_use(offer) and has_text(offer)

    def say_plan(self) -> str:
        """Return what is to be fetched; how many bytes, the index does not tell."""
        count, files = self.history.plan(self.limit)[0], len(self.history.wanted_files())
        return (
            f"captures: {count}; WET files: {files}; bytes: not known; each file is read from its"
            " beginning until every wanted text in it was found (70 to 200 MB each)"
        )

    async def captures(self) -> AsyncIterator[Fetched]:
        """Yield the texts that are wanted, file by file."""
        left = self.limit
        for file in self.history.wanted_files():
            wanted = self.history.wanted(0, left, file)
            search = TextSearch(wanted, self.archive, self.config.profile)
            try:
                async for capture in self._read_file(self.data_url(wet_file(file) or ""), search):
                    yield capture
            except CaptureRejected as error:
                for one in search.missing:
                    self.capture_failed(one, f"{error}")
            except Refused as error:  # what is missing was not asked for, and is in the next run
                self.refused.add(f"{error}")
                return
            left -= len(wanted)
            if left <= 0 or self.is_broken:
                return

    async def _read_file(self, url: str, search: TextSearch) -> AsyncIterator[Fetched]:
        """Yield what is wanted of the file at *url*.

        Raises:
            CaptureRejected: it cannot be had, or is damaged.
            Refused: good manners forbid to ask for it.
        """
        start, size = 0, 1
        while search.missing and start < size and not self.is_broken:
            part = await self._ask_part(url, start)
            if start and part.size != size:
                raise CaptureRejected("range", "the file was replaced while it was read")
            if part.size > MAX_WET_BYTES:
                told = f"the file has over {MAX_WET_BYTES} bytes; no WET file is that large"
                raise CaptureRejected("too large", told)
            for wanted, raw in search.feed(part.body):
                page = self.read(raw)
                yield Fetched(raw, page, offer=(wanted.id, ""))
            start, size = start + len(part.body), part.size
        if self.is_broken or not search.missing:
            return
        search.end()
        for one in search.missing:
            self.capture_failed(one, search.why(one))

    async def _ask_part(self, url: str, start: int) -> Part:
        length = self.config.archives.part_bytes
        try:
            response = await self.download(range_request(url, start, length))
        except Refused:
            raise
        except NO_ANSWER as error:
            raise CaptureRejected("no answer", plain_reason(error)) from error
        return read_part(response, start, length)
