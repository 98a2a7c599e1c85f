"""The parts of a page of a known markup: their lines, each with the role the layout gives it."""

from collections.abc import Sequence
from dataclasses import dataclass

from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.layouts import Selection
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.screen import Screen
from embassy_scraper.pages.tree import Element
from embassy_scraper.sites import Layout

ENTRY_ROLES = ("entry", "title")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a page; ``is_last``: no other part stands behind it.

    ``has_leads``: the layout says which element holds the lead of an entry.
    """

    lines: list[Line]
    owners: list[Element]
    roles: list[str | None]
    is_last: bool
    has_leads: bool

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


def read_parts(
    elements: Sequence[Element], selection: Selection, layout: Layout, base: str | None
) -> list[Part]:
    """Return the parts in *elements*; those without text are only edges.

    Raises:
        NoPage: they are nested deeper, or have more lines, than any page.
    """
    roles = selection.roles(layout)
    shown = []
    for element in elements:
        screen = Screen(base, roles)
        screen.show(element)
        if screen.lines:
            named = [roles.get(owner) for owner in screen.owners]
            shown.append((screen.lines, screen.owners, named))
    has_leads = bool(layout.lead)
    return [Part(*one, one is shown[-1], has_leads) for one in shown]


def take_counters(
    parts: Sequence[Part], grammar: Grammar, *, is_known: bool
) -> tuple[list[Part], list[Line], bool]:
    """Return *parts* without those of nothing but counters, these counters, and whether no other
    line of a part may be one.

    A line amid a part that begins as a counter does is text where the counters *are known* to
    stand elsewhere.
    """
    others: list[Part] = []
    counters: list[Line] = []
    is_sure = True
    for part in parts:
        begun = [line for line in part.lines if grammar.begins_as_counter(line)]
        if len(begun) == len(part.lines):
            counters += begun
            continue
        others.append(part)
        is_sure = is_sure and not begun
    return others, counters, is_sure or is_known or bool(counters)


def outermost(elements: Sequence[Element]) -> list[Element]:
    """Return *elements* without empty ones and without those that stand inside another."""
    known = set(elements)
    return [
        element
        for element in elements
        if (len(element) or (element.text or "").strip())
        and known.isdisjoint(element.iterancestors())
    ]
