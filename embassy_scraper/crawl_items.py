"""The nouns of a run: how it ended, what it remembers, and what archives offer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from embassy_scraper.limits import MAX_TRIES

Outcome = Literal["complete", "partial", "failed", "interrupted", "missed", "skipped"]
_LONGEST_NOTE = 600  # characters


def as_note(text: str) -> str:
    """Return *text* as the note of a run: one line, and not of any length."""
    return " ".join(text.split())[:_LONGEST_NOTE]


@dataclass(frozen=True, slots=True)
class Previous:
    """The last answer with a page: its validators, its capture, and where its bytes lie."""

    etag: str | None
    last_modified: str | None
    url: str
    captured_at: str
    place: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Recheck:
    """When a statement is due again: hours, a share of the time since it changed, days."""

    first: float
    growth: float
    longest: float


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk through a list that has not come to its end, by offsets of its pages.

    From ``open_from`` to ``sure_until`` every page is to be read, whatever it shows; from there on
    until a page shows nothing new, or if ``is_deep`` to the end of the list.
    """

    open_from: int
    sure_until: int
    is_deep: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """One capture that an archive offers.

    ``status`` is ``None`` for a revisit, whose status the index does not tell. ``file``, ``offset``
    and ``length`` are where its record lies (Common Crawl).
    """

    timestamp: str
    url: str
    mime: str
    status: int | None
    digest: str
    length: int | None = None
    file: str | None = None
    offset: int | None = None

    @property
    def captured_at(self) -> str:
        """Return the instant of the timestamp."""
        moment = datetime.strptime(self.timestamp, "%Y%m%d%H%M%S")
        return moment.isoformat(timespec="seconds") + "Z"  # strftime writes the year 1 as 1


@dataclass(frozen=True, slots=True)
class WalkStep:
    """How the walk through a list goes on once a page of it is stored; ``None``: it is done."""

    list: str
    walk: Walk | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One offer that is still to be fetched, by its number."""

    id: int
    offer: Offered
    tries: int = 0
    reason: str | None = None

    def is_last(self, reason: str) -> bool:
        """Say whether failing for *reason* once more would give it up, as it always failed so."""
        return self.tries + 1 >= MAX_TRIES and self.reason == reason
