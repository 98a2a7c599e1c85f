"""robots.txt as RFC 9309 means it.

An answer 4xx allows everything; an answer 5xx, or none, forbids everything. A copy is good for
24 hours, also for later runs.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from protego import Protego
from scrapy import Request, exceptions
from scrapy.exceptions import IgnoreRequest

from embassy_scraper.door import History

NO_ANSWER = (
    IgnoreRequest,
    exceptions.CannotResolveHostError,
    exceptions.DownloadCancelledError,
    exceptions.DownloadConnectionRefusedError,
    exceptions.DownloadFailedError,
    exceptions.DownloadTimeoutError,
    exceptions.ResponseDataLossError,
)
GOOD_FOR = timedelta(hours=24)
_HOPS = 6  # requests for one robots.txt
_MOST = 500 * 1024  # bytes that must be read at least, RFC 9309 section 2.5


@dataclass(frozen=True, slots=True)
class Rules:
    """What a robots.txt says; ``rules`` is ``None`` where it allows or forbids everything."""

    rules: Any
    allows_all: bool
    why: str = "robots.txt forbids it"

    def allow(self, url: str, agent: str) -> bool:
        """Say whether *agent* may fetch *url*."""
        return bool(self.rules.can_fetch(url, _token(agent))) if self.rules else self.allows_all

    def delay(self, agent: str) -> float:
        """Return the seconds that it asks *agent* to wait between requests."""
        return float(self.rules.crawl_delay(_token(agent)) or 0) if self.rules else 0.0


def _token(agent: str) -> str:
    """Return the product token of a User-Agent, by which robots.txt names a program."""
    return agent.partition("/")[0]


def read_rules(http_status: int, body: str) -> Rules:
    """Return what an answer to a request for robots.txt means.

    >>> read_rules(404, "Disallow: /").allow("https://a.example/b", "me")
    True
    >>> read_rules(503, "").allow("https://a.example/b", "me")
    False
    """
    if 200 <= http_status < 300:
        return Rules(Protego.parse(body), allows_all=True)
    why = f"robots.txt could not be fetched: the server answered {http_status}"
    return Rules(None, allows_all=300 <= http_status < 500, why=why)


async def _ask(engine: Any, asked: list[str]) -> Any:
    """Return the answer to a request for robots.txt, redirects followed (RFC 9309, 2.3.1.2).

    Each address is the last one of *asked* when it is asked for.
    """
    for _ in range(_HOPS):
        url = asked[-1]
        request = Request(url, meta={"is_robots": True}, priority=1000, dont_filter=True)
        response = await engine.download_async(request)
        location = response.headers.get("Location")
        if not 300 <= response.status < 400 or location is None:
            break
        asked.append(urljoin(url, location.decode("latin-1")))
    return response


def plain_reason(error: BaseException) -> str:
    """Return in words why no answer came."""
    if isinstance(error, exceptions.DownloadConnectionRefusedError):
        return "connection refused"
    if isinstance(error, exceptions.DownloadTimeoutError):
        return "no answer in time"
    if isinstance(error, exceptions.CannotResolveHostError):
        return "no such host"
    text = " ".join(str(error).split())
    if "certificate verify failed" in text:
        return "its certificate could not be verified"
    if "SSL routines" in text:
        return "no secure connection: what answers speaks no TLS that is understood"
    for name in ("ConnectionLost", "ConnectionDone", "ConnectionReset"):
        if name in text:
            return "the connection broke off"
    return (text or type(error).__name__)[:300]


def robots_url(url: str) -> str:
    """Return the address of the robots.txt that holds for *url*."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


async def fetch_rules(engine: Any, url: str, history: History) -> Rules:
    """Return the rules for *url*: those kept, or fetched now."""
    host = urlsplit(url).netloc
    since = (datetime.now(UTC) - GOOD_FOR).strftime("%Y-%m-%dT%H:%M:%SZ")
    known = history.known_robots(host, since)
    if known is not None:
        return read_rules(*known)
    asked = [robots_url(url)]
    try:
        response = await _ask(engine, asked)
    except NO_ANSWER as error:
        why = f"robots.txt could not be fetched: {plain_reason(error)}"
        if (left_for := urlsplit(asked[-1]).hostname) != urlsplit(url).hostname:
            why = f"robots.txt has moved to {left_for}, where it was not fetched"
        return Rules(None, allows_all=False, why=why)
    body = response.body[:_MOST].decode("utf-8-sig", "replace")
    if "dataloss" in response.flags:
        return Rules(None, allows_all=False, why="robots.txt could not be fetched: it was cut off")
    if response.status < 500 and response.status != 429:
        history.keep_robots(host, response.status, body)
    return read_rules(response.status, body)
