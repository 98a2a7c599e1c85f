"""Lists and side boxes in a part of a known markup."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from embassy_scraper.items import Entry, PageProblem
from embassy_scraper.pages.context import Context, PartContext
from embassy_scraper.pages.layout_parts import ENTRY_ROLES, Part, size_of
from embassy_scraper.pages.lines import Line, title_and_rest
from embassy_scraper.pages.pagers import take_pager
from embassy_scraper.pages.parts import withheld
from embassy_scraper.pages.roles import Trace
from embassy_scraper.pages.shown import ends_in_count, is_tool
from embassy_scraper.recent import remembered

_MANY = 5  # entries: so many without a lead stand in a list that shows no leads


@dataclass(frozen=True, slots=True)
class ListPart:
    """What the list in a part says; ``is_cut``: it should be closed and is not.

    Its first entry begins with line ``first``, behind its last one stands line ``end``.
    """

    entries: tuple[Entry, ...] = ()
    pager: str | None = None
    is_cut: bool = False
    problems: tuple[PageProblem, ...] = ()
    first: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Head:
    """Date and title of an entry: lines from ``start`` to before ``end``."""

    start: int
    end: int
    date_text: str | None
    title: str
    rest: str
    href: str | None


@remembered(128, size_of)
def read_list_part(part: Part, name: str, context: PartContext, *, has_closing: bool) -> ListPart:
    """Return the list *name* in *part*.

    Every entry begins with an element of its own; what stands between two of them is the lead of
    the first. Nothing but a pager stands before the first.
    """
    lines, grammar = part.lines, context.grammar
    end = len(lines)
    if has_closing:
        end = next((i for i in range(part.begin, end) if grammar.is_closing(lines[i])), end)
    else:
        end = _before_pager(part, context)
    may_be_cut = has_closing or not context.extent.is_whole
    is_open = end == len(lines) and may_be_cut
    heads = [_head(part, i, context) for i in range(part.begin, end) if _begins(part, i)]
    if is_open and context.extent.is_cut and heads and heads[-1] is None:  # cut inside its head
        heads.pop()
        end = max(i for i in range(part.begin, end) if _begins(part, i))
        is_open = has_closing
    first = next((i for i in range(part.begin, end) if _begins(part, i)), end)
    pager, above = take_pager(lines[part.begin : first], grammar)
    if is_open and first == end:
        pager = None  # it may be cut off itself
    reason = part.second_heading(part.begin, end)
    if above:
        told = f"there is a line before the first entry: {above[0].text[:80]}"
    elif reason is not None:
        told = f"it has a second heading: {reason}"
    elif counted := [head.title for head in heads if head and ends_in_count(head.title)]:
        told = f"a count of visitors follows a title: {counted[0][-80:]}"
    elif None in heads:
        told = "an entry has neither a date nor a link to a statement"
    else:
        known = [head for head in heads if head]
        entries, strange = _entries(part, known, end, context, is_open=is_open)
        problems = (withheld(name, strange),) if strange else ()
        return ListPart(entries, pager, has_closing and is_open, problems, first, end)
    return ListPart((), pager, has_closing and is_open, (withheld(name, told),))


def _begins(part: Part, index: int) -> bool:
    """Say whether the element with date and title of an entry begins with a line."""
    if part.roles[index] not in ENTRY_ROLES:
        return False
    return index == 0 or part.blocks[index - 1] != part.blocks[index]


def count_entries(part: Part, context: PartContext) -> int:
    """Return how many elements of *part* begin an entry."""
    places = range(part.begin, len(part.lines))
    return sum(_begins(part, i) and _head(part, i, context) is not None for i in places)


def _head(part: Part, index: int, context: PartContext) -> _Head | None:
    line, grammar = part.lines[index], context.grammar
    found = grammar.read_own_line(line, known=False)
    if found is not None:
        return _Head(index, index + 1, found[0], *title_and_rest(line, found[1]), line.href)
    below = index + 1
    has_title = below < len(part.lines) and part.blocks[below] == part.blocks[index]
    if has_title and grammar.is_date_line(line, known=False):  # the date has its own element
        other = part.lines[below]
        title, rest = title_and_rest(other, other.text.lstrip("-–— "))
        return _Head(index, below + 1, grammar.date_on(line), title, rest, other.href)
    if line.is_linked and context.key_of(line.href) is not None:
        return _Head(index, index + 1, None, line.text, "", line.href)
    return None


def _before_pager(part: Part, context: PartContext) -> int:
    """Return where a listing ends: at the part's end, or at the pager below the last entry."""
    end = len(part.lines)
    last = max((i for i in range(part.begin, end) if _begins(part, i)), default=end)
    return next((i for i in range(last, end) if context.grammar.is_pager(part.lines[i])), end)


def _entries(
    part: Part, heads: Sequence[_Head], end: int, context: PartContext, *, is_open: bool
) -> tuple[tuple[Entry, ...], str | None]:
    """Return the entries, and what stands among them that the layout does not have.

    The lead of such an entry is not known.
    """
    entries: list[Entry] = []
    strange: str | None = None
    stops = [*(head.start for head in heads[1:]), end]
    for head, stop in zip(heads, stops[: len(heads)], strict=True):
        region = range(head.end, stop)
        misfit = _lead_misfit(part, head, region, context)
        below = (part.lines[index].text for index in region)
        lead = " ".join([head.rest, *below]).strip()
        if is_open and head is heads[-1]:
            entries.append(Entry(head.date_text, None, None, head.href, lead_is_open=True))
        else:
            known = lead if misfit is None else None
            title = None if _title_goes_on(part, head) else head.title
            entries.append(Entry(head.date_text, title, known, head.href))
            strange = strange or misfit
    if len(entries) >= _MANY and part.has_leads and not any(entry.lead for entry in entries):
        entries = [replace(entry, lead=None) for entry in entries]  # it shows none of any entry
    return tuple(entries), strange


def _title_goes_on(part: Part, head: _Head) -> bool:
    """Say whether words stand in the title's element that may be of the title, or not."""
    if not part.has_leads:
        return False
    is_below = head.end < len(part.lines) and part.blocks[head.end] == part.blocks[head.start]
    return is_below or bool(head.rest and not is_tool(Line(head.rest)))


def _lead_misfit(part: Part, head: _Head, region: range, context: PartContext) -> str | None:
    """Return what stands beside or below an entry and is not its lead, of which there is one."""
    told = next((part.lines[i].text for i in region if is_tool(part.lines[i])), None)
    if told is not None:
        return f"something that is not text follows an entry: {told}"
    if not part.has_leads:
        return None
    if head.rest:
        return f"there are words beside the title of an entry: {head.rest[:80]}"
    for index in region:
        line = part.lines[index]
        key = context.key_of(line.href) if line.href is not None else None
        if key is not None and key == context.key_of(head.href):
            return f"the lead of an entry links to the entry itself: {(line.link_text or '')[:80]}"
        if part.roles[index] != "lead" or part.blocks[index] != part.blocks[region.start]:
            return f"a line that is not its lead follows an entry: {part.lines[index].text[:80]}"
    return None


def trace_list(part: Part, name: str, found: ListPart, trace: Trace) -> None:
    """Note for what the lines of *part* were taken."""
    lines = part.lines
    if not trace.is_on:
        return
    if not found.end:
        trace.add(f"withheld: {name}", lines)
        return
    trace.add("heading", lines[: part.begin])
    trace.add("pager", lines[part.begin : found.first])
    for index in range(found.first, found.end):
        trace.add(f"{name}: {'entry' if _begins(part, index) else 'lead'}", [lines[index]])
    trace.add("closing line", lines[found.end :])


def read_box(part: Part, context: Context) -> tuple[list[Entry], list[PageProblem]]:
    """Return the one statement of a side box: a date, then a linked title."""
    places = range(part.begin, len(part.lines))
    dates = [part.lines[i] for i in places if part.roles[i] == "date"]
    titles = [part.lines[i] for i in places if _begins(part, i)]
    is_box = len(dates) == len(titles) == 1 and len(places) == 2
    if is_box and context.grammar.is_date_line(dates[0], known=False):
        context.trace.add("box", part.lines)
        date_text = context.grammar.date_on(dates[0])
        return [Entry(date_text, titles[0].text, None, titles[0].href)], []
    context.trace.add("withheld: box", part.lines)
    told = f"{part.lines[0].text[:40]}: not one date with one title below it"
    return [], [withheld("box", told)]
