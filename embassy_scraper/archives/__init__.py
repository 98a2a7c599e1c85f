"""Captures from elsewhere: folders of saved pages, WARC, WET and WACZ files.

Every reader yields ``Offer``s: a raw capture, or the reason why there is none, and its place.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from shlex import quote
from typing import Literal

from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import RawCapture
from embassy_scraper.revisit import Revisit as Revisit
from embassy_scraper.visible import as_line, hidden_in

# Whether records of a URL are wanted, and of which mirror they say to be.
IsWanted = Callable[[str, str | None], bool]
WhyLeftOut = Literal["another site", "no page", "unknown kind"]


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
    'a⟨U+000A⟩b ⟨U+001B⟩[31m.html'
    """
    return as_line(str(name))


def quoted(name: object) -> str:
    r"""Return a file's name to be pasted into a shell; into bash, if it has hidden characters.

    >>> print(quoted("a page.html"), quoted("it's\n.html"))
    'a page.html' $'it\'s\x0a.html'
    """
    text = str(name)
    if hidden_in(text) is None:
        return quote(text)
    return f"$'{''.join(map(_in_bash, text))}'"


def _in_bash(character: str) -> str:
    if hidden_in(character) is None:
        return f"\\{character}" if character in "\\'" else character
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(character))
