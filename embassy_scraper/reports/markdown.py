"""Markdown (CommonMark): a report to be pasted into a note, an issue or a page.

What comes from a page is escaped, so that it is text in whatever it is pasted into.
"""

import re
from collections.abc import Iterator, Sequence

from embassy_scraper.reports.days import About, alike, by_day, counted_changes, subjects
from embassy_scraper.reports.entries import Entry
from embassy_scraper.reports.links import copies_of, web_address
from embassy_scraper.reports.marks import ADDED, REMOVED, Piece
from embassy_scraper.reports.passages import passages_of
from embassy_scraper.reports.sentences import Headings, sentence, subject_words, when
from embassy_scraper.reports.times import say_day
from embassy_scraper.visible import one_line

_LONGEST_TITLE = 400  # characters
_SPECIAL = re.compile(r"[\\`*_\[\]<>|~&#$^{}!@]|(?<=www)\.|:(?=//)|^(?:[-+=]|\d+(?=[.)]))")
_MARKS = {REMOVED: "~~", ADDED: "**"}


def as_markdown(
    entries: Sequence[Entry], *, about: About, headings: Headings | None = None
) -> Iterator[str]:
    """Yield *entries* as Markdown: day by day, what was removed ~~struck~~, what was added bold."""
    yield f"# {escape(about.title)}\n\n"
    yield f"{counted_changes(entries).capitalize()}; {about.span}. Made on {about.made} by"
    yield f" {_code(about.command)}.\n"
    for day, group in by_day(entries):
        yield f"\n## {say_day(day)}\n"
        for same in alike(group, headings):
            yield from _entries(same, headings)


def escape(text: str) -> str:
    r"""Return *text*, in one line, as Markdown that shows just this.

    >>> escape("*1* <b>")
    '\\*1\\* \\<b\\>'
    """
    return _SPECIAL.sub(_escaped, one_line(text))


def _escaped(found: re.Match[str]) -> str:
    text = found[0]
    return f"{text}\\" if text.isdigit() else f"\\{text}"  # 1. and 1) begin a list, 1\. does not


def _code(text: str) -> str:
    """Return *text* as code, fenced by more backticks than stand in it."""
    flat = one_line(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", flat)), default=0))
    space = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{space}{flat}{space}{fence}"


def _entries(same: Sequence[Entry], headings: Headings | None) -> Iterator[str]:
    told = f"{sentence(same[0], headings)}{subjects(same)}"
    yield f"\n- **{escape(told)}**, {escape(when(same[0]))}"
    for entry in same:
        yield from _subject(entry)
    yield "\n"
    for passage in passages_of(same[0]):
        yield f"\n  > {''.join(map(_marked, passage.pieces)).strip()}\n"


def _subject(entry: Entry) -> Iterator[str]:
    about = subject_words(entry)
    if about:
        title = escape(one_line(about, _LONGEST_TITLE))
        address = web_address(entry.first.url) if entry.first.is_of_statement else None
        day = entry.first.published_on
        dated = f" ({say_day(day)})" if day and entry.first.is_of_statement else ""
        yield f"  \n  {_linked(title, address)}{dated}"
    copies = [_linked(which, archived) for which, archived in copies_of(entry.first)]
    if copies:
        yield f"  \n  Wayback Machine, nearest copy if any: {', '.join(copies)}"


def _linked(words: str, address: str | None) -> str:
    return f"[{words}](<{address}>)" if address is not None else words


def _marked(piece: Piece) -> str:
    mark = _MARKS.get(piece.kind, "")
    text = escape(piece.text)
    before = " " if piece.text[:1].isspace() else ""
    after = " " if piece.text[-1:].isspace() or mark else ""
    return f"{before}{mark}{text}{mark}{after}" if text else " "
