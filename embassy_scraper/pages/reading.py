"""From the bytes of one capture to the page: which parts it has, and where each begins.

The grammar (site.md): header, then a statement or a listing or neither, then often the latest
block, closed by ``all messages``. What stands before the header and behind the closing line is
not of the page.
"""

import re
from dataclasses import replace
from functools import partial

from embassy_scraper.items import Header, Page, PageKind, PageProblem, RawCapture
from embassy_scraper.pages.charset import decode
from embassy_scraper.pages.endings import without_partial_end
from embassy_scraper.pages.grammar import is_closing
from embassy_scraper.pages.header import read_header
from embassy_scraper.pages.lines import Line, NoPage, text_lines
from embassy_scraper.pages.main_part import Extent, MainPart, read_main_part
from embassy_scraper.pages.markup import html_lines
from embassy_scraper.pages.menus import KeyOf
from embassy_scraper.pages.refusals import find_refusal
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import Address, link_key, read_address

MAX_PAGE_BYTES = 8_000_000
_READ_STATUSES = frozenset({None, 200, 203})
_GONE = frozenset({404, 410})
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HTML_BEGIN = re.compile(r"<(?:html|body)[\s>]", re.I)
_HTML_END = re.compile(r"</(?:html|body)\s*>(?:\s|</|html>|<!--(?:(?!-->).)*-->)*+\Z", re.I | re.S)
_NOT_SHOWN = Page("other")


def read_page(raw: RawCapture, profile: Profile) -> Page:
    """Return what *raw*, a capture of the site of *profile*, says. Never raises: what cannot be read is a problem of the page."""
    if raw.http_status in _GONE:
        return Page("error")
    if raw.http_status not in _READ_STATUSES:
        return _unread("error", "http status", str(raw.http_status))
    kind = _text_kind(raw)
    if kind is None:
        return _NOT_SHOWN
    if len(raw.payload) > MAX_PAGE_BYTES:
        return _unread("unreadable", "too large", f"{len(raw.payload)} bytes")
    text = decode(raw.payload, raw.charset, is_html=kind == "html")
    if len(_CONTROL.findall(text, 0, 4000)) > 20:
        return _unread("unreadable", "not text", "")
    try:
        lines, title = html_lines(text) if kind == "html" else (text_lines(text), "")
    except NoPage as error:
        return _unread("unreadable", str(error), "")
    ends_well = _ends_well(raw, kind, text)
    is_short = raw.announced_bytes_missing
    address = read_address(raw.url, profile, raw.mirror)
    key_of = partial(link_key, page_url=address.url, profile=profile, mirror=raw.mirror)
    return _read_lines(lines, title, address, key_of, Extent(ends_well and not is_short, is_short))


def _ends_well(raw: RawCapture, kind: str, text: str) -> bool:
    """Say whether something vouches for the page's end.

    The length that the server announced does, but not for HTML that was begun and never closed: a
    program behind the server that dies on the way leaves such a page, its length in order.
    """
    if kind == "html" and _HTML_END.search(text[-2000:]):
        return True
    is_unclosed = kind == "html" and _HTML_BEGIN.search(text[:4000]) is not None
    return raw.body_is_whole and not is_unclosed


def _unread(kind: PageKind, what: str, text: str) -> Page:
    return Page(kind, problems=(PageProblem(what, "page", text),))


def _text_kind(raw: RawCapture) -> str | None:
    """Return ``"html"`` or ``"text"``, or ``None`` for what is no page (pictures, scripts)."""
    media_type = raw.media_type.partition(";")[0].strip().lower()
    if media_type in {"text/html", "application/xhtml+xml"}:
        return "html"
    if media_type == "text/plain":
        return "text"
    if not media_type:
        return "html" if raw.payload.lstrip()[:1] == b"<" else "text"
    return None


def _read_lines(
    lines: list[Line], title: str, address: Address, key_of: KeyOf, extent: Extent
) -> Page:
    if not extent.is_whole and not any(is_closing(line) for line in lines):
        lines = without_partial_end(lines)
    if not lines:
        return _unread("unreadable", "empty page", "")
    header, rest = read_header(lines, is_whole=extent.is_whole)
    has_clock = header is not None and header.date_text is not None
    if not has_clock:
        refusal = find_refusal(lines, title)
        if refusal is not None:
            kind: PageKind = "blocked" if refusal.what == "blocked page" else "error"
            return Page(kind, problems=(refusal,))
    if address.kind == "foreign":
        return Page("foreign", header=header)
    main = read_main_part(rest, address, key_of, extent, has_header=has_clock)
    return _page(header, main, extent)


def _page(header: Header | None, main: MainPart, extent: Extent) -> Page:
    problems, lists = main.problems, main.lists
    if main.is_cut:
        what = "fewer bytes than announced" if extent.is_short else "no closing line"
        problems = (PageProblem("cut off", "page", what), *problems)
        lists = tuple(replace(part, covers_nothing=True) for part in lists)
    return Page(main.kind, header, main.statement, lists, main.pager, main.is_cut, problems)
