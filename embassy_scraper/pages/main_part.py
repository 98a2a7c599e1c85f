"""Reading what stands behind the header: a statement, a listing, the latest block."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from embassy_scraper import site
from embassy_scraper.items import Entry, ListText, PageKind, PageProblem, StatementText
from embassy_scraper.pages.entries import (
    Item,
    find_items,
    find_linked_items,
    is_date_line,
    read_entries,
    sort_date,
)
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.refusals import is_soft_404
from embassy_scraper.pages.statement import Prelude, read_prelude, read_statement
from embassy_scraper.site import Address

KeyOf = Callable[[str | None], str | None]

_PAGER = re.compile(r"pages\s*:.*\d", re.I)
_PAGER_PIECE = re.compile(r"[\s\d|:«»<>.…–-]+")
_EDGES = re.compile(r"^\W+|\W+$")


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
class Block:
    """The latest block: its items, where it begins (its heading included) and where it ends."""

    items: list[Item]
    start: int
    end: int
    is_cut: bool


def read_main_part(
    lines: list[Line],
    address: Address,
    key_of: KeyOf,
    *,
    ends_whole: bool,
    bytes_missing: bool,
    has_header: bool,
) -> MainPart:
    """Return the parts of *lines*, which begin behind the header.

    ``ends_whole`` says that the page is known to end where it was meant to end,
    ``bytes_missing`` that it is known not to.
    """
    lines = _without_menu(lines, key_of, address)
    pager, lines = _take_pager(lines)
    is_list = address.kind in {"home", "listing"} or pager is not None
    prelude = Prelude() if is_list else read_prelude(lines)
    items = find_items(lines[prelude.end :])
    items = [_moved(item, prelude.end) for item in items]
    if not is_list and not prelude.end and address.kind == "unknown":
        is_list = bool(items) and items[0].index == 0 and _closing(lines) is None
    if address.kind == "statement" and items and not items[0].index and not prelude.end:
        items = _without_own_line(items, lines, key_of)
    block = _find_block(lines, items, address, key_of, is_list=is_list, has_header=has_header)
    cut = bytes_missing or (block is not None and block.is_cut)
    lists: list[ListText] = []
    main_end = block.start if block else len(lines)
    is_closed = block is not None or ends_whole
    if is_list:
        main_items = [item for item in items if item.index < main_end]
        entries = _read_list(
            lines[:main_end], main_items, key_of, is_closed=is_closed, is_cut=cut and block is None
        )
        name = "home" if address.kind == "home" else address.list or _listing_name(address)
        if entries:
            lists.append(ListText(name, address.start, entries, name == "unknown"))
    if block is not None:
        entries = read_entries(
            lines, block.items, block.end, is_closed=not block.is_cut and not bytes_missing,
            is_cut=cut,
        )
        lists.append(ListText("latest", 1, entries))
    statement, kind, problems = None, _kind(address, is_list), []
    if not is_list and address.kind in {"statement", "unknown"}:
        statement = read_statement(lines[:main_end], prelude, is_cut=cut, is_open=not is_closed)
        if statement is None:
            problems.append(PageProblem("no statement", "main part", ""))
        elif statement.title and is_soft_404(statement.title):
            problems.append(PageProblem("soft 404", "main part", statement.title))
            statement, kind = None, "error"
    elif is_list and not lists:
        problems.append(PageProblem("no items", "main part", pager or ""))
    return MainPart(kind, statement, tuple(lists), pager, cut, tuple(problems))


def _kind(address: Address, is_list: bool) -> PageKind:
    if address.kind == "home":
        return "home"
    if is_list:
        return "listing"
    return "static" if address.kind == "static" else "statement"


def _listing_name(address: Address) -> str:
    """Return the family of a listing whose address has no offset, such as ``/somearh``."""
    path = (address.url or "").removeprefix(site.BASE_URL)
    found = re.match(r"[a-z][a-z0-9_]*", path, re.I)
    return found[0].lower() if found else "unknown"


def _moved(item: Item, by: int) -> Item:
    return Item(
        item.index + by, item.end + by, item.date_text, item.title, item.href, item.rest
    )


def _without_menu(lines: list[Line], key_of: KeyOf, address: Address) -> list[Line]:
    """Drop a menu before the main part: leading lines that are nothing but links elsewhere."""
    start = 0
    while start < len(lines):
        line = lines[start]
        if not line.is_linked or key_of(line.href) is not None or _is_heading(line):
            break
        start += 1
    return lines[start:]


def _is_heading(line: Line) -> bool:
    return line.text.upper() in site.HEADINGS or bool(_PAGER.match(line.text))


def _take_pager(lines: list[Line]) -> tuple[str | None, list[Line]]:
    """Return the pager as printed, and the lines without it (it may stand above and below).

    Markup may give each of its numbers a line of its own.
    """
    pager: str | None = None
    kept: list[Line] = []
    in_pager = False
    for line in lines:
        if re.match(r"pages\s*:", line.text, re.I) and _PAGER_PIECE.fullmatch(line.text[5:] or " "):
            in_pager = True
            pager = pager or line.text
        elif in_pager and _PAGER_PIECE.fullmatch(line.text) and not is_date_line(line):
            continue
        else:
            in_pager = False
            kept.append(line)
    return pager, kept


def _closing(lines: Sequence[Line]) -> int | None:
    """Return the index of the last closing line, ``all messages``."""
    for index in range(len(lines) - 1, -1, -1):
        if _EDGES.sub("", lines[index].text).lower() == site.CLOSING:
            return index
    return None


def _latest_heading(lines: Sequence[Line], end: int) -> int | None:
    for index in range(end - 1, -1, -1):
        if _EDGES.sub("", lines[index].text).lower() == site.LATEST_HEADING:
            return index
    return None


def _without_own_line(items: list[Item], lines: list[Line], key_of: KeyOf) -> list[Item]:
    """Drop the first item of a statement page where it is the page's own date and title."""
    first, others = items[0], items[1:]
    linked = any(key_of(item.href) for item in others)
    paragraphs = (others[0].index if others else len(lines)) - first.end
    own = len(items) > site.LATEST_SIZE or (linked and not key_of(first.href)) or paragraphs > 1
    return others if own else items


def _find_block(
    lines: list[Line],
    items: list[Item],
    address: Address,
    key_of: KeyOf,
    *,
    is_list: bool,
    has_header: bool,
) -> Block | None:
    closing = _closing(lines)
    if closing is not None:
        items = [item for item in items if item.index < closing]
        heading = _latest_heading(lines, closing)
        chosen = _block_items(items, heading, key_of, is_list=is_list)
        if chosen:
            start = heading if _stands_before(heading, chosen) else chosen[0].index
            return Block(chosen, start or 0, closing, is_cut=False)
        return None
    heading = _latest_heading(lines, len(lines))
    if heading is not None:
        chosen = [item for item in items if item.index > heading][: site.LATEST_SIZE]
        return Block(chosen, heading, len(lines), is_cut=True)
    if is_list:
        return None
    chosen = _unclosed_items(items, key_of, has_header=has_header)
    return Block(chosen, chosen[0].index, len(lines), is_cut=True) if chosen else None


def _stands_before(heading: int | None, chosen: list[Item]) -> bool:
    return heading is not None and heading < chosen[0].index


def _block_items(
    items: list[Item], heading: int | None, key_of: KeyOf, *, is_list: bool
) -> list[Item]:
    """Return the items of a closed block: the last ten at most before the closing line.

    Its heading can tell that they are fewer. A line of the body that looks like an item has no
    link where the items have links.
    """
    if heading is not None:
        items = [item for item in items if item.index > heading]
    items = items[-site.LATEST_SIZE :]
    linked = [bool(key_of(item.href)) for item in items]
    if True in linked and not is_list:
        items = items[linked.index(True) :]
    return items


def _unclosed_items(items: list[Item], key_of: KeyOf, *, has_header: bool) -> list[Item]:
    """Return the items of a block that was cut off, seen from its end.

    Dates of a block descend, so a body line that looks like an item ends the search. A single
    such line without a link may be a line of the body.
    """
    chosen: list[Item] = []
    for item in reversed(items):
        if not has_header and not key_of(item.href):
            break
        if chosen and _sort(item) < _sort(chosen[-1]):
            break
        chosen.append(item)
        if len(chosen) == site.LATEST_SIZE:
            break
    chosen.reverse()
    return chosen if len(chosen) > 1 or any(key_of(item.href) for item in chosen) else []


def _sort(item: Item) -> str:
    return sort_date(item.date_text) if item.date_text else ""


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
        found += [_moved(other, item.end) for other in linked]
    return read_entries(lines, found, len(lines), is_closed=is_closed, is_cut=is_cut)
