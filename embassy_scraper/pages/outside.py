"""What stands on a page outside the parts of its layout: counters, and text it does not know."""

from collections.abc import Sequence

from lxml import etree

from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.layout_parts import outermost
from embassy_scraper.pages.layouts import Selection
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.screen import Screen
from embassy_scraper.pages.shown import ends_as_sentence
from embassy_scraper.pages.tree import Element
from embassy_scraper.sites import Layout

_MENU_WORDS = 6  # what has no more of them is a label, whatever stands there


def lines_outside(
    selection: Selection, layout: Layout, parts: Sequence[Element], grammar: Grammar
) -> tuple[list[Line], list[Line]]:
    """Return the lines that begin as a counter does, and those that no selector names.

    Counters are looked for in header and chrome as well, for their place is not known.
    """
    known = set(selection.of(layout.header))
    for selector in layout.chrome:
        known.update(selection.of(selector))
    screen = Screen(skip=known.union(parts))
    screen.show(selection.root)
    counters: list[Line] = []
    others: list[Line] = []
    for line in screen.lines:
        (counters if grammar.begins_as_counter(line) else others).append(line)
    for element in outermost(list(known)):
        text = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
        if grammar.counter.search(text):
            inner = Screen()
            inner.show(element)
            counters += [line for line in inner.lines if grammar.begins_as_counter(line)]
    return counters, others


def unknown_text(lines: Sequence[Line], grammar: Grammar) -> str | None:
    """Return the first of *lines* that is more than a label, and no link.

    A tag closed too early puts the rest of a statement outside its part.
    """
    return next((line.text for line in lines if _is_text(line, grammar)), None)


def _is_text(line: Line, grammar: Grammar) -> bool:
    if line.is_linked:
        return False
    words = len(line.text.split())
    return (
        words > _MENU_WORDS or (words > 1 and ends_as_sentence(line)) or grammar.is_signature(line)
    )
