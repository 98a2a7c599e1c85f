"""The target of the HTML parser: what a screen would show of a page."""

from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urljoin

from embassy_scraper.pages.hidden import decode_email, is_block, is_hidden, keeps_lines
from embassy_scraper.pages.lines import Line, NoPage
from embassy_scraper.pages.marked import CLOSE, OPEN
from embassy_scraper.pages.sides import Sides, mark_menu
from embassy_scraper.pages.typeset import Typesetter

# What an element is on the screen. From _BLOCK to _BLOCK_LINK they begin and end a line.
_INLINE, _BLOCK, _BOX, _SECTION, _LINE_KEEPER, _SIDE, _ASIDE, _BLOCK_LINK = range(8)
_LINK, _BREAK, _SPACE, _NOTHING, _UNSEEN, _BASE = range(8, 14)
_TAGS = {
    _LINK: "a",
    _BREAK: "br",
    _SPACE: "embed img input",
    _NOTHING: "wbr",
    _UNSEEN: (
        "audio button canvas datalist dialog iframe map math noembed noframes noscript object"
        " script select style svg template textarea title video"
    ),
    _BASE: "base",
    _BLOCK: (
        "address blockquote body caption center dd details dir dt fieldset figcaption"
        " figure frameset h1 h2 h3 h4 h5 h6 hgroup hr html legend li marquee menu p search summary"
        " tbody tfoot th thead tr"
    ),
    _BOX: "div dl form header ol table td ul",
    _SECTION: "article main section",
    _LINE_KEEPER: "listing plaintext pre xmp",
    _SIDE: "footer nav",
    _ASIDE: "aside",
}
_KINDS = {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}
_SIDE_ROLES = {
    "navigation": _SIDE,
    "contentinfo": _SIDE,
    "menu": _SIDE,
    "menubar": _SIDE,
    "complementary": _ASIDE,
}
_TELLING = frozenset({"hidden", "style", "role", "data-cfemail"})  # attributes that say anything
_MAX_DEPTH = 1000  # real pages stay below 60; end tags cost time in proportion to the depth


class Screen:
    """Takes the events of lxml's parser; ``finish`` returns what was shown."""

    def __init__(self) -> None:
        """Begin with an empty screen."""
        self.title = ""
        self._set = Typesetter()
        self._pieces = self._set.pieces
        self._lines = self._set.lines
        self._sides = Sides(self._lines)
        self._open: list[int] = []  # the kind of every element
        self._begun: list[int] = []  # lines shown before every box or larger part
        self._unseen = self._line_keepers = self._sections = 0
        self._in_title = False
        self._base: str | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""
        if self._unseen:
            self._unseen += 1
            return
        kind = _KINDS.get(tag, _INLINE)
        if kind >= _UNSEEN or (attributes and not _TELLING.isdisjoint(attributes)):
            kind = self._look_at(kind, tag, attributes)
        if kind == _INLINE:
            self._pieces.append(OPEN)
        elif kind <= _BOX:
            self._set.end_line()
            if kind == _BOX:
                self._begun.append(len(self._lines))
        else:
            kind = self._open_other(kind, tag, attributes)
            if self._unseen:
                return
        self._open.append(kind)
        if len(self._open) > _MAX_DEPTH:
            raise NoPage("nested too deep")

    def _open_other(self, kind: int, tag: str, attributes: Mapping[str, str]) -> int:
        """Take the start of what is neither a plain part of a line nor a plain block."""
        if kind == _LINK and not attributes.get("href"):
            kind = _INLINE
            self._set.put(OPEN)
        elif kind == _LINK:
            self._set.open_link(self._resolved(attributes["href"]))
        elif kind == _BREAK:
            self._set.break_line()
        elif kind == _SPACE:
            self._set.put(" ")
        elif kind == _UNSEEN:
            self._unseen = 1
        elif kind <= _BLOCK_LINK:
            kind = self._open_part(kind, tag, attributes)
        return kind

    def _look_at(self, kind: int, tag: str, attributes: Mapping[str, str]) -> int:
        """Return the kind of an element as its attributes make it."""
        self._in_title = tag == "title" and not self.title
        if kind == _BASE and self._base is None:
            self._base = attributes.get("href")
        if tag == "dialog" and "open" in attributes:
            kind = _BLOCK
        if kind == _UNSEEN or is_hidden(attributes):
            return _UNSEEN
        if "data-cfemail" in attributes:
            email = decode_email(attributes["data-cfemail"])
            if email is not None:
                self._set.put(email)
                return _UNSEEN
        if "role" in attributes:
            kind = _SIDE_ROLES.get(attributes["role"].lower(), kind)
        if kind == _LINK and not attributes.get("href"):
            kind = _INLINE
        if "style" not in attributes:
            return kind
        if kind in (_INLINE, _BLOCK, _BOX) and keeps_lines(attributes):
            return _LINE_KEEPER
        if kind in (_INLINE, _LINK) and is_block(attributes):
            return _BLOCK if kind == _INLINE else _BLOCK_LINK
        return kind

    def _resolved(self, href: str) -> str:
        if self._base:
            with suppress(ValueError):
                return urljoin(self._base, href)
        return href

    def _open_part(self, kind: int, tag: str, attributes: Mapping[str, str]) -> int:
        self._set.end_line()
        if kind == _LINE_KEEPER:
            self._line_keepers += 1
            return kind
        if kind == _BLOCK_LINK:
            self._set.open_link(self._resolved(attributes["href"]))
            return kind
        if kind == _SECTION:
            self._sections += 1
        elif tag == "footer" and self._sections:
            return _BLOCK
        else:
            self._sides.open()
        self._begun.append(len(self._lines))
        return kind

    def data(self, text: str) -> None:
        """Take a piece of text."""
        if self._unseen:
            if self._in_title and len(self.title) < 300:
                self.title += text[:300]
        elif self._line_keepers and "\n" in text:
            first, *others = text.split("\n")
            self._set.put(first)
            for other in others:
                self._set.break_line()
                self._set.put(other)
        else:
            self._pieces.append(text)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if self._unseen:
            self._unseen -= 1
            return
        kind = self._open.pop()
        if kind == _INLINE:
            self._pieces.append(CLOSE)
        elif kind == _BLOCK:
            self._set.end_line()
        elif kind <= _BLOCK_LINK:
            self._close_part(kind)
        elif kind == _LINK:
            self._set.close_link()

    def _close_part(self, kind: int) -> None:
        if kind == _BLOCK_LINK:
            self._set.close_link()
        self._set.end_line()
        if kind == _LINE_KEEPER:
            self._line_keepers -= 1
        if kind in (_LINE_KEEPER, _BLOCK_LINK):
            return
        before = self._begun.pop()
        if kind in (_SIDE, _ASIDE):
            self._sides.close(before, may_hold_latest=kind == _ASIDE)
            return
        if kind == _SECTION:
            self._sections -= 1
        if len(self._lines) - before > 2:
            mark_menu(self._lines, before)

    def close(self) -> None:
        """Take the end of the page; the parser asks for it."""

    def finish(self) -> list[Line]:
        """Return all lines."""
        self._set.end_line()
        return self._sides.finish()
