"""From the bytes of one capture to the page: which parts it has, and where each begins.

A page of a known markup is read by its layout, one of unknown markup by what it proves; a text
capture with nothing but the page on it by the order of its lines, of any other the header alone.
What is not proven is withheld, and a problem says which part and what did not fit (law 8).
"""

import re
from dataclasses import dataclass, replace

from embassy_scraper.items import (
    GONE,
    HTML_TYPES,
    NOT_OWN,
    Header,
    Page,
    PageKind,
    PageProblem,
    RawCapture,
)
from embassy_scraper.limits import MAX_PAGE_BYTES
from embassy_scraper.pages.archive_words import shows_bar, without_copy_line
from embassy_scraper.pages.by_layout import read_by_layout
from embassy_scraper.pages.by_proof import read_by_proof
from embassy_scraper.pages.clean import has_strangers, read_clean
from embassy_scraper.pages.cleanness import is_clean
from embassy_scraper.pages.context import Context, Links
from embassy_scraper.pages.endings import without_partial_end
from embassy_scraper.pages.grammar import Grammar, grammar_of
from embassy_scraper.pages.header import read_header
from embassy_scraper.pages.layouts import fitting
from embassy_scraper.pages.lines import Line, NoPage, check_measure, text_lines
from embassy_scraper.pages.own_page import lacks_of_own_page
from embassy_scraper.pages.parts import Extent, MainPart, withheld
from embassy_scraper.pages.refusals import find_refusal
from embassy_scraper.pages.roles import Trace
from embassy_scraper.pages.shown import Shown
from embassy_scraper.pages.sight import forget, look_at
from embassy_scraper.pages.text_of import text_of
from embassy_scraper.pages.withheld_text import read_withheld
from embassy_scraper.pages.wrapping import (
    cuts_counters,
    is_too_narrow,
    leaves_counters_parted,
    unwrap,
)
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import read_address

_READ_STATUSES = frozenset({None, 200, 203})
_HTML_BEGIN = re.compile(r"<(?:html|body)[\s>]", re.I)
_HTML_END = re.compile(r"</(?:html|body)\s*>(?:\s|</|html>|<!--(?:(?!-->).)*-->)*+\Z", re.I | re.S)
_SWALLOWING = re.compile("<(?:!--|/?script)")  # as most often written
_COMMENT_END = re.compile("-->")
_COMMENT_EDGE = re.compile(r"(?P<begin><!--)(?:-?>)?|--!?>")  # as ever written
_SCRIPT_EDGE = re.compile(r"(?P<begin>(?<![\"'])<script\b)|</script\b", re.I)  # none in a script
_NOT_SHOWN = Page("other")


def read_page(raw: RawCapture, profile: Profile, trace: Trace | None = None) -> Page:
    """Return what *raw*, a capture of the site of *profile*, says.

    What cannot be read is a problem of the page. A *trace* collects what each line was taken for.

    Raises:
        ConfigError: a selector of a layout cannot be parsed.
    """
    if raw.http_status in GONE:
        return Page("error")
    if raw.http_status not in _READ_STATUSES:
        return _unread("error", "http status", str(raw.http_status))
    kind = _text_kind(raw)
    if kind is None:
        return _NOT_SHOWN
    if len(raw.payload) > MAX_PAGE_BYTES:
        return _unread("unreadable", "too large", f"{len(raw.payload)} bytes")
    try:
        text = text_of(raw, is_html=kind == "html")
        context = _context(raw, profile, _ends_well(raw, kind, text), trace or Trace())
        return _read_html(text, raw, context) if kind == "html" else _read_text(text, context)
    except NoPage as error:
        return _unread("unreadable", str(error), "")


def _context(raw: RawCapture, profile: Profile, ends_well: bool, trace: Trace) -> Context:
    is_cut = raw.announced_bytes_missing
    address = read_address(raw.url, profile, raw.mirror)
    key_of = Links(address.url, profile, raw.mirror)
    extent = Extent(ends_well and not is_cut, is_cut)
    return Context(address, grammar_of(profile), extent, key_of, trace)


def _ends_well(raw: RawCapture, kind: str, text: str) -> bool:
    """Say whether something vouches for the page's end.

    The length that the server announced does, but not for HTML that was begun and never closed: a
    program behind the server that dies on the way leaves such a page, its length in order. Nor
    does an end that no screen comes to, since a comment or a script was never closed.
    """
    if kind == "html" and _is_swallowed(text):
        return False
    if kind == "html" and _HTML_END.search(text[-2000:]):
        return True
    is_unclosed = kind == "html" and _HTML_BEGIN.search(text[:4000]) is not None
    return raw.body_is_whole and not is_unclosed


def _is_swallowed(text: str) -> bool:
    """Say whether a comment or a script was never closed.

    Then it holds what was meant to be seen, up to the end of the next one.
    """
    found = _SWALLOWING.findall(text)
    comments, scripts = found.count("<!--"), found.count("<script")
    if (
        comments
        and comments > len(_COMMENT_END.findall(text))
        and _is_unclosed(_COMMENT_EDGE, text)
    ):
        return True
    return scripts > found.count("</script") and _is_unclosed(_SCRIPT_EDGE, text)


def _is_unclosed(edges: re.Pattern[str], text: str) -> bool:
    is_open = False
    for edge in edges.finditer(text):
        if is_open and edge["begin"]:
            return True
        is_open = bool(edge["begin"])
    return is_open


def _unread(kind: PageKind, what: str, text: str) -> Page:
    return Page(kind, problems=(PageProblem(what, "page", text),))


def _text_kind(raw: RawCapture) -> str | None:
    """Return ``"html"`` or ``"text"``, or ``None`` for what is no page (pictures, scripts)."""
    media_type = raw.media_type.partition(";")[0].strip().lower()
    if media_type in HTML_TYPES:
        return "html"
    if media_type == "text/plain":
        return "text"
    if not media_type:
        return "html" if raw.payload.lstrip()[:1] == b"<" else "text"
    return None


def _read_html(text: str, raw: RawCapture, context: Context) -> Page:
    sight = look_at(text)
    if sight is None:
        return _unread("unreadable", "empty page", "")
    context.trace.add("bar of an archive", sight.bar)
    if any(_is_of_page(line, context.grammar) for line in sight.bar):
        told = f"lines of it stand inside the bar of a web archive: {sight.bar[0].text[:80]}"
        return Page("unreadable", problems=(withheld("page", told),))
    captured_on = raw.captured_at[:10] if raw.captured_at else None
    layouts = fitting(sight.selection, context.grammar.profile, captured_on)
    if len(layouts) == 1:
        forget()  # what is read by a layout is taken out of the tree
        header, main = read_by_layout(sight.selection, layouts[0], context, sight.base)
        return _page(header, main, context, layouts[0].name)
    if layouts:
        names = " and ".join(repr(one.name) for one in layouts)
        told = f"the layouts {names} both claim the page; give each a mark of its own"
        header, main = read_by_proof(sight.shown, context)
        return _page(header, _nothing_of(main, told), context, None)
    return _read_unknown(sight.shown, context)


def _is_of_page(line: Line, grammar: Grammar) -> bool:
    """Say whether *line* is one that no archive prints in its bar."""
    return (
        grammar.is_closing(line)
        or grammar.has_clock(line)
        or grammar.begins_as_counter(line)
        or grammar.is_signature(line)
    )


def _nothing_of(main: MainPart, reason: str) -> MainPart:
    """Return *main* with all of it withheld for *reason*."""
    problem = withheld("main part", reason)
    return MainPart(main.kind, None, (), None, main.is_cut, (problem,))


def _read_text(text: str, context: Context) -> Page:
    grammar, extent = context.grammar, context.extent
    check_measure(text)
    text = without_copy_line(text)
    unwrapped = unwrap(text, grammar)
    if is_too_narrow(text) or leaves_counters_parted(unwrapped, grammar):
        told = "its lines were wrapped so that they cannot be joined again"
        return Page("unreadable", problems=(withheld("page", told),))
    lines = text_lines(unwrapped)
    if not extent.is_whole and not any(grammar.is_closing(line) for line in lines):
        lines = without_partial_end(lines, grammar)
    if not lines:
        return _unread("unreadable", "empty page", "")
    header, rest = read_header(lines, grammar, is_whole=extent.is_whole)
    if header is not None and cuts_counters(text):
        header = replace(header, counters=(), counters_known=False)
    has_clock = header is not None and header.date_text is not None
    if shows_bar(lines) or not is_clean(lines, rest, context.address, grammar):
        header, main = read_withheld(lines, context)
        return _refused_or_checked(header, main, lines, "", context)
    refused = None if has_clock else _refused(lines, "", grammar)
    if refused is not None:
        return refused
    main = read_clean(rest, context, has_clock=has_clock)
    if header is not None and not header.counters and has_strangers(main):
        header = replace(header, counters_known=False)
    context.trace.add("header", lines[: len(lines) - len(rest)])
    context.trace.add_read(rest, main)
    return _checked(header, main, lines, context)


def _refused(lines: list[Line], title: str, grammar: Grammar) -> Page | None:
    """Return the page where it is a refusal instead of the page asked for."""
    refusal = find_refusal(lines, title, grammar)
    if refusal is None:
        return None
    kind: PageKind = "blocked" if refusal.what == "blocked page" else "error"
    return Page(kind, problems=(refusal,))


def _read_unknown(shown: Shown, context: Context) -> Page:
    """Return the page of a markup that no layout fits."""
    if not shown.lines:
        return _unread("unreadable", "empty page", "")
    header, main = read_by_proof(shown, context)
    return _refused_or_checked(header, main, shown.lines, shown.title, context)


def _refused_or_checked(
    header: Header | None, main: MainPart, lines: list[Line], title: str, context: Context
) -> Page:
    if header is None or header.date_text is None:
        refused = _refused(lines, title, context.grammar)
        if refused is not None:
            return refused
    return _checked(header, main, lines, context)


def _checked(header: Header | None, main: MainPart, lines: list[Line], context: Context) -> Page:
    """Return the page, unless it does not show that it is the site's own."""
    lacking = lacks_of_own_page(header, main, lines, context)
    if lacking is None:
        return _page(header, main, context, None)
    context.trace.add(NOT_OWN, lines)
    problem = PageProblem(NOT_OWN, "page", lacking)
    return Page("error", problems=(problem,))


def _page(header: Header | None, main: MainPart, context: Context, layout: str | None) -> Page:
    if context.address.kind == "foreign":
        return Page("foreign", header=header)
    problems, lists = main.problems, main.lists
    if main.is_cut:
        what = "fewer bytes than announced" if context.extent.is_cut else "no closing line"
        problems = (PageProblem("cut off", "page", what), *problems)
        lists = tuple(replace(part, covers_nothing=True) for part in lists)
    return Page(main.kind, header, main.statement, lists, main.pager, main.is_cut, problems, layout)


@dataclass(frozen=True, slots=True)
class Explained:
    """A page, and what each of its lines was taken for."""

    page: Page
    trace: Trace


def explain_page(raw: RawCapture, profile: Profile) -> Explained:
    """Return what *raw* says, with the role of every line that was looked at."""
    trace = Trace(is_on=True)
    return Explained(read_page(raw, profile, trace), trace)
