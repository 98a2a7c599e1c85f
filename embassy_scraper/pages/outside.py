"""What stands on a page outside the parts of its layout: counters, and text it does not know."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.layout_parts import outermost
from embassy_scraper.pages.layouts import Selection, is_simple
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.screen import Screen
from embassy_scraper.pages.shown import ends_as_sentence, is_few
from embassy_scraper.pages.tree import Element
from embassy_scraper.recent import Recent
from embassy_scraper.sites import Layout


@dataclass(frozen=True, slots=True)
class Outside:
    """What stands outside the parts and the header.

    ``counters`` are lines that begin as a counter does, in chrome too, for their place is not
    known; ``others`` are lines that no selector names, ``unknown_text`` is the first of them that
    is no label.
    """

    counters: tuple[Line, ...]
    others: tuple[Line, ...]
    unknown_text: str | None


def take_outside(
    selection: Selection, layout: Layout, parts: Sequence[Element], grammar: Grammar
) -> Outside:
    """Return what stands outside *parts* and the header, which are empty afterwards.

    Menus are the same on every page, so what was read of recent ones is kept.
    """
    root = selection.root
    hidden = [*parts, *selection.of(layout.header)]
    recent = _recent(layout, grammar)
    if recent is None:
        hidden += root.iter("head")
        chrome = _chrome(selection, layout, hidden)
        _clear(hidden)
        return _read(root, chrome, hidden, grammar)
    _clear(hidden)
    heads = [*root.iter("head")]  # fewer elements are left to look through now
    _clear(heads)
    hidden += heads
    markup = etree.tostring(root, encoding="unicode")

    def make() -> Outside:
        return _read(root, _chrome(Selection(root), layout, hidden), hidden, grammar)

    return recent.get(markup, None, make)


def _clear(elements: Sequence[Element]) -> None:
    for element in elements:
        element.clear(keep_tail=True)


@lru_cache(maxsize=16)
def _recent(layout: Layout, grammar: Grammar) -> Recent[Outside] | None:
    """Return what stood around the parts of pages; ``None`` where markup alone does not tell it.

    It is kept for each *grammar*, by whose words counters are known.
    """
    return Recent(64) if is_simple(layout) else None


def _chrome(selection: Selection, layout: Layout, hidden: Sequence[Element]) -> list[Element]:
    """Return the outermost elements of chrome, none of them inside one that is *hidden*."""
    chrome = [element for selector in layout.chrome for element in selection.of(selector)]
    apart = set(hidden)
    return [one for one in outermost([*hidden, *chrome]) if one not in apart]


def _read(
    root: Element, chrome: Sequence[Element], hidden: Sequence[Element], grammar: Grammar
) -> Outside:
    screen = Screen(skip={*chrome, *hidden})
    screen.show(root)
    counters: list[Line] = []
    others: list[Line] = []
    for line in screen.lines:
        (counters if grammar.begins_as_counter(line) else others).append(line)
    for element in chrome:
        text = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
        if grammar.counter.search(text):
            inner = Screen(skip=set(hidden))
            inner.show(element)
            counters += [line for line in inner.lines if grammar.begins_as_counter(line)]
    return Outside(tuple(counters), tuple(others), unknown_text(others, grammar))


def unknown_text(lines: Sequence[Line], grammar: Grammar) -> str | None:
    """Return the first of *lines* that is more than a label, and more than a link's.

    A tag closed too early puts the rest of a statement outside its part.
    """
    return next((line.text for line in lines if _is_text(line, grammar)), None)


def _is_text(line: Line, grammar: Grammar) -> bool:
    if line.is_linked:
        return not is_few(line) and ends_as_sentence(line)
    is_sentence = " " in line.text and ends_as_sentence(line)
    return not is_few(line) or is_sentence or grammar.is_signature(line)
