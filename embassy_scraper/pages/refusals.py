"""Pages that are not the page: challenges, captchas, errors with status 200, archive errors.

Such a page says little else, and says it on a line of its own. A statement may tell of a captcha
or of a page that was not found: so a line must say nothing but what ``phrases`` lists, and a page
on which a part of the site's grammar stands is the site's.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate

from embassy_scraper.items import PageProblem
from embassy_scraper.pages.archive_words import find_archives_page
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.phrases import APOLOGIES, BLOCKED, FAILED, SOFT_404, TO_A_VISITOR

_FIRST_LINES, _PAGE = 3, 40  # lines that are looked at for a phrase, for the site's grammar
_LONG_LINE = 200  # characters
_CHALLENGE_WORDS = 120
_APOLOGY_WORDS, _BARE_WORDS = 60, 3
_PROSE = 600  # characters behind a title; no "not found" has so much to say


def find_refusal(lines: Sequence[Line], title: str, grammar: Grammar) -> PageProblem | None:
    """Return the problem of a page that is a refusal instead of the page asked for.

    Called only for pages without the site's clock; *title* is that of the HTML's head.
    """
    if any(_is_of_site(line, grammar) for line in lines[:_PAGE]):
        return None
    archives = find_archives_page(lines, title)
    if archives is not None:
        return archives
    for text in (title, *(line.text for line in lines[:_FIRST_LINES])):
        if not text or len(text) > _LONG_LINE:
            continue
        for what, phrases in (("blocked page", BLOCKED), ("error page", FAILED)):
            if phrases.fullmatch(text):
                return PageProblem(what, "page", text)
    return _find_challenge(lines) or _find_apology(lines)


def _find_apology(lines: Sequence[Line]) -> PageProblem | None:
    """Return the problem of a page of few words with which a server excuses itself."""
    text = " ".join(line.text[:_LONG_LINE] for line in lines[:_PAGE])
    words = len(text.split())
    said = {found[0].lower() for found in APOLOGIES.finditer(text)}
    if len(lines) > _PAGE or words > _APOLOGY_WORDS or not said:
        return None
    if len(said) > 1 or words <= _BARE_WORDS:
        return PageProblem("error page", "page", text[:_LONG_LINE])
    return None


def _find_challenge(lines: Sequence[Line]) -> PageProblem | None:
    """Return the problem of a short page that speaks of nothing but its visitor's browser."""
    text = " ".join(line.text[:_LONG_LINE] for line in lines[:_PAGE])
    if len(lines) > _PAGE or len(text.split()) > _CHALLENGE_WORDS:
        return None
    said = {found[0].lower() for found in TO_A_VISITOR.finditer(text)}
    return PageProblem("blocked page", "page", text[:_LONG_LINE]) if len(said) > 1 else None


def _is_of_site(line: Line, grammar: Grammar) -> bool:
    return (
        grammar.is_closing(line)
        or grammar.is_latest_heading(line)
        or (grammar.is_known_heading(line) and line.text.isupper())
        or grammar.is_date_line(line)
        or grammar.read_own_line(line) is not None
    )


def find_soft_404(parts: Iterable[Sequence[Line]]) -> PageProblem | None:
    """Return the problem of *parts* of which one says "not found", and little else.

    Such a page answers 200 all the same.

    >>> find_soft_404([[Line("404 - Page not found")]]).text, find_soft_404([[Line("Comment")]])
    ('404 - Page not found', None)
    """
    for lines in parts:
        if any(size > _PROSE for size in accumulate(len(line.text) for line in lines)):
            continue
        for line in lines:
            if len(line.text) <= _LONG_LINE and SOFT_404.fullmatch(line.text):
                return PageProblem("soft 404", "main part", line.text)
    return None
