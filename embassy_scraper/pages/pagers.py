"""The pager of a listing: a word, then the numbers of its pages, as in ``Pages: «« 1 2 »»``."""

from collections.abc import Sequence

from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line


def take_pager(lines: Sequence[Line], grammar: Grammar) -> tuple[str | None, list[Line]]:
    """Return the pager as printed, and the lines without it (it may stand above and below).

    Markup may give each of its numbers a line of its own.
    """
    pager: list[str] = []
    pagers = 0
    kept: list[Line] = []
    in_pager = False
    for line in lines:
        if grammar.is_pager(line):
            in_pager, pagers = True, pagers + 1
        elif not (in_pager and grammar.is_pager_piece(line)):
            in_pager = False
            kept.append(line)
        if in_pager and pagers == 1:
            pager.append(line.text)
    return " ".join(pager) or None, kept
