"""Reading a page of unknown markup: by text, order and links alone, and only what they prove."""

from dataclasses import dataclass, replace

from embassy_scraper.items import Header, ListText, PageProblem
from embassy_scraper.pages.context import Context
from embassy_scraper.pages.counters import counters_in
from embassy_scraper.pages.header import find_clock, read_header
from embassy_scraper.pages.parts import MainPart, list_text, page_kind, withheld
from embassy_scraper.pages.proof_lists import Proven, Unproven, find_heads, prove_list
from embassy_scraper.pages.proof_statement import find_beginning, prove_statement
from embassy_scraper.pages.refusals import soft_404
from embassy_scraper.pages.shown import Shown


@dataclass(slots=True)
class _Found:
    """What was proven so far; ``spans`` are the lines that belong to parts."""

    lists: list[ListText]
    problems: list[PageProblem]
    spans: list[range]
    is_cut: bool = False

    def withhold(self, part: str, reason: str) -> None:
        """Note that *part* is withheld."""
        self.problems.append(withheld(part, reason))


def read_by_proof(shown: Shown, context: Context) -> tuple[Header | None, MainPart]:
    """Return the header, and of the parts what the page proves."""
    found = _Found([], [], [], context.extent.is_short)
    address = context.address
    main = (_home if address.kind == "home" else _page)(shown, context, found)
    header = _header(shown, context, found)
    missing = _not_found(shown, main, found)
    if missing is not None:
        problem = PageProblem("soft 404", "main part", missing)
        lists = tuple(found.lists)  # the latest block at most, which is true on such a page too
        block = (other for other in found.problems if other.where == "latest")
        return header, MainPart("error", None, lists, None, found.is_cut, (problem, *block))
    lists, problems = tuple(found.lists), tuple(found.problems)
    main = replace(main, lists=lists, problems=problems, is_cut=found.is_cut)
    if context.trace.is_on:
        _tell(shown, context, found, header, main)
    return header, main


def _tell(
    shown: Shown, context: Context, found: _Found, header: Header | None, main: MainPart
) -> None:
    """Note for what each line was taken: lines outside all proven parts prove nothing."""
    inside = {index for span in found.spans for index in span}
    for index, line in enumerate(shown.lines):
        if index in inside:
            context.trace.add_read([line], main)
        elif header is not None and header.counters and context.grammar.begins_as_counter(line):
            context.trace.add("counters", [line])
        elif header is not None and context.grammar.has_clock(line):
            context.trace.add("header", [line])
        else:
            context.trace.add_read([line], MainPart("other"), header, "not proven")


def _not_found(shown: Shown, main: MainPart, found: _Found) -> str | None:
    """Return the line that says "not found" on a page whose main part is not proven."""
    is_proven = main.statement is not None or any(one.name != "latest" for one in found.lists)
    if is_proven or main.kind == "static":
        return None
    lines = (line for line in shown.lines if not line.is_linked)
    return next((text for line in lines if (text := soft_404([line]))), None)


def _add_list(found: _Found, name: str, start: int, proven: Proven) -> None:
    covers_nothing = proven.reason is not None or name == "unknown"
    found.lists.append(ListText(name, start, proven.entries, covers_nothing))
    found.spans.append(range(proven.start, proven.end))
    if proven.reason is not None:
        found.withhold(name, proven.reason)


# --- the homepage


def _home(shown: Shown, context: Context, found: _Found) -> MainPart:
    """Prove the homepage's one list: under its heading, else from its first dated entry on."""
    lines, grammar = shown.lines, context.grammar
    headings = [
        i for i, line in enumerate(lines) if grammar.is_home_heading(line) and not line.is_linked
    ]
    headings = [i for i in headings if find_heads(shown, i + 1, min(i + 4, len(lines)), context)]
    try:
        if len(headings) > 1:
            raise Unproven("more than one heading of the list has entries below it")
        heads = find_heads(shown, headings[0] + 1 if headings else 0, len(lines), context)
        if not heads:
            raise Unproven("no dated entry with a link to a statement stands on it")
        start = headings[0] + 1 if headings else heads[0].start
        closing = _closing(shown, start, context)
        if closing is None:
            found.is_cut = True
            raise Unproven("no line closes the list")
        _add_list(found, "home", 1, prove_list(shown, start, closing, context, is_closed=True))
    except Unproven as error:
        found.withhold("home", str(error))
    return MainPart("home")


def _closing(shown: Shown, start: int, context: Context) -> int | None:
    places = range(start, len(shown.lines))
    return next((i for i in places if context.grammar.is_closing(shown.lines[i])), None)


# --- all other pages


def _page(shown: Shown, context: Context, found: _Found) -> MainPart:
    end, own_title = _latest(shown, context, found)
    address = context.address
    if address.kind == "static":
        return MainPart("static")
    if address.kind == "listing":
        return _listing(shown, end, context, found)
    if address.kind == "unknown" and _is_listing(shown, end, context):
        return _listing(shown, end, context, found)
    is_open = not context.extent.is_whole and end == len(shown.lines)
    try:
        beginning = find_beginning(shown, end, context)
        if is_open and beginning.end == end:
            raise Unproven("the page may be cut off in its title")
        proven = prove_statement(shown, beginning, end, context, own_title)
    except Unproven as error:
        found.withhold("main part", str(error))
        return MainPart("other" if address.kind == "unknown" else "statement")
    found.spans.append(range(proven.start, proven.end))
    reason = proven.reason or ("the page may be cut off behind it" if is_open else None)
    if reason is not None:
        found.withhold("body", reason)
    is_cut = found.is_cut or is_open
    text = replace(proven.text, body=None, signature_text=None) if is_cut else proven.text
    return MainPart("statement", text)


def _is_listing(shown: Shown, end: int, context: Context) -> bool:
    try:
        find_beginning(shown, end, context)
    except Unproven:
        pass
    else:
        return False
    try:
        return _list_start(shown, end, context) is not None
    except Unproven:
        return True  # more than one list: it is withheld where it is read


def _latest(shown: Shown, context: Context, found: _Found) -> tuple[int, str | None]:
    """Prove the latest block; return where what is before it ends, and its own title."""
    lines, grammar = shown.lines, context.grammar
    headings = [
        i for i, line in enumerate(lines) if grammar.is_latest_heading(line) and not line.is_linked
    ]
    headings = [i for i in headings if find_heads(shown, i + 1, min(i + 4, len(lines)), context)]
    if len(headings) > 1:
        found.withhold("latest", "more than one heading of it has entries below it")
        return headings[0], None
    start = headings[0] + 1 if headings else _first_of_block(shown, context)
    if start is None:
        return len(lines), None
    closing = _closing(shown, start, context)
    if closing is None:
        found.is_cut = True
        found.withhold("latest", "no line closes it")
        return start - 1, None
    try:
        proven = prove_list(shown, start, closing, context, is_closed=True)
        if not headings:
            _check_block(proven, context)
    except Unproven as error:
        found.withhold("latest", str(error))
        return start - bool(headings), None
    _add_list(found, "latest", 1, proven)
    key = context.address.key
    own = [e.title for e in proven.entries if key and context.key_of(e.href) == key]
    return start - bool(headings), own[0] if own else None


def _first_of_block(shown: Shown, context: Context) -> int | None:
    """Return where a block without a heading begins: at the first of the last entries of one
    look before the closing line."""
    closing = _closing(shown, 0, context)
    if closing is None:
        return None
    heads = find_heads(shown, 0, closing, context)
    heads = [h for h in heads if context.key_of(h.href) is not None]
    if not heads:
        return None
    first = heads[-1]
    for head in reversed(heads):
        if head.form != first.form or head.shapes != first.shapes:
            break
        first = head
    return first.start


def _check_block(proven: Proven, context: Context) -> None:
    """Raise where entries of something else may stand above those of the block."""
    if len(proven.entries) > context.grammar.profile.lines.latest_size:
        raise Unproven("it has more entries than the block has, and no heading")


# --- listings


def _list_start(shown: Shown, end: int, context: Context) -> int | None:
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
        raise Unproven("more than one list stands under a heading or a pager")
    return starts[0] if starts else None


def _listing(shown: Shown, end: int, context: Context, found: _Found) -> MainPart:
    address = context.address
    name = address.list or "unknown"
    try:
        start = _list_start(shown, end, context)
        if start is None:
            raise Unproven("no heading or pager has dated entries below it")
        proven = prove_list(shown, start, end, context, is_closed=False)
        if address.kind == "listing" and len(proven.entries) > address.page_size:
            raise Unproven(f"it has more entries than the {address.page_size} of a page")
        if end == len(shown.lines) and _may_be_cut(shown, context):
            proven = _with_open_end(proven)
    except Unproven as error:
        found.withhold(name, str(error))
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


def _may_be_cut(shown: Shown, context: Context) -> bool:
    """Say whether a listing may be cut off: bytes are missing, or its HTML was never closed."""
    return context.extent.is_short or not context.extent.is_whole


def _with_open_end(proven: Proven) -> Proven:
    """Return a list whose last entry may be cut off anywhere: its text is no sighting."""
    *others, last = proven.entries
    cut = replace(last, title=None, lead=None, lead_is_open=True)
    reason = proven.reason or "the page may be cut off in its last entry"
    return replace(proven, entries=(*others, cut), reason=reason)


# --- the header


def _header(shown: Shown, context: Context, found: _Found) -> Header | None:
    """Return the header; counters are known only where one is seen outside all parts."""
    lines, grammar = shown.lines, context.grammar
    clock = find_clock(lines, grammar)
    if clock is None:
        return None
    is_whole = context.extent.is_whole
    header, rest = read_header(lines, grammar, is_whole=is_whole or bool(found.spans))
    if header is None:
        return None
    places = [
        i
        for i, line in enumerate(lines if is_whole else lines[:-1])  # the last may be cut off
        if grammar.begins_as_counter(line) and not any(i in span for span in found.spans)
    ]
    is_sure = not any(problem.where == "main part" for problem in found.problems)
    if not is_sure:
        places = [i for i in places if header.counters and i < len(lines) - len(rest)]
    counters = counters_in([lines[i] for i in places], grammar)
    is_seen = is_whole or any(span.start > max(places, default=0) for span in found.spans)
    return replace(header, counters=counters, counters_known=bool(counters) and is_seen)
