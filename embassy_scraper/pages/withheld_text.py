"""A text capture with other lines around the page, as text browsers dump it: all is withheld.

Unknown markup proves its parts by elements and links. Text has neither: a sentence of the frame's
beside a text, a word on a title's own line, a dated item among a list's cannot be told from the
page's own. So nothing but the header is read, and of the counters those that stand with it.
"""

from collections.abc import Sequence
from dataclasses import replace

from embassy_scraper.items import Header
from embassy_scraper.pages.context import Context
from embassy_scraper.pages.header import read_header
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.parts import MainPart, page_kind, withheld
from embassy_scraper.pages.refusals import find_soft_404

_REASON = "there are other lines around the page, so its parts cannot be told apart"


def read_withheld(lines: list[Line], context: Context) -> tuple[Header | None, MainPart]:
    """Return the header of *lines*, and a main part of which all is withheld."""
    main = _not_found(lines, context) or _withheld(context)
    header, rest = _header(lines, context)
    above = len(lines) - len(rest) if header is not None else 0
    context.trace.add("header", lines[:above])
    context.trace.add_read(lines[above:], MainPart("other"), header, "not proven")
    return header, main


def _header(lines: list[Line], context: Context) -> tuple[Header | None, list[Line]]:
    """Return the header and the lines after it; counters may be elsewhere too."""
    is_whole = context.extent.is_whole
    header, rest = read_header(lines, context.grammar, is_whole=is_whole)
    if header is None or header.date_text is None:
        return None, lines
    return replace(header, counters_known=bool(header.counters) and is_whole), rest


def _not_found(lines: Sequence[Line], context: Context) -> MainPart | None:
    """Return an error page where a line says "not found"."""
    if context.address.kind == "static":
        return None
    problem = find_soft_404([line] for line in lines)
    if problem is None:
        return None
    others = () if context.address.kind == "home" else (withheld("latest", _REASON),)
    return MainPart("error", is_cut=context.extent.is_cut, problems=(problem, *others))


def _withheld(context: Context) -> MainPart:
    address = context.address
    kind = page_kind(address, is_list=address.kind in ("home", "listing"))
    parts = [] if address.kind == "home" else ["latest"]
    if address.kind != "static":
        parts.insert(0, address.list or ("home" if address.kind == "home" else "main part"))
    return MainPart(
        "other" if address.kind == "unknown" else kind,
        is_cut=context.extent.is_cut,
        problems=tuple(withheld(part, _REASON) for part in parts),
    )
