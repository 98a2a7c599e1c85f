"""The one shape in which pages are read: lines, as they stand on the screen.

Saved text has them already; ``screen`` makes them from HTML. What parts lines there is what parts
them on a screen: block elements and ``<br>``.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from embassy_scraper.limits import MAX_ENDS, MAX_LINES, MAX_TEXT
from embassy_scraper.text import clean

_EDGES = re.compile(r"^\W+|\W+$")
SHORT = 60  # characters; no word of the page's grammar is longer
# A date in figures, whosever the page is: looser than any site's form, for an entry whose date is
# misprinted must not become a part of the one above it.
DATE_IN_FIGURES = r"[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}"


KeyOf = Callable[[str | None], str | None]  # from an address to the statement it leads to


class NoPage(ValueError):
    """What is shown has no measure of a page; the message is the name of the problem."""


class Line(NamedTuple):
    """One line as it stands on the screen.

    ``text`` is folded; ``gap`` says that an empty line or a block's edge stands before it;
    ``href`` is the first link on it, ``link_text`` that link's text, and ``is_linked`` says that
    all its words are links. ``has_own_date`` says that markup parts a date at its start from the
    rest.
    """

    text: str
    gap: bool = True
    href: str | None = None
    is_linked: bool = False
    link_text: str | None = None
    has_own_date: bool = False


def check_measure(text: str) -> None:
    """Raise where the visible *text* is longer than that of any page.

    Raises:
        NoPage: it has more characters or lines.
    """
    if len(text) > MAX_TEXT:
        raise NoPage("too large")
    if len(text.splitlines()) > MAX_ENDS:
        raise NoPage("too many lines")


def text_lines(text: str) -> list[Line]:
    """Return the lines of a page's visible text; an empty line makes a gap before the next.

    Raises:
        NoPage: they are more than any page has.
    """
    lines: list[Line] = []
    gap = False
    for raw in clean(text.replace("\x00", "")).splitlines():
        folded = " ".join(raw.split())
        if folded:
            lines.append(Line(folded, gap or not lines))
            if len(lines) > MAX_LINES:
                raise NoPage("too many lines")
        gap = not folded
    return lines


def bare(line: Line) -> str:
    """Return a short line in small letters, without what stands around its words.

    >>> bare(Line("» All messages »"))
    'all messages'
    """
    if len(line.text) > SHORT:
        return ""
    return _EDGES.sub("", line.text).lower()


def title_and_rest(line: Line, text: str) -> tuple[str, str]:
    """Return the title that *text*, what stands on *line* behind a date, begins with, and the rest.

    The first link on the line parts them, where the line goes on behind it; it may hold the date
    too.

    >>> title_and_rest(Line("A talk We met.", link_text="A talk"), "A talk We met.")
    ('A talk', 'We met.')
    >>> line = Line("3 May 2019 - A talk We met.", link_text="3 May 2019 - A talk")
    >>> title_and_rest(line, "A talk We met.")
    ('A talk', 'We met.')
    """
    link = line.link_text
    if link and not line.is_linked:
        link = link.removeprefix(line.text.removesuffix(text))
        if text.startswith(link):
            return link, text[len(link) :].strip()
    return text, ""


def paragraphs(lines: Sequence[Line]) -> list[Line]:
    """Return *lines* with those of one paragraph put together: no empty line stands between them.

    >>> [line.text for line in paragraphs([Line("It is"), Line("late.", gap=False), Line("Yes.")])]
    ['It is late.', 'Yes.']
    """
    joined: list[Line] = []
    for line in lines:
        if joined and not line.gap:
            joined[-1] = joined[-1]._replace(text=f"{joined[-1].text} {line.text}")
        else:
            joined.append(line)
    return joined
