"""Finding the latest block of a text: the last items before the closing line.

How many it has at most, and what its heading and the closing line say, is in the profile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from embassy_scraper.pages.context import Context
from embassy_scraper.pages.entries import Item, find_items
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line
from embassy_scraper.sites.addresses import Address


@dataclass(frozen=True, slots=True)
class Block:
    """The latest block: its items, where it begins (its heading included) and where it ends."""

    items: list[Item]
    start: int
    end: int
    is_cut: bool = False


def find_block(
    lines: Sequence[Line], items: list[Item], context: Context, *, is_list: bool, has_header: bool
) -> Block | None:
    """Return the latest block on a page, cut off or not; ``None`` where there is none."""
    grammar = context.grammar
    closing = find_closing(lines, items, grammar)
    if closing is not None:
        return _closed_block(lines, items, closing, context, is_list=is_list)
    heading = _find_heading(lines, len(lines), grammar)
    if heading is not None:
        chosen = find_items(lines, grammar, heading + 1, known=False)
        return Block(chosen, heading, len(lines), is_cut=True)
    chosen = (
        _items_behind_list(lines, items, context.address)
        if is_list
        else _unclosed_items(items, grammar, has_header=has_header)
    )
    return Block(chosen, chosen[0].index, len(lines), is_cut=True) if chosen else None


def find_closing(lines: Sequence[Line], items: Sequence[Item], grammar: Grammar) -> int | None:
    """Return the index of the line that closes the block.

    It is the last one with items before it; of several below the same item the first, for a
    footer may repeat the words.
    """
    closings = [index for index, line in enumerate(lines) if grammar.is_closing(line)]
    if not closings:
        return None
    last_item = max((item.index for item in items if item.index < closings[-1]), default=-1)
    return next(index for index in closings if index > last_item)


def _find_heading(lines: Sequence[Line], end: int, grammar: Grammar) -> int | None:
    for index in range(end - 1, -1, -1):
        if grammar.is_latest_heading(lines[index]):
            return index
    return None


def _closed_block(
    lines: Sequence[Line], items: list[Item], closing: int, context: Context, *, is_list: bool
) -> Block | None:
    """Return the block above the line *closing*.

    Its heading tells where it begins; without one it has as many items as a block has, and on a
    list's page the place where the dates rise can tell that it has fewer. A line of the body that
    looks like an item has another look than the block's.
    """
    grammar = context.grammar
    heading = _find_heading(lines, closing, grammar)
    if heading is not None:
        found = find_items(lines[:closing], grammar, heading + 1, known=False)
        return Block(found, heading, closing)
    items = [item for item in items if item.index < closing]
    if is_list:
        items = items[_items_of_list(items, context.address, grammar) :]
    items = items[-grammar.profile.lines.latest_size :]
    if not is_list:
        items = _items_alike(items)
    if not items:
        return None
    items = _with_dates_in_words(lines[:closing], items, grammar, may_precede=not is_list)
    return Block(items, items[0].index, closing)


def _with_dates_in_words(
    lines: Sequence[Line], items: list[Item], grammar: Grammar, *, may_precede: bool
) -> list[Item]:
    """Return *items* with those whose date is in a form that the site is not known to use.

    They stand among the others, or just above the first where the block has room for them.
    """
    every = find_items(lines, grammar, known=False)
    first = items[0].index
    among = [item for item in every if item.index >= first]
    above = [item for item in every if item.index < first]
    room = grammar.profile.lines.latest_size - len(among)
    while may_precede and room > 0 and above and not grammar.is_item_date(above[-1].date_text):
        among.insert(0, above.pop())
        room -= 1
    return among


def _items_of_list(items: Sequence[Item], address: Address, grammar: Grammar) -> int:
    """Return how many *items* of a page are of its own list; those behind them are the block's.

    The block is full, but where the whole site has fewer; so where a full one stands behind a
    full page that is the block. Else the dates tell: both lists descend, and where they rise to
    the newest of all the block begins.
    """
    low = max(0, len(items) - grammar.profile.lines.latest_size)
    high = len(items) - 1
    if address.kind == "listing":
        high = min(high, address.page_size)
    dates = _readable_dates(items)
    if low and (low == address.page_size or dates[low - 1] < dates[low]):
        return low
    newest = max(dates, default="")
    rises = [k for k in range(max(low, 1), high + 1) if dates[k - 1] < dates[k] == newest]
    for place in (low, high):
        if place in rises:
            return place
    if len(rises) == 1:
        return rises[0]
    return low


def _readable_dates(items: Sequence[Item]) -> list[str]:
    """Return the dates of *items* in an order that sorts.

    One that is not a day counts as its neighbour's, for nothing can be told from it.
    """
    dates = [item.day if _is_day(item.day) else "" for item in items]
    for run in (range(1, len(dates)), range(len(dates) - 2, -1, -1)):
        step = -1 if run.step > 0 else 1
        for index in run:
            dates[index] = dates[index] or dates[index + step]
    return dates


def _is_day(day: str) -> bool:
    try:
        return bool(date(int(day[:-4]), int(day[-4:-2]), int(day[-2:])))
    except ValueError:
        return False


def _items_alike(items: list[Item]) -> list[Item]:
    """Return *items* less those at the start that do not look like the others."""
    start = len(items)
    while start and _is_below(items[start - 1]) == _is_below(items[-1]):
        start -= 1
    return items[start:]


def _is_below(item: Item) -> bool:
    """Say whether the item's title stands below its date."""
    return item.end - item.index > 1


def _items_behind_list(lines: Sequence[Line], items: list[Item], address: Address) -> list[Item]:
    """Return the items of a block that was cut off below a list.

    They are those behind a full page of a listing, or from where the head of a list shows its
    first item once more.
    """
    if not items:
        return []
    size = address.page_size if address.kind == "listing" else len(items)
    texts = [
        " ".join([item.date_text, item.title, *(line.text for line in lines[item.end : stop])])
        for item, stop in zip(items, [*(i.index for i in items[1:]), len(lines)], strict=True)
    ]
    for index in range(1, min(size, len(items))):
        is_again = texts[index] == texts[0] or (
            index == len(items) - 1 and texts[0].startswith(texts[index])
        )
        if is_again and address.start == 1:
            return items[index:]
    return items[size:]


def _unclosed_items(items: list[Item], grammar: Grammar, *, has_header: bool) -> list[Item]:
    """Return the items of a block that was cut off, seen from its end.

    Dates of a block descend, so a body line that looks like an item ends the search. A single
    such line may be a line of the body.
    """
    chosen: list[Item] = []
    for item in reversed(items) if has_header else ():
        if chosen and item.day < chosen[-1].day:
            break
        chosen.append(item)
        if len(chosen) == grammar.profile.lines.latest_size:
            break
    chosen.reverse()
    return chosen if len(chosen) > 1 else []
