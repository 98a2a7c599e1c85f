"""Reading the items of a list: ``DD.MM.YYYY - title``, then the lead.

In saved text a dash parts date and title; in markup the date may stand in an element or a cell
of its own. An item without a date is known only by its link to a statement.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from embassy_scraper.items import Entry
from embassy_scraper.pages.grammar import is_closing, is_latest_heading
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.menus import KeyOf

_DATE = r"[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}"
_ITEM = re.compile(rf"(?P<date>{_DATE})\s*[-–—]\s*(?P<title>\S.*)")
_ITEM_IN_PARTS = re.compile(rf"(?P<date>{_DATE})(?!\d)\s*(?:[-–—](?!\d)\s*)?(?P<title>\S.*)")
_DATE_ALONE = re.compile(rf"(?P<date>{_DATE})\s*[-–—]?")
_DASH = re.compile(r"[-–—]+")
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


def is_date_line(line: Line) -> bool:
    """Say whether nothing but a date stands on *line*."""
    return line.text[:1].isdigit() and _DATE_ALONE.fullmatch(line.text) is not None


def date_on(line: Line) -> str:
    """Return the date on a date line, as printed."""
    found = _DATE_ALONE.fullmatch(line.text)
    return found["date"] if found else line.text


def read_own_line(line: Line) -> tuple[str, str] | None:
    """Return date and title where *line* holds both, as an item's does; ``None`` elsewhere."""
    if not line.text[:1].isdigit():
        return None
    found = _ITEM.fullmatch(line.text)
    if found is None and line.has_own_date:
        found = _ITEM_IN_PARTS.fullmatch(line.text)
    return (found["date"], found["title"]) if found else None


def sort_date(date_text: str | None) -> str:
    """Return *date_text* in an order that sorts, readable or not (``20.11.2020`` → 20201120)."""
    day, month, year = re.split(r"[./]", date_text or "0.0.0")
    return f"{year:0>4}{month:0>2}{day:0>2}"


def find_items(lines: Sequence[Line], start: int = 0) -> list[Item]:
    """Return the places from line *start* on where a dated item begins, in order."""
    items: list[Item] = []
    index = start
    while index < len(lines):
        item = _item_at(lines, index) if lines[index].text[0].isdigit() else None
        if item is not None:
            items.append(item)
        index = item.end if item else index + 1
    return items


def _item_at(lines: Sequence[Line], index: int) -> Item | None:
    line = lines[index]
    found = read_own_line(line)
    if found is not None:
        title, rest = _title_and_rest(line, found[1])
        return Item(index, index + 1, found[0], title, line.href, rest)
    if _DATE_ALONE.fullmatch(line.text):
        return _item_below_date(lines, index)
    return None


def _title_and_rest(line: Line, text: str) -> tuple[str, str]:
    """Return title and lead where a link on the title parts both on one line."""
    link = line.link_text
    if link and not line.is_linked:
        found = _ITEM.fullmatch(link)
        link = found["title"] if found else link
        if text.startswith(link):
            return link, text[len(link) :].strip()
    return text, ""


def _item_below_date(lines: Sequence[Line], index: int) -> Item | None:
    below = index + 1
    while below < len(lines) and _DASH.fullmatch(lines[below].text):
        below += 1
    if below >= len(lines):
        return None
    line = lines[below]
    if (
        is_date_line(line)
        or _ITEM.fullmatch(line.text)
        or is_closing(line)
        or is_latest_heading(line)
    ):
        return None
    title, rest = _title_and_rest(line, _LEADING_DASH.sub("", line.text))
    return Item(
        index, below + 1, date_on(lines[index]), title, line.href or lines[index].href, rest
    )


def find_linked_items(lines: Sequence[Line], key_of: KeyOf, after: str | None) -> list[Item]:
    """Return the undated items among *lines*: lines that are nothing but a link to a statement.

    *after* is the statement of the item above, whose own lead may be linked as well.
    """
    items: list[Item] = []
    for index, line in enumerate(lines):
        key = key_of(line.href) if line.is_linked else None
        if key is not None and key != after:
            items.append(Item(index, index + 1, None, line.text, line.href))
            after = key
    return items


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
    if len(items) > 1:
        ends[-1] = _end_of_last_lead(lines, items, ends)
    entries = []
    for item, stop in zip(items, ends, strict=True):
        lead = " ".join([item.rest, *(line.text for line in lines[item.end : stop])]).strip()
        is_last = item is items[-1]
        is_open = is_last and not is_closed
        hides_text = is_last and (is_cut or (is_open and not lead))
        title, shown = (None, None) if hides_text else (item.title, lead)
        entries.append(Entry(item.date_text, title, shown, item.href, is_open))
    return tuple(entries)


def _end_of_last_lead(lines: Sequence[Line], items: Sequence[Item], ends: Sequence[int]) -> int:
    """Return where the last lead ends: where all others are one paragraph, it is one too.

    What follows a list's last lead, a pager or a footer, is not of it.
    """
    for item, stop in zip(items[:-1], ends, strict=False):
        if sum(line.gap for line in lines[item.end : stop]) > 1:
            return ends[-1]
    start = items[-1].end
    for index in range(start + 1, ends[-1]):
        if lines[index].gap:
            return index
    return ends[-1]
