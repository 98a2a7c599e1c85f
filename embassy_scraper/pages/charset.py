"""From bytes to text: which encoding a page is in."""

from functools import lru_cache

from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

_FALLBACK = "windows-1251"
_HOLES = 64  # bytes that a one-byte encoding may leave without a character
_CUT_CHARACTER = 3  # bytes of a UTF-8 character that can be missing at the end of a cut-off page


def decode(payload: bytes, declared: str | None, *, is_html: bool) -> str:
    """Return *payload* as text; never raises.

    The order is: byte order mark, UTF-8 wherever the bytes are valid UTF-8 with at least one
    character beyond ASCII (text in a one-byte encoding practically never is), the HTTP header's
    charset, the page's own, and windows-1251. A declared encoding in which the bytes make no
    sense is passed over.

    >>> decode("Москва".encode("cp1251"), "utf-8", is_html=True)
    'Москва'
    """
    encoding, mark = read_bom(payload)
    if encoding and mark:
        return payload[len(mark) :].decode(encoding, "replace")
    if payload.isascii():
        return payload.decode("ascii")
    utf8 = _as_utf8(payload)
    if utf8 is not None:
        return utf8
    own = html_body_declared_encoding(payload[:4096]) if is_html else None
    for name in (declared, own):
        encoding = resolve_encoding(name) if name else None
        if encoding and _is_one_byte(encoding):
            return payload.decode(encoding, "replace")
    return payload.decode(_FALLBACK, "replace")


def _as_utf8(payload: bytes) -> str | None:
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(payload) - _CUT_CHARACTER and error.end == len(payload):
            return payload[: error.start].decode("utf-8")
    text = payload.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = len(text) - len(text.encode("ascii", "ignore")) - broken
    return text if sound > 2 * broken else None


@lru_cache(maxsize=64)
def _is_one_byte(encoding: str) -> bool:
    """Say whether *encoding* gives every byte a character of its own, the ASCII ones theirs."""
    if "escape" in encoding:  # Python's own, no encodings of pages
        return False
    try:
        table = bytes(range(256)).decode(encoding, "replace")
    except (LookupError, UnicodeError):
        return False
    is_ascii = table[32:127] == bytes(range(32, 127)).decode("ascii")
    return len(table) == 256 and is_ascii and table.count("\ufffd") < _HOLES
