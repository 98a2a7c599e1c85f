"""A page of HTML as it looks, before anything is made of it."""

from functools import cached_property, lru_cache

from embassy_scraper.pages.archive_bars import cut_bars
from embassy_scraper.pages.layouts import Selection
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.screen import Screen
from embassy_scraper.pages.shown import Shown
from embassy_scraper.pages.tree import Element, document_title, parse_html


class Sight:
    """What is the same of a page whatever its address, and whatever it is taken for."""

    def __init__(self, root: Element, bar: list[Line]) -> None:
        """Take its tree, from which the *bar* of an archive is cut."""
        self.root, self.bar = root, bar
        bases = (href for one in root.iter("base") if (href := one.get("href")) is not None)
        self.base = next(bases, None)
        self.selection = Selection(root)

    @cached_property
    def shown(self) -> Shown:
        """What stands on a screen."""
        screen = Screen(self.base)
        screen.show(self.root)
        return Shown(screen.lines, screen.owners, document_title(self.root))


@lru_cache(maxsize=1)  # a page whose address may hide a statement is read with it and without
def look_at(text: str) -> Sight | None:
    """Return the page *text* as it looks; ``None`` where nothing is on it.

    Raises:
        NoPage: it has more tags, or is nested deeper, than any page.
    """
    root = parse_html(text)
    return None if root is None else Sight(root, cut_bars(text, root))
