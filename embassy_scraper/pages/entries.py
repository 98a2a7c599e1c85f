"""Reading the items of a list in a text capture: a date, a dash, a title, then the lead.

The title may stand below the date instead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embassy_scraper.items import Entry
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line

_DASH = re.compile(r"[-–—]+")
_LEADING_DASH = re.compile(r"^[-–—]\s+")


@dataclass(frozen=True, slots=True)
class Item:
    """Where an item begins and what its first lines say.

    ``end`` is the index behind the lines of date and title; ``day`` is the date in an order that
    sorts.
    """

    index: int
    end: int
    date_text: str
    title: str
    day: str


def sort_date(date_text: str) -> str:
    """Return a date in figures, the day first, in an order that sorts; any other before all.

    >>> sort_date("20.11.2020"), sort_date("20 November 2020")
    ('20201120', '')
    """
    parts = re.split(r"[./]", date_text)
    if len(parts) != 3:
        return ""
    day, month, year = parts
    return f"{year:0>4}{month:0>2}{day:0>2}"


def find_items(
    lines: Sequence[Line], grammar: Grammar, start: int = 0, *, known: bool = True
) -> list[Item]:
    """Return the places from line *start* on where a dated item begins, in order.

    *known*: as ``Grammar.is_date_line``.
    """
    items: list[Item] = []
    index = start
    while index < len(lines):
        item = _item_at(lines, index, grammar, known=known)
        if item is not None:
            items.append(item)
        index = item.end if item else index + 1
    return items


def _item_at(lines: Sequence[Line], index: int, grammar: Grammar, *, known: bool) -> Item | None:
    line = lines[index]
    found = grammar.read_own_line(line, known=known)
    if found is not None:
        return Item(index, index + 1, *found, _day(found[0], grammar))
    if grammar.is_date_line(line, known=known):
        return _item_below_date(lines, index, grammar)
    return None


def _item_below_date(lines: Sequence[Line], index: int, grammar: Grammar) -> Item | None:
    below = index + 1
    while below < len(lines) and _DASH.fullmatch(lines[below].text):
        below += 1
    if below >= len(lines):
        return None
    line = lines[below]
    if (
        grammar.is_date_line(line, known=False)
        or grammar.read_own_line(line)
        or grammar.is_closing(line)
        or grammar.is_latest_heading(line)
    ):
        return None
    title, date_text = _LEADING_DASH.sub("", line.text), grammar.date_on(lines[index])
    return Item(index, below + 1, date_text, title, _day(date_text, grammar))


def _day(date_text: str, grammar: Grammar) -> str:
    """Return a printed date in an order that sorts, whatever the site's form."""
    day = grammar.day_of(date_text)
    return sort_date(date_text) if day is None else day.isoformat().replace("-", "")


def read_entries(
    lines: Sequence[Line], items: Sequence[Item], end: int, *, is_closed: bool, is_cut: bool
) -> tuple[Entry, ...]:
    """Return the entries that begin at *items*; the last one's lead ends before line *end*.

    An unclosed list may be cut off in its last entry: its lead is open, and a title with
    nothing behind it is not known. A cut-off list's last entry is no sighting of its text.
    """
    if not items:
        return ()
    ends = [*(item.index for item in items[1:]), end]
    entries = []
    for item, stop in zip(items, ends, strict=True):
        lead = " ".join(line.text for line in lines[item.end : stop])
        is_last = item is items[-1]
        is_open = is_last and not is_closed
        hides_text = is_last and (is_cut or (is_open and not lead))
        title, shown = (None, None) if hides_text else (item.title, lead)
        entries.append(Entry(item.date_text, title, shown, lead_is_open=is_open))
    return tuple(entries)
