"""Reading a page of a known markup: its parts are where the layout's selectors say.

What the layout does not name is not read; but a part that is not quite as the layout has it is
withheld, for then the markup is another one.
"""

from collections.abc import Sequence
from dataclasses import replace

from embassy_scraper.items import Entry, Header, ListText, PageProblem
from embassy_scraper.pages.context import Context
from embassy_scraper.pages.counters import counters_in
from embassy_scraper.pages.header import find_clock, read_header
from embassy_scraper.pages.layout_lists import (
    ListPart,
    count_entries,
    read_box,
    read_list_part,
    trace_list,
)
from embassy_scraper.pages.layout_parts import Placed, outermost, read_parts, take_counters
from embassy_scraper.pages.layout_statement import Misfit, read_statement_part, trace_statement
from embassy_scraper.pages.layouts import Selection
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.outside import take_outside
from embassy_scraper.pages.parts import (
    NO_ITEMS,
    NO_STATEMENT,
    MainPart,
    list_text,
    page_kind,
    withheld,
)
from embassy_scraper.pages.refusals import find_soft_404
from embassy_scraper.pages.screen import Screen
from embassy_scraper.pages.side_boxes import box_list
from embassy_scraper.pages.tree import Element
from embassy_scraper.sites import Layout


def read_by_layout(
    selection: Selection, layout: Layout, context: Context, base: str | None
) -> tuple[Header | None, MainPart]:
    """Return the header and the parts of a page of *layout*.

    Raises:
        NoPage: it is nested deeper, or has more lines, than any page.
    """
    elements = outermost(selection.of(layout.part))
    parts = read_parts(elements, selection, layout, base)
    above = _header_lines(selection.of(layout.header))
    _tell_chrome(selection, layout, context)
    outside = take_outside(selection, layout, elements, context.grammar)
    context.trace.add("outside the layout's parts", outside.others)
    counters = [*filter(context.grammar.begins_as_counter, above), *outside.counters]
    is_whole = bool(parts) or context.extent.is_whole
    parts, more, is_sure = take_counters(parts, context.grammar, is_known=bool(counters))
    header, doubts = _read_header(
        above,
        [*counters, *more],
        context,
        is_whole=is_whole,
        is_sure=is_sure and outside.unknown_text is None,
    )
    if outside.unknown_text is None:
        return header, _but(_read_main(parts, context), *doubts)
    for part in parts:
        context.trace.add("withheld: main part", part.lines)
    kind = page_kind(context.address, is_list=context.address.kind == "listing")
    told = f"there is text outside the layout's parts: {outside.unknown_text[:80]}"
    problems = (withheld("main part", told), *doubts)
    return header, MainPart(kind, is_cut=context.extent.is_cut, problems=problems)


def _header_lines(elements: Sequence[Element]) -> list[Line]:
    screen = Screen()
    for element in outermost(elements):
        screen.show(element)
    return screen.lines


def _tell_chrome(selection: Selection, layout: Layout, context: Context) -> None:
    """Note what stands in the chrome of the page, by its selector."""
    if not context.trace.is_on:
        return
    told: set[Element] = set()
    for selector in layout.chrome:
        for element in selection.of(selector):
            if element not in told and told.isdisjoint(element.iterancestors()):
                told.add(element)
                screen = Screen(skip=selection.of(layout.header))
                screen.show(element)
                context.trace.add(f"chrome ({selector})", screen.lines)


def _read_header(
    lines: list[Line], counters: list[Line], context: Context, *, is_whole: bool, is_sure: bool
) -> tuple[Header | None, tuple[PageProblem, ...]]:
    """Return the header, and what of it is withheld since the page contradicts itself.

    Where it is not *sure* that all counters were seen, none is missing.
    """
    header, below = read_header(lines, context.grammar, is_whole=is_whole)
    context.trace.add("header", lines)
    context.trace.add("counters", counters)
    if header is None or header.date_text is None:
        told = f"it contains no clock: {lines[0].text[:80]}" if lines and is_whole else None
        return header, (withheld("header", told),) if told else ()
    has_second = bool(below) and find_clock(below, context.grammar) is not None
    other = read_header(below, context.grammar, is_whole=True)[0] if has_second else None
    if other is not None and _clock(other) != _clock(header):
        told = f"it contains two clocks: {header.date_text} and {other.date_text}"
        return None, (withheld("header", told),)
    found = counters_in(counters, context.grammar)
    events = [counter.event for counter in found]
    twice = next((event for event in events if events.count(event) > 1), None)
    if twice is not None:
        problem = withheld("counters", f"two of them count the same event: {twice[:80]}")
        return replace(header, counters=(), counters_known=False), (problem,)
    return replace(header, counters=found, counters_known=is_whole and is_sure), ()


def _clock(header: Header) -> tuple[str | None, ...]:
    return header.date_text, header.other_time, header.local_time


def _read_main(parts: Sequence[Placed], context: Context) -> MainPart:
    grammar = context.grammar
    is_home = context.address.kind == "home" or _looks_like_home(parts, context)
    others: list[Placed] = []
    boxes: list[Placed] = []
    latest: list[Placed] = []
    for part in parts:
        heading = part.heading
        if heading is not None and grammar.is_feed_heading(heading):
            context.trace.add("feed of others", part.lines)
        elif heading is not None and grammar.box_prefix(heading) is not None:
            boxes.append(part)
        elif not is_home and _is_latest(part, context):
            latest.append(part)
        else:
            others.append(part)
    if is_home:
        return _home(others, boxes, context)
    return _with_main(_shown(latest, context), others, context)


def _is_latest(part: Placed, context: Context) -> bool:
    """Say whether *part* is the latest block: by its heading, or without one by its closing."""
    if part.heading is not None:
        return context.grammar.is_latest_heading(part.heading)
    is_closed = any(context.grammar.is_closing(line) for line in part.lines)
    most = context.grammar.profile.lines.latest_size
    return is_closed and 0 < count_entries(part.part, part.within(context)) <= most


def _looks_like_home(parts: Sequence[Placed], context: Context) -> bool:
    """Say whether a page without an address is the homepage, by its boxes and feeds."""
    grammar = context.grammar
    headings = [part.heading for part in parts if part.heading is not None]
    return context.address.kind == "unknown" and any(
        grammar.is_feed_heading(line) or grammar.box_prefix(line) is not None for line in headings
    )


def _home(parts: Sequence[Placed], boxes: Sequence[Placed], context: Context) -> MainPart:
    news = [p for p in parts if p.heading and context.grammar.is_home_heading(p.heading)]
    found = ListPart(is_cut=context.extent.is_cut)
    if len(news) == 1:
        found = _read_list(news[0], "home", context, has_closing=True)
    elif not context.extent.is_cut:
        told = f"{len(news)} parts have the heading of the homepage's list"
        found = ListPart(problems=(withheld("home", told),))
    for part in parts:
        if part not in news:
            context.trace.add("not read", part.lines)
    problems = list(found.problems)
    entries: list[Entry] = []
    for box in boxes:
        if not box.within(context).extent.is_whole:  # its title may be cut off
            context.trace.add("cut off", box.lines)
            continue
        more, misfits = read_box(box.part, context)
        entries += more
        problems += misfits
    lists = _as_list("home", found)
    is_cut = found.is_cut or context.extent.is_cut
    if not lists and (missing := find_soft_404(part.lines for part in parts)) is not None:
        return MainPart("error", is_cut=is_cut, problems=(missing,))
    if not lists and not problems and not is_cut:
        problems.append(PageProblem(NO_ITEMS, "main part", ""))
    return MainPart("home", None, (*lists, *box_list(entries)), None, is_cut, tuple(problems))


def _read_list(part: Placed, name: str, context: Context, *, has_closing: bool) -> ListPart:
    found = read_list_part(part.part, name, part.within(context), has_closing=has_closing)
    trace_list(part.part, name, found, context.trace)
    return found


def _as_list(name: str, found: ListPart) -> tuple[ListText, ...]:
    """Return a list as read; one of which something is withheld covers nothing."""
    if not found.entries:
        return ()
    return (ListText(name, 1, found.entries, covers_nothing=bool(found.problems)),)


def _shown(latest: Sequence[Placed], context: Context) -> MainPart:
    """Return the page with its latest block alone."""
    address = context.address
    kind = page_kind(address, is_list=address.kind == "listing")
    is_cut = context.extent.is_cut
    if len(latest) > 1:
        problem = withheld("latest", f"{len(latest)} parts have the heading of the latest block")
        return MainPart(kind, is_cut=is_cut, problems=(problem,))
    if not latest:
        return MainPart(kind, is_cut=is_cut)
    found = _read_list(latest[0], "latest", context, has_closing=True)
    lists = _as_list("latest", found)
    return MainPart(kind, None, lists, None, is_cut or found.is_cut, found.problems)


def _with_main(shown: MainPart, parts: Sequence[Placed], context: Context) -> MainPart:
    """Return *shown* with the main part, which must be one part alone."""
    address = context.address
    if address.kind == "static":
        for part in parts:
            context.trace.add("static page", part.lines)
        return _but(shown, *_unnamed_block(shown, parts, context))
    if len(parts) != 1:
        if not parts and shown.is_cut:
            return shown
        for part in parts:
            context.trace.add("withheld: main part", part.lines)
        told = f"{len(parts)} parts of the page match" if parts else "no part of the page matches"
        return _but(shown, withheld("main part", told))
    missing = find_soft_404([parts[0].lines])
    if missing is not None:
        context.trace.add("not found", parts[0].lines)
        return _but(replace(shown, kind="error"), missing)
    is_listing = address.kind == "listing"
    is_listing = is_listing or (
        address.kind == "unknown" and count_entries(parts[0].part, parts[0].within(context)) > 0
    )
    return (_with_listing if is_listing else _with_statement)(shown, parts[0], context)


def _unnamed_block(
    shown: MainPart, parts: Sequence[Placed], context: Context
) -> tuple[PageProblem, ...]:
    """Return the problem of a static page whose latest block may stand there without a heading."""
    for part in parts:
        is_closed = any(context.grammar.is_closing(line) for line in part.lines)
        has_list = is_closed and count_entries(part.part, part.within(context)) > 0
        if part.heading is None and has_list and not shown.lists:
            return (withheld("latest", "a list without a heading may be it"),)
    return ()


def _but(shown: MainPart, *problems: PageProblem) -> MainPart:
    return replace(shown, problems=(*shown.problems, *problems)) if problems else shown


def _with_listing(shown: MainPart, part: Placed, context: Context) -> MainPart:
    name = context.address.list or "unknown"
    found = _read_list(part, name, context, has_closing=False)
    most = context.address.page_size
    if context.address.kind == "listing" and len(found.entries) > most:
        told = withheld(name, f"it has more entries than the {most} of a page")
        found = ListPart(pager=found.pager, problems=(told,))
    problems = found.problems
    if not found.entries and not problems and not found.pager:
        problems = (PageProblem(NO_ITEMS, "main part", found.pager or ""),)
    own = list_text(found.entries, context.address)
    if found.problems:
        own = tuple(replace(one, covers_nothing=True) for one in own)
    shown = replace(shown, kind="listing", lists=(*own, *shown.lists), pager=found.pager)
    return _but(shown, *problems)


def _with_statement(shown: MainPart, part: Placed, context: Context) -> MainPart:
    own_key, within = context.address.key, part.within(context)
    try:
        statement = read_statement_part(part.part, own_key, within, is_cut=shown.is_cut)
    except Misfit as misfit:
        context.trace.add("withheld: main part", part.lines)
        return _but(shown, withheld("main part", str(misfit)))
    trace_statement(part.part, own_key, within, context.trace)
    if statement is None:
        return _but(shown, PageProblem(NO_STATEMENT, "main part", ""))
    return replace(shown, statement=statement)
