"""Puts text on lines: pieces of text and edges of elements go in, lines come out."""

from typing import Any

from embassy_scraper.limits import MAX_ENDS, MAX_LINES, MAX_TEXT
from embassy_scraper.pages.lines import Line, NoPage
from embassy_scraper.pages.marked import LINK_CLOSE, LINK_OPEN, read_marked, read_unlinked


class Typesetter:
    """Collects a line until it ends; ``lines`` are those that are whole.

    ``pieces`` is the line at work, ``owner`` the block it stands in; ``owners`` are those of
    ``lines``. A line without text leaves no trace but a gap. What has more
    text than any page raises ``NoPage``.
    """

    def __init__(self) -> None:
        """Begin with no line."""
        self.lines: list[Line] = []
        self.pieces: list[str] = []
        self.owner: Any = None
        self.owners: list[Any] = []
        self._gap, self._breaks = True, 0
        self._size = self._ends = 0  # characters, and all ends of lines, those of empty ones too
        self._hrefs: list[str] = []
        self._link: str | None = None
        self._line_link: str | None = None  # the link that was open where the line began

    def put(self, text: str) -> None:
        """Put *text* on the line, which begins with no blanks."""
        if self.pieces or not text.isspace():
            self.pieces.append(text)

    def open_link(self, href: str) -> None:
        """Begin a link."""
        self.pieces.append(LINK_OPEN)
        self._hrefs.append(href)
        self._link = href

    def close_link(self) -> None:
        """End the link that is open."""
        self.pieces.append(LINK_CLOSE)
        self._link = None

    def break_line(self) -> None:
        """End the line as ``<br>`` does: two of them leave an empty line."""
        if self.pieces:
            self._end()
        self._ends += 1
        if self._ends > MAX_ENDS:
            raise NoPage("too many lines")
        self._breaks += 1
        self._gap = self._gap or self._breaks > 1

    def end_line(self) -> None:
        """End the line at the edge of a block."""
        if self.pieces:
            self._end()
        self._gap = True

    def _end(self) -> None:
        raw = "".join(self.pieces)
        self.pieces.clear()
        self._size += len(raw)
        if self._size > MAX_TEXT:
            raise NoPage("too large")
        if self._hrefs or self._line_link is not None:
            shown = read_marked(raw, self._gap, self._line_link, tuple(self._hrefs))
            self._line_link = self._link
            self._hrefs.clear()
        else:
            shown = read_unlinked(raw, self._gap)
        if shown:
            self.lines += shown
            self.owners += [self.owner] * len(shown)
            self._gap, self._breaks = False, 0
            if len(self.lines) > MAX_LINES:
                raise NoPage("too many lines")
