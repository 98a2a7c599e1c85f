"""What the spiders of all web archives share: index first, then the captures that are missing.

What an archive offers is written down before anything is fetched, so an
interrupted run continues where it stopped, and a second run fetches only what is missing.
"""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request
from scrapy.http import Response

from embassy_scraper import stopping
from embassy_scraper.archives.cdx import CdxPage
from embassy_scraper.config import Config
from embassy_scraper.crawl_items import Wanted
from embassy_scraper.door import ArchiveHistory
from embassy_scraper.errors import ArchiveAnswerError
from embassy_scraper.fetching.addresses import ArchivePlaces
from embassy_scraper.fetching.downloads import over_limit
from embassy_scraper.fetching.manners import Policy
from embassy_scraper.fetching.robots import NO_ANSWER, plain_reason
from embassy_scraper.items import Fetched
from embassy_scraper.limits import MAX_BYTES, MAX_INDEX_BYTES, MAX_INDEX_PAGES
from embassy_scraper.spiders.run import RunCounts, RunSpider, broken_off, named
from embassy_scraper.voice import say

if TYPE_CHECKING:
    from twisted.python.failure import Failure

_PAUSE = 60  # seconds between two lines of progress


@dataclass(slots=True)
class Counts(RunCounts):
    """What came of a run, in captures.

    ``same`` needed no download, for their bytes are held; ``waiting`` are those of the person's
    choice that are still to be fetched (``None``: not counted), ``given_up`` all of the archive's.
    ``unread_rows`` are rows of the index, which offer nothing that could be asked for.
    """

    offered: int = 0
    unread_rows: int = 0
    same: int = 0
    waiting: int | None = None
    given_up: int = 0


class BackfillSpider(RunSpider):
    """A spider of a web archive.

    ``since`` and ``until`` are days or timestamps (``YYYY`` to ``YYYYMMDDhhmmss``), ``family`` is a
    part of the site, ``limit`` a number of captures; with ``dry`` nothing but the index is read,
    and ``plan`` says what would be fetched.
    """

    archive: ClassVar[str]  # its name in the history
    history: ArchiveHistory
    counts: Counts
    places: ArchivePlaces
    policy: Policy

    def __init__(
        self,
        since: str | None = None,
        until: str | None = None,
        family: str | None = None,
        limit: int | None = None,
        dry: bool = False,
        **arguments: Any,
    ) -> None:
        """Take what a person wants of the archive."""
        super().__init__(**arguments)
        self.since, self.until, self.dry = since, until, dry
        self.family = family.strip("/").lower() if family else None
        self.limit = int(limit) if limit else 10**12
        self.counts = Counts()
        self.plan = ""
        self._has_answered = False
        self._index_pages = 0  # that were asked for
        self._told_at = time.monotonic()

    @classmethod
    def limits(cls, config: Config) -> tuple[float, int, int]:
        """Return the limits of ``[archives]``."""
        return config.archives.timeout, MAX_BYTES, 4

    def prepare(self) -> None:
        """Take places and manners from ``embassy.toml``, and the history from the door."""
        archives = self.config.archives
        self.places = self.archive_places()
        self.policy = Policy(
            delay=archives.capture_delay,
            jitter=0.1,
            budget=10**9,
            retries=archives.retries,
            longest_wait=3600.0,
            busy_pause=archives.busy_pause,
            asks_robots=False,  # these are the archives' interfaces for programs
        )
        self.history = self.door.archive_history(self.archive)

    def command(self) -> str:
        """Return the command as it stands in ``runs``."""
        return f"backfill {self.archive}"

    def archive_places(self) -> ArchivePlaces:
        """Return the hosts that this spider may ask."""
        raise NotImplementedError

    def read_index(self) -> AsyncIterator[None]:
        """Read the index, and write down what it offers, page by page."""
        raise NotImplementedError

    def captures(self) -> AsyncIterator[Request | Fetched]:
        """Yield the captures that are wanted, or the requests for them."""
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Request | Fetched]:
        """Read the index, then yield what is missing."""
        if not self.begin("another run of this archive is under way"):
            return
        async for _ in self.read_index():
            pass
        self.history.choose(self.since, self.until, self.family)
        self.plan = self.say_plan()
        if not self.dry:
            async for capture in self.captures():
                yield capture
                self._tell_progress()

    def _tell_progress(self) -> None:
        """Say once a minute how far the run is."""
        if time.monotonic() - self._told_at >= _PAUSE:
            self._told_at = time.monotonic()
            left = min(self.history.plan()[0], self.limit)
            line = f"{left} captures still to be fetched, {self.counts.failed} failed"
            say(f"{self.archive}: {line}")

    def say_plan(self) -> str:
        """Return what is to be fetched: how many captures, how many bytes, how long."""
        count, size = self.history.plan(self.limit)
        minutes = count * self.config.archives.capture_delay / 60
        return f"captures: {count}; bytes: {size}; minutes at the polite rate: {minutes:.1f}"

    async def ask_index(self, url: str) -> Response | None:
        """Return an answer of the index; ``None``, and a reported failure, without one."""
        self._index_pages += 1
        if self._index_pages > MAX_INDEX_PAGES:
            if self._index_pages == MAX_INDEX_PAGES + 1:
                self.tell(f"{url}: over {MAX_INDEX_PAGES} pages of an index; run it again to go on")
            return None
        pause = self.config.archives.index_delay
        meta = {"pause": pause, "download_maxsize": MAX_INDEX_BYTES}
        request = Request(url, meta=meta, priority=100)
        try:
            response = await self.download(request)
        except NO_ANSWER as error:
            self._has_answered |= over_limit(error) is not None
            self.tell(f"{url}: {plain_reason(error)}")
            return None
        self._has_answered = True
        return response

    async def download(self, request: Request) -> Response:
        """Return the answer to *request*; without one raise as Scrapy's downloader does."""
        assert self.crawler.engine is not None
        return await self.crawler.engine.download_async(request)

    async def read_index_page(self, url: str, read: Callable[[str], CdxPage]) -> CdxPage | None:
        """Return what a page of the index says; ``None`` after a reported failure.

        A row that cannot be read is a problem and no failure: asking again does not mend it.

        Raises:
            CloseSpider: as ``broken_off``.
        """
        response = await self.ask_index(url)
        if response is None:
            return None
        if self.offers_nothing(response):
            return CdxPage(())
        if response.status != 200:
            self.tell(f"{url}: answered {response.status}")
            return None
        try:
            with broken_off():
                page = read(response.body.decode("utf-8", "replace"))
        except ArchiveAnswerError as error:
            self.tell(f"{url}: {error}")
            return None
        self.counts.unread_rows += len(page.unread)
        self.history.keep_unread(page.unread)
        return page

    def offers_nothing(self, response: Response) -> bool:
        """Say whether an answer of the index means that it has nothing to offer."""
        return False

    def tell(self, failure: str) -> None:
        """Keep a failure of the archive; the run is partial then."""
        self.failures.append(" ".join(failure.split())[:300])
        self.counts.failed += 1

    def capture_failed(self, wanted: Wanted, reason: str, *, is_counted: bool = True) -> None:
        """Store why a capture could not be fetched.

        *is_counted*: the reason says something of the capture, not only of the archive.
        """
        reason = " ".join(reason.split())[:300]
        offer = wanted.offer
        self.tell(f"{offer.timestamp} {offer.url}: {reason}")
        self.history.failed(wanted, reason, is_counted=is_counted)

    def answer_failed(self, response: Response, failure: "Failure") -> None:
        """Take the run for failed: that an answer cannot be handled is this program's fault."""
        error = named(failure.value)
        self.break_off(f"{response.url}: its answer could not be handled: {error}")

    def count_up(self) -> None:
        """Complete the counts at the end of the run."""
        super().count_up()
        if stopping.told() is not None:  # counting what waits may take long
            return
        self.counts.waiting = self.history.plan()[0]
        self.counts.given_up = self.history.tally().get("given up", 0)

    def reason(self) -> str | None:
        """Return what failed first, of an index that did not answer at all."""
        return self.failures[0] if self.failures and self.is_void() else None

    def is_void(self) -> bool:
        """Say whether the archive did not answer at all, so that nothing is known of it."""
        return self.counts.failed > 0 and not self._has_answered

    def is_partial(self) -> bool:
        """Say whether a page of the index or a capture failed, or was not to be asked for."""
        return self.counts.failed > 0 or bool(self.refused)
