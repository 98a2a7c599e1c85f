"""From the bytes of one capture to the page: which parts it has, and where each begins.

The grammar (site.md): header, then a statement or a listing or neither, then often the latest
block, closed by ``all messages``. What stands before the header and behind the closing line is
not of the page.
"""

import re
from collections.abc import Callable
from functools import partial

from embassy_scraper.items import Header, ListText, Page, PageProblem, RawCapture
from embassy_scraper.pages.charset import decode
from embassy_scraper.pages.header import read_header
from embassy_scraper.pages.lines import Line, TooDeep, html_lines, text_lines
from embassy_scraper.pages.main_part import MainPart, read_main_part
from embassy_scraper.pages.refusals import find_refusal
from embassy_scraper.site import Address, link_key, read_address

MAX_PAGE_BYTES = 8_000_000
_READ_STATUSES = frozenset({None, 200, 203})
_GONE = frozenset({404, 410})
_TITLE = re.compile(r"<title[^>]*>(.{0,300}?)</title", re.I | re.S)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HTML_END = re.compile(r"</(?:html|body)\s*>(?:\s|<!--.*?-->)*\Z", re.I | re.S)
_NOT_SHOWN = Page("other")


def read_page(raw: RawCapture, mirror: str | None = None) -> Page:
    """Return what *raw* says. Never raises: what cannot be read is a problem of the page.

    *mirror* is the base address of a replica whose addresses are read as the site's own.
    """
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
        lines = html_lines(text) if kind == "html" else text_lines(text)
    except TooDeep as error:
        return _unread("unreadable", "nested too deep", str(error))
    title = _TITLE.search(text, 0, 20_000) if kind == "html" else None
    ends_whole = raw.body_is_whole or (kind == "html" and _HTML_END.search(text[-2000:]))
    address = read_address(raw.url, mirror)
    return _read_lines(
        lines,
        address,
        title=title[1] if title else None,
        ends_whole=bool(ends_whole) and not raw.announced_bytes_missing,
        bytes_missing=raw.announced_bytes_missing,
        key_of=partial(link_key, page_url=address.url, mirror=mirror),
    )


def _unread(kind: str, what: str, text: str) -> Page:
    return Page(kind, problems=(PageProblem(what, "page", text),))  # type: ignore[arg-type]


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
    lines: list[Line],
    address: Address,
    *,
    title: str | None,
    ends_whole: bool,
    bytes_missing: bool,
    key_of: Callable[[str | None], str | None],
) -> Page:
    if not lines:
        return _unread("unreadable", "empty page", "")
    header, rest = read_header(lines)
    has_clock = header is not None and header.date_text is not None
    if not has_clock:
        refusal = find_refusal(lines, title)
        if refusal is not None:
            kind = "blocked" if refusal.what == "blocked page" else "error"
            return Page(kind, problems=(refusal,))
    if address.kind == "foreign":
        return Page("foreign", header=header)
    main = read_main_part(
        rest, address, key_of, ends_whole=ends_whole, bytes_missing=bytes_missing,
        has_header=has_clock,
    )
    return _page(header, main, bytes_missing)


def _page(header: Header | None, main: MainPart, bytes_missing: bool) -> Page:
    is_cut = bytes_missing or main.is_cut
    problems = list(main.problems)
    if is_cut:
        what = "fewer bytes than announced" if bytes_missing else "no closing line"
        problems.insert(0, PageProblem("cut off", "page", what))
    lists = main.lists
    if is_cut:
        lists = tuple(
            ListText(part.name, part.start, part.entries, covers_nothing=True) for part in lists
        )
    return Page(
        main.kind,
        header=header,
        statement=main.statement,
        lists=lists,
        pager=main.pager,
        is_cut=is_cut,
        problems=tuple(problems),
    )
