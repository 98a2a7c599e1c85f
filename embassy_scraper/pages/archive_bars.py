"""Cutting what a web archive puts on the pages that it shows: toolbars and banners.

They are known by the archive's own marks, comments and ids (``sites/archives.toml``), never by
their words, which a statement may use. Pages of archive.today are another matter: the page stands
inside a frame of the archive, ``#CONTENT`` below ``#HEADER``.
"""

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from lxml import etree

from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.screen import Screen
from embassy_scraper.pages.tree import Element, parse_html
from embassy_scraper.sites.archives import insert_edge, is_archive, load_archives

_KEPT = frozenset({"html", "head", "body"})
_BETWEEN = re.compile(r"_{0,2}(?:wm|wb)[-_]|donato")  # ids between an archive's own comments
_LINKS = ("href", "action")
_OF_TEXT = frozenset(  # tags that no bar has, whatever the id
    "a b blockquote dd dt em figcaption h1 h2 h3 h4 h5 h6 i li p pre span strong td th".split()
)


def without_inserts(text: str) -> str:
    """Return the page *text* without what stands between an archive's own comments.

    What a script of the page has moved in between them stays: all that is seen there must stand in
    elements with the archive's ids.
    """
    if not any(map(text.__contains__, load_archives().inserts)):
        return text
    kept, start, opened = [], 0, None
    for edge in insert_edge().finditer(text):
        if edge["begin"]:
            opened = edge
        elif opened is not None:
            if _is_archives_own(text[opened.end() : edge.start()]):
                kept.append(text[start : opened.start()])
                start = edge.end()
            opened = None
    return "".join([*kept, text[start:]]) if kept else text


def _is_archives_own(markup: str) -> bool:
    root = parse_html(markup)
    if root is None:
        return True
    screen = Screen(skip=[one for one in root.iter() if _BETWEEN.match(one.get("id", ""))])
    screen.show(root)
    return not screen.lines


def cut_bars(text: str, root: Element) -> list[Line]:
    """Cut the bars of archives out of *root*, the parsed page *text*; return what they showed."""
    screen = Screen()
    if _may_have_bar().search(text) is not None:
        for element in (*_around_content(root), *_bars(root)):
            screen.show(element)
            element.clear(keep_tail=True)
            element.tag = "wbr"  # which shows nothing and parts no line
    return screen.lines


@cache
def _may_have_bar() -> re.Pattern[str]:
    names = "|".join(map(re.escape, (*load_archives().bars, "CONTENT")))
    return re.compile(rf"""id=["']?(?:{names})\b""")


def _bars(root: Element) -> Iterator[Element]:
    """Yield the bars below *root*, none of them inside another."""
    ids = load_archives().bars
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        if element.get("id") in ids and element.tag not in _OF_TEXT:
            walk.skip_subtree()
            yield element


def _around_content(root: Element) -> list[Element]:
    """Return all that stands around a page inside the frame of archive.today.

    That archive writes out how each element looks, in place of its class: this tells elements of
    one kind from others, as classes do elsewhere.
    """
    by_id = {one.get("id"): one for one in root.iter() if one.get("id") in ("HEADER", "CONTENT")}
    content, header = by_id.get("CONTENT"), by_id.get("HEADER")
    if content is None or header is None:
        return []
    form = next(header.iterancestors("form"), header)
    outside = [*_siblings(content)]
    if set(outside).isdisjoint((header, *header.iterancestors())):
        return []
    if not any(map(_is_of_archive, form.iter())):
        return []
    for element in content.iter():
        if look := element.get("style"):
            element.set("class", "".join(one if one.isprintable() else " " for one in look))
    return outside


def _siblings(element: Element) -> Iterator[Element]:
    """Yield all elements beside *element* and beside those that it stands in, within the body."""
    for inner in (element, *element.iterancestors()):
        parent = inner.getparent()
        if inner.tag in _KEPT or parent is None:
            return
        yield from (one for one in parent if one is not inner)


def _is_of_archive(element: Element) -> bool:
    for name in _LINKS:
        try:
            host = urlsplit(element.get(name, "")).hostname
        except ValueError:
            continue
        if host and is_archive(host):
            return True
    return False
