"""A page of the site as it is meant: what a reader should find, whatever stands around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from embassy_scraper.text import fold

SITE = "https://www.rusemb.org.uk/"
CAPTURED_AT = "2020-11-24T12:22:00Z"


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list; ``on`` as printed, ``key`` as ``family/number``."""

    on: str
    title: str
    lead: str
    key: str


@dataclass(frozen=True, slots=True)
class Head:
    """The header of every page."""

    date: str = "24 November 2020"
    moscow: str = "15:22"
    london: str = "12:22"
    clock: str = CAPTURED_AT
    label: str = "Consular queries"
    phone: str = "+44 (0) 203 668 7474"
    email: str = "info@rusemb.org.uk"
    counters: tuple[tuple[int, str, str], ...] = (
        (996, "the theft of the harbour lantern", "no word from the keepers of the pier"),
        (988, "the loss of the pilot cutter", "no answer from the keepers of the pier"),
    )


@dataclass(frozen=True, slots=True)
class Model:
    """A page: a statement (``title``), or a list (``entries``), and the latest block.

    ``body`` holds paragraphs, each with the kind of its markup: ``""`` the usual one, ``head``,
    ``quote``, ``item``. ``name`` and ``start`` are those of the list that the page is. ``boxes``
    are statements in side boxes, which a reader may see or not.
    """

    kind: str
    url: str
    head: Head = Head()
    heading: str | None = None
    on: str | None = None
    title: str | None = None
    body: tuple[tuple[str, str], ...] = ()
    signature: str | None = None
    published_at: str | None = None
    pager: str | None = None
    name: str | None = None
    start: int = 1
    entries: tuple[Entry, ...] = ()
    block: tuple[Entry, ...] = ()
    boxes: tuple[Entry, ...] = ()

    @property
    def text(self) -> str:
        """Return the body on one line."""
        return fold(" ".join(text for _, text in self.body))


def iso(on: str) -> str | None:
    """Return a printed date as ``YYYY-MM-DD``; ``None`` where it is no day in the site's form.

    >>> iso("03.04.2020"), iso("31.02.2020"), iso("3 April 2020")
    ('2020-04-03', None, None)
    """
    try:
        return datetime.strptime(on, "%d.%m.%Y").date().isoformat()
    except ValueError:
        return None
