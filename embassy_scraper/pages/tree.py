"""From the text of an HTML page to a tree of elements, as lxml's parser builds it."""

import re
from typing import Any

from lxml import etree

from embassy_scraper.limits import MAX_ATTRIBUTES, MAX_DEPTH, MAX_TAGS
from embassy_scraper.pages.lines import NoPage

_LARGE = 100_000  # bytes; what is smaller is parsed in a second, whatever it is
_TAG = re.compile(rb"""<[a-z](?:[^>"']|"[^"]*"|'[^']*')*+""", re.I)
_QUOTED = re.compile(rb"""(?:"[^"]*"|'[^']*'|/)""")
_NO_CHARACTER = re.compile(rb"&#(?:x0*[0-8](?![0-9a-f])|0*[0-8](?![0-9]));?", re.I)
_MARKS = bytes(range(9))  # they serve as marks here; none of them is a character of HTML
_BODY_END = re.compile(rb"</(?:body|html)\b[^>]{0,200}>", re.I)
_CUT_TAIL = re.compile(rb"(?:</?|&(?:#\w{0,8}|[a-z]{0,8}))\Z")
_TAIL = 12  # bytes; no cut leaves more of an entity
_PARSER = etree.HTMLParser(  # the site gives many elements one id; each would be an error
    encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
)
_IS_DEEP = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
Element = Any  # lxml's stubs know no attribute of an element that may be None


def parse_html(text: str) -> Element | None:
    """Return the root element of the page *text*; ``None`` where nothing is on it.

    Raises:
        NoPage: it has more tags, or a tag has more attributes, than any page, or is nested deeper.
            (All that looks through a tree takes longer the deeper it is.)
    """
    data = text.encode("utf-8", "replace")
    if any(map(data.__contains__, _MARKS)):
        data = data.translate(None, _MARKS)
    data = _NO_CHARACTER.sub(b"", data)
    data = data[:-_TAIL] + _CUT_TAIL.sub(b"", data[-_TAIL:])
    data = _without_early_end(data)
    if not data or data.isspace():
        return None
    if len(data) > MAX_TAGS and data.count(b"<") > MAX_TAGS:
        raise NoPage("too many tags")
    if len(data) > _LARGE and any(map(_is_crowded, _TAG.findall(data))):
        raise NoPage("too many attributes")
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError:  # nothing but a broken comment or declaration
        return None
    if root is not None and _IS_DEEP(root):
        raise NoPage("nested too deep")
    return root


def _without_early_end(data: bytes) -> bytes:
    """Return *data* without the end tags of a page behind which more of it stands.

    A screen shows that all the same; the parser would stop there.
    """
    found = _BODY_END.search(data)
    if found is None or not _BODY_END.sub(b"", data[found.end() :]).strip():
        return data
    return _BODY_END.sub(b"", data)


def _is_crowded(tag: bytes) -> bool:
    """Say whether *tag* has so many attributes that the parser would not end in time.

    It compares each of them with all others.
    """
    return len(tag) > MAX_ATTRIBUTES and len(_QUOTED.sub(b" ", tag).split()) > MAX_ATTRIBUTES


def document_title(root: Element) -> str:
    """Return the title in the document's head, folded, at most 300 characters."""
    found = root.find(".//title")
    return " ".join((found.text or "")[:2000].split())[:300] if found is not None else ""
