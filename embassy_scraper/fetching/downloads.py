"""Downloading: Scrapy's own handler, with a bound on the head of an answer.

Twisted bounds each line of a head, but neither how many lines there are, nor how many lines a
folded field has, nor how many answers 1xx come first. Scrapy bounds the body.
"""

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.exceptions import DownloadCancelledError
from twisted.python.failure import Failure

from embassy_scraper.limits import MAX_HEAD_BYTES

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class HeadTooLarge(Exception):
    """The head of an answer does not end in as many bytes as any head has."""


class BoundedDownloads(HTTP11DownloadHandler):
    """Scrapy's adapter: the download handler for http and https."""

    def __init__(self, crawler: "Crawler") -> None:
        """Let every connection count what it is sent."""
        super().__init__(crawler)
        self._pool._factory = _Factory


class _Protocol(_LenientHTTP11ClientProtocol):
    """One connection: it is closed at once when a head does not end, or when nothing was asked."""

    transport: Any
    _parser: Any
    _head_bytes = 0  # that came before the newest piece, while the body had not begun

    def request(self, request: Any) -> Any:
        """Send *request*, and count anew."""
        self._head_bytes = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        """Read the next piece of an answer."""
        parser, transport = self._parser, self.transport
        if parser is None or transport.disconnecting:
            transport.abortConnection()
            return
        if parser.bodyDecoder is None:
            if self._head_bytes > MAX_HEAD_BYTES:
                told = f"the head of its answer does not end in {MAX_HEAD_BYTES} bytes"
                transport.abortConnection()
                self._disconnectParser(Failure(HeadTooLarge(told)))  # type: ignore[no-untyped-call]
                return
            self._head_bytes += len(data)
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _Protocol:
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


def over_limit(error: BaseException | None) -> str | None:
    """Return in words over which limit an answer is; ``None`` where it is not for that it failed.

    To ask for it once more would not help.
    """
    if isinstance(error, DownloadCancelledError):
        return "its answer is larger than any page"
    reasons = getattr(getattr(error, "__cause__", None), "reasons", ())
    found = (one.value for one in reasons if isinstance(one.value, HeadTooLarge))
    return next(map(str, found), None)
