"""The beginning and the end of a saved page, where savers and archives say what they saved.

They write into the head, into a toolbar right behind ``<body>``, and behind the page's end; what
stands inside the body is the page's own. Both ends are read in one pass of bounded length.
"""

import re
from dataclasses import dataclass, field
from html import unescape

from embassy_scraper.sites.archives import insert_edge

_MOST = 1 << 18  # bytes from either end; 40,000 have been seen before what a saver says
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.I)
    for name in ("title", "script", "style", "noscript", "template")
}
_KNOWN = frozenset(("html", "head", "meta", "link", "base", "body", *_RAW))
_BOM = re.compile("\\A(?:\ufeff|\xef\xbb\xbf)")
_SPACE = re.compile(r"\s*+", re.A)
_TAG = re.compile(r"<([a-z][^\s/>]*+)", re.I)
_ATTRIBUTE = re.compile(
    r"[\s/]*+([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"'][^\s>]*+)))?+"
)
_TAG_END = re.compile(r"[\s/]*+>", re.A)
_OTHER = re.compile(r"<[/!?][^>]*+>")  # end tags, declarations
_BODY_END = re.compile(r"</body\s*+>", re.I)
_PAGE_END = re.compile(r"</html\s*+>", re.I)
_WIDE = {
    b"\xff\xfe": "utf-16-le", b"<\0": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\0<": "utf-16-be",
}  # fmt: skip


@dataclass(slots=True)
class Ends:
    """What stands outside a page's body.

    ``tags`` are name and attributes of the head's tags, ``scripts`` its scripts; ``comments``
    stand in the head or behind the body; ``toolbar`` is an archive's, between its own marks.
    """

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    toolbar: str = ""


def read_ends(payload: bytes) -> Ends:
    """Return what stands outside the body of the page *payload*.

    The head ends as it does in browsers: at ``<body>``, at any other tag that has no place in it,
    or at text. What is not closed within the bound ends it too.

    >>> page = b"<html><!-- one --><head><meta name=a content='b'></head><p><!-- no --></p>"
    >>> ends = read_ends(page + b"</body><!-- two --></html>")
    >>> ends.comments, ends.tags[2]
    ([' one ', ' two '], ('meta', {'name': 'a', 'content': 'b'}))
    """
    charset = _WIDE.get(payload[:2], "latin-1")  # of any charset, ASCII is what it is
    head = _BOM.sub("", payload[:_MOST].decode(charset, "replace"))
    ends = Ends()
    at = _read_on(head, 0, ends)
    ends.toolbar = _inserted(head, at)
    tail = payload[max(0, len(payload) - _MOST) & ~1 :].decode(charset, "replace")
    last = _last(_BODY_END, tail) or _last(_PAGE_END, tail)
    if last is not None:
        behind = Ends()
        _read_on(tail, last.end(), behind)
        ends.comments += behind.comments
    return ends


def _inserted(head: str, at: int) -> str:
    """Return what an archive has put into the page right behind *at*, between its own comments."""
    begin = insert_edge().match(head, _behind_space(head, at))
    end = insert_edge().search(head, begin.end()) if begin and begin["begin"] else None
    return head[begin.end() : end.start()] if begin and end and not end["begin"] else ""


def _behind_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _last(wanted: re.Pattern[str], text: str) -> re.Match[str] | None:
    *_, last = [None, *wanted.finditer(text)]
    return last


def _read_on(text: str, at: int, ends: Ends) -> int:
    """Add to *ends* what stands in *text* from *at* on; return where a body's content begins."""
    while True:
        at = _behind_space(text, at)
        if text.startswith("<!--", at):
            end = text.find("-->", at + 2)  # <!--> is a whole comment
            if end < 0:
                return len(text)
            ends.comments.append(text[at + 4 : end])
            at = end + 3
        elif found := _OTHER.match(text, at):
            at = found.end()
        elif (found := _TAG.match(text, at)) and found[1].lower() in _KNOWN:
            at = _read_tag(text, found, ends)
            if found[1].lower() == "body":
                return at
        else:
            return at


def _read_tag(text: str, found: re.Match[str], ends: Ends) -> int:
    """Add the tag *found* to *ends*; return where it, or the text that it holds, ends."""
    name, at = found[1].lower(), found.end()
    attributes: dict[str, str] = {}
    while one := _ATTRIBUTE.match(text, at):
        value = one[2] or one[3] or one[4] or ""
        attributes.setdefault(one[1].lower(), unescape(value))
        at = one.end()
    end = _TAG_END.match(text, at)
    if end is None:
        return len(text)
    ends.tags.append((name, attributes))
    if name not in _RAW:
        return end.end()
    close = _RAW[name].search(text, end.end())
    if close is None:
        return len(text)
    if name == "script":
        ends.scripts.append(text[end.end() : close.start()])
    return close.start()
