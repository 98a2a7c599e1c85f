"""The words of the page's grammar: what a line must say to be a part of the page.

Source: site.md. Every test looks at one short line, so none takes long on a hostile page.
"""

import re
from collections.abc import Sequence

from embassy_scraper import site
from embassy_scraper.pages.lines import SHORT, Line, bare

_DATE = re.compile(r"[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}")
_PAGER = re.compile(r"pages\s*:", re.I)
_PAGER_PIECE = re.compile(r"[\s\d|:«»<>.…–-]+")
_HEADER_PART = re.compile(
    r"(?:moscow|london|москва|лондон)\s*:\s*\d|days?\s+ha(?:ve|s)\s+passed\s+since"
    r"|(?:consular\s+(?:queries|section)|консульские\s+вопросы)\s*:",
    re.I,
)
_SEEN = 300  # characters of a line that are looked at
_MENU_WORDS = 40  # characters of an entry of a menu that is no link
_MENU_LINES = range(3, 80)
_CRUMB = re.compile(r"(?:home|main(?: page)?|главная)\s*[»>/›→|:]", re.I)


def _says(line: Line, words: str) -> bool:
    return words in line.text.lower() and bare(line) == words


def is_closing(line: Line) -> bool:
    """Say whether *line* closes the latest block: ``all messages``."""
    return len(line.text) <= SHORT and _says(line, site.CLOSING)


def is_latest_heading(line: Line) -> bool:
    """Say whether *line* is the heading above the latest block."""
    return len(line.text) <= SHORT and _says(line, site.LATEST_HEADING)


def is_known_heading(line: Line) -> bool:
    """Say whether *line* is one of the known section headings, in capitals or not."""
    return line.text.replace("’", "'").upper() in site.HEADINGS


def is_pager(line: Line) -> bool:
    """Say whether *line* begins a pager: ``Pages:`` and numbers or arrows, if anything."""
    found = _PAGER.match(line.text) if line.text[0] in "Pp" else None
    if found is None:
        return False
    rest = line.text[found.end() :]
    return not rest or _PAGER_PIECE.fullmatch(rest) is not None


def is_pager_piece(line: Line) -> bool:
    """Say whether *line* may be a piece of a pager whose numbers have elements of their own."""
    return _PAGER_PIECE.fullmatch(line.text) is not None


def is_part_of_page(lines: Sequence[Line]) -> bool:
    """Say whether a part of the page's grammar stands in *lines*, which look like a side part."""
    return any(
        is_closing(line) or is_pager(line) or _HEADER_PART.search(line.text, 0, _SEEN)
        for line in lines
    )


def is_dated(line: Line) -> bool:
    """Say whether *line* begins with a date, as an item does."""
    return line.text[:1].isdigit() and _DATE.match(line.text) is not None


def is_crumbs(line: Line) -> bool:
    """Say whether *line* shows the way from the homepage: ``Home » News``."""
    return line.href is not None and _CRUMB.match(line.text) is not None


def is_menu(lines: Sequence[Line]) -> bool:
    """Say whether the lines of one box are a menu: links, and here and there a short heading."""
    if len(lines) not in _MENU_LINES:
        return False
    plain = [line for line in lines if not line.is_linked]
    if len(plain) * 4 > len(lines) or any(len(line.text) > _MENU_WORDS for line in plain):
        return False
    return not any(
        is_dated(line) or is_known_heading(line) or is_part_of_page([line]) for line in lines
    )
