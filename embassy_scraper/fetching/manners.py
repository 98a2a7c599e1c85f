"""How a crawl behaves towards a host that is not ours: one place for all of it.

Every request waits for its turn: the delay of the settings or the Crawl-delay of robots.txt, the
longer one, plus some chance; and as long as a server asks for with Retry-After. No request leaves
the site's own hosts, none goes where robots.txt forbids, none beyond the budget.
"""

import asyncio
import logging
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Response

from embassy_scraper.door import History
from embassy_scraper.fetching.downloads import over_limit
from embassy_scraper.fetching.robots import Rules, fetch_rules, plain_reason, robots_url
from embassy_scraper.http_dates import read_http_date
from embassy_scraper.limits import MAX_BUSY, MAX_ROBOTS_BYTES, MAX_SILENT

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_LOG = logging.getLogger(__name__)
_AGES = 1e9  # seconds; longer is no other length of time to anybody who waits
_BUSY = frozenset({429, 503})
_SLICE = 0.25  # seconds; so soon a waiting crawl notices that it shall end


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of a spider's manners, in seconds and requests.

    A request's own ``pause`` (in its ``meta``) goes before ``delay``; ``busy_pause`` is how long to
    wait at least after an answer 429 or 503.
    """

    delay: float
    jitter: float
    budget: int
    retries: int
    longest_wait: float
    busy_pause: float = 0.0
    asks_robots: bool = True


class Refused(IgnoreRequest):
    """A request that good manners forbid; the message says which."""


class Manners:
    """Scrapy's adapter: a downloader middleware before all others."""

    def __init__(self, crawler: "Crawler") -> None:
        """Take the manners from the spider's settings."""
        self._crawler = crawler
        spider: Any = crawler.spider
        self._policy: Policy = spider.policy
        self._places = spider.places
        self._history: History = spider.history
        self._agent = crawler.settings["USER_AGENT"]
        self._rules: dict[str, asyncio.Task[Rules]] = {}
        self._turn = asyncio.Lock()
        self._delay = self._policy.delay
        self._next_at = 0.0  # on the monotonic clock
        self._closed: str | None = None
        self._silent = 0  # requests without an answer since the last one
        self._busy = 0  # answers of a busy server since the last other one
        self.sent = 0

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the manners for *crawler*."""
        manners = cls(crawler)
        crawler.signals.connect(manners.bytes_came, signal=signals.bytes_received)
        return manners

    async def process_request(self, request: Request) -> None:
        """Let *request* wait for its turn.

        Raises:
            Refused: it must not be sent.
        """
        if not self._places.is_own(request.url):
            raise Refused("not one of the site's own hosts")
        if self._policy.asks_robots and not request.meta.get("is_robots"):
            await self._ask_robots(request)
        if self._closed is not None:
            raise Refused(self._closed)
        async with self._turn:
            if self.sent >= self._policy.budget:
                raise Refused("budget")
            await self._wait()
            if self._closed is not None:
                raise Refused(self._closed)
            self.sent += 1
            request.meta["robots_bytes"] = 0  # of this try
            pause = request.meta.get("pause", self._delay) * (
                1 + random.uniform(0, self._policy.jitter)
            )
            if self._busy:  # one by one, until it is no more
                pause = max(pause, self._policy.busy_pause)
            self._next_at = max(self._next_at, time.monotonic() + pause)

    async def _ask_robots(self, request: Request) -> None:
        place = robots_url(request.url)
        if place not in self._rules:
            fetch = fetch_rules(self._crawler.engine, request.url, self._history)
            self._rules[place] = asyncio.ensure_future(fetch)
        rules = await self._rules[place]
        asked = rules.delay(self._agent)
        if asked > self._policy.longest_wait:
            self._closed = f"robots.txt asks to wait {asked:.0f} s between requests"
        self._delay = max(self._policy.delay, asked)
        if not rules.allow(request.url, self._agent):
            raise Refused(rules.why)

    async def _wait(self) -> None:
        while (left := self._next_at - time.monotonic()) > 0:
            if not self._crawler.crawling:
                raise Refused("the run is ending")
            await asyncio.sleep(min(left, _SLICE))

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Return *response*, or the same request once more where it may do better.

        An error that an archive plays back is another server's, of long ago.
        """
        _LOG.info("%d %s", response.status, request.url)
        self._silent = 0
        if "Memento-Datetime" in response.headers:
            self._busy = 0
            return response
        self._busy = self._busy + 1 if response.status in _BUSY else 0
        if response.status in _BUSY:
            self._pause(response)
        if self._busy >= MAX_BUSY:
            self._closed = f"answered {response.status} {self._busy} times in a row"
        if response.status in _BUSY or response.status >= 500:
            return self._again(request) or response
        return response

    def bytes_came(self, data: bytes, request: Request) -> None:
        """Count the bytes of a robots.txt.

        Raises:
            StopDownload: as many of them came as count; the rest is not fetched.
        """
        if request.meta.get("is_robots"):
            request.meta["robots_bytes"] += len(data)
            if request.meta["robots_bytes"] >= MAX_ROBOTS_BYTES:
                raise StopDownload(fail=False)

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Return the same request once more, if no answer came and it may do better."""
        if isinstance(exception, IgnoreRequest):
            return None
        if over_limit(exception) is not None:
            self._silent = 0
            return None
        _LOG.info("%s: %s", request.url, plain_reason(exception))
        self._silent += 1
        if self._silent >= MAX_SILENT:
            self._closed = f"no answer {self._silent} times in a row: {plain_reason(exception)}"
        return self._again(request)

    def _pause(self, response: Response) -> None:
        """Wait as long as the server asks for; where that is too long, end the run."""
        seconds = max(seconds_to_wait(response), self._delay, self._policy.busy_pause)
        if seconds > self._policy.longest_wait:
            self._closed = f"the server asks to wait {seconds:.0f} s"
        self._next_at = max(self._next_at, time.monotonic() + seconds)

    def _again(self, request: Request) -> Request | None:
        tries = request.meta.get("tries", 0) + 1
        if tries > self._policy.retries or self._closed is not None:
            return None
        again: Request = request.replace(dont_filter=True, priority=request.priority + 1)
        again.meta["tries"] = tries
        return again


def seconds_to_wait(response: Response) -> float:
    """Return the seconds that the Retry-After of *response* asks for: a number, or a date.

    What is neither asks for a minute.
    """
    asked = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if asked.isascii() and asked.isdigit():
        return min(float(asked), _AGES)
    until = read_http_date(asked)
    if until is None:
        return 60.0 if asked else 0.0
    now = read_http_date((response.headers.get("Date") or b"").decode("latin-1"))
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())
