"""Page models in the site's real frame, and what may differ between two such pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from embassy_scraper.replica.boxes import box, closing, columns, entry, feed_row, side_box
from embassy_scraper.replica.chrome import Around, whole_page
from embassy_scraper.replica.sections import SHIPPED

from .inline import email_link, safe
from .page_model import NBSP, Entry, Model

FEED = "http://twitter.com/somebody"
STATEMENT = re.compile(r"/(?:[a-z]+/[0-9]+|article/[\w-]+)$")
SENTENCE = re.compile(r"(?<=[.?!…]) ")


@dataclass(frozen=True)
class FrameStyle:
    """What differs: tags in capitals, raw spaces, no headings, how texts are broken into lines.

    ``text`` is what becomes of the white space inside a lead or a paragraph, ``end`` what stands
    behind the last paragraph, ``is_inner`` whether the counters stand beside the left menu.
    """

    is_upper: bool = False
    is_raw: bool = False
    is_form_b: bool = False
    is_inner: bool = False
    email: str = "plain"
    text: Callable[[str], str] = lambda text: text
    end: str = ""


def wrapped(text: str) -> str:
    """The text in lines of four words, their ends CR and LF."""
    words = text.split(" ")
    lines = [" ".join(words[at : at + 4]) for at in range(0, len(words), 4)]
    return "\r\n".join(lines)


def parted(text: str) -> str:
    """The text with a blank line, which a browser does not show, behind each sentence."""
    return SENTENCE.sub("\r\n \r\n", text)


FRAMES: dict[str, FrameStyle] = {
    "frame": FrameStyle(),
    "frame, tags in capitals": FrameStyle(is_upper=True),
    "frame, raw spaces": FrameStyle(is_raw=True),
    "frame, form B": FrameStyle(is_form_b=True),
    "frame, wrapped": FrameStyle(text=wrapped),
    "frame, leads of paragraphs": FrameStyle(text=parted, is_upper=True),
    "frame, counters inside": FrameStyle(is_inner=True),
    "frame, blank paragraphs": FrameStyle(end="<p>&nbsp;</p>", is_raw=True),
}


def to_frame(m: Model, style: FrameStyle) -> str:
    """The page of *m* in the real frame."""
    shown = m.as_b() if style.is_form_b else m
    counters = safe((341 * NBSP).join(shown.counters))
    inner = f'<p align="center">{counters}</p>' if counters and style.is_inner else ""
    around = _around(shown, "" if style.is_inner else counters, style.email)
    page = whole_page(around, SHIPPED, inner + _parts(shown, style))
    if style.is_raw:
        page = page.replace("&nbsp;", NBSP)
    return _upper(page) if style.is_upper else page


def _upper(page: str) -> str:
    """The page with the names of its elements in capitals; classes and ids stay."""
    return re.sub(r"</?[a-z][a-z0-9]*", lambda tag: tag[0].upper(), page)


def _around(m: Model, counters: str, email: str) -> Around:
    if not m.has_header:
        return Around((), ())
    mail = [email_link(m.email, email)] if m.email else []
    contacts = (safe(m.label), safe(m.phone), *mail)
    return Around((m.date, *m.clocks), contacts, counters)


def _parts(m: Model, style: FrameStyle) -> str:
    if m.is_home:
        return _home(m, style)
    block = ""
    if m.block:
        heading = "" if style.is_form_b else SHIPPED.latest
        block = box(heading, _entries(m.block, style) + _closing())
    return f"{_main(m, style)}\n\n{block}"


def _main(m: Model, style: FrameStyle) -> str:
    heading = safe(m.heading or "")
    if m.items or m.pager:
        return box(heading, _pager(m) + _entries(m.items, style))
    if not STATEMENT.search(m.url or ""):
        return box(safe(m.title or ""), _paragraphs(m, style))
    day = f"<h2>{m.on}</h2>\n" if m.on else ""
    title = f"<h3>{safe(m.title)}</h3>" if m.title is not None else ""
    return box(heading, day + title + _paragraphs(m, style))


def _pager(m: Model) -> str:
    """The pager with every number a link but its own; as text it is what it was."""
    if not m.pager:
        return ""
    address = (m.url or "").partition("&")[0]
    here = re.search(r"start=(\d+)", m.url or "")

    def link(found: re.Match[str]) -> str:
        start = 10 * int(found[0]) - 9
        if here and int(here[1]) == start:
            return found[0]
        return f'<a id="newslist" href="{address}&start={start}&ps=10&ppp=15">{found[0]}</a>'

    head, numbers, arrow = m.pager.split(" :: ")
    return f"<p>{head} :: {re.sub(r'[1-9][0-9]?', link, numbers)} :: {arrow}&nbsp;&nbsp;</p>"


def _paragraphs(m: Model, style: FrameStyle) -> str:
    texts = ["<br />\r\n".join(_text(x, style) for x in p.split("\n")) for p in m.body]
    texts += [m.signature] if m.signature else []
    return "".join(f'<p align="justify">{text}</p>' for text in texts) + style.end


def _text(text: str, style: FrameStyle) -> str:
    return safe(style.text(text))


def _entries(entries: tuple[Entry, ...], style: FrameStyle) -> str:
    return "".join(entry(e.on, e.href, safe(e.title), _text(e.lead, style)) for e in entries)


def _closing() -> str:
    return closing("/newarh/", SHIPPED.closing)


def _home(m: Model, style: FrameStyle) -> str:
    """The homepage: its list, and beside it a foreign feed that links to one of its statements."""
    heading = "" if style.is_form_b else SHIPPED.newest.heading
    news = box(heading, _entries(m.items, style) + _closing())
    said = f'See <a id="newslist" href="https://www.rusemb.org.uk/{m.items[0].key}">this</a>'
    rows = "".join(feed_row(FEED, "somebody", text, "18 March") for text in ("Morning.", said))
    feed = box(SHIPPED.feed, f"<table>{rows}</table>{closing('/twitter/', SHIPPED.closing)}")
    sides = "".join(side_box(h, e.on, e.href, safe(e.title)) for h, e in m.boxes)
    return columns(sides, news + feed)
