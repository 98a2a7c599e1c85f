"""A page as a text browser dumps it: every visible line, no links, menus and all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html as markup

_BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody "
    "td tfoot th thead tr ul".split()
)
_UNSEEN = frozenset("head script style noscript template title textarea select option".split())
_SPACE = re.compile(r"[ \t\r\n\f]+")
_EMPTY = re.compile(r"\n\s*\n+")


def dump(page: str) -> str:
    """Return the text of *page*; paragraphs are parted by an empty line."""
    root = markup.document_fromstring(page)
    text = "".join(_pieces(root))
    lines = (line.strip(" ") for line in _EMPTY.sub("\n\n", text).splitlines())
    return "\n".join(lines).strip("\n")


def _pieces(element: markup.HtmlElement) -> Iterator[str]:
    """Yield the text in document order, with line ends at the edges of blocks."""
    if isinstance(element.tag, str) and not _is_hidden(element):
        edge = "\n\n" if element.tag in _BLOCKS else ""
        yield "\n" if element.tag == "br" else edge
        yield _SPACE.sub(" ", element.text or "")
        for child in element:
            yield from _pieces(child)
        yield edge
    yield _SPACE.sub(" ", element.tail or "")


def _is_hidden(element: markup.HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.tag in _UNSEEN or "display:none" in style or "hidden" in element.attrib
