"""The target of the HTML parser: puts on lines what a screen would show of a page."""

from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urljoin

from embassy_scraper.pages.grammar import is_closing, is_menu, is_part_of_page
from embassy_scraper.pages.hidden import decode_email, is_block, is_hidden, keeps_lines
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.marked import CLOSE, LINK_CLOSE, LINK_OPEN, OPEN, read_marked

_INLINE, _BLOCK, _LINK, _LANDMARK, _BREAK, _SPACE, _UNSEEN, _BASE, _NOTHING = range(9)
_TAGS = {
    _BLOCK: (
        "address article blockquote body caption center dd details dialog dir div dl dt fieldset"
        " figcaption figure form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li"
        " listing main marquee menu ol p plaintext pre search section summary table tbody td"
        " tfoot th thead tr ul xmp"
    ),
    _LINK: "a",
    _LANDMARK: "aside footer nav",
    _BREAK: "br",
    _SPACE: "embed img input",
    _UNSEEN: (
        "audio button canvas datalist iframe map math noembed noframes noscript object script"
        " select style svg template textarea title video"
    ),
    _BASE: "base",
    _NOTHING: "wbr",
}
_KINDS = {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}
_BOXES = frozenset({"div", "dl", "form", "header", "ol", "section", "table", "td", "ul"})
_LINE_KEEPERS = frozenset({"listing", "plaintext", "pre", "xmp"})
_SECTIONS = frozenset({"article", "aside", "main", "section"})
_SIDE_ROLES = frozenset({"navigation", "complementary", "contentinfo", "menu", "menubar"})
_MAX_DEPTH = 1000  # real pages stay below 60; end tags cost time in proportion to the depth
_TITLE_LENGTH = 300


class TooDeep(ValueError):
    """Elements nested so deep that this is no page."""


class Screen:
    """Takes the events of lxml's parser; ``lines`` and ``title`` hold what was shown."""

    def __init__(self) -> None:
        """Begin with an empty screen."""
        self.lines: list[Line] = []
        self.title = ""
        self._latest: list[Line] = []
        self._pieces: list[str] = []
        self._hrefs: list[str] = []
        self._has_text = False
        self._gap, self._breaks = True, 0
        self._link: str | None = None
        self._line_link: str | None = None  # the one that was open where the line began
        self._ends: list[tuple[int, str, int]] = []  # kind, tag, lines before each open element
        self._unseen = self._line_keepers = self._sections = 0
        self._base: str | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""
        if self._unseen:
            self._unseen += 1
            return
        kind = _KINDS.get(tag, _INLINE)
        if attributes:
            kind = self._kind_by_attributes(kind, tag, attributes)
        if kind == _INLINE:
            self._pieces.append(OPEN)
        elif kind == _BLOCK or kind == _LANDMARK:
            self._end_line(gap=True)
            if tag in _LINE_KEEPERS:
                self._line_keepers += 1
            if tag in _SECTIONS: ...
        self._ends.append((kind, tag, len(self.lines)))
