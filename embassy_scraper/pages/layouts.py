"""The known markups of a site: selectors compiled once, and which of them a page bears."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from lxml import etree

from embassy_scraper.pages.screen import Roles
from embassy_scraper.pages.tree import Element
from embassy_scraper.sites import Layout, Profile
from embassy_scraper.sites.selectors import SIMPLE


class Selection:
    """What selectors find on one page; each is evaluated once."""

    def __init__(self, root: Element) -> None:
        """Look below *root*."""
        self.root = root
        self._found: dict[str, list[Element]] = {}
        self._classes: dict[str, dict[str, list[Element]]] = {}
        self._roles: dict[Layout, Roles] = {}

    def of(self, selector: str) -> list[Element]:
        """Return the elements that *selector* names, in the order of the page."""
        found = self._found.get(selector)
        if found is None:
            found = self._found[selector] = self._select(selector)
        return found

    def _select(self, selector: str) -> list[Element]:
        simple = SIMPLE.fullmatch(selector)
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

    def roles(self, layout: Layout) -> Roles:
        """Return the roles of the elements that *layout* names inside parts."""
        if (simple := _simple_roles(layout)) is not None:
            return simple
        if (roles := self._roles.get(layout)) is None:
            found = {one: role for role, selector in _named(layout) for one in self.of(selector)}
            roles = Roles(frozenset(one.tag for one in found), found.get)
            self._roles[layout] = roles
        return roles


def _named(layout: Layout) -> list[tuple[str, str]]:
    """Return the roles inside parts, each with its selector.

    Of two for one element the later counts.
    """
    roles = ("lead", "title", "entry", "date", "heading")
    return [(role, selector) for role in roles if (selector := getattr(layout, role))]


@lru_cache(maxsize=16)
def _simple_roles(layout: Layout) -> Roles | None:
    """Return the roles where tag and class alone tell them: nothing is looked for on the page."""
    rules: dict[str, list[tuple[str | None, str]]] = {}
    for role, selector in _named(layout):
        simple = SIMPLE.fullmatch(selector)
        if simple is None:
            return None
        rules.setdefault(simple["tag"], []).insert(0, (simple["name"], role))

    def role_of(element: Element) -> str | None:
        for name, role in rules.get(element.tag, ()):
            if name is None or name in element.get("class", "").split():
                return role
        return None

    return Roles(frozenset(rules), role_of)


@lru_cache(maxsize=256)
def _compile(selector: str) -> Callable[[Element], Any]:
    from parsel.csstranslator import HTMLTranslator  # 0.1 s: only where such a selector is met

    return etree.XPath(HTMLTranslator().css_to_xpath(selector), smart_strings=False)


def is_simple(layout: Layout) -> bool:
    """Say whether the selectors of *layout* look at nothing but tag and class of an element.

    Such a selector finds the same in equal markup, whatever stands around that.
    """
    selectors = (one for ones in layout.selectors().values() for one in ones)
    return all(map(SIMPLE.fullmatch, selectors))


def fitting(selection: Selection, profile: Profile, captured_on: str | None) -> list[Layout]:
    """Return the layouts of which a page is: more than one where the profile is in doubt.

    Those of the settings come before the profile's own.
    """
    for layouts in (profile.own_layout, profile.layout):
        fits = [layout for layout in layouts if selection.bears(layout, captured_on)]
        if fits:
            return fits
    return []
