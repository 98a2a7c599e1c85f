"""What the spiders of both web archives share: index first, then the captures that are missing.

What an archive offers is written into the ledger before anything is fetched, so a run that is cut
short is gone on with, and a second one asks only for what is missing.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.misc import load_object

from embassy_scraper import __version__
from embassy_scraper.archives.records import complete, read_record
from embassy_scraper.captures import read_back
from embassy_scraper.config import Config, config_of
from embassy_scraper.errors import ArchiveAnswerError, CaptureRejected, RawCaptureMissing
from embassy_scraper.items import Fetched, Offered, RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.spiders.answers import has_digest, is_trouble
from embassy_scraper.spiders.manners import Policy, Refused
from embassy_scraper.spiders.robots import NO_ANSWER

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

DOMAIN = "rusemb.org.uk"
EARLY = "revisit without its original"  # which another run may bring
_AT_ONCE = 64  # offers looked up at a time


@dataclass(slots=True)
class Counts:
    """What came of a run, in captures; ``same`` needed no download, for their bytes are held."""

    requests: int = 0
    offered: int = 0
    stored: int = 0
    same: int = 0
    failed: int = 0
    waiting: int = 0


class ArchivePlaces:
    """The hosts of an archive, by their base addresses."""

    def __init__(self, *bases: str) -> None:
        """Take the base addresses from the settings."""
        self._hosts = frozenset(urlsplit(base).netloc for base in bases)

    def is_own(self, url: str) -> bool:
        """Say whether *url* is of the archive's own hosts."""
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and parts.netloc in self._hosts


class BackfillSpider(Spider):
    """A spider of a web archive; ``outcome`` and ``note`` tell what came of its run.

    ``since`` and ``until`` are days or timestamps (``YYYY`` to ``YYYYMMDDhhmmss``), ``family`` is a
    part of the site, ``limit`` a number of captures; with ``dry`` nothing but the index is read.
    """

    archive: ClassVar[str]

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
        self.since, self.until, self.family, self.dry = since, until, family, dry
        self.limit = int(limit) if limit else None
        self.counts = Counts()
        self.outcome = "interrupted"
        self.note: str | None = None
        self.failures: list[str] = []
        self.changes = 0
        self.plan: tuple[int, int] = (0, 0)

    config: Config
    ledger: Any
    places: ArchivePlaces
    policy: Policy

    @classmethod
    def update_settings(cls, settings: "BaseSettings") -> None:
        """Take the manners from ``embassy.toml``."""
        super().update_settings(settings)
        config = config_of(settings)
        contact = f"; {config.crawl.contact}" if config.crawl.contact else ""
        told = {
            "USER_AGENT": f"embassy-scraper/{__version__} (archive of public statements{contact})",
            "DOWNLOAD_TIMEOUT": config.archives.timeout,
            "DOWNLOAD_MAXSIZE": 64_000_000,
            "CONCURRENT_REQUESTS": 4,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
        }
        settings.setdict(told, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> Self:
        """Return the spider with its settings and its ledger."""
        spider: Self = super().from_crawler(crawler, *args, **kwargs)
        spider.config = config_of(crawler.settings)
        archives = spider.config.archives
        spider.places = spider.archive_places()
        spider.policy = Policy(
            delay=archives.capture_delay,
            jitter=0.1,
            budget=10**9,
            retries=archives.retries,
            longest_wait=3600.0,
            busy_pause=archives.busy_pause,
            asks_robots=False,  # these are the archives' interfaces for programs
        )
        ledger = load_object(crawler.settings["EMBASSY_ARCHIVE_LEDGER"])
        spider.ledger = ledger.of(crawler, cls.archive)
        crawler.signals.connect(spider._stored, signal=signals.item_scraped)
        crawler.signals.connect(spider._broke, signal=signals.item_error)
        crawler.signals.connect(spider._broke, signal=signals.spider_error)
        return spider

    _broken: str | None = None
    _refused: str | None = None  # why the run asked for no more

    def archive_places(self) -> ArchivePlaces:
        """Return the hosts that this spider may ask."""
        raise NotImplementedError

    def read_index(self) -> AsyncIterator[None]:
        """Read the index into the ledger, page by page."""
        raise NotImplementedError

    def capture_request(self, offer: Offered) -> Request:
        """Return the request for a capture that the archive offers."""
        raise NotImplementedError

    def read_answer(self, response: Response, offer: Offered) -> RawCapture:
        """Return the capture in the answer to ``capture_request``.

        Raises:
            CaptureRejected: the answer is not the capture asked for.
        """
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Any]:
        """Read the index, then yield what is missing."""
        if not self.ledger.begin(f"backfill {self.archive}"):
            self.outcome, self.note = "skipped", "another run of this archive is under way"
            return
        async for _ in self.read_index():
            pass
        self.ledger.choose(self.since, self.until, self.family)
        self.plan = self.ledger.plan()
        after, left = 0, self.limit if self.limit is not None else 10**12
        while not self.dry and left > 0:
            batch = self.ledger.wanted(after, min(_AT_ONCE, left))
            if not batch:
                break
            for wanted in batch:
                yield self._held(wanted) or self._request(wanted)
            after, left = batch[-1].id, left - len(batch)

    async def ask_index(self, url: str) -> Response | None:
        """Return an answer of the index; ``None`` where none came, which is told."""
        request = Request(url, meta={"pause": self.config.archives.index_delay}, priority=100)
        engine: Any = self.crawler.engine
        try:
            response: Response = await engine.download_async(request)
        except NO_ANSWER as error:
            self.tell(f"{url}: {type(error).__name__}: {error}")
            return None
        return response

    def tell(self, failure: str) -> None:
        """Keep a failure of the index; the run is partial then."""
        self.failures.append(" ".join(failure.split())[:300])
        self.counts.failed += 1

    def _held(self, wanted: Any) -> Fetched | None:
        """Return the capture without asking for it, where its bytes are held by their digest."""
        offer: Offered = wanted.offer
        if offer.status is None:
            return None
        own = RawCapture(
            payload=b"",
            media_type="",
            source=self.archive,
            url=offer.url,
            captured_at=offer.captured_at,
            http_status=offer.status,
            record_type="revisit",
        )
        raw = self.same_as_held(own, offer.digest)
        if raw is None:
            return None
        self.counts.same += 1
        return Fetched(raw, read_page(raw), offer=(wanted.id, offer.digest))

    def same_as_held(self, own: RawCapture, digest: str) -> RawCapture | None:
        """Return the capture whose head is *own* and whose bytes are held by their *digest*."""
        place = self.ledger.held(digest)
        if place is None:
            return None
        try:
            original = read_record(read_back(self.ledger.captures_folder, *place), self.archive)
        except (RawCaptureMissing, CaptureRejected):
            return None
        if not isinstance(original, RawCapture) or original.http_status is None:
            return None
        if own.http_status == original.http_status:
            own = replace(own, http_status=None)
        refers_to = (original.url or "", original.captured_at or "")
        return replace(complete(own, original), record_type="revisit", refers_to=refers_to)

    def _request(self, wanted: Any) -> Request:
        request = self.capture_request(wanted.offer)
        return request.replace(
            callback=self._answered,
            errback=self._no_answer,
            dont_filter=True,
            cb_kwargs={"wanted": wanted},
        )

    def _answered(self, response: Response, wanted: Any) -> Iterator[Fetched]:
        cut_off = f"cut off after {len(response.body)} bytes"
        try:
            raw = self.read_answer(response, wanted.offer)
            if "dataloss" in response.flags and not wanted.is_last(cut_off):
                raise CaptureRejected("playback", cut_off)
        except (CaptureRejected, ArchiveAnswerError) as error:
            is_early = isinstance(error, CaptureRejected) and error.what == EARLY
            self._failed(wanted, f"{error}", is_told=not (is_early or is_trouble(response)))
            return
        is_proven = has_digest(wanted.offer.digest, raw.payload, response.meta.get("encoded"))
        digest = wanted.offer.digest if is_proven else ""
        yield Fetched(raw, read_page(raw), offer=(wanted.id, digest))

    def _no_answer(self, failure: "Failure") -> None:
        request: Any = failure.request  # type: ignore[attr-defined]
        error = failure.value
        if isinstance(error, Refused):  # it was not asked for, and is in the next run
            self._refused = str(error)
            return
        reason = f"{type(error).__name__}: {error}"
        is_told = isinstance(error, IgnoreRequest)
        self._failed(request.cb_kwargs["wanted"], reason, is_told=is_told)

    def _failed(self, wanted: Any, reason: str, *, is_told: bool) -> None:
        """Keep a failure; *is_told*: it says something of the capture, not of the host alone."""
        reason = " ".join(reason.split())[:300]
        offer: Offered = wanted.offer
        self.tell(f"{offer.timestamp} {offer.url}: {reason}")
        self.ledger.failed(wanted, reason, is_told=is_told)

    def _stored(self) -> None:
        self.counts.stored += 1

    def _broke(self, failure: "Failure") -> None:
        self._broken = self._broken or f"{failure.value!r}"

    def closed(self, reason: str) -> None:
        """Write down what came of the run."""
        if self.outcome != "skipped":
            stats: Any = self.crawler.stats
            broken = self._broken or stats.get_value("embassy/broken")
            self.counts.requests = stats.get_value("downloader/request_count", 0)
            self.counts.waiting = self.ledger.tally().get("waiting", 0)
            self.note = broken or self._refused
            if reason == "shutdown":
                self.outcome = "interrupted"
            elif broken:
                self.outcome = "failed"
            else:
                is_partial = self.counts.failed or self._refused
                self.outcome = "partial" if is_partial else "complete"
            self.changes = self.ledger.finish(self.outcome, asdict(self.counts), self.note)
        self.ledger.close()
