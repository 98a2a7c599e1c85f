"""Parts of a file by HTTP Range (RFC 9110, section 14)."""

import re
from dataclasses import dataclass

from scrapy import Request
from scrapy.http import Response

from embassy_scraper.errors import CaptureRejected

_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,15})-[0-9]{1,15}/([0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file, and the bytes of the whole file."""

    body: bytes
    size: int


def range_request(url: str, start: int, length: int) -> Request:
    """Return the request for *length* bytes of a file, from byte *start* on."""
    told = {"Range": f"bytes={start}-{start + length - 1}"}
    return Request(url, headers=told, dont_filter=True)


def read_part(response: Response, start: int, length: int) -> Part:
    """Return the part asked for; less than *length* bytes only where the file ends.

    Raises:
        CaptureRejected: it is not a part, another one, or cut off.
    """
    if response.status != 206:
        raise CaptureRejected("range", f"answered {response.status}, not a part of the file")
    told = (response.headers.get("Content-Range") or b"").decode("latin-1")
    found = _CONTENT_RANGE.fullmatch(told.strip())
    if found is None or int(found[1]) != start:
        raise CaptureRejected("range", f"sent another part of the file, {told or 'unnamed'}")
    size = int(found[2])
    expected = min(length, size - start)
    if len(response.body) != expected:
        got = f"{len(response.body)} bytes instead of {expected}"
        raise CaptureRejected("range", f"{got}: the part is cut off")
    return Part(response.body, size)
