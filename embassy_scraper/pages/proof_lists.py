"""Lists in unknown markup: dated entries of one shape, each with a link to a statement."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from embassy_scraper.items import Entry
from embassy_scraper.pages.context import Context
from embassy_scraper.pages.lines import Line, title_and_rest
from embassy_scraper.pages.shown import Shape, Shown, is_prose
from embassy_scraper.pages.tree import Element

_DIGITS = re.compile(r"\d+")
_DASH = re.compile(r"[-–—|·•]+")


class Unproven(ValueError):
    """A part that the page does not prove; the message says what did not fit."""


@dataclass(frozen=True, slots=True)
class Head:
    """Date and title of an entry: lines from ``start`` to before ``end``.

    ``form`` says how they stand: ``own`` (on one line), ``below`` (the title below the date),
    ``above`` (the title above it).
    """

    form: str
    start: int
    end: int
    date_text: str
    title: str
    rest: str
    href: str | None
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Proven:
    """A list that is proven; ``reason`` says what of it is withheld all the same."""

    entries: tuple[Entry, ...]
    start: int
    end: int
    reason: str | None = None


def find_heads(shown: Shown, start: int, end: int, context: Context) -> list[Head]:
    """Return the entries' heads among the lines from *start* to before *end*."""
    heads: list[Head] = []
    index = start
    while index < end:
        head = _head_at(shown, index, end, context)
        if head is not None:
            heads.append(head)
        index = head.end if head else index + 1
    return heads


def _head_at(shown: Shown, index: int, end: int, context: Context) -> Head | None:
    lines, grammar = shown.lines, context.grammar
    line = lines[index]
    found = grammar.read_own_line(line, known=False)
    if found is not None:
        title, rest = title_and_rest(line, found[1])
        return _head(shown, "own", index, index + 1, found[0], title, rest, line.href)
    below = index + 1
    while below < end and _DASH.fullmatch(lines[below].text):
        below += 1
    if below >= end:
        return None
    other = lines[below]
    if grammar.is_date_line(line, known=False) and _is_title(other, context):
        title, rest = title_and_rest(other, other.text.lstrip("-–— "))
        date_text = grammar.date_on(line)
        return _head(shown, "below", index, below + 1, date_text, title, rest, other.href)
    if grammar.is_date_line(other, known=False) and _is_linked_title(line, context):
        date_text = grammar.date_on(other)
        return _head(shown, "above", index, below + 1, date_text, line.text, "", line.href)
    return None


def _head(
    shown: Shown,
    form: str,
    start: int,
    end: int,
    date_text: str,
    title: str,
    rest: str,
    href: str | None,
) -> Head:
    shapes = tuple(shown.shape(index) for index in range(start, end))
    return Head(form, start, end, date_text, title, rest, href, shapes)


def _is_title(line: Line, context: Context) -> bool:
    grammar = context.grammar
    if grammar.is_date_line(line, known=False) or grammar.is_closing(line):
        return False
    return context.key_of(line.href) is not None


def _is_linked_title(line: Line, context: Context) -> bool:
    return line.is_linked and context.key_of(line.href) is not None


def prove_list(shown: Shown, start: int, end: int, context: Context, *, is_closed: bool) -> Proven:
    """Return the list whose first entry begins at line *start*.

    *end* is the line that closes it where it *is_closed*, else only a line that it cannot reach.

    Raises:
        Unproven: the lines do not prove a list.
    """
    heads = find_heads(shown, start, end, context)
    if not heads:
        raise Unproven("no dated entry with a link to a statement stands there")
    if heads[0].start != start:
        line = shown.lines[start].text[:80]
        raise Unproven(f"a line stands before the first entry: {line}")
    _check_heads(shown, heads, context)
    stop, reason = (end, None) if is_closed else _end_of_last(shown, heads, end)
    regions = _regions(heads, stop)
    _check_regions(shown, heads, regions, context)
    if is_closed:
        reason = _last_misfit(shown, regions)
    leads, told = _leads(shown, heads, regions, context)
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
            raise Unproven(f"its entries have not one shape: {line}")
        if context.key_of(head.href) is None:
            raise Unproven(f"an entry does not link to a statement: {line}")
        if bool(head.rest) != bool(first.rest):
            raise Unproven(f"words stand beside one title alone: {line}")
    _check_place(shown, heads)


def _check_place(shown: Shown, heads: Sequence[Head]) -> None:
    """Raise where the entries stand in more than one list."""
    if len(heads) < 2:
        return
    container = shown.container([head.start for head in heads])
    children = [shown.child(head.start, container) for head in heads]
    known = [child for child in children if child is not None]
    if known and len(set(children)) < len(children):
        raise Unproven("its entries stand in more than one element")


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
                raise Unproven(f"a line stands in an entry that is none of it: {line.text[:80]}")
            if shown.is_heading_element(index):
                raise Unproven(f"a heading stands in an entry: {line.text[:80]}")


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


def _last_misfit(shown: Shown, regions: Sequence[range]) -> str | None:
    """Return in what the last lead of a closed list is not as the others are."""
    *others, last = regions
    if not others:
        return None if len(last) <= 1 else "the only entry has several lines"
    shapes = {shown.shape(i) for region in others for i in region}
    most = max(len(region) for region in others)
    strange = next((i for i in last if shown.shape(i) not in shapes), None)
    if len(last) <= most and strange is None:
        return None
    line = shown.lines[strange if strange is not None else last[-1]].text[:80]
    return f"the last lead is not as the others are: {line}"


def _leads(
    shown: Shown, heads: Sequence[Head], regions: Sequence[range], context: Context
) -> tuple[list[str | None], str | None]:
    """Return every entry's lead, without what is no text of it; or why none is known."""
    found: list[list[tuple[str, Shape]]] = []
    for head, region in zip(heads, regions, strict=True):
        key = context.key_of(head.href)
        lines = [(_without_own_link(shown.lines[i], key, context), shown.shape(i)) for i in region]
        found.append([(head.rest, ("", ""))] * bool(head.rest) + [one for one in lines if one[0]])
    common: set[str] = set()
    if len(heads) > 1:
        common = set.intersection(*({text for text, _ in lines} for lines in found))
        found = [[one for one in lines if one[0] not in common] for lines in found]
    told = _lead_misfit(found) or _shared_text(common)
    if told is not None:
        return [None] * len(heads), told
    return [" ".join(text for text, _ in lines) for lines in found], None


def _shared_text(common: Collection[str]) -> str | None:
    """Return why leads are not known where what stands in every entry may be a text."""
    text = next((text for text in sorted(common) if is_prose(Line(text))), None)
    return None if text is None else f"one text stands in every entry: {text[:80]}"


def _without_own_link(line: Line, key: str | None, context: Context) -> str:
    """Return the text of *line* without a link to the entry itself at its end."""
    if key is None or line.href is None or context.key_of(line.href) != key:
        return line.text
    if line.is_linked:
        return ""
    return line.text.removesuffix(line.link_text or "").strip()


def _lead_misfit(found: Sequence[Sequence[tuple[str, Shape]]]) -> str | None:
    """Return why leads are not known: lines that stand in every entry with other figures, or
    lines of another look, or words that are no text beside a lead."""
    if len(found) < 2:
        return None
    masked = [
        {_DIGITS.sub("0", text) for text, _ in lines if _DIGITS.search(text)} for lines in found
    ]
    figures = set.intersection(*masked)
    if figures:
        return f"figures stand in every entry: {min(figures)[:80]}"
    shapes = {shape for lines in found for _, shape in lines if shape != ("", "")}
    if len(shapes) > 1:
        tags = ", ".join(sorted(f"{tag}.{name}" if name else tag for tag, name in shapes)[:3])
        return f"the leads' lines stand in elements of several kinds: {tags}"
    for lines in found:
        label = next((text for text, _ in lines if not is_prose(Line(text))), None)
        if len(lines) > 1 and label is not None:
            return f"a few words stand beside a lead: {label[:80]}"
    return None
