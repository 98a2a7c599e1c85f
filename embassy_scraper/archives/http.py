"""The body of an archived HTTP response, free of transfer and content encodings."""

import io
import zlib
from dataclasses import dataclass

from fastwarc.stream_io import BrotliReader
from fastwarc.warc import HeaderMap

from embassy_scraper.errors import CaptureRejected

MAX_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Body:
    """A decoded body. ``is_short``: fewer bytes came than announced; ``is_whole``: all came."""

    payload: bytes
    is_short: bool
    is_whole: bool


def decode_body(body: bytes, headers: HeaderMap) -> Body:
    """Return *body* decoded as *headers* say.

    Archives often store a body decoded and leave the headers as they were, so an encoding that
    the bytes do not have is taken as already undone.

    Raises:
        CaptureRejected: it cannot be decoded, or decodes to more than any page has.
    """
    is_short = is_whole = False
    announced = headers.get("Content-Length")
    if announced is not None and announced.strip().isdigit():
        is_short = len(body) < int(announced)
        is_whole = len(body) == int(announced)
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        chunks = _unchunk(body)
        if chunks is not None:
            body, ended = chunks
            is_short, is_whole = not ended, ended
    for encoding in reversed((headers.get("Content-Encoding") or "").lower().split(",")):
        body, ended = _decompress(body, encoding.strip())
        is_short, is_whole = is_short or not ended, is_whole and ended
    return Body(body, is_short, is_whole)


def _unchunk(body: bytes) -> tuple[bytes, bool] | None:
    """Return the joined chunks and whether the last one came; ``None`` where it has no chunks."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 1024)
        size = body[at:end].partition(b";")[0].strip() if end >= 0 else b""
        try:
            length = int(size, 16)
        except ValueError:
            return (b"".join(parts), False) if parts else None
        if length == 0:
            return b"".join(parts), True
        chunk = body[end + 2 : end + 2 + length]
        parts.append(chunk)
        if len(chunk) < length:
            return b"".join(parts), False
        at = end + 2 + length + 2


def _decompress(body: bytes, encoding: str) -> tuple[bytes, bool]:
    """Return *body* decompressed, and whether its end came."""
    if encoding in {"gzip", "x-gzip"} and body[:2] == b"\x1f\x8b":
        return _inflate(body, 16 + zlib.MAX_WBITS)
    if encoding == "deflate":
        try:
            return _inflate(body, zlib.MAX_WBITS)
        except CaptureRejected:
            return body, True
    if encoding == "br":
        return _unbrotli(body)
    return body, True


def _inflate(body: bytes, wbits: int) -> tuple[bytes, bool]:
    inflater = zlib.decompressobj(wbits)
    try:
        data = inflater.decompress(body, MAX_BYTES)
    except zlib.error as error:
        raise CaptureRejected("undecodable body", f"its body is no {error}") from error
    if inflater.unconsumed_tail:
        raise CaptureRejected("too large", f"its body decodes to over {MAX_BYTES} bytes")
    return data, inflater.eof


def _unbrotli(body: bytes) -> tuple[bytes, bool]:
    try:
        data = BrotliReader(io.BytesIO(body)).read(MAX_BYTES + 1)
    except (OSError, ValueError):
        if body.lstrip()[:1] == b"<":
            return body, True
        raise CaptureRejected("undecodable body", "its body is no readable brotli") from None
    if len(data) > MAX_BYTES:
        raise CaptureRejected("too large", f"its body decodes to over {MAX_BYTES} bytes")
    return data, True
