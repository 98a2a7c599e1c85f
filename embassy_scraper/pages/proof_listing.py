"""A listing in unknown markup: entries below a heading or a pager, closed by nothing."""

from dataclasses import replace

from embassy_scraper.pages.context import Context
from embassy_scraper.pages.parts import MainPart, list_text, page_kind
from embassy_scraper.pages.proof_found import Found
from embassy_scraper.pages.proof_heads import Unproven, find_heads
from embassy_scraper.pages.proof_lists import Proven, prove_list
from embassy_scraper.pages.shown import Shown


def list_start(shown: Shown, end: int, context: Context) -> int | None:
    """Return where a listing's entries begin: below its heading and pager.

    Raises:
        Unproven: more than one place may be it.
    """
    lines, grammar = shown.lines, context.grammar
    starts = []
    for index in range(end):
        line = lines[index]
        is_heading = grammar.is_known_heading(line) and not line.is_linked
        if not is_heading and not grammar.is_pager(line):
            continue
        start = index + 1
        while start < end and grammar.is_pager(lines[start]):
            start += 1
            while start < end and grammar.is_pager_piece(lines[start]):
                start += 1
        if not is_heading:
            while start < end and grammar.is_pager_piece(lines[start]):
                start += 1
        has_pager = start > index + 1 or not is_heading
        near = find_heads(shown, start, min(start + 3, end), context)
        if near and (near[0].start == start or has_pager):
            starts.append(start)
    if len(set(starts)) > 1:
        raise Unproven("there is more than one list under a heading or a pager")
    return starts[0] if starts else None


def prove_listing(shown: Shown, end: int, context: Context, found: Found) -> MainPart:
    """Return a listing as the main part, and add the list that it proves to *found*."""
    address = context.address
    name = address.list or "unknown"
    try:
        start = list_start(shown, end, context)
        if start is None:
            raise Unproven("no heading or pager has dated entries below it")
        proven = prove_list(shown, start, end, context, is_closed=False)
        if address.kind == "listing" and len(proven.entries) > address.page_size:
            raise Unproven(f"it has more entries than the {address.page_size} of a page")
        if end == len(shown.lines) and not context.extent.is_whole:
            proven = _with_open_end(proven)
    except Unproven as error:
        found.withhold(name, str(error))
        if not found.lists and all(problem.where != "latest" for problem in found.problems):
            found.withhold("latest", "nothing shows where it is, or whether the page has it")
        return MainPart(page_kind(address, is_list=True))
    named = list_text(proven.entries, address)[0]
    found.lists.insert(
        0, replace(named, covers_nothing=named.covers_nothing or bool(proven.reason))
    )
    found.spans.append(range(proven.start, proven.end))
    if proven.reason is not None:
        found.withhold(name, proven.reason)
    pager = next(
        (line.text for line in shown.lines[:start] if context.grammar.is_pager(line)), None
    )
    return MainPart("listing", pager=pager)


def _with_open_end(proven: Proven) -> Proven:
    """Return a list whose last entry may be cut off anywhere: its text is no sighting."""
    *others, last = proven.entries
    cut = replace(last, title=None, lead=None, lead_is_open=True)
    reason = proven.reason or "the page may be cut off in its last entry"
    return replace(proven, entries=(*others, cut), reason=reason)
