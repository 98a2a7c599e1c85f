"""From markup, or from visible text, to lines: the one shape in which pages are read.

The real markup of the site is unknown, so nothing here looks at class names or ids. What parts
lines is what parts them on a screen: block elements and ``<br>``. Edges of inline elements are
kept as seams, because a date in an element of its own is a date even where no dash follows it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from embassy_scraper.text import clean

_SEAM = "\ue000"
_PRE_LINES = re.compile(r"\r\n?|\n")

_UNSEEN = frozenset(
    "head script style template noscript iframe object svg math select datalist button textarea "
    "audio video canvas map title".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main "
    "menu nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_LANDMARKS = frozenset({"nav", "aside", "footer"})
_LANDMARK_ROLES = frozenset({"navigation", "complementary", "contentinfo", "menu", "menubar"})
_SECTIONS = frozenset({"article", "section", "main"})

_WITH_MEANING = etree.XPath("//*[@hidden or @style or @role or @data-cfemail]")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.I)
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.I)
_DATE_ALONE = re.compile(r"\s*[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}\s*[-–—]?\s*\Z")
_DASHES = re.compile(r"[\s\-–—:|]*\Z")
_ITEM_DATE = re.compile(r"(?<![0-9])[0-9]{2}\.[0-9]{2}\.[0-9]{4}(?![0-9])")
_PART_OF_PAGE = re.compile(
    r"(?:moscow|london|москва|лондон)\s*:\s*[0-9]|\bpages\s*:|days?\s+ha(?:ve|s)\s+passed\s+since"
    r"|consular\s+(?:queries|section)\s*:|latest\s+events",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it stands on the screen.

    ``text`` is folded; ``raw`` keeps no-break spaces and the seams between inline elements;
    ``href`` is the first link on it; ``is_linked`` says that all its words are links;
    ``gap`` that an empty line or a block's edge stands before it.
    """

    text: str
    raw: str
    gap: bool = True
    href: str | None = None
    is_linked: bool = False
    link_text: str | None = None

    def parts(self) -> list[str]:
        """Return the non-empty texts between the seams, folded."""
        return [folded for part in self.raw.split(_SEAM) if (folded := " ".join(part.split()))]


class TooDeep(ValueError):
    """A tree nested so deep that the parser gave up."""


def text_lines(text: str) -> list[Line]:
    """Return the lines of a page's visible text; an empty line makes a gap before the next."""
    lines: list[Line] = []
    gap = False
    for raw in clean(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n"):
        folded = " ".join(raw.split())
        if folded:
            lines.append(Line(folded, raw, gap or not lines))
        gap = not folded
    return lines


def html_lines(text: str) -> list[Line]:
    """Return the lines that the HTML page *text* shows.

    Raises:
        TooDeep: the tree is nested deeper than the parser follows.
    """
    text = text.replace("\x00", "").replace(_SEAM, "")
    root = _parse(text) if text.strip() else None
    return [] if root is None else _Collector(root).collect()


def _parse(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    last = parser.error_log.last_error
    if last is not None and last.type_name == "ERR_RESOURCE_LIMIT":
        raise TooDeep(last.message)
    return root


class _Collector:
    """Walks a tree once and collects its lines."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._lines: list[Line] = []
        self._parts: list[str] = []
        self._outside: list[str] = []
        self._inside: list[str] = []
        self._link: etree._Element | None = None
        self._first: etree._Element | None = None
        self._gap, self._breaks = True, 0
        self._pre: etree._Element | None = None
        self._dropped: set[etree._Element] = set()
        self._blocks: set[etree._Element] = set()
        self._emails: dict[etree._Element, str] = {}
        self._look_at_attributes()

    def _look_at_attributes(self) -> None:
        for element in _WITH_MEANING(self._root):
            style = element.get("style", "")
            if element.get("hidden") is not None or _HIDDEN_STYLE.search(style):
                self._dropped.add(element)
            elif _BLOCK_STYLE.search(style):
                self._blocks.add(element)
            if element.get("role") in _LANDMARK_ROLES and _is_beside_the_page(element):
                self._dropped.add(element)
            email = decode_email(element.get("data-cfemail", ""))
            if email is not None:
                self._emails[element] = email

    def collect(self) -> list[Line]:
        """Return the lines of the tree."""
        walk = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if not self._enter(element, element.tag):
                    walk.skip_subtree()
            else:
                self._leave(element, element.tag)
        self._flush()
        return self._lines

    def _enter(self, element: etree._Element, tag: str) -> bool:
        """Begin *element*; say whether its inside is to be seen."""
        if tag in _UNSEEN or element in self._dropped:
            return False
        if tag in _BLOCKS or element in self._blocks:
            if tag in _LANDMARKS and _is_beside_the_page(element):
                return False
            self._flush(gap=True)
            if tag == "pre" and self._pre is None:
                self._pre = element
        elif tag == "br":
            self._break()
        else:
            self._parts.append(_SEAM)
        text = element.text
        if tag == "a" and element.get("href"):
            self._link = element
        if element in self._emails:
            self._add(self._emails[element])
            return False
        if text:
            if text.lstrip()[:1].isdigit() and _DATE_ALONE.match(text) and tag not in _BLOCKS:
                self._part_siblings(element)
            self._add(text)
        return True

    def _leave(self, element: etree._Element, tag: str) -> None:
        if element is self._link:
            self._link = None
        if tag in _BLOCKS or element in self._blocks:
            self._flush(gap=True)
            if element is self._pre:
                self._pre = None
        else:
            self._parts.append(_SEAM)
        if element.tail and element is not self._root:
            self._add(element.tail)

    def _add(self, text: str) -> None:
        if self._pre is not None and "\n" in text:
            first, *others = _PRE_LINES.split(text)
            self._parts.append(first)
            for line in others:
                self._break()
                self._parts.append(line)
            return
        self._parts.append(text)
        if self._link is None:
            self._outside.append(text)
        elif self._first is None or self._first is self._link:
            if text.strip():
                self._first = self._link
            self._inside.append(text)

    def _break(self) -> None:
        self._flush()
        self._breaks += 1
        self._gap = self._gap or self._breaks > 1

    def _flush(self, *, gap: bool = False) -> None:
        """End the line, if there is one; *gap* says that a block's edge follows."""
        if self._parts:
            raw = clean("".join(self._parts))
            folded = " ".join(raw.replace(_SEAM, "").split())
            if folded:
                self._lines.append(self._line(raw, folded))
                self._gap, self._breaks = False, 0
            self._parts.clear()
        self._outside.clear()
        self._inside.clear()
        self._first = None
        self._gap = self._gap or gap

    def _line(self, raw: str, folded: str) -> Line:
        if self._first is None:
            return Line(folded, raw, self._gap)
        is_linked = not re.search(r"\w", "".join(self._outside))
        link_text = " ".join(clean("".join(self._inside)).split()) or None
        href = self._first.get("href")
        return Line(folded, raw, self._gap, href, is_linked, link_text)

    def _part_siblings(self, date: etree._Element) -> None:
        """Put the elements beside a date of its own on lines of their own.

        Only where nothing but elements (and a dash) stands beside it: ``<span>date</span>
        <a>title</a> <span>lead</span>`` are three things, a title with a word in bold is one.
        """
        parent = date.getparent()
        while parent is not None and len(parent) == 1 and parent.tag not in _BLOCKS:
            date, parent = parent, parent.getparent()
        if parent is None or len(date):
            return
        texts = [parent.text or "", *(child.tail or "" for child in parent)]
        if all(_DASHES.match(text) for text in texts):
            self._flush(gap=True)
            self._blocks.update(parent)


def _is_beside_the_page(element: etree._Element) -> bool:
    """Say whether a menu, side bar or footer holds no part of the page's grammar."""
    if element.tag == "footer" and any(e.tag in _SECTIONS for e in element.iterancestors()):
        return False
    text = str(etree.tostring(element, method="text", encoding="unicode", with_tail=False))
    return not _PART_OF_PAGE.search(text) and len(_ITEM_DATE.findall(text)) < 2


def decode_email(hidden: str) -> str | None:
    """Return the address in a ``data-cfemail`` attribute; ``None`` where it is none.

    >>> decode_email("422b2c242d023027316c2d3025")
    'info@res.org'
    """
    try:
        key, *rest = bytes.fromhex(hidden)
        email = bytes(byte ^ key for byte in rest).decode("utf-8")
    except ValueError:
        return None
    return email if re.fullmatch(r"[^\s@]+@[^\s@]+", email) else None
