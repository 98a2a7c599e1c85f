"""Captures from elsewhere: folders of saved pages, WARC, WET and WACZ files.

Every reader yields ``Offer``s: a raw capture, or the reason why there is none, and its place.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from shlex import quote
from typing import Literal

from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import RawCapture

MAX_BYTES = 64_000_000  # of a file, a record, a body or an answer; no page is so large
_CONTROLS = re.compile(  # ends of lines, what steers a terminal or turns text, and lone bytes
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\udc80-\udcff]"
)
# Whether records of a URL are wanted, and of which mirror they say to be.
IsWanted = Callable[[str, str | None], bool]
WhyLeftOut = Literal["another site", "no page", "unknown kind"]


@dataclass(frozen=True, slots=True)
class Revisit:
    """A record that says "the same as before": the bytes are to be found elsewhere.

    By their digest, or by the URL and instant of the capture it refers to. One that *is kept* is in
    a record of ours, as its archive offered it.
    """

    digest: str
    raw: RawCapture
    refers_to: str | None = None
    refers_at: str | None = None
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many records were left out, and why.

    ``of_host`` of them are of ``host``, the base address that most of them have.
    """

    count: int
    host: str = ""
    of_host: int = 0
    why: WhyLeftOut = "another site"


@dataclass(frozen=True, slots=True)
class Offer:
    """One capture offered, or one reason why none could be read.

    ``path`` is the file as a person would find it, ``where`` the place inside it. ``digest`` is
    the payload digest that an archive's record declares. ``name`` is that of the file below the
    folder that was given, where it is known; ``capture`` the id that a record of ours names.
    """

    path: str
    where: str
    found: RawCapture | Revisit | CaptureRejected | LeftOut
    digest: str | None = None
    name: str = ""
    capture: str | None = None


def shown(name: object) -> str:
    r"""Return a file's name in one line that can be stored and printed, whatever its bytes.

    It is for people: no file can be opened by it.

    >>> shown("a\nb \x1b[31m.html")
    'a\\nb \\x1b[31m.html'
    """
    text = str(name).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if text.isprintable():
        return text
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def quoted(name: object) -> str:
    r"""Return a file's name to be pasted into a shell; into bash, if it has control characters.

    >>> print(quoted("a page.html"), quoted("it's\n.html"))
    'a page.html' $'it\'s\x0a.html'
    """
    text = str(name)
    if not _CONTROLS.search(text):
        return quote(text)
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"$'{_CONTROLS.sub(_as_bytes, escaped)}'"


def _as_bytes(found: re.Match[str]) -> str:
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(found[0]))
