"""robots.txt as RFC 9309 means it.

An answer 4xx allows everything; an answer 5xx, or none, forbids everything. A copy is good for
24 hours, also for later runs. Of a long one its first 500 KiB count, and no more is fetched.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from protego import Protego
from scrapy import Request, exceptions
from scrapy.exceptions import IgnoreRequest

from embassy_scraper.door import History
from embassy_scraper.fetching.downloads import over_limit
from embassy_scraper.limits import MAX_ROBOTS_BYTES, MAX_ROBOTS_PAIRS, MAX_ROBOTS_REDIRECTS

NO_ANSWER = (
    IgnoreRequest,
    exceptions.CannotResolveHostError,
    exceptions.DownloadCancelledError,
    exceptions.DownloadConnectionRefusedError,
    exceptions.DownloadFailedError,
    exceptions.DownloadTimeoutError,
    exceptions.ResponseDataLossError,
)
_REASONS = {
    exceptions.DownloadConnectionRefusedError: "connection refused",
    exceptions.DownloadTimeoutError: "no answer in time",
    exceptions.CannotResolveHostError: "no such host",
}
GOOD_FOR = timedelta(hours=24)


class BadRedirect(Exception):
    """A robots.txt has moved to what is no address; the message says so."""


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

    One whose reading would take time and memory beyond measure forbids everything: 250 KiB of
    names over 250 KiB of rules are 600 million rules.

    >>> read_rules(404, "Disallow: /").allow("https://a.example/b", "me")
    True
    >>> read_rules(503, "").allow("https://a.example/b", "me")
    False
    """
    if 200 <= http_status < 300:
        if _pairs(body) > MAX_ROBOTS_PAIRS:
            return Rules(None, allows_all=False, why="robots.txt names too many robots to be read")
        return Rules(Protego.parse(body), allows_all=True)
    why = f"robots.txt could not be fetched: the server answered {http_status}"
    return Rules(None, allows_all=300 <= http_status < 500, why=why)


def _pairs(body: str) -> int:
    """Return how many rules a robots.txt of so many names and lines can have at most."""
    lines = body.splitlines()
    return len(lines) * sum(line.strip()[:4].lower() == "user" for line in lines)


async def _ask(engine: Any, asked: list[str]) -> Any:
    """Return the answer to a request for robots.txt, redirects followed (RFC 9309, 2.3.1.2).

    Each address is the last one of *asked* when it is asked for.

    Raises:
        BadRedirect: it leads to what is no address.
    """
    for _ in range(MAX_ROBOTS_REDIRECTS + 1):
        url = asked[-1]
        response = await engine.download_async(_request(url))
        location = response.headers.get("Location")
        if not 300 <= response.status < 400 or location is None:
            break
        asked.append(_led_to(url, location.decode("latin-1")))
    return response


def _request(url: str) -> Request:
    """Return the request for a robots.txt; how much of it is read, the manners say."""
    meta = {"is_robots": True, "download_maxsize": 0}
    return Request(url, meta=meta, priority=1000, dont_filter=True)


def _led_to(url: str, location: str) -> str:
    """Return where a redirect of *url* leads.

    Raises:
        BadRedirect: it is no address.
    """
    try:
        target = urljoin(url, location)
        _request(target)
    except ValueError as error:
        raise BadRedirect(f"robots.txt has moved to what is no address, {location[:80]}") from error
    return target


def plain_reason(error: BaseException) -> str:
    """Return in words why no answer came."""
    plain = next((told for kind, told in _REASONS.items() if isinstance(error, kind)), None)
    if (told := over_limit(error) or plain) is not None:
        return told
    text = " ".join(str(error).split())
    if "certificate verify failed" in text:
        return "its certificate could not be verified"
    if "SSL routines" in text:
        return "no secure connection: what answers speaks no TLS that is understood"
    for name in ("ConnectionLost", "ConnectionDone", "ConnectionReset"):
        if name in text:
            return "the connection broke off"
    for one in getattr(error.__cause__, "reasons", ()):  # what Twisted's parser found
        if type(one.value).__name__ == "ParseError":
            return "what answers speaks no HTTP"
        text = f"its answer cannot be read: {type(one.value).__name__}: {one.value}"
    return (text or type(error).__name__)[:300]


def _host(url: str) -> str:
    """Return host and port of *url*; where it has none, what it begins with."""
    return urlsplit(url).netloc.rpartition("@")[2] or url[:80]


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
        if (left_for := _host(asked[-1])) != _host(url):
            why = f"robots.txt has moved to {left_for}, where it was not fetched"
        return Rules(None, allows_all=False, why=why)
    except BadRedirect as error:
        return Rules(None, allows_all=False, why=f"{error}")
    is_long = "download_stopped" in response.flags or len(response.body) > MAX_ROBOTS_BYTES
    body = _whole_lines(response.body) if is_long else response.body
    if "dataloss" in response.flags and not is_long:
        return Rules(None, allows_all=False, why="robots.txt could not be fetched: it was cut off")
    text = body.decode("utf-8-sig", "replace")
    if response.status < 500 and response.status != 429:
        history.keep_robots(host, response.status, text)
    return read_rules(response.status, text)


def _whole_lines(body: bytes) -> bytes:
    """Return the lines of *body* that count: what a cut leaves of the last one is another rule."""
    begin = body[:MAX_ROBOTS_BYTES]
    return begin[: max(begin.rfind(b"\n"), begin.rfind(b"\r")) + 1]
