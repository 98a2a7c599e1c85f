"""What stands on a page between its parts and is none of them: menus, pagers, footers."""

import re
from collections.abc import Callable, Sequence

from embassy_scraper.pages.grammar import (
    is_closing,
    is_crumbs,
    is_dated,
    is_known_heading,
    is_latest_heading,
    is_pager,
    is_pager_piece,
)
from embassy_scraper.pages.lines import Line

KeyOf = Callable[[str | None], str | None]
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright)\W{0,5}(?:19|20)\d\d\b|all rights reserved", re.I)
_SEEN = 200  # characters


def without_menu(lines: list[Line], key_of: KeyOf | None = None) -> list[Line]:
    """Return *lines* without a menu before the main part.

    A menu is made of lines that are nothing but links elsewhere, that is, not to statements, and
    of what stands in one box with them. A heading above links with nothing behind them is a
    title, and they are its text.
    """
    if not lines:
        return lines
    end = 0
    for index, line in enumerate(lines):
        if is_dated(line) or is_pager(line) or is_closing(line) or is_latest_heading(line):
            break
        has_key = key_of is not None and key_of(line.href) is not None
        if (line.is_linked or is_crumbs(line)) and not has_key and not is_known_heading(line):
            end = index + 1
        elif not line.in_menu and not (has_key and line.is_linked and end):
            break
    behind = lines[end:]
    is_empty = not behind or is_closing(behind[0]) or is_latest_heading(behind[0])
    return lines if is_empty and not lines[0].is_linked else behind


def without_footer(lines: list[Line]) -> list[Line]:
    """Return *lines* without the footer of a page that has no latest block above it."""
    end = len(lines)
    while end > 1 and (lines[end - 1].in_menu or _RIGHTS.search(lines[end - 1].text, 0, _SEEN)):
        end -= 1
    return lines[:end]


def take_pager(lines: Sequence[Line]) -> tuple[str | None, list[Line]]:
    """Return the pager as printed, and the lines without it (it may stand above and below).

    Markup may give each of its numbers a line of its own.
    """
    pager: list[str] = []
    pagers = 0
    kept: list[Line] = []
    in_pager = False
    for line in lines:
        if is_pager(line):
            in_pager, pagers = True, pagers + 1
        elif not (in_pager and is_pager_piece(line) and not is_dated(line)):
            in_pager = False
            kept.append(line)
        if in_pager and pagers == 1:
            pager.append(line.text)
    return " ".join(pager) or None, kept
