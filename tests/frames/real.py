"""The site's real frame, as the replica wears it, with something in it that its layout has not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from embassy_scraper.replica.frame import frame
from embassy_scraper.replica.page_text import Item, PagerLink, PageText

from .model import SITE, Entry, Model
from .texts import homepage, listing, statement

_STATEMENT, _LISTING, _HOME = statement(), listing(), homepage()
_SHARE = '<div class="share">Share: Facebook Twitter</div>'
_TITLE, _DATE = f"<h3>{_STATEMENT.title}", f"<h2>{_STATEMENT.on}"
_TEXT = f'<p align="justify">{_STATEMENT.body[0][1]}'
_FOURTH, _HOME_FOURTH = f"<h3>{_LISTING.entries[3].on}", f"<h3>{_HOME.entries[3].on}"
_LAST = f"{_LISTING.entries[-1].lead}</p>"
_THIRD, _THIRD_KEY = f"{_LISTING.entries[2].lead}</p>", _LISTING.entries[2].key


@dataclass(frozen=True, slots=True)
class Odd:
    """A page in the real frame, and what stands in it that should not."""

    name: str
    model: Model
    change: Callable[[str], str]

    @property
    def html(self) -> str:
        """Return the page."""
        return self.change(frame(page_text(self.model)))


def _before(place: str, more: str) -> Callable[[str], str]:
    return lambda html: _replaced(html, place, more + place)


def _behind(place: str, more: str) -> Callable[[str], str]:
    return lambda html: _replaced(html, place, place + more)


def _replaced(html: str, place: str, new: str) -> str:
    if place not in html:
        raise ValueError(f"the page has not {place!r}")
    return html.replace(place, new, 1)


ODD = (
    Odd("a plain statement", _STATEMENT, str),
    Odd("a plain listing", _LISTING, str),
    Odd("a plain homepage", _HOME, str),
    Odd("a line before the date", _STATEMENT, _before(_DATE, _SHARE)),
    Odd("a line between date and title", _STATEMENT, _before(_TITLE, _SHARE)),
    Odd("another h3 before the title", _STATEMENT, _before(_TITLE, "<h3>Print</h3>")),
    Odd("another h3 behind the title", _STATEMENT, _before(_TEXT, "<h3>Print</h3>")),
    Odd("another h2 before the date", _STATEMENT, _before(_DATE, "<h2>24.11.2020</h2>")),
    Odd("a line amid a list", _LISTING, _before(_FOURTH, "<div>Advertisement</div>")),
    Odd("a sentence amid a list", _LISTING, _before(_FOURTH, "<p>Subscribe to our news.</p>")),
    Odd("a line amid the homepage's", _HOME, _before(_HOME_FOURTH, "<div>Advertisement</div>")),
    Odd("a line behind the last lead", _LISTING, _behind(_LAST, "<p>Back to top</p>")),
    Odd(
        "read more below one lead",
        _LISTING,
        _behind(_THIRD, f'<p><a href="/{_THIRD_KEY}">Read more</a></p>'),
    ),
)


def page_text(model: Model) -> PageText:
    """Return *model* as the replica's page."""
    head = model.head
    return PageText(
        head.date,
        head.moscow,
        head.london,
        head.label,
        head.phone,
        head.email,
        tuple(f"{n} days have passed since {event} - {rest}" for n, event, rest in head.counters),
        path=f"/{model.url.removeprefix(SITE)}",
        heading=model.heading or "",
        pager=_pager() if model.pager else (),
        items=_items(model.entries),
        own_date=model.on or "",
        title=model.title or "",
        body="\n\n".join(text for _, text in model.body),
        signature=model.signature or "",
        latest=_items(model.block),
    )


def _pager() -> tuple[PagerLink, ...]:
    address = "/newarh/&start={}1&ps=10&ppp=15"
    return tuple(PagerLink(n, "" if n == 23 else address.format(n - 1)) for n in range(16, 31))


def _items(entries: tuple[Entry, ...]) -> tuple[Item, ...]:
    return tuple(Item(entry.key, entry.on, entry.title, entry.lead) for entry in entries)
