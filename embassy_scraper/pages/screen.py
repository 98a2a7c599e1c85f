"""What a screen would show of an element: lines of text, each with the block it stands in."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin

from embassy_scraper.limits import MAX_TAGS_IN_LINE
from embassy_scraper.pages.hidden import decode_email, is_block, is_hidden, keeps_lines
from embassy_scraper.pages.lines import Line, NoPage
from embassy_scraper.pages.marked import CLOSE, OPEN
from embassy_scraper.pages.tree import Element
from embassy_scraper.pages.typeset import Typesetter

# What an element is on the screen.
_INLINE, _BLOCK, _LINE_KEEPER, _LINK, _BREAK, _SPACE, _NOTHING, _UNSEEN, _HOLE = range(9)
_TAGS = {
    _LINK: "a",
    _BREAK: "br",
    _SPACE: "embed img input",
    _NOTHING: "wbr",
    _UNSEEN: (
        "audio canvas datalist dialog head iframe noembed noframes noscript object"
        " script select style svg template textarea title video base"
    ),
    _BLOCK: (
        "address article aside blockquote body caption center dd details dir div dl dt fieldset"
        " figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li"
        " main marquee menu nav ol p search section summary table tbody td tfoot th thead tr ul"
    ),
    _LINE_KEEPER: "listing plaintext pre xmp",
}
_KINDS = {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}
_TELLING = frozenset({"hidden", "style", "data-cfemail", "open"})  # attributes that say anything


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles of elements inside parts: ``of`` tells that of one, ``tags`` are those of all."""

    tags: frozenset[str]
    of: Callable[[Element], str | None]


_NO_ROLES = Roles(frozenset(), lambda _: None)


class Screen:
    """Shows elements; ``lines`` are what stood on them, ``owners`` the block of every line.

    An element with one of the *roles* begins and ends a line, whatever it is by its name; one in
    *skip* is an empty block.
    """

    def __init__(
        self,
        base: str | None = None,
        roles: Roles | None = None,
        skip: Collection[Element] = frozenset(),
    ) -> None:
        """Begin with an empty screen; links are relative to *base* where there is one."""
        self._set = Typesetter()
        self.lines: list[Line] = self._set.lines
        self.owners: list[Element] = self._set.owners
        self._base = base
        self._roles = roles or _NO_ROLES
        self._skip = skip
        self._line_keepers = 0

    def show(self, root: Element) -> None:
        """Put all of *root* on the screen.

        Raises:
            NoPage: its lines, or the tags of one line, are more than on any page.
        """
        self._set.owner = root
        self._show(root)
        self._set.end_line()

    def _show(self, element: Element) -> None:
        if len(self._set.pieces) > MAX_TAGS_IN_LINE:
            raise NoPage("too many tags")
        tag = element.tag
        kind = _KINDS.get(tag, _INLINE)
        if self._skip and element in self._skip:
            kind = _HOLE
        elif kind == _UNSEEN and tag != "dialog":
            return
        else:
            names = element.keys()
            if names and not _TELLING.isdisjoint(names):
                kind = self._look_at(kind, element)
            if kind != _BLOCK and tag in self._roles.tags and kind != _UNSEEN:
                kind = kind if self._roles.of(element) is None else _BLOCK
        if kind == _BLOCK:
            self._show_block(element)
        elif kind == _INLINE:
            self._set.pieces.append(OPEN)
            self._show_inside(element)
            self._set.pieces.append(CLOSE)
        elif kind == _LINK:
            self._show_link(element)
        else:
            self._show_other(kind, element)

    def _show_other(self, kind: int, element: Element) -> None:
        if kind == _BREAK:
            self._set.break_line()
        elif kind == _SPACE:
            self._set.put(" ")
            self._show_inside(element)
        elif kind == _NOTHING:
            self._show_inside(element)
        elif kind == _HOLE:
            self._set.end_line()
        elif kind == _LINE_KEEPER:
            self._line_keepers += 1
            self._show_block(element)
            self._line_keepers -= 1

    def _look_at(self, kind: int, element: Element) -> int:
        """Return the kind of *element* as its attributes make it."""
        if kind == _UNSEEN:
            return _BLOCK if element.get("open") is not None else _UNSEEN
        attributes = element.attrib
        if is_hidden(attributes):
            return _UNSEEN
        if "data-cfemail" in attributes:
            email = decode_email(attributes["data-cfemail"])
            if email is not None:
                self._set.put(email)
                return _UNSEEN
        if "style" not in attributes:
            return kind
        if kind in (_INLINE, _BLOCK) and keeps_lines(attributes):
            return _LINE_KEEPER
        if kind in (_INLINE, _LINK) and is_block(attributes):
            return _BLOCK
        return kind

    def _show_inside(self, element: Element) -> None:
        pieces = self._set.pieces
        if text := element.text:
            if self._line_keepers:
                self._put_kept(text)
            elif pieces or not text.isspace():  # no line begins with blanks
                pieces.append(text)
        for child in element:
            self._show(child)
            if tail := child.tail:
                if self._line_keepers:
                    self._put_kept(tail)
                elif pieces or not tail.isspace():
                    pieces.append(tail)

    def _show_block(self, element: Element) -> None:
        line = self._set
        line.end_line()
        outer, line.owner = line.owner, element
        if element.tag == "a" and element.get("href"):
            line.open_link(self._resolved(element.get("href")))
            self._show_inside(element)
            line.close_link()
        else:
            self._show_inside(element)
        line.end_line()
        line.owner = outer

    def _show_link(self, element: Element) -> None:
        href = element.get("href")
        if not href:
            self._set.pieces.append(OPEN)
            self._show_inside(element)
            self._set.pieces.append(CLOSE)
            return
        self._set.open_link(self._resolved(href))
        self._show_inside(element)
        self._set.close_link()

    def _resolved(self, href: str) -> str:
        if self._base:
            with suppress(ValueError):
                return urljoin(self._base, href)
        return href

    def _put_kept(self, text: str) -> None:
        """Put *text* with its line ends on the screen."""
        first, *others = text.split("\n")
        self._set.put(first)
        for other in others:
            self._set.break_line()
            self._set.put(other)


def is_unseen(element: Element) -> bool:
    """Say whether a screen shows nothing of what stands in *element*."""
    if _KINDS.get(element.tag) == _UNSEEN:
        return element.tag != "dialog" or element.get("open") is None
    names = element.keys()
    return bool(names) and not _TELLING.isdisjoint(names) and is_hidden(element.attrib)
