"""Captures from elsewhere: folders of saved pages, WARC, WET and WACZ files.

Every reader yields ``Offer``s: a raw capture, or the reason why there is none, and its place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import RawCapture

MAX_BYTES = 64_000_000  # of a file, a record, a body or an answer; no page is so large
# Whether records of a URL are wanted, and of which mirror they say to be.
IsWanted = Callable[[str, str | None], bool]
WhyLeftOut = Literal["another site", "no page", "unknown kind"]


@dataclass(frozen=True, slots=True)
class Revisit:
    """A record that says "the same as before": the bytes are to be found elsewhere.

    By their digest, or by the URL and instant of the capture it refers to.
    """

    digest: str
    raw: RawCapture
    refers_to: str | None = None
    refers_at: str | None = None


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
    """Return a file's name in characters that can be stored and printed, whatever its bytes."""
    return str(name).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
