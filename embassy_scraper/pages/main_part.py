"""Reading what stands behind the header: a statement, a listing, the latest block."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from embassy_scraper import site
from embassy_scraper.items import Entry, ListText, PageKind, PageProblem, StatementText
from embassy_scraper.pages.blocks import Block, find_block, find_closing
from embassy_scraper.pages.entries import (
    Item,
    find_items,
    find_linked_items,
    read_entries,
    sort_date,
)
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.menus import KeyOf, take_pager, without_footer, without_menu
from embassy_scraper.pages.refusals import is_soft_404
from embassy_scraper.pages.statement import Prelude, read_prelude, read_statement
from embassy_scraper.sites.addresses import Address

NO_ITEMS, NO_STATEMENT = "no items", "no statement"  # problems of a page without a main part


@dataclass(frozen=True, slots=True)
class MainPart:
    """Everything behind the header."""

    kind: PageKind
    statement: StatementText | None = None
    lists: tuple[ListText, ...] = ()
    pager: str | None = None
    is_cut: bool = False
    problems: tuple[PageProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a page goes.

    ``is_whole``: it is known to end where it was meant to end; ``is_short``: it is known not to.
    """

    is_whole: bool
    is_short: bool


def read_main_part(
    lines: list[Line], address: Address, key_of: KeyOf, extent: Extent, *, has_header: bool
) -> MainPart:
    """Return the parts of *lines*, which begin behind the header."""
    lines = without_menu(lines, key_of)
    pager, others = take_pager(lines)
    is_list = address.kind in {"home", "listing"}
    if pager is not None and address.kind != "statement":
        is_list = True
    lines = others if is_list else lines
    prelude = Prelude() if is_list else read_prelude(lines, key_of)
    items = find_items(lines, prelude.end)
    if address.kind == "unknown" and not is_list and not prelude.end and items:
        is_list = not items[0].index and find_closing(lines, items) is None
    if address.kind == "statement" and items and not items[0].index and not prelude.end:
        items = _without_own_line(items, lines, key_of)
    block = find_block(lines, items, address, key_of, is_list=is_list, has_header=has_header)
    end, is_closed = _end_of_main(lines, items, block, extent, is_list=is_list)
    is_cut = extent.is_short or (block is not None and block.is_cut)
    lists: list[ListText] = []
    if is_list:
        inside = [item for item in items if item.index < end]
        is_list_cut = is_cut and block is None
        entries = _read_list(lines[:end], inside, key_of, is_closed=is_closed, is_cut=is_list_cut)
        lists += _list_text(entries, address)
    if block is not None and block.items:
        entries = read_entries(lines, block.items, block.end, is_closed=not is_cut, is_cut=is_cut)
        lists.append(ListText("latest", 1, entries))
    parts = MainPart(_kind(address, is_list), None, tuple(lists), pager, is_cut)
    if is_list:
        problem = PageProblem(NO_ITEMS, "main part", pager or "")
        return parts if lists else replace(parts, problems=(problem,))
    if address.kind == "static":
        return parts
    own = lines[:end] if block is not None or not extent.is_whole else without_footer(lines[:end])
    return _with_statement(parts, own, prelude, is_open=not is_closed)


def _end_of_main(
    lines: Sequence[Line],
    items: Sequence[Item],
    block: Block | None,
    extent: Extent,
    *,
    is_list: bool,
) -> tuple[int, bool]:
    """Return where the main part ends, and whether that is known to be its true end.

    Where a page may be cut off and its last lines look like an item, that may be the first of
    the block; so much of the text as stands before it is sure.
    """
    if block is not None:
        return block.start, True
    closing = find_closing(lines, items)
    if closing is not None:
        return closing, True
    if is_list or extent.is_whole or not items or len(lines) - items[-1].end > 1:
        return len(lines), extent.is_whole
    return items[-1].index or len(lines), False


def _with_statement(
    parts: MainPart, lines: Sequence[Line], prelude: Prelude, *, is_open: bool
) -> MainPart:
    statement = read_statement(lines, prelude, is_cut=parts.is_cut, is_open=is_open)
    if statement is None:
        problem = PageProblem(NO_STATEMENT, "main part", "")
        return replace(parts, problems=(problem,))
    if statement.title and is_soft_404(statement.title, statement.body):
        problem = PageProblem("soft 404", "main part", statement.title)
        return replace(parts, kind="error", problems=(problem,))
    return replace(parts, statement=statement)


def _kind(address: Address, is_list: bool) -> PageKind:
    if address.kind == "home":
        return "home"
    if is_list:
        return "listing"
    return "static" if address.kind == "static" else "statement"


def _list_text(entries: tuple[Entry, ...], address: Address) -> list[ListText]:
    if not entries:
        return []
    name = "home" if address.kind == "home" else address.list or _listing_name(address)
    return [ListText(name, address.start, entries, name == "unknown")]


def _listing_name(address: Address) -> str:
    """Return the family of a listing whose address has no offset, such as ``/somearh``."""
    path = (address.url or "").removeprefix(site.BASE_URL)
    found = re.match(r"[a-z][a-z0-9_]*", path, re.I)
    return found[0].lower() if found else "unknown"


def _without_own_line(items: list[Item], lines: Sequence[Line], key_of: KeyOf) -> list[Item]:
    """Drop the first item of a statement page where it is the page's own date and title."""
    first, others = items[0], items[1:]
    linked = any(key_of(item.href) for item in others)
    paragraphs = (others[0].index if others else len(lines)) - first.end
    is_own = (
        len(items) > site.LATEST_SIZE
        or (linked and not key_of(first.href))
        or paragraphs > 1
        or any(sort_date(first.date_text) < sort_date(item.date_text) for item in others)
    )
    return others if is_own else items


def _read_list(
    lines: list[Line], items: list[Item], key_of: KeyOf, *, is_closed: bool, is_cut: bool
) -> tuple[Entry, ...]:
    """Return the entries of a listing, those without a date but with a link among them."""
    found: list[Item] = []
    ends = [*(item.index for item in items), len(lines)]
    found += find_linked_items(lines[: ends[0]], key_of, None)
    for item, stop in zip(items, ends[1:], strict=True):
        found.append(item)
        linked = find_linked_items(lines[item.end : stop], key_of, key_of(item.href))
        found += [other.moved(item.end) for other in linked]
    return read_entries(lines, found, len(lines), is_closed=is_closed, is_cut=is_cut)
