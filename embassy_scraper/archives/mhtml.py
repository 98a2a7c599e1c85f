"""MHTML: a page and what it shows in one file, as browsers write it (RFC 2557)."""

import re
from email import message_from_bytes
from email.errors import (
    CloseBoundaryNotFoundDefect,
    HeaderParseError,
    InvalidBase64LengthDefect,
)
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32
from itertools import chain

from embassy_scraper.archives.answer import date_in
from embassy_scraper.archives.http import read_content_type
from embassy_scraper.archives.told import Told
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import HTML_TYPES, RawCapture
from embassy_scraper.limits import (
    MAX_MHTML_BYTES,
    MAX_MHTML_FIELD,
    MAX_MHTML_LINES,
    MAX_MHTML_PARTS,
)

_BLANK = b"\xef\xbb\xbf \t\r\n"
_BLANKS = rb"[\s\x1c-\x1f]*"  # as text is stripped of
_NESTED = re.compile(
    rb"(?:^|\r)content-type:" + _BLANKS + rb"(?:multipart|message)/", re.IGNORECASE | re.MULTILINE
)
_ENCODING = "Content-Transfer-Encoding"
_ENCODINGS = frozenset(
    "7bit 8bit binary quoted-printable base64 x-uuencode uuencode uue x-uue".split()
)
_COMMENT = re.compile(r"\([^()]*\)")
_DEEPEST = 20  # parts of parts in one file; browsers write one, and the parser is slow in them


class _Fields(Compat32):
    """How the library reads fields: none that it would take too long for."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        if name.lower() == "content-type":
            _refuse_long(value)
        return name, value


def read_mhtml(data: bytes) -> tuple[RawCapture, Told]:
    """Return the page in the MHTML file *data*, and what the file's headers tell of it.

    The page is the part that ``start`` names, else the one of the address that was saved, else
    the first HTML.

    Raises:
        CaptureRejected: it holds no page, or one in an encoding that is unknown or damaged.
    """
    if _is_beyond_measure(data):
        told = "an MHTML file that is larger, or has more parts, than that of any page"
        raise CaptureRejected("too large", told)
    if len(_NESTED.findall(data)) > _DEEPEST:
        raise CaptureRejected("unreadable file", "an MHTML file of too many parts in parts")
    message = message_from_bytes(data.lstrip(_BLANK), policy=_Fields())
    parts = [part for part in message.walk() if not part.is_multipart()]
    page = _page_of(message, parts)
    payload = _decoded(page) if page is not None else None
    if page is None or not isinstance(payload, bytes):
        raise CaptureRejected("unreadable file", "an MHTML file without a page; save it once more")
    media_type, charset = read_content_type(_field(page, "Content-Type") or "text/html")
    raw = RawCapture(
        payload=payload,
        media_type=media_type,
        source="mhtml",
        charset=charset,
        announced_bytes_missing=page is parts[-1] and _is_cut(message),
    )
    url = _url(message, "Snapshot-Content-Location") or _url(page, "Content-Location")
    return raw, Told("record", url, date_in(_field(message, "Date")))


def _is_beyond_measure(data: bytes) -> bool:
    """Say whether the library would need more memory for *data* than any page is worth.

    It takes ten times the size of a file, and makes objects of all lines and parts.
    """
    return (
        len(data) > MAX_MHTML_BYTES
        or data.count(b"\n") + data.count(b"\r") > 2 * MAX_MHTML_LINES
        or data.count(b"\n--") + data.count(b"\r--") > MAX_MHTML_PARTS
    )


def _page_of(message: Message, parts: list[Message]) -> Message | None:
    start = str(message.get_param("start") or "").strip("<>")
    saved = _url(message, "Snapshot-Content-Location")
    pages = [part for part in parts if part.get_content_type() in HTML_TYPES]
    by_id = (
        one for one in pages if start and (_field(one, "Content-ID") or "").strip("<>") == start
    )
    by_url = (one for one in pages if saved and _url(one, "Content-Location") == saved)
    return next(chain(by_id, by_url, pages), None)


def _decoded(page: Message) -> object:
    """Return the bytes of a *page*, whose encoding the library knows in its barest form alone.

    Raises:
        CaptureRejected: its encoding is unknown, or it is damaged.
    """
    encoding = ", ".join({_token(str(value)): "" for value in page.get_all(_ENCODING, [])})
    if encoding and encoding not in _ENCODINGS:
        told = f"an MHTML file with its page in an unknown encoding, {encoding[:40]}"
        raise CaptureRejected("unreadable file", f"{told}; save it once more")
    del page[_ENCODING]
    page[_ENCODING] = encoding
    payload = page.get_payload(decode=True)
    if any(isinstance(defect, InvalidBase64LengthDefect) for defect in page.defects):
        told = "an MHTML file with its page in damaged base64"
        raise CaptureRejected("unreadable file", f"{told}; save it once more")
    return payload


def _token(value: str) -> str:
    """Return an encoding as it is meant: without comments, quotes and parameters.

    >>> _token('"Quoted-Printable" (RFC 2045); x=1')
    'quoted-printable'
    """
    bare = _COMMENT.sub(" ", value).partition(";")[0]
    return " ".join(bare.replace('"', " ").split()).lower()


def _is_cut(message: Message) -> bool:
    """Say whether the file ends before its last boundary."""
    return any(
        isinstance(defect, CloseBoundaryNotFoundDefect)
        for part in message.walk()
        for defect in part.defects
    )


def _url(part: Message, name: str) -> str | None:
    url = _field(part, name)
    return url if url and url.startswith(("http://", "https://")) else None


def _field(part: Message, name: str) -> str | None:
    """Return a header, its lines joined and its encoded words read."""
    value = part.get(name)
    if value is None:
        return None
    text = str(value)
    if "=?" in text:
        _refuse_long(text)
        try:
            text = str(make_header(decode_header(text)))
        except (HeaderParseError, LookupError, ValueError):
            return None
    is_address = name.endswith(("Location", "ID"))
    return "".join(text.split()) if is_address else " ".join(text.split())


def _refuse_long(value: str) -> None:
    """Refuse a field with more parameters or encoded words than any page's has.

    Raises:
        CaptureRejected: it is too long.
    """
    if len(value) > MAX_MHTML_FIELD:
        told = f"an MHTML file with a field of over {MAX_MHTML_FIELD} characters"
        raise CaptureRejected("unreadable file", told)
