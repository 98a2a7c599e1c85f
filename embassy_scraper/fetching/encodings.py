"""Undoing content encodings, so that a body which ends too soon is known to be cut off.

Scrapy's own middleware gives what it could unpack and says nothing of the rest.
"""

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from embassy_scraper.archives.http import Body, decode_begin, decode_body
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.limits import MAX_ROBOTS_BYTES

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

ACCEPTED = "gzip, deflate, br"


class Encodings:
    """Scrapy's adapter: a downloader middleware in place of ``HttpCompressionMiddleware``."""

    def __init__(self, most: int) -> None:
        """Decode no body to over *most* bytes, or to what its request says."""
        self._most = most

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the middleware for *crawler*: as many bytes as may come, may be unpacked."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        """Ask for what can be undone."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return *response* with its body decoded, flagged where that ends too soon.

        The bytes that came are kept as ``encoded`` in the request's ``meta``.

        Raises:
            IgnoreRequest: the body cannot be decoded, or is too large when it is.
        """
        encodings = response.headers.getlist("Content-Encoding")  # Wayback adds an empty one
        encoding = b",".join(one for one in encodings if one.strip()).decode("latin-1")
        if not encoding or not response.body:
            return response
        request.meta["encoded"] = response.body
        try:
            body = self._decoded(response.body, encoding, request)
        except CaptureRejected as error:
            raise IgnoreRequest(f"{error}") from error
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        flags = [*response.flags, "dataloss"] if body.is_cut else response.flags
        return response.replace(body=body.payload, headers=headers, flags=flags)

    def _decoded(self, body: bytes, encoding: str, request: Request) -> Body:
        """Return *body* decoded; of robots.txt as many bytes as count."""
        headers = {"Content-Encoding": encoding}
        if request.meta.get("is_robots"):
            return decode_begin(body, headers, "", MAX_ROBOTS_BYTES)
        return decode_body(body, headers, "", request.meta.get("download_maxsize", self._most))
