"""Menus, side bars and footers around the page's parts: they are not of the page.

Unless a part of the page's grammar stands in them: the pager in a ``nav``, the latest block in an
``aside``.
"""

from embassy_scraper.pages.grammar import is_closing, is_dated, is_menu, is_part_of_page
from embassy_scraper.pages.lines import Line


class Sides:
    """Follows the side parts of a page while its *lines* come, and takes out those not of it."""

    def __init__(self, lines: list[Line]) -> None:
        """Watch *lines*, which grow outside."""
        self._lines = lines
        self._open: list[bool] = []  # of each open side part: was a part of the page in it?
        self._latest: list[Line] = []
        self._last: tuple[int, list[Line]] = (-1, [])

    def open(self) -> None:
        """Begin a side part."""
        self._open.append(False)

    def close(self, before: int, *, may_hold_latest: bool) -> None:
        """End the side part whose lines begin at *before*: keep it or drop it.

        A side bar that ends in ``all messages`` is the latest block, which stands last on the
        page wherever the markup has it.
        """
        has_part = self._open.pop()
        shown = self._lines[before:]
        if not has_part and not is_part_of_page(shown):
            if any(is_dated(line) for line in shown):
                self._last = (before, shown)
            del self._lines[before:]
        elif self._open:
            self._open[-1] = True
        elif may_hold_latest and is_closing(self._lines[-1]):
            self._latest += shown
            del self._lines[before:]

    def finish(self) -> list[Line]:
        """Return the page's lines.

        A side bar with dated items at the page's very end is a latest block that was cut off.
        """
        lines = self._lines + self._latest
        before, shown = self._last
        if before == len(self._lines) and not any(is_closing(line) for line in lines):
            lines += shown
        return lines


def mark_menu(lines: list[Line], before: int) -> None:
    """Mark the lines of a box, which begin at *before*, where they are a menu."""
    if is_menu(lines[before:]):
        lines[before:] = [line._replace(in_menu=True) for line in lines[before:]]
