"""The body of an archived HTTP response, free of transfer and content encodings."""

import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from fastwarc.stream_io import BrotliReader
from fastwarc.warc import HeaderMap

from embassy_scraper.archives.unpackers import (
    DAMAGES,
    GZIP_MAGIC,
    ZSTD,
    Unpacker,
    gzip_member,
    zstd_frames,
)
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.limits import MAX_BYTES, MAX_CHUNK_LINE, MAX_ENCODINGS, MAX_MEMBERS

_GZIP = re.compile(GZIP_MAGIC)
_STEP = 1 << 7  # bytes
_BLOCK = 1 << 14
_FRAME = 16  # bytes; by so many brotli is longer than what it cannot make shorter
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SEEN = 512  # bytes; so many of compressed data without a control character are no chance
_MEDIA_TYPE = re.compile(r"[!-:<-~]*")  # what is not ASCII is decoded in more ways than one
_LENGTH = re.compile(r"[0-9]{1,18}")  # more digits are no number of bytes, and slow to read
_CHUNK = re.compile(rb"[0-9a-fA-F]{1,16}")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]+)", re.A)


def read_length(text: str | None) -> int | None:
    """Return the number of bytes that a header announces; ``None`` where it is no such number.

    >>> read_length(" 12 "), read_length("-1"), read_length("9" * 5000)
    (12, None, None)
    """
    text = (text or "").strip()
    return int(text) if _LENGTH.fullmatch(text) else None


def read_content_type(header: str) -> tuple[str, str | None]:
    """Return media type and charset that a Content-Type header names, in small letters.

    >>> read_content_type("text/HTML; Charset='UTF-8'")
    ('text/html', 'utf-8')
    """
    header = header.strip(" \t").lower()
    media_type, charset = _MEDIA_TYPE.match(header), _CHARSET.search(header)
    return media_type[0] if media_type else "", charset[1] if charset else None


@dataclass(frozen=True, slots=True)
class Body:
    """A decoded body. ``is_cut``: fewer bytes came than announced; ``is_whole``: all came."""

    payload: bytes
    is_cut: bool
    is_whole: bool


def decode_body(
    body: bytes, headers: HeaderMap | dict[str, str], media_type: str, most: int = MAX_BYTES
) -> Body:
    """Return *body* decoded as *headers* say.

    Archives often store a body decoded and leave the headers as they were, so an encoding that
    the bytes do not have is taken as already undone; and some drop the header of an encoding
    that is not undone, so a page that is gzip is unpacked.

    Raises:
        CaptureRejected: it cannot be decoded, or decodes to over *most* bytes.
    """
    decoded = decode_begin(body, headers, media_type, most)
    if len(decoded.payload) > most:
        raise CaptureRejected("too large", f"its body decodes to over {most} bytes")
    return decoded


def decode_begin(
    body: bytes, headers: HeaderMap | dict[str, str], media_type: str, most: int
) -> Body:
    """Return *body* decoded as ``decode_body`` does; what lies behind *most* bytes may be missing.

    Raises:
        CaptureRejected: it cannot be decoded.
    """
    is_cut = is_whole = False
    announced = read_length(headers.get("Content-Length"))
    if announced is not None:
        is_cut = len(body) < announced
        is_whole = len(body) == announced
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        chunks = _unchunk(body)
        if chunks is not None:
            body, ended = chunks
            is_cut, is_whole = not ended, ended
    told = (headers.get("Content-Encoding") or "").lower().split(",")
    encodings = [name for one in told if (name := one.strip())]
    if media_type.lower().startswith("text/") and not encodings:
        encodings = ["gzip"]
    if len(encodings) > MAX_ENCODINGS:
        reason = f"its body is in over {MAX_ENCODINGS} encodings, one in the other"
        raise CaptureRejected("undecodable body", reason)
    for encoding in reversed(encodings):
        body, ended = _decompress(body, encoding, most)
        is_cut, is_whole = is_cut or not ended, is_whole and ended
        if len(body) > most:
            break
    return Body(body, is_cut, is_whole)


def whole_body(body: bytes, headers: HeaderMap) -> Body:
    """Return *body* as it is, which was decoded when it was kept."""
    announced = read_length(headers.get("Content-Length"))
    is_cut = announced is not None and len(body) < announced
    return Body(body, is_cut, len(body) == announced)


def _unchunk(body: bytes) -> tuple[bytes, bool] | None:
    """Return the joined chunks and whether the last one came; ``None`` where it has no chunks."""
    data = bytearray()
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + MAX_CHUNK_LINE)
        size = body[at:end].partition(b";")[0].strip() if end >= 0 else b""
        if not _CHUNK.fullmatch(size):  # what int() takes may be below zero
            return (bytes(data), False) if at else None
        length = int(size, 16)
        if length == 0:
            return bytes(data), True
        chunk = body[end + 2 : end + 2 + length]
        data += chunk
        if len(chunk) < length:
            return bytes(data), False
        at = end + 2 + length + 2


def _decompress(body: bytes, encoding: str, most: int) -> tuple[bytes, bool]:
    """Return *body* decompressed, and whether its end came.

    It ends soon behind *most* bytes, however many there are: a page of a few kilobytes can become
    gigabytes.
    """
    if encoding in {"", "identity", "none"} or not body:
        return body, True
    if encoding in {"gzip", "x-gzip"}:
        return _unpack_all(body, _GZIP, gzip_member, most)
    if encoding == "zstd" and ZSTD.match(body):
        return _unpack_all(body, ZSTD, zstd_frames(), most)
    if encoding == "br":
        return _unbrotli(body, most)
    if _is_text(body):
        return body, True
    if encoding == "deflate":
        try:
            return _inflate(body, zlib.MAX_WBITS, most)
        except CaptureRejected:
            return _inflate(body, -zlib.MAX_WBITS, most)  # without its header, as some servers do
    raise CaptureRejected(
        "undecodable body", f"its body is in an unknown encoding, {encoding[:40]}"
    )


def _unpack_all(
    body: bytes, magic: re.Pattern[bytes], begin: Callable[[], Unpacker], most: int
) -> tuple[bytes, bool]:
    """Return all members of *body* joined, and whether the last one ended.

    Without *magic* at its beginning *body* is as it is; behind the last member zeros and line ends
    may follow.
    """
    if not magic.match(body):
        return body, True
    parts: list[bytes] = []
    at = size = 0
    ended = True
    while ended and size <= most and magic.match(body, at):
        data, at, ended = _unpack_one(body, at, begin(), most - size)
        parts.append(data)
        size += len(data)
        if len(parts) > MAX_MEMBERS:
            raise CaptureRejected("too large", f"its body has over {MAX_MEMBERS} compressed parts")
    return b"".join(parts), ended


def _unpack_one(body: bytes, at: int, unpacker: Unpacker, most: int) -> tuple[bytes, int, bool]:
    """Return the data of the member that begins *at*, where it ends, and whether its end came.

    In steps: what follows a member is copied, and each four bytes can become 128 KB.
    """
    parts: list[bytes] = []
    size = 0
    while at < len(body) and not unpacker.eof and size <= most:
        step = body[at : at + _STEP]
        try:
            data = unpacker.decompress(step)
        except DAMAGES as error:
            told = f"its compressed body is damaged: {error}"
            raise CaptureRejected("undecodable body", told) from error
        parts.append(data)
        size += len(data)
        at += len(step) - len(unpacker.unused_data)
    return b"".join(parts), at, unpacker.eof


def _inflate(body: bytes, wbits: int, most: int) -> tuple[bytes, bool]:
    """Return the data, and whether its end came."""
    data, _, ended = _unpack_one(body, 0, zlib.decompressobj(wbits), most)
    return data, ended


def _unbrotli(body: bytes, most: int) -> tuple[bytes, bool]:
    """Return *body* decompressed, as far as it can be read where it is cut off.

    Some text is brotli by its first letters, and ends at once: it does not become longer.
    """
    reader = BrotliReader(io.BytesIO(body))
    parts: list[bytes] = []
    size = 0
    is_readable = True
    try:
        while size <= most and (data := reader.read(_BLOCK)):
            parts.append(data)
            size += len(data)
    except (OSError, ValueError):
        is_readable = False
    if _is_text(body) and not (is_readable and size > len(body) - _FRAME):
        return body, True
    if not is_readable and not parts:
        raise CaptureRejected("undecodable body", "its body is not readable brotli")
    return b"".join(parts), is_readable


def _is_text(body: bytes) -> bool:
    """Say whether *body* is text already: no control characters in what compressed data fills."""
    return _CONTROL.search(body, 0, _SEEN) is None
