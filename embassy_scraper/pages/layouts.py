"""The known markups of a site: selectors compiled once, and which of them a page bears."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cssselect import HTMLTranslator
from lxml import etree

from embassy_scraper.pages.tree import Element
from embassy_scraper.sites import Layout, Profile

_SIMPLE = re.compile(r"(?P<tag>[a-z][a-z0-9]*)(?:\.(?P<name>[\w-]+))?")


class Selection:
    """What selectors find on one page; each is evaluated once, whoever asks."""

    def __init__(self, root: Element) -> None:
        """Look below *root*."""
        self.root = root
        self._found: dict[str, list[Element]] = {}
        self._classes: dict[str, dict[str, list[Element]]] = {}
        self._roles: dict[Layout, dict[Element, str]] = {}

    def of(self, selector: str) -> list[Element]:
        """Return the elements that *selector* names, in the order of the page."""
        found = self._found.get(selector)
        if found is None:
            found = self._found[selector] = self._select(selector)
        return found

    def _select(self, selector: str) -> list[Element]:
        simple = _SIMPLE.fullmatch(selector)
        if simple is None:
            return list(_compile(selector)(self.root))
        tag, name = simple["tag"], simple["name"]  # needs no XPath, which takes ten times as long
        if name is None:
            return list(self.root.iter(tag))
        if tag not in self._classes:
            classes = self._classes[tag] = {}
            for one in self.root.iter(tag):
                if names := one.get("class"):
                    classes.setdefault(names, []).append(one)
        found = [ones for names, ones in self._classes[tag].items() if name in names.split()]
        return found[0] if len(found) == 1 else self._in_order(tag, found)

    def _in_order(self, tag: str, found: list[list[Element]]) -> list[Element]:
        """Return elements of several classes in the order of the page."""
        known = {one for ones in found for one in ones}
        return [one for one in self.root.iter(tag) if one in known]

    def bears(self, layout: Layout, captured_on: str | None) -> bool:
        """Say whether the page bears all marks, on a day on which *layout* was in use."""
        begun, ended = layout.from_, layout.until
        if captured_on and ((begun and captured_on < begun) or (ended and captured_on > ended)):
            return False
        return all(self.of(mark) for mark in layout.marks)

    def roles(self, layout: Layout) -> dict[Element, str]:
        """Return the role of every element that *layout* names inside parts."""
        if (roles := self._roles.get(layout)) is not None:
            return roles
        roles = self._roles[layout] = {}
        for role in ("lead", "title", "entry", "date", "heading"):
            selector: str = getattr(layout, role)
            if selector:
                roles.update((element, role) for element in self.of(selector))
        return roles


@lru_cache(maxsize=256)
def _compile(selector: str) -> Callable[[Element], Any]:
    return etree.XPath(HTMLTranslator().css_to_xpath(selector), smart_strings=False)


def is_simple(layout: Layout) -> bool:
    """Say whether the selectors of *layout* look at nothing but tag and class of an element.

    Such a selector finds the same in equal markup, whatever stands around that.
    """
    selectors = (one for ones in layout.selectors().values() for one in ones)
    return all(map(_SIMPLE.fullmatch, selectors))


def fitting(selection: Selection, profile: Profile, captured_on: str | None) -> list[Layout]:
    """Return the layouts of which a page is: more than one where the profile is in doubt.

    Those of the settings come before the profile's own.
    """
    for layouts in (profile.own_layout, profile.layout):
        fits = [layout for layout in layouts if selection.bears(layout, captured_on)]
        if fits:
            return fits
    return []
