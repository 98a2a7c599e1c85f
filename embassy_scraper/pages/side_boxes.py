"""The side boxes of the homepage: one statement each, shown beside the list."""

from collections.abc import Sequence

from embassy_scraper.items import BOX, Entry, ListText, PageProblem
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line


def box_list(entries: Sequence[Entry]) -> tuple[ListText, ...]:
    """Return *entries* of side boxes as what a page shows; they have no order."""
    return (ListText(BOX, 0, tuple(entries), covers_nothing=True),) if entries else ()


def read_boxes(
    lines: Sequence[Line], entries: Sequence[Entry], grammar: Grammar
) -> tuple[tuple[ListText, ...], tuple[PageProblem, ...]]:
    """Return the boxes in *lines* of a text capture, which stand before the list's *entries*.

    Text has no links, so a box is the entry with its date whose title is equal behind the
    prefix that lists print; a box without such an entry is a problem.
    """
    found: list[Entry] = []
    problems: list[PageProblem] = []
    for index, line in enumerate(lines):
        prefix = grammar.box_prefix(line)
        below = lines[index + 1 : index + 3]
        if prefix is None or len(below) < 2 or not grammar.is_date_line(below[0], known=False):
            continue
        date, title = grammar.date_on(below[0]), below[1].text
        same = (e for e in entries if e.date_text == date and e.title in (title, prefix + title))
        entry = next(same, None)
        if entry is not None:
            found.append(entry)
        else:
            problems.append(PageProblem("box without its entry", line.text, f"{date} - {title}"))
    return box_list(found), tuple(problems)
