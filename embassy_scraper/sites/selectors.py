"""Selectors of layouts: which look at one element alone, and whether they can be parsed at all."""

import re
from collections.abc import Iterable

from embassy_scraper.errors import ConfigError
from embassy_scraper.sites.facts import Layout

# Tag, and class if any. Whoever finds these elements without XPath needs no parsel, which takes
# 0.1 s to import.
SIMPLE = re.compile(r"(?P<tag>[a-z][a-z0-9]*)(?:\.(?P<name>[A-Za-z_][\w-]*))?", re.A)


def check_selectors(layouts: Iterable[Layout], where: str) -> None:
    """Raise where a selector of *layouts*, which stand in the file *where*, cannot be parsed.

    Raises:
        ConfigError: file, layout, key, selector.
    """
    for layout in layouts:
        for key, selectors in layout.selectors().items():
            for selector in selectors:
                if fault := _fault(selector):
                    told = f"[[layout]] {layout.name!r} {key}: {selector!r} is not a selector"
                    raise ConfigError(f"{where}: {told} ({fault}); write CSS, such as td.content")


def _fault(selector: str) -> str | None:
    if SIMPLE.fullmatch(selector):
        return None
    from cssselect import SelectorError, parse
    from parsel.csstranslator import HTMLTranslator

    try:
        HTMLTranslator().css_to_xpath(selector)
        if any(one.pseudo_element for one in parse(selector)):
            return "it selects no element"
    except (SelectorError, ValueError) as error:
        return " ".join(str(error).split()) or type(error).__name__
    return None
