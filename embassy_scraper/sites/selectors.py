"""Selectors of layouts: whether they can be parsed at all."""

from collections.abc import Iterable

from cssselect import HTMLTranslator, SelectorError, parse

from embassy_scraper.errors import ConfigError
from embassy_scraper.sites.facts import Layout


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
    try:
        if any(one.pseudo_element for one in parse(selector)):
            return "it selects no element"
        HTMLTranslator().css_to_xpath(selector)
    except (SelectorError, ValueError) as error:
        return " ".join(str(error).split()) or type(error).__name__
    return None
