"""From what the replica showed to what can be known of it: the observations of tests/world."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from html import escape

from embassy_scraper.replica.page_text import Item, PageText
from tests.world.observe import BOX, Answer, HeaderSeen, Seen, Shown, Window
from tests.year.site import Look

_LISTING = re.compile(r"/(newarh|apress_arh|ambartarh)/(?:&start=(\d+)&.*)?")
_STATEMENT = re.compile(r"/([a-z]+/\d+)")
_COUNTER = re.compile(r"(\d+) (days have passed since (.*?)(?: - .*)?)$")


class Names:
    """A number for each statement, for the oracle knows them by numbers."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, key: str) -> int:
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def keys(self) -> dict[int, str]:
        return {number: key for key, number in self._numbers.items()}


def observe(look: Look, names: Names) -> Seen:
    """What one answer shows."""
    statement = _STATEMENT.fullmatch(look.path)
    answer = None
    if statement and (look.page is not None or look.status in (404, 410)):
        answer = Answer(look.at, names.number(statement[1]), look.status)
    home = (look.page is not None) if look.path == "/" else None
    if look.page is None:
        return Seen(look.at, answer=answer, home=home)
    page = _whole(look)
    return Seen(
        look.at,
        windows=tuple(_windows(look, page, names)),
        page=_statement(look, page, names),
        answer=answer,
        header=_header(look, page),
        cut=bool(look.text),
        boxes=tuple(_box(look, side.item, names) for side in page.boxes),
        home=home,
    )


def _whole(look: Look) -> PageText:
    assert look.page is not None
    return look.page


def _statement(look: Look, page: PageText, names: Names) -> Shown | None:
    if not page.own_date:
        return None
    signed = datetime.strptime(page.signature, "%d %B %Y, %H:%M") if page.signature else None
    is_cut = bool(look.text)
    return Shown(
        look.at, "page", names.number(look.path.strip("/")), page.title, _day(page.own_date),
        None, None if is_cut else page.body, None if is_cut else signed,
    )  # fmt: skip


def _windows(look: Look, page: PageText, names: Names) -> Iterator[Window]:
    """The main list, then the block; where the page is cut, as far as it came."""
    found = _LISTING.fullmatch(look.path)
    if page.items:
        place = "home" if page.is_home else found[1] if found else "unknown"
        is_head = page.is_home or (found is not None and int(found[2] or 1) == 1)
        yield from _window(look, place, is_head, page.items, names)
    if page.latest:
        yield from _window(look, "latest", True, page.latest, names)


def _window(
    look: Look, place: str, is_head: bool, items: tuple[Item, ...], names: Names
) -> Iterator[Window]:
    entries = tuple(_entry(look, place, item, names) for item in items)
    if not look.text:
        yield Window(look.at, place, is_head, True, entries)
        return
    here = look.text[_begin(look, place) :] if _begin(look, place) >= 0 else ""
    begun = [n for n, item in enumerate(items) if f'{item.date} -  <a id="newslist"' in here
             and f'href="/{item.key}"' in here]  # fmt: skip
    if begun:
        last = begun[-1]
        yield Window(look.at, place, is_head, False, entries[:last], entries[last])


def _begin(look: Look, place: str) -> int:
    """Where in the text of a cut page a list begins."""
    return look.text.find("LATEST EVENTS") if place == "latest" else 0


def _entry(look: Look, place: str, item: Item, names: Names) -> Shown:
    return Shown(look.at, place, names.number(item.key), item.title, _day(item.date),
                 lead=item.lead or None)  # fmt: skip


def _box(look: Look, item: Item, names: Names) -> Shown:
    return Shown(look.at, BOX, names.number(item.key), item.title, _day(item.date))


def _day(text: str) -> date:
    return datetime.strptime(text, "%d.%m.%Y").date()


def _header(look: Look, page: PageText) -> HeaderSeen | None:
    if look.text and escape(page.counters[-1] if page.counters else "") not in look.text:
        return None
    readings = []
    for line in page.counters:
        found = _COUNTER.fullmatch(line)
        assert found is not None, line
        readings.append((found[3], line.removeprefix(f"{found[1]} "), int(found[1])))
    day = datetime.strptime(page.date, "%d %B %Y").date()
    return HeaderSeen(
        look.at, day, tuple(readings), "en", page.label, page.phone, page.email or None
    )


# -- what can be left out, for nothing is told by it ---------------------------------------------


def thinned(seen: Iterable[Seen]) -> list[Seen]:
    """The same without windows, pages and boxes that show what the look before and after show.

    An interval begins with the last look at the old state and ends with the first at the new one:
    whatever is in between tells nothing, and the oracle looks at everything again and again.
    """
    known = sorted(seen, key=lambda one: one.at)
    keep = _edges(known)
    out = []
    for one in known:
        windows = tuple(w for w in one.windows if (w.place, w.head, w.at) in keep)
        page = one.page if one.page and ("page", one.page.sid, one.at) in keep else None
        boxes = one.boxes if (BOX, 0, one.at) in keep else ()
        out.append(replace(one, windows=windows, page=page, boxes=boxes))
    return out


def _edges(known: list[Seen]) -> set[tuple[object, object, datetime]]:
    """The looks at a place that differ from the one before or from the one after."""
    places: dict[tuple[object, object], list[tuple[datetime, object]]] = {}
    for one in known:
        for w in one.windows:
            shows = tuple(replace(e, at=datetime.min) for e in w.entries), w.whole, w.doubtful
            places.setdefault((w.place, w.head), []).append((w.at, shows))
        if one.page is not None:
            shown = replace(one.page, at=datetime.min)
            places.setdefault(("page", one.page.sid), []).append((one.at, shown))
        if one.boxes:
            boxed = tuple(replace(e, at=datetime.min) for e in one.boxes)
            places.setdefault((BOX, 0), []).append((one.at, boxed))
    keep = set()
    for (place, which), looks in places.items():
        last = len(looks) - 1
        for n, (at, here) in enumerate(looks):
            if n in (0, last) or here != looks[n - 1][1] or here != looks[n + 1][1]:
                keep.add((place, which, at))
    return keep
