"""Reading the items of a list: ``DD.MM.YYYY - title``, then the lead.

In saved text a dash parts date and title; in markup the date may stand in an element or a cell
of its own. An item without a date is known only by its link to a statement.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from embassy_scraper.items import Entry
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line

_DASH = re.compile(r"[-–—]+")
_OWN_DATE = re.compile(r"[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}\s*[-–—]\s*")
_LEADING_DASH = re.compile(r"^[-–—]\s+")


@dataclass(frozen=True, slots=True)
class Item:
    """Where an item begins and what its first lines say.

    ``end`` is the index behind the lines of date and title; ``rest`` is text behind the title
    on its own line. ``date_text`` is ``None`` for an item known by its link alone.
    """

    index: int
    end: int
    date_text: str | None
    title: str
    href: str | None
    rest: str = ""

    def moved(self, by: int) -> "Item":
        """Return the item as it is numbered in a longer list of lines."""
        return replace(self, index=self.index + by, end=self.end + by)


def sort_date(date_text: str | None) -> str:
    """Return *date_text* in an order that sorts (``20.11.2020`` → 20201120).

    A date in words or none sorts before all others.
    """
    parts = re.split(r"[./]", date_text or "")
    if len(parts) != 3:
        return ""
    day, month, year = parts
    return f"{year:0>4}{month:0>2}{day:0>2}"


def find_items(
    lines: Sequence[Line], grammar: Grammar, start: int = 0, *, known: bool = True
) -> list[Item]:
    """Return the places from line *start* on where a dated item begins, in order.

    Dates are in figures where they are to be *known*, else in any spelling.
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
        title, rest = title_and_rest(line, found[1])
        return Item(index, index + 1, found[0], title, line.href, rest)
    if grammar.is_date_line(line, known=known):
        return _item_below_date(lines, index, grammar)
    return None


def title_and_rest(line: Line, text: str) -> tuple[str, str]:
    """Return title and lead where a link on the title parts both on one line."""
    link = line.link_text
    if link and not line.is_linked:
        found = _OWN_DATE.match(link)
        link = link[found.end() :] if found else link
        if text.startswith(link):
            return link, text[len(link) :].strip()
    return text, ""


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
    title, rest = title_and_rest(line, _LEADING_DASH.sub("", line.text))
    date_text = grammar.date_on(lines[index])
    return Item(index, below + 1, date_text, title, line.href or lines[index].href, rest)


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
        lead = " ".join([item.rest, *(line.text for line in lines[item.end : stop])]).strip()
        is_last = item is items[-1]
        is_open = is_last and not is_closed
        hides_text = is_last and (is_cut or (is_open and not lead))
        title, shown = (None, None) if hides_text else (item.title, lead)
        entries.append(Entry(item.date_text, title, shown, item.href, is_open))
    return tuple(entries)
