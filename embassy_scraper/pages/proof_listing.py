"""A listing in unknown markup: entries below a heading or a pager, closed by nothing."""

from collections.abc import Sequence
from dataclasses import replace

from embassy_scraper.pages.context import Context
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line
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
    starts = []
    for start, has_pager in _below_headings(shown.lines[:end], context.grammar):
        near = find_heads(shown, start, min(start + 3, end), context)
        if near and (near[0].start == start or has_pager):
            starts.append(start)
    if len(set(starts)) > 1:
        raise Unproven("there is more than one list under a heading or a pager")
    return starts[0] if starts else None


def _below_headings(lines: Sequence[Line], grammar: Grammar) -> list[tuple[int, bool]]:
    """Return what begins below each heading and pager, and whether a pager stands above it.

    From the last line to the first, so that each row of pagers is gone through once.
    """
    found = []
    behind: dict[int, int] = {}  # the row of pagers that begins at a line
    pieces = [len(lines)] * (len(lines) + 1)  # where the pieces of a pager end that begin at a line
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        pieces[index] = pieces[index + 1] if grammar.is_pager_piece(line) else index
        is_heading = grammar.is_known_heading(line) and not line.is_linked
        is_pager = grammar.is_pager(line)
        if is_pager:
            after = pieces[index + 1]
            behind[index] = behind.get(after, after)
        start = behind.get(index + 1, index + 1)
        if is_heading:
            found.append((start, start > index + 1))
        elif is_pager:
            found.append((pieces[start], True))
    return found[::-1]


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
