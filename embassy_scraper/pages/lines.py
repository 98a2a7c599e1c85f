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

_BREAK, _GAP, _SEAM = "\ue000", "\ue001", "\ue002"
_LINK_OPEN, _LINK_MIDDLE, _LINK_CLOSE = "\ue003", "\ue004", "\ue005"
_PRIVATE = re.compile("[\ue000-\ue005]")
_MARKS = re.compile(f"{_SEAM}|{_LINK_OPEN}(\\d+){_LINK_MIDDLE}|{_LINK_CLOSE}")
_TOKENS = re.compile(f"({_BREAK}|{_GAP})")

_UNSEEN_TAGS = ["head", "script", "style", "template", "noscript", "iframe", "object", "svg", "math", "select", "datalist", "button", "textarea", "audio", "video", "canvas", "map", "title"]
_BLOCK_TAGS = ["address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"]
_BLOCKS = frozenset(_BLOCK_TAGS)
_LANDMARK_ROLES = ("navigation", "complementary", "contentinfo", "menu", "menubar")

_UNSEEN = etree.XPath(
    " | ".join(f"//{tag}" for tag in _UNSEEN_TAGS) + " | //*[@hidden] | //*[@style] | //comment()"
)
_LANDMARKS = etree.XPath(
    "//nav | //aside | //footer | "
    + " | ".join(f"//*[@role='{role}']" for role in _LANDMARK_ROLES)
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.I)
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.I)
_EMAIL_HIDDEN = etree.XPath("//*[@data-cfemail]")
_DATE_ALONE = re.compile(r"\s*\d{1,2}\.\d{1,2}\.\d{4}\s*[-–—]?\s*\Z")
_DASHES = re.compile(r"[\s\-–—:|]*\Z")
_PART_OF_PAGE = re.compile(
    r"(?:moscow|london|москва|лондон)\s*:\s*\d|\bpages\s*:|days?\s+ha(?:ve|s)\s+passed\s+since"
    r"|consular\s+(?:queries|section)\s*:|\d\d\.\d\d\.\d{4}(?s:.*)all\s+messages\W*\Z",
    re.I,
)
_SECTIONS = frozenset({"article", "section", "main"})


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
    text = _PRIVATE.sub("", text.replace("\x00", ""))
    if not text.strip():
        return []
    root = _parse(text)
    if root is None:
        return []
    _drop_unseen(root)
    _drop_landmarks(root)
    _show_emails(root)
    links = _mark_edges(root)
    flat = etree.tostring(root, method="text", encoding="unicode", with_tail=False)
    return list(_split(clean(flat), links))


def _parse(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    last = parser.error_log.last_error
    if last is not None and last.type_name == "ERR_RESOURCE_LIMIT":
        raise TooDeep(last.message)
    return root


def _empty(element: etree._Element) -> None:
    tail = element.tail
    element.clear()
    element.tail = tail


def _drop_unseen(root: etree._Element) -> None:
    for element in _UNSEEN(root):
        style = element.get("style")
        if style is None or element.tag in _UNSEEN_TAGS or element.get("hidden") is not None or _HIDDEN_STYLE.search(style):
            _empty(element)
        elif _BLOCK_STYLE.search(style) and element.tag != "a":
            element.tag = "div"


def _drop_landmarks(root: etree._Element) -> None:
    """Drop menus, side bars and footers, unless a part of the page's grammar stands in them."""
    for element in _LANDMARKS(root):
        if element.tag == "footer" and any(e.tag in _SECTIONS for e in element.iterancestors()):
            continue
        text = str(etree.tostring(element, method="text", encoding="unicode", with_tail=False))
        if not _PART_OF_PAGE.search(text):
            _empty(element)


def _show_emails(root: etree._Element) -> None:
    """Print the addresses that Cloudflare hides (``data-cfemail``: hex, XOR with byte one)."""
    for element in _EMAIL_HIDDEN(root):
        email = decode_email(element.get("data-cfemail", ""))
        if email:
            tail = element.tail
            for child in list(element):
                element.remove(child)
            element.text, element.tail = email, tail


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


def _mark_edges(root: etree._Element) -> list[str]:
    """Write a mark into the text at every edge of an element; return the links met."""
    links: list[str] = []
    dates: list[etree._Element] = []
    for element in root.iter("*"):
        tag, tail = element.tag, element.tail or ""
        if tag in _BLOCKS:
            element.text = _GAP + (element.text or "")
            element.tail = _GAP + tail
            if tag == "pre":
                _keep_line_ends(element)
            continue
        if tag == "br":
            element.tail = _BREAK + tail
            continue
        text = element.text or ""
        if text and _DATE_ALONE.match(text) and not len(element):
            dates.append(element)
        href = element.get("href") if tag == "a" else None
        if href:
            text = f"{_LINK_OPEN}{len(links)}{_LINK_MIDDLE}{text}"
            tail = _LINK_CLOSE + tail
            links.append(href)
        element.text, element.tail = _SEAM + text, _SEAM + tail
    for element in dates:
        _part_siblings(element)
    return links


def _keep_line_ends(pre: etree._Element) -> None:
    for element in pre.iter("*"):
        element.text = (element.text or "").replace("\n", _BREAK)
        if element is not pre:
            element.tail = (element.tail or "").replace("\n", _BREAK)


def _part_siblings(date: etree._Element) -> None:
    """Put the elements beside a date of its own on lines of their own.

    Only where nothing but elements (and a dash) stands beside it: ``<span>date</span>
    <a>title</a> <span>lead</span>`` are three things, a title with a word in bold is one.
    """
    parent = date.getparent()
    while parent is not None and len(parent) == 1 and parent.tag not in _BLOCKS:
        date, parent = parent, parent.getparent()
    if parent is None:
        return
    texts = [parent.text or "", *(child.tail or "" for child in parent)]
    if all(_DASHES.match(_MARKS.sub("", text.replace(_GAP, ""))) for text in texts):
        for child in parent:
            child.text = _GAP + (child.text or "")
            child.tail = _GAP + (child.tail or "")


def _split(flat: str, links: list[str]) -> Iterator[Line]:
    gap, breaks, link = True, 0, None
    for token in _TOKENS.split(flat):
        if token == _GAP:
            gap = True
        elif token == _BREAK:
            breaks += 1
            gap = gap or breaks > 1
        elif token:
            line, link = _read_line(token, gap, link, links)
            if line is not None:
                yield line
                gap, breaks = False, 0


def _read_line(
    token: str, gap: bool, link: str | None, links: list[str]
) -> tuple[Line | None, str | None]:
    """Return the line in *token*, and the link that is still open behind it."""
    if link is None and _LINK_OPEN not in token:
        folded = " ".join(token.replace(_SEAM, "").split())
        return (Line(folded, token, gap) if folded else None), None
    raw, linked, unlinked, href, at = "", "", "", None, 0
    is_first = True
    for mark in [*_MARKS.finditer(token), None]:
        piece = token[at : mark.start() if mark else None]
        raw += piece
        if link is None:
            unlinked += piece
        elif is_first or not linked:
            linked += piece
            href = link if linked.strip() else href
        if mark is None:
            break
        at = mark.end()
        if mark[0] == _SEAM:
            raw += _SEAM
        else:
            is_first = is_first and not linked.strip()
            link = links[int(mark[1])] if mark[1] else None
    folded = " ".join(raw.replace(_SEAM, "").split())
    if not folded:
        return None, link
    is_linked = href is not None and not re.search(r"\w", unlinked)
    return Line(folded, raw, gap, href, is_linked, " ".join(linked.split()) or None), link
