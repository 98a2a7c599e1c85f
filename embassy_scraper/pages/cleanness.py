"""Whether nothing but the page stands in a text capture, so that the place of a line proves it.

What a text browser dumps has the site's menus, and other people's lines, around the page's parts;
nothing in it bounds a part, so all of its parts are withheld.
"""

from collections.abc import Sequence

from embassy_scraper.pages.entries import find_items
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.header import find_clock
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.shown import is_few, is_prose
from embassy_scraper.sites.addresses import Address

_MANY = 20  # labels of a menu


def is_clean(
    lines: Sequence[Line], rest: Sequence[Line], address: Address, grammar: Grammar
) -> bool:
    """Say whether *lines* are a page and nothing else; *rest* are those behind its header.

    Nothing stands before the header, between it and the section heading, or behind the closing
    line; no line is a label of the site's menus.
    """
    if any(grammar.is_menu_label(line) for line in lines) or _is_menu(rest, grammar):
        return False
    found = find_clock(lines, grammar)
    if found is not None and found[1]:
        return False
    if address.kind == "home":
        return _is_clean_home(rest, grammar)
    if any(grammar.is_feed_heading(line) for line in rest):
        return False
    if address.kind == "listing" and rest and not _begins_as_list(rest, grammar):
        return False
    return _begins_well(rest, grammar) and _ends_well(rest, grammar)


def _is_menu(lines: Sequence[Line], grammar: Grammar) -> bool:
    """Say whether most of many *lines* are labels, which nobody's text is made of."""
    labels = sum(
        is_few(line) and not is_prose(line) and not grammar.is_date_line(line) for line in lines
    )
    return labels >= _MANY and 2 * labels > len(lines)


def _begins_as_list(rest: Sequence[Line], grammar: Grammar) -> bool:
    first = rest[0]
    is_heading = grammar.is_known_heading(first) or grammar.is_latest_heading(first)
    return is_heading or grammar.is_pager(first) or _has_item_at(rest, 0, grammar)


def _begins_well(rest: Sequence[Line], grammar: Grammar) -> bool:
    """Say whether no section heading with a part below it stands further down."""
    for index in range(1, len(rest) - 1):
        below = rest[index + 1]
        has_part = (
            any(grammar.is_date_line(line) for line in rest[index + 1 : index + 3])
            or grammar.is_pager(below)
            or grammar.read_own_line(below) is not None
        )
        if has_part and grammar.is_known_heading(rest[index]) and rest[index].text.isupper():
            return False
    pager = next((i for i, line in enumerate(rest) if grammar.is_pager(line)), None)
    if pager is None or not _has_item_at(rest, pager + 1, grammar):
        return True
    return pager == 0 or (pager == 1 and grammar.is_known_heading(rest[0]))


def _has_item_at(rest: Sequence[Line], index: int, grammar: Grammar) -> bool:
    while index < len(rest) and grammar.is_pager_piece(rest[index]):
        index += 1
    items = find_items(rest[index : index + 2], grammar, known=False)
    return bool(items) and items[0].index == 0


def _ends_well(rest: Sequence[Line], grammar: Grammar) -> bool:
    """Say whether nothing stands behind the closing line."""
    closing = next((i for i, line in enumerate(rest) if grammar.is_closing(line)), None)
    return closing is None or closing == len(rest) - 1


def _is_clean_home(rest: Sequence[Line], grammar: Grammar) -> bool:
    """Say whether nothing but boxes stands before the list, nothing but feeds behind it."""
    heading = next((i for i, line in enumerate(rest) if grammar.is_home_heading(line)), None)
    items = find_items(rest, grammar, known=False)
    if heading is None:
        return bool(items) and items[0].index == 0 and _is_clean_behind(rest, grammar)
    boxes = sum(grammar.box_prefix(line) is not None for line in rest[:heading])
    is_below = any(item.index == heading + 1 for item in items)
    return is_below and heading == 3 * boxes and _is_clean_behind(rest[heading:], grammar)


def _is_clean_behind(rest: Sequence[Line], grammar: Grammar) -> bool:
    closing = next((i for i, line in enumerate(rest) if grammar.is_closing(line)), None)
    if closing is None or closing == len(rest) - 1:
        return True
    return grammar.is_feed_heading(rest[closing + 1])
