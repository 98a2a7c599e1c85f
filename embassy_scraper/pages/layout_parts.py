"""The parts of a page of a known markup: their lines, each with the role the layout gives it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from lxml import etree

from embassy_scraper.pages.context import Context, Links, PartContext
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.layouts import Selection, is_simple
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.parts import Extent
from embassy_scraper.pages.screen import Screen, is_unseen
from embassy_scraper.pages.tree import Element
from embassy_scraper.recent import Recent, remembered
from embassy_scraper.sites import Layout
from embassy_scraper.sites.addresses import is_absolute

ENTRY_ROLES = ("entry", "title")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One part of a page; equal markup is one object, so that what is read of it can be kept.

    ``blocks`` are the numbers of the blocks in which the lines stand, ``divs`` those of mere
    ``div`` elements, ``around`` those in which the first lead stands. ``has_leads``: the layout
    says which element holds the lead of an entry. ``is_anywhere``: its links mean the same on
    every page. ``size`` is its characters.
    """

    lines: list[Line]
    roles: list[str | None]
    blocks: list[int]
    divs: frozenset[int]
    around: frozenset[int]
    has_leads: bool
    is_anywhere: bool
    size: int

    @property
    def heading(self) -> Line | None:
        """Return the heading, where the part has one."""
        return self.lines[0] if self.roles[0] == "heading" else None

    @property
    def begin(self) -> int:
        """Return the place of the first line below the heading."""
        return int(self.roles[0] == "heading")

    def second_heading(self, start: int, end: int) -> str | None:
        """Return the text of a heading between two places, where there should be none."""
        for index in range(start, end):
            if self.roles[index] == "heading":
                return self.lines[index].text[:80]
        return None


def size_of(part: Part) -> int:
    """Return how many characters *part* has."""
    return part.size


@dataclass(frozen=True, slots=True)
class Placed:
    """A part where it stands on a page; ``is_last``: no other part stands behind it."""

    part: Part
    is_last: bool

    @property
    def lines(self) -> list[Line]:
        """Return the lines of the part."""
        return self.part.lines

    @property
    def heading(self) -> Line | None:
        """Return the heading, where the part has one."""
        return self.part.heading

    def within(self, context: Context) -> PartContext:
        """Return what reading the part needs to know of its page.

        Another part behind it vouches for its end.
        """
        extent, key_of = context.extent, context.key_of
        if not self.is_last and not extent.is_whole:
            extent = Extent(is_whole=True, is_cut=extent.is_cut)
        if self.part.is_anywhere:
            key_of = Links(None, key_of.profile, key_of.mirror)
        return PartContext(context.grammar, extent, key_of)


def read_parts(
    elements: Sequence[Element], selection: Selection, layout: Layout, base: str | None
) -> list[Placed]:
    """Return the parts in *elements*; those without text are only edges.

    The ten newest items stand on every page of their days: what was read of recent markup is
    kept, unless the layout looks at what stands around it.

    Raises:
        NoPage: they are nested deeper, or have more lines, than any page.
    """
    recent = _recent(layout)
    parts: list[Part | None] = []
    for element in elements:
        make = partial(_read_part, element, selection, layout, base)
        if recent is None:
            parts.append(make())
        else:
            markup = etree.tostring(element, encoding="unicode", with_tail=False)
            parts.append(recent.get(markup, base, make))
    shown = [part for part in parts if part is not None]
    return [Placed(part, is_last=part is shown[-1]) for part in shown]


@lru_cache(maxsize=16)
def _recent(layout: Layout) -> Recent[Part | None] | None:
    """Return the parts read by *layout*; ``None`` where equal markup may not be an equal part."""
    return Recent(128) if is_simple(layout) else None


def _read_part(
    element: Element, selection: Selection, layout: Layout, base: str | None
) -> Part | None:
    named = selection.roles(layout)
    screen = Screen(base, named)
    screen.show(element)
    if not screen.lines:
        return None
    numbers = {owner: number for number, owner in enumerate(dict.fromkeys(screen.owners))}
    roles = [named.of(owner) for owner in screen.owners]
    leads = (owner for owner, role in zip(screen.owners, roles, strict=True) if role == "lead")
    first = next(leads, None)
    around = first.iterancestors() if first is not None else ()
    return Part(
        screen.lines,
        roles,
        blocks=[numbers[owner] for owner in screen.owners],
        divs=frozenset(number for owner, number in numbers.items() if owner.tag == "div"),
        around=frozenset(numbers[owner] for owner in around if owner in numbers),
        has_leads=bool(layout.lead),
        is_anywhere=all(is_absolute(line.href) for line in screen.lines),
        size=sum(len(line.text) for line in screen.lines),
    )


def take_counters(
    parts: Sequence[Placed], grammar: Grammar, *, is_known: bool
) -> tuple[list[Placed], list[Line], bool]:
    """Return *parts* without those of nothing but counters, and these counters.

    Returned last is whether no other line of a part may be one. A line amid a part that begins as
    a counter does is text where the counters *are known* to stand elsewhere.
    """
    others: list[Placed] = []
    counters: list[Line] = []
    is_sure = True
    for part in parts:
        begun = _counter_lines(part.part, grammar)
        if len(begun) == len(part.lines):
            counters += begun
            continue
        others.append(part)
        is_sure = is_sure and not begun
    return others, counters, is_sure or is_known or bool(counters)


@remembered(128, size_of)
def _counter_lines(part: Part, grammar: Grammar) -> list[Line]:
    return [line for line in part.lines if grammar.begins_as_counter(line)]


def outermost(elements: Sequence[Element]) -> list[Element]:
    """Return those *elements* that a screen shows, without those that stand inside another."""
    is_inside = dict.fromkeys(elements, True)  # by what stands above: most share it
    return [
        element
        for element in elements
        if (len(element) or (element.text or "").strip())
        and not _stands_inside(element.getparent(), is_inside)
    ]


def _stands_inside(element: Element | None, is_inside: dict[Element, bool]) -> bool:
    """Say whether *element* is, or stands in, one of those that *is_inside* knows, or is hidden."""
    way: list[Element] = []
    while element is not None and element not in is_inside:
        way.append(element)
        element = element.getparent()
    answer = element is not None and is_inside[element]
    for one in reversed(way):
        answer = is_inside[one] = answer or is_unseen(one)
    return answer
