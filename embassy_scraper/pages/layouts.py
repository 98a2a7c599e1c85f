"""The known markups of a site: selectors compiled once, and which of them a page bears."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from embassy_scraper.errors import ConfigError
from embassy_scraper.pages.tree import Element
from embassy_scraper.sites import Layout, Profile

Selector = Callable[[Element], Any]  # from the root of a page to a list of its elements


@dataclass(frozen=True, slots=True)
class Selectors:
    """A layout with its selectors as compiled XPath, from the root of a page."""

    layout: Layout
    marks: tuple[Selector, ...]
    chrome: tuple[Selector, ...]
    header: Selector
    part: Selector
    heading: Selector
    date: Selector
    title: Selector
    entry: Selector

    def fits(self, root: Element, captured_on: str | None) -> bool:
        """Say whether a page bears all marks, on a day on which the layout was in use."""
        begun, ended = self.layout.from_, self.layout.until
        if captured_on and ((begun and captured_on < begun) or (ended and captured_on > ended)):
            return False
        return all(mark(root) for mark in self.marks)

    def roles(self, root: Element) -> dict[Element, str]:
        """Return the role of every element that the selectors name inside parts."""
        roles: dict[Element, str] = {}
        for role in ("title", "entry", "date", "heading"):
            roles.update((element, role) for element in getattr(self, role)(root))
        return roles


@lru_cache(maxsize=64)
def compile_layout(layout: Layout) -> Selectors:
    """Return *layout* with its selectors compiled.

    Raises:
        ConfigError: a selector cannot be parsed; says which, and where it stands.
    """
    found = {
        key: tuple(_compile(selector, key, layout.name) for selector in selectors)
        for key, selectors in layout.selectors().items()
    }
    one = {key: values[0] for key, values in found.items() if key not in ("marks", "chrome")}
    return Selectors(layout, found["marks"], found["chrome"], **one)


def _compile(selector: str, key: str, name: str) -> Selector:
    from cssselect import SelectorError
    from parsel.csstranslator import HTMLTranslator  # 0.1 s: only where a page is read

    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(selector))
    except (SelectorError, etree.XPathSyntaxError) as error:
        raise ConfigError(
            f"[[layout]] {name!r} {key}: {selector!r} is no CSS selector ({error}); correct it"
        ) from error


def check_layouts(profile: Profile) -> None:
    """Compile all layouts of *profile*, so that a slip is told before a page is read.

    Raises:
        ConfigError: as ``compile_layout``.
    """
    for layout in (*profile.own_layout, *profile.layout):
        compile_layout(layout)


def fitting(root: Element, profile: Profile, captured_on: str | None) -> list[Selectors]:
    """Return the layouts of which a page is: more than one where the profile is in doubt.

    Those of the settings come before the profile's own.
    """
    for layouts in (profile.own_layout, profile.layout):
        found = [compile_layout(layout) for layout in layouts]
        fits = [one for one in found if one.fits(root, captured_on)]
        if fits:
            return fits
    return []
