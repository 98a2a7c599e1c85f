"""The HTTP head of an archived answer: where it ends, and the status that it tells."""

import re

from fastwarc.warc import HeaderMap, WarcRecord

from embassy_scraper.errors import CaptureRejected
from embassy_scraper.limits import MAX_HTTP_HEAD

_BEGINNING = b"HTTP/"
_END = re.compile(rb"\n\r*\n")
_STATUS = range(100, 1000)  # it has three digits


def parse_head(record: WarcRecord, *, is_cut: bool) -> HeaderMap:
    """Return the HTTP head in the block of *record*; what follows it is left to be read.

    Its lines may end in bare line feeds.

    Raises:
        CaptureRejected: it cannot be read, or the record ends inside it.
    """
    block = record.reader.read()
    usual = _in_usual_form(block)
    if usual is None and is_cut and block:
        raise CaptureRejected("damaged record", "it is cut off inside its HTTP head")
    if usual in (None, block):
        record.reader.seek(0)
    else:
        record.set_bytes_content(usual)
    record.is_http |= block.startswith(_BEGINNING)  # whatever its Content-Type says
    try:
        record.parse_http()
    except (OSError, ValueError) as error:
        raise CaptureRejected("damaged record", f"its HTTP head cannot be read: {error}") from error
    head = record.http_headers
    if head is None or not block:
        raise CaptureRejected("damaged record", "it has no HTTP head")
    if usual is None and status_of(head) is None:
        raise CaptureRejected("damaged record", "its HTTP head does not end, and tells no status")
    return head


def _in_usual_form(block: bytes) -> bytes | None:
    """Return *block* with all lines of its HTTP head ended as usual; ``None``: it has no end.

    Raises:
        CaptureRejected: it is too large.
    """
    found = _END.search(block, 0, MAX_HTTP_HEAD)
    if found is None and len(block) > MAX_HTTP_HEAD:
        told = f"its HTTP head has over {MAX_HTTP_HEAD} bytes"
        raise CaptureRejected("damaged record", told)
    if found is None:
        return None
    head = block[: found.start() + 1]
    is_usual = head.count(b"\n") == head.count(b"\r\n") and b"\r\r" not in head
    if is_usual and found[0] == b"\n\r\n":
        return block
    lines = [line.rstrip(b"\r") for line in head.split(b"\n")]
    return b"\r\n".join([*lines, block[found.end() :]])


def status_of(head: HeaderMap) -> int | None:
    """Return the status that an HTTP *head* tells; ``None`` where it tells none."""
    status: int | None = head.status_code
    return status if status in _STATUS else None
