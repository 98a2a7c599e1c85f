"""Lists in unknown markup: dated entries of one shape, each with a link to a statement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from embassy_scraper.items import Entry
from embassy_scraper.pages.context import Context
from embassy_scraper.pages.proof_heads import Head, Unproven, find_heads
from embassy_scraper.pages.proof_leads import last_misfit, read_leads
from embassy_scraper.pages.shown import Shown
from embassy_scraper.pages.tree import Element


@dataclass(frozen=True, slots=True)
class Proven:
    """A list that is proven; ``reason`` says what of it is withheld all the same."""

    entries: tuple[Entry, ...]
    start: int
    end: int
    reason: str | None = None


def prove_list(shown: Shown, start: int, end: int, context: Context, *, is_closed: bool) -> Proven:
    """Return the list whose first entry begins at line *start*.

    *end* is the line that closes it where it *is_closed*, else only a line that it cannot reach.

    Raises:
        Unproven: the lines do not prove a list.
    """
    heads = find_heads(shown, start, end, context)
    if not heads:
        raise Unproven("it has no dated entry with a link to a statement")
    if heads[0].start != start:
        line = shown.lines[start].text[:80]
        raise Unproven(f"there is a line before the first entry: {line}")
    _check_heads(shown, heads, context)
    stop, reason = (end, None) if is_closed else _end_of_last(shown, heads, end)
    regions = _regions(heads, stop)
    _check_regions(shown, heads, regions, context)
    if is_closed:
        reason = last_misfit(shown, regions)
    leads, told = read_leads(shown, heads, regions, context)
    reason = told or reason
    entries = [
        Entry(head.date_text, head.title, lead, head.href)
        for head, lead in zip(heads, leads, strict=True)
    ]
    if reason is not None:
        entries[-1] = replace(entries[-1], lead=None)
    return Proven(tuple(entries), start, stop, reason)


def _check_heads(shown: Shown, heads: Sequence[Head], context: Context) -> None:
    """Raise where the entries have not one shape, or do not all lead to statements."""
    first = heads[0]
    for head in heads:
        line = shown.lines[head.start].text[:80]
        if head.form != first.form or head.shapes != first.shapes:
            raise Unproven(f"its entries do not all have the same shape: {line}")
        if context.key_of(head.href) is None:
            raise Unproven(f"an entry does not link to a statement: {line}")
        if bool(head.rest) != bool(first.rest):
            raise Unproven(f"only one title has words beside it: {line}")
    _check_place(shown, heads)


def _check_place(shown: Shown, heads: Sequence[Head]) -> None:
    """Raise where the entries stand in more than one list."""
    if len(heads) < 2:
        return
    container = shown.container([head.start for head in heads])
    children = [shown.child(head.start, container) for head in heads]
    known = [child for child in children if child is not None]
    if known and len(set(children)) < len(children):
        raise Unproven("its entries are in more than one element")


def _regions(heads: Sequence[Head], stop: int) -> list[range]:
    """Return the lines of every entry's lead."""
    stops = [*(head.start for head in heads[1:]), stop]
    return [range(head.end, end) for head, end in zip(heads, stops, strict=True)]


def _check_regions(
    shown: Shown, heads: Sequence[Head], regions: Sequence[range], context: Context
) -> None:
    """Raise where a part of the page or another entry's half stands among the leads."""
    grammar = context.grammar
    for head, region in zip(heads, regions, strict=True):
        own = context.key_of(head.href)
        for index in region:
            line = shown.lines[index]
            is_part = (
                grammar.is_date_line(line, known=False)
                or grammar.is_pager(line)
                or grammar.begins_as_counter(line)
                or grammar.is_signature(line)
                or (grammar.is_known_heading(line) and not line.is_linked)
            )
            key = context.key_of(line.href) if line.is_linked else None
            if is_part or (key is not None and key != own):
                raise Unproven(f"an entry contains a line that is not part of it: {line.text[:80]}")
            if shown.is_heading_element(index):
                raise Unproven(f"an entry contains a heading: {line.text[:80]}")


def _end_of_last(shown: Shown, heads: Sequence[Head], end: int) -> tuple[int, str | None]:
    """Return where the last lead of a list ends that no line closes, or why that is not known.

    Where every entry has an element of its own, the last one's bounds it. Else it has as many
    lines as all others have, and nothing of their look may follow it.
    """
    last = heads[-1]
    told = "nothing shows where the last lead ends"
    regions = _regions(heads, end)[:-1]
    counts = {len(region) for region in regions}
    if not regions:
        return last.end, told
    container = shown.container([h.start for h in heads])
    bound = _own_element(shown, heads, regions, container, end)
    if bound is not None:
        return bound, None
    inside = last.end
    while inside < end and shown.is_inside(inside, container):
        inside += 1
    if len(counts) != 1:
        return last.end, told
    stop = last.end + counts.pop()
    wanted = [shown.shape(i) for i in regions[0]]
    if stop > inside or [shown.shape(i) for i in range(last.end, stop)] != wanted:
        return last.end, told
    is_more = stop < inside and (not wanted or shown.shape(stop) == wanted[-1])
    return (last.end, told) if is_more else (stop, None)


def _own_element(
    shown: Shown, heads: Sequence[Head], regions: Sequence[range], container: Element, end: int
) -> int | None:
    """Return where the last entry's own element ends, if every entry has one."""
    children = [shown.child(head.start, container) for head in heads]
    if None in children or len(set(children)) < len(children):
        return None
    for head, region, child in zip(heads, regions, children, strict=False):
        if not all(shown.is_inside(i, child) for i in (*range(head.start, head.end), *region)):
            return None
    stop = heads[-1].end
    while stop < end and shown.is_inside(stop, children[-1]):
        stop += 1
    return stop
