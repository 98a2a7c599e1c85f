"""Saved answers: what ``curl -i`` and ``wget --save-headers`` write, the head before the page."""

import io
import re
from contextlib import suppress
from urllib.parse import urljoin

from fastwarc.warc import HeaderMap

from embassy_scraper.archives.http import decode_body, read_content_type
from embassy_scraper.archives.told import Told
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.http_dates import read_http_date
from embassy_scraper.items import RawCapture
from embassy_scraper.limits import MAX_ANSWER_HEADS, MAX_HTTP_HEAD

_END_OF_HEAD = re.compile(rb"\r?\n\r?\n|\Z")
_NEXT_HEAD = re.compile(rb"HTTP/[0-9](?:\.[0-9])? +[0-9]{3}\b")
_TUNNEL = re.compile(rb"HTTP/\S+ +200 +Connection established", re.I)  # as proxies begin
_AGAIN = (401, 407)  # asked for a password, which the next answer was given for


def read_answer(data: bytes) -> tuple[RawCapture, Told]:
    """Return the answer that *data* holds, and what its ``Date`` tells.

    Where several heads stand before the page, of redirects or of a proxy, the last is the page's;
    redirects before it tell its address, as far as they do.

    Raises:
        CaptureRejected: its head or body cannot be read.
    """
    redirect: str | None = None
    for _ in range(MAX_ANSWER_HEADS):
        end = _END_OF_HEAD.search(data, 0, MAX_HTTP_HEAD + 1)
        assert end is not None  # the end of the file is one, or that of what is searched
        if end.start() > MAX_HTTP_HEAD:
            raise CaptureRejected("too large", f"its HTTP head has over {MAX_HTTP_HEAD} bytes")
        head, body = data[: end.start()], data[end.end() :]
        if not _NEXT_HEAD.match(body):
            break
        redirect = _led_to(head, redirect)
        data = body
    fields = _fields(head)
    media_type, charset = read_content_type(fields.get("Content-Type") or "")
    decoded = decode_body(body, fields, media_type)
    raw = RawCapture(
        payload=decoded.payload,
        media_type=media_type,
        source="http",
        charset=charset,
        http_status=fields.status_code,
        http_head=fields.to_tuples(),
        announced_bytes_missing=decoded.is_cut,
        body_is_whole=decoded.is_whole,
        record_type="response",
    )
    return raw, Told("response", None, date_in(fields.get("Date")), redirect)


def _led_to(head: bytes, before: str | None) -> str | None:
    """Return where the answers up to that of *head* led to, which was *before* up to the last."""
    fields = _fields(head)
    status = fields.status_code or 0
    if 100 <= status < 200 or status in _AGAIN or _TUNNEL.match(head):
        return before
    location = (fields.get("Location") or "").strip()
    if not 300 <= status < 400 or not location or before == "":
        return ""
    with suppress(ValueError):
        return urljoin(before or "", location)
    return ""


def _fields(head: bytes) -> HeaderMap:
    fields = HeaderMap()
    lines = head.replace(b"\r\n", b"\n").split(b"\n")
    try:
        fields.parse(io.BytesIO(b"\r\n".join((*lines, b"", b""))))
    except OSError as error:
        raise CaptureRejected(
            "unreadable file", f"its HTTP head cannot be read: {error}"
        ) from error
    return fields


def date_in(text: str | None) -> str | None:
    """Return the instant in a ``Date`` field, UTC; ``None`` where there is none to be read.

    >>> date_in("Fri, 05 Mar 2021 12:05:00 +0300")
    '2021-03-05T09:05:00Z'
    """
    moment = read_http_date(text)
    if moment is None:
        return None
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
