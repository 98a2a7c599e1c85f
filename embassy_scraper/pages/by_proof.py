"""Reading a page of unknown markup: by text, order and links alone, and only what they prove."""

from dataclasses import replace

from embassy_scraper.items import Header, PageProblem
from embassy_scraper.pages.context import Context
from embassy_scraper.pages.counters import counters_in
from embassy_scraper.pages.header import find_clock, read_header
from embassy_scraper.pages.parts import MainPart
from embassy_scraper.pages.proof_blocks import prove_home, prove_latest
from embassy_scraper.pages.proof_found import Found
from embassy_scraper.pages.proof_heads import Unproven
from embassy_scraper.pages.proof_listing import list_start, prove_listing
from embassy_scraper.pages.proof_statement import find_beginning, prove_statement
from embassy_scraper.pages.refusals import find_soft_404
from embassy_scraper.pages.shown import Shown


def read_by_proof(shown: Shown, context: Context) -> tuple[Header | None, MainPart]:
    """Return the header, and of the parts what the page proves."""
    found = Found([], [], [], context.extent.is_cut)
    address = context.address
    main = (prove_home if address.kind == "home" else _page)(shown, context, found)
    header = _header(shown, context, found)
    missing = _not_found(shown, main, found)
    if missing is not None:
        lists = tuple(found.lists)  # the latest block at most, which is true on such a page too
        block = (other for other in found.problems if other.where == "latest")
        return header, MainPart("error", None, lists, None, found.is_cut, (missing, *block))
    lists, problems = tuple(found.lists), tuple(found.problems)
    main = replace(main, lists=lists, problems=problems, is_cut=found.is_cut)
    if context.trace.is_on:
        _tell(shown, context, found, header, main)
    return header, main


def _tell(
    shown: Shown, context: Context, found: Found, header: Header | None, main: MainPart
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


def _not_found(shown: Shown, main: MainPart, found: Found) -> PageProblem | None:
    """Return the problem of a page that says "not found", and of which no main part is proven."""
    is_proven = main.statement is not None or any(one.name != "latest" for one in found.lists)
    if is_proven or main.kind == "static":
        return None
    return find_soft_404([line] for line in shown.lines if not line.is_linked)


def _page(shown: Shown, context: Context, found: Found) -> MainPart:
    end, own_title = prove_latest(shown, context, found)
    address = context.address
    if address.kind == "static":
        return MainPart("static")
    if address.kind == "listing":
        return prove_listing(shown, end, context, found)
    if address.kind == "unknown" and _is_listing(shown, end, context):
        return prove_listing(shown, end, context, found)
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
    reason = proven.reason or ("the page may be cut off after it" if is_open else None)
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
        return list_start(shown, end, context) is not None
    except Unproven:
        return True  # more than one list: it is withheld where it is read


def _header(shown: Shown, context: Context, found: Found) -> Header | None:
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
