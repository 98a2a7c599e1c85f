"""What all spiders of the live site share: asking, judging the answer, keeping count."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.http import Response
from w3lib.html import get_meta_refresh

from embassy_scraper.archives.records import complete
from embassy_scraper.config import Config
from embassy_scraper.crawl_items import WalkStep
from embassy_scraper.fetching.addresses import Places
from embassy_scraper.fetching.conditional import conditions, without_conditions
from embassy_scraper.fetching.manners import Policy, Refused
from embassy_scraper.fetching.robots import plain_reason
from embassy_scraper.items import GONE, Fetched, Page, RawCapture
from embassy_scraper.limits import MAX_REDIRECTS
from embassy_scraper.spiders.answers import answered_at, raw_capture, repeated_capture
from embassy_scraper.spiders.expected import fault_of, is_head
from embassy_scraper.spiders.reasons import Reasons
from embassy_scraper.spiders.run import RunCounts, RunSpider, broken_off, is_of_database, named

if TYPE_CHECKING:
    from twisted.python.failure import Failure

_BEGINNING = 8192  # bytes of a page, in which it may lead on
Then = Callable[..., Iterator[Request | WalkStep]]  # what follows from a page and its news


@dataclass(slots=True)
class Counts(RunCounts):
    """What came of a run, in pages: ``unread`` were answered, but not with a page of the site.

    ``unread_heads`` of them are the homepage and heads of lists, where a round begins.
    """

    unchanged: int = 0
    unread: int = 0
    unread_heads: int = 0
    problems: int = 0
    left: int = 0


class SiteSpider(RunSpider):
    """A spider of the live site."""

    counts: Counts
    places: Places
    policy: Policy

    def __init__(self, **arguments: Any) -> None:
        """Prepare a run; Scrapy's ``-a name=value`` arguments come as *arguments*."""
        super().__init__(**arguments)
        self.counts = Counts()
        self.reasons = Reasons()
        self._heads_read = 0  # of the homepage and the heads of lists
        self._gone_heads: list[tuple[str, str, str]] = []  # which answer 404 or 410: when, and what
        self._stored_before = 0  # captures that were there already, to the second and the byte

    @classmethod
    def limits(cls, config: Config) -> tuple[float, int, int]:
        """Return the limits of ``[crawl]``."""
        return config.crawl.timeout, config.crawl.max_bytes, config.crawl.concurrency

    def prepare(self) -> None:
        """Take places and manners from ``embassy.toml``, and the history from the door."""
        crawl = self.config.crawl
        self.places = Places(self.config)
        self.policy = Policy(
            crawl.delay, crawl.jitter, crawl.budget, crawl.retries, crawl.longest_wait
        )
        self.history = self.door.history()
        self.crawler.signals.connect(self._known, signal=signals.item_dropped)

    async def start(self) -> AsyncIterator[Request]:
        """Begin the run, if no other is under way."""
        if not self.begin("another crawl is under way"):
            return
        for request in self.first_requests():
            yield request

    def command(self) -> str:
        """Return the command as it stands in ``runs``."""
        return f"crawl --part {self.name}"

    def first_requests(self) -> Iterator[Request]:
        """Yield the requests with which a run begins."""
        raise NotImplementedError

    def ask(self, canonical: str, priority: int, callback: Then, **more: Any) -> Iterator[Request]:
        """Yield a conditional request for a canonical address of the site, if it is fetched."""
        url = self.places.fetchable(canonical)
        if url is None:
            return
        known = self.history.previous(canonical)
        yield Request(
            url,
            callback=self._answered,
            errback=self._no_answer,
            priority=priority,
            headers=conditions(known),
            cb_kwargs={"then": callback, "more": more},
        )

    def _answered(
        self, response: Response, then: Then, more: dict[str, Any]
    ) -> Iterator[Request | Fetched]:
        """Yield what an answer holds, and what follows from it."""
        assert response.request is not None
        target = self._redirected(response)
        if target is not None:
            hops = response.meta.get("hops", 0) + 1
            yield response.request.replace(url=target, meta={"hops": hops}, dont_filter=True)
            return
        self._note_answer(response)
        if response.status not in range(100, 1000):
            self._failed(response.url, f"its status {response.status} is not an HTTP status")
            return
        raw = self._raw(response)
        if raw is None:
            yield from self._ask_whole(response.request)
            return
        with broken_off():
            page = self.read(raw)
            news = self.history.news(raw, page)
        self._count(response, raw, page)
        step = None
        for found in then(raw, page, news, **more):
            if isinstance(found, WalkStep):
                step = found
            else:
                yield found
        yield Fetched(raw, page, step)

    def _note_answer(self, response: Response) -> None:
        """Note what an answer says of why the run may fail."""
        address = self.places.read(response.url)
        self.reasons.answered(address, response.status)
        location = response.headers.get("Location")
        if 300 <= response.status < 400 and location is not None:
            self._leads(response, location.decode("latin-1"))

    def _leads(self, response: Response, location: str) -> None:
        """Note that an answer leads to *location*."""
        address, mobile = self.places.read(response.url), self.config.profile.site.mobile_hosts
        self.reasons.redirected(address, response.url, location, mobile)

    def _ask_whole(self, request: Request) -> Iterator[Request]:
        """Yield the request without its conditions, for "not modified" refers to what is lost.

        A server that says so to a request without conditions makes no sense.
        """
        whole = without_conditions(request)
        if whole is not None:
            yield whole
        else:
            self._failed(request.url, "it answered 304 to a request without conditions")

    def _redirected(self, response: Response) -> str | None:
        """Return where the same page is to be had under another spelling of its address."""
        location = response.headers.get("Location")
        if not 300 <= response.status < 400 or location is None:
            return None
        if response.meta.get("hops", 0) >= MAX_REDIRECTS:
            return None
        return self.places.redirect_target(response.url, location.decode("latin-1"))

    def _raw(self, response: Response) -> RawCapture | None:
        """Return the capture; ``None`` where "not modified" refers to what is lost."""
        clock, mirror = self.config.crawl.clock, self.places.mirror
        if response.status != 304:
            return raw_capture(response, clock, mirror)
        known = self.history.previous(self.places.read(response.url).url)
        original = self.read_held(known.place if known is not None else None, "live")
        if known is None or original is None:
            return None
        refers_to = (known.url, known.captured_at)
        own = repeated_capture(response, original, clock, refers_to)
        return replace(complete(own, original), record_type="revisit", refers_to=refers_to)

    def _count(self, response: Response, raw: RawCapture, page: Page) -> None:
        self.counts.problems += len(page.problems)
        address = self.places.read(raw.url or "")
        if raw.record_type == "revisit":
            self.counts.unchanged += 1
        fault = None if raw.record_type == "revisit" else fault_of(raw, page, address)
        if fault is None:
            self._heads_read += is_head(address)
            return
        self.counts.unread += 1
        self.counts.unread_heads += is_head(address)
        self.reasons.unlike[fault] += 1
        self.failures.append(f"{response.url}: {fault}")
        if address.kind == "home" and raw.http_status == 200 and (target := _refresh(raw)):
            self._leads(response, target)
        if is_head(address) and raw.http_status in GONE:
            self._gone_heads.append((response.url, raw.captured_at or "", fault))

    def _no_answer(self, failure: "Failure") -> None:
        """Write down that a page could not be fetched, and why."""
        request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        assert error is not None
        if isinstance(error, Refused):
            self.refused.add(str(error))
            self.counts.left += 1
            return
        if is_of_database(error):  # that nothing was asked is no fault of the site
            self.break_off(named(error))
            return
        self._failed(request.url, plain_reason(error))

    def _failed(self, url: str, text: str) -> None:
        self.counts.failed += 1
        self.reasons.silent[text] += 1
        self.failures.append(f"{url}: {text}")
        self.history.no_answer(url, "no answer", answered_at(Response(url), "local"), text)

    def _known(self) -> None:
        self._stored_before += 1

    def answer_failed(self, response: Response, failure: "Failure") -> None:
        """Write down that a page could not be read; the others are."""
        self._failed(response.url, f"its answer could not be handled: {named(failure.value)}")

    def count_up(self) -> None:
        """Complete ``counts``; that the whole site answers 404 is a problem, of one list it is not.

        A list may never have been there.
        """
        super().count_up()
        for url, at, fault in self._gone_heads if self.is_void() else ():
            self.history.no_answer(url, "no answer", at, fault)

    def reason(self) -> str | None:
        """Return why the run did not do all of its work, in words."""
        return self.reasons.told()

    def is_void(self) -> bool:
        """Say whether no page of the site could be read, or none of those where a round begins."""
        has_read = self.counts.stored + self._stored_before - self.counts.unread > 0
        return not has_read or (self.counts.unread_heads > 0 and not self._heads_read)

    def is_partial(self) -> bool:
        """Say whether a page failed, was not the site's, or is left for the next run."""
        return bool(self.counts.failed or self.counts.unread or self.counts.left)


def _refresh(raw: RawCapture) -> str | None:
    """Return where a page leads on by itself, as it says at its beginning, if it does."""
    beginning = raw.payload[:_BEGINNING].decode(raw.charset or "latin-1", "replace")
    _, target = get_meta_refresh(beginning, raw.url or "", ignore_tags=("noscript",))
    return target
