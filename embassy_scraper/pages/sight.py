"""A page of HTML as it looks, before anything is made of it."""

import threading
from functools import cached_property

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


class _Last(threading.local):
    """The page that this thread looked at last."""

    text = ""
    sight: Sight | None = None


_last = _Last()


def look_at(text: str) -> Sight | None:
    """Return the page *text* as it looks; ``None`` where nothing is on it.

    A page whose address may hide a statement is read with it and without, so the last is kept.

    Raises:
        NoPage: it has more tags, or is nested deeper, than any page.
    """
    if _last.sight is None or _last.text != text:
        root = parse_html(text)
        _last.sight = None if root is None else Sight(root, cut_bars(text, root))
        _last.text = text
    return _last.sight


def forget() -> None:
    """Forget the page looked at last, for its tree is about to be changed."""
    _last.text, _last.sight = "", None
