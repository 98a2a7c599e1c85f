"""Finding the latest block: the last ten items at most before ``all messages``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from embassy_scraper import site
from embassy_scraper.pages.entries import Item, sort_date
from embassy_scraper.pages.grammar import is_closing, is_latest_heading
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.menus import KeyOf
from embassy_scraper.sites.addresses import Address


@dataclass(frozen=True, slots=True)
class Block:
    """The latest block: its items, where it begins (its heading included) and where it ends."""

    items: list[Item]
    start: int
    end: int
    is_cut: bool = False


def find_block(
    lines: Sequence[Line],
    items: list[Item],
    address: Address,
    key_of: KeyOf,
    *,
    is_list: bool,
    has_header: bool,
) -> Block | None:
    """Return the latest block on a page, cut off or not; ``None`` where there is none."""
    closing = find_closing(lines, items)
    if closing is not None:
        return _closed_block(lines, items, closing, address, key_of, is_list=is_list)
    heading = _find_heading(lines, len(lines))
    if heading is not None:
        chosen = [item for item in items if item.index > heading][: site.LATEST_SIZE]
        return Block(chosen, heading, len(lines), is_cut=True)
    chosen = (
        _items_behind_list(lines, items, address)
        if is_list
        else _unclosed_items(items, key_of, has_header=has_header)
    )
    return Block(chosen, chosen[0].index, len(lines), is_cut=True) if chosen else None


def find_closing(lines: Sequence[Line], items: Sequence[Item]) -> int | None:
    """Return the index of the line that closes the block.

    It is the last one with items before it; of several below the same item the first, for a
    footer may repeat the words.
    """
    closings = [index for index, line in enumerate(lines) if is_closing(line)]
    if not closings:
        return None
    last_item = max((item.index for item in items if item.index < closings[-1]), default=-1)
    return next(index for index in closings if index > last_item)


def _find_heading(lines: Sequence[Line], end: int) -> int | None:
    for index in range(end - 1, -1, -1):
        if is_latest_heading(lines[index]):
            return index
    return None


def _closed_block(
    lines: Sequence[Line],
    items: list[Item],
    closing: int,
    address: Address,
    key_of: KeyOf,
    *,
    is_list: bool,
) -> Block | None:
    """Return the block above the line *closing*.

    Its heading, and on a list's page the place where the dates rise, can tell that its items are
    fewer than ten. A line of the body that looks like an item has no link where the items have
    links, and another look where they have none.
    """
    items = [item for item in items if item.index < closing]
    heading = _find_heading(lines, closing)
    if heading is not None:
        items = [item for item in items if item.index > heading]
    elif is_list:
        items = items[_items_of_list(items, address) :]
    items = items[-site.LATEST_SIZE :]
    if not is_list and heading is None:
        items = _items_alike(items, key_of)
    if not items:
        return None if heading is None else Block([], heading, closing)
    start = heading if heading is not None else items[0].index
    return Block(items, start, closing)


def _items_of_list(items: Sequence[Item], address: Address) -> int:
    """Return how many *items* of a page are of its own list; those behind them are the block's.

    The block has ten, and fewer only where the whole site has fewer. Then, and on a listing,
    whose page may not be full, the dates tell: both lists descend, and where they rise to the
    newest of all the block begins.
    """
    low = max(0, len(items) - site.LATEST_SIZE)
    if low and address.kind == "home":
        return low
    high = len(items) - 1
    if address.kind == "listing":
        high = min(high, address.page_size)
    dates = _readable_dates(items)
    if low and dates[low - 1] < dates[low]:
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
    """Return the dates of *items* in an order that sorts; one that is no day counts as its
    neighbour's, for nothing can be told from it."""
    dates = [sort_date(item.date_text) if _is_day(item.date_text) else "" for item in items]
    for run in (range(1, len(dates)), range(len(dates) - 2, -1, -1)):
        step = -1 if run.step > 0 else 1
        for index in run:
            dates[index] = dates[index] or dates[index + step]
    return dates


def _is_day(date_text: str | None) -> bool:
    day = sort_date(date_text)
    try:
        return bool(date(int(day[:-4]), int(day[-4:-2]), int(day[-2:])))
    except ValueError:
        return False


def _items_alike(items: list[Item], key_of: KeyOf) -> list[Item]:
    """Return *items* less those at the start that do not look like the others."""
    linked = [bool(key_of(item.href)) for item in items]
    if True in linked:
        return items[linked.index(True) :]
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
        " ".join(
            [item.date_text or "", item.title, *(line.text for line in lines[item.end : stop])]
        )
        for item, stop in zip(items, [*(i.index for i in items[1:]), len(lines)], strict=True)
    ]
    for index in range(1, min(size, len(items))):
        is_again = texts[index] == texts[0] or (
            index == len(items) - 1 and texts[0].startswith(texts[index])
        )
        if is_again and address.start == 1:
            return items[index:]
    return items[size:]


def _unclosed_items(items: list[Item], key_of: KeyOf, *, has_header: bool) -> list[Item]:
    """Return the items of a block that was cut off, seen from its end.

    Dates of a block descend, so a body line that looks like an item ends the search. A single
    such line without a link may be a line of the body.
    """
    chosen: list[Item] = []
    for item in reversed(items):
        if not has_header and not key_of(item.href):
            break
        if chosen and sort_date(item.date_text) < sort_date(chosen[-1].date_text):
            break
        chosen.append(item)
        if len(chosen) == site.LATEST_SIZE:
            break
    chosen.reverse()
    return chosen if len(chosen) > 1 or any(key_of(item.href) for item in chosen) else []
