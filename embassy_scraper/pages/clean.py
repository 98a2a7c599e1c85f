"""Reading a text capture with nothing but the page on it, which ``cleanness`` makes sure of.

The order is that of the site's pages: a statement or a listing or neither, then often the latest
block and the closing line; on the homepage one list, closed in the same way.
"""

from collections.abc import Sequence
from dataclasses import replace

from embassy_scraper.items import UNPROVEN, ListText, PageKind, PageProblem
from embassy_scraper.pages.blocks import Block, find_block, find_closing
from embassy_scraper.pages.clean_home import read_home
from embassy_scraper.pages.clean_lists import list_misfit, open_end_misfit, rises
from embassy_scraper.pages.clean_statement import body_misfit, title_misfit
from embassy_scraper.pages.context import Context
from embassy_scraper.pages.entries import Item, find_items, read_entries
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.pagers import take_pager
from embassy_scraper.pages.parts import (
    NO_ITEMS,
    NO_STATEMENT,
    MainPart,
    list_text,
    page_kind,
    withheld,
)
from embassy_scraper.pages.refusals import find_soft_404
from embassy_scraper.pages.statement import Prelude, read_prelude, read_statement


def read_clean(lines: list[Line], context: Context, *, has_clock: bool) -> MainPart:
    """Return the parts of *lines*, which begin behind the header."""
    address, grammar, extent = context.address, context.grammar, context.extent
    if address.kind == "home":
        return read_home(lines, grammar, extent)
    pager, others = take_pager(lines, grammar)
    is_list = address.kind == "listing" or (pager is not None and address.kind != "statement")
    lines = others if is_list else lines
    prelude = _list_prelude(lines, grammar) if is_list else read_prelude(lines, grammar)
    items = find_items(lines, grammar, prelude.end)
    if address.kind == "unknown" and not is_list and not prelude.end and items:
        is_list = not items[0].index and find_closing(lines, items, grammar) is None
    if address.kind == "statement" and items and not items[0].index and not prelude.end:
        items = _without_own_line(items, lines, grammar)
    block = find_block(lines, items, context, is_list=is_list, has_header=has_clock)
    end, is_closed = _end_of_main(lines, items, block, context, is_list=is_list)
    is_cut = extent.is_cut or (block is not None and block.is_cut)
    if is_list and block is not None and _is_doubtful(lines, block, items, context):
        return _too_many(page_kind(address, is_list=True), context)
    lists, problems = _latest(lines, block, grammar, is_cut=is_cut)
    kind = page_kind(address, is_list=is_list)
    parts = MainPart(kind, None, lists, pager, is_cut, problems)
    if block is not None and problems and not _is_bounded(lines, block, grammar):
        problem = withheld(
            address.list or "main part", "neither its end nor the latest block is known"
        )
        return replace(parts, problems=(problem, *problems))
    if is_list:
        return _with_list(parts, lines[:end], prelude.end, context, is_closed=block is not None)
    if address.kind == "static":
        return parts
    own, is_last = lines[:end], block is None
    return _with_statement(parts, own, prelude, context, is_open=not is_closed, is_last=is_last)


def has_strangers(main: MainPart) -> bool:
    """Say whether other lines may stand behind the header: counters may be among them then."""
    return any(problem.what == UNPROVEN and problem.where != "body" for problem in main.problems)


def _list_prelude(lines: Sequence[Line], grammar: Grammar) -> Prelude:
    """Return what stands before the entries of a listing: its heading, if anything."""
    return Prelude(end=int(bool(lines) and grammar.is_known_heading(lines[0])))


def _has_heading(lines: Sequence[Line], block: Block, grammar: Grammar) -> bool:
    return grammar.is_latest_heading(lines[block.start])


def _is_doubtful(
    lines: Sequence[Line], block: Block, items: Sequence[Item], context: Context
) -> bool:
    """Say whether nothing shows that the entries behind a full page of a list are the block's.

    That is no heading, no closing line, no missing bytes, no entry that the list begins with.
    """
    if not block.is_cut or context.extent.is_cut or _has_heading(lines, block, context.grammar):
        return False
    first, again = items[0], block.items[0]
    return (first.date_text, first.title) != (again.date_text, again.title)


def _is_bounded(lines: Sequence[Line], block: Block, grammar: Grammar) -> bool:
    """Say whether a heading or a signature ends what is above a block that is withheld."""
    if _has_heading(lines, block, grammar):
        return True
    return block.start > 0 and grammar.is_signature(lines[block.start - 1])


def _too_many(kind: PageKind, context: Context) -> MainPart:
    """Return a listing with more entries than a page has, of which nothing tells whose they are.

    Neither a heading nor a closing line shows them to be the latest block.
    """
    reason = f"more than {context.address.page_size} entries, and no heading between them"
    problems = (withheld(context.address.list or "main part", reason), withheld("latest", reason))
    return MainPart(kind, is_cut=context.extent.is_cut, problems=problems)


def _latest(
    lines: Sequence[Line], block: Block | None, grammar: Grammar, *, is_cut: bool
) -> tuple[tuple[ListText, ...], tuple[PageProblem, ...]]:
    """Return the latest block, or why it is withheld."""
    if block is None or not block.items:
        return (), ()
    has_heading = _has_heading(lines, block, grammar)
    start = block.start + has_heading
    reason = list_misfit(lines, start, block.items, block.end)
    is_full = len(block.items) >= grammar.profile.lines.latest_size
    if reason is None and not has_heading and not is_full and rises(block.items):
        reason = "its dates rise, so its beginning is not known"
    if reason is not None:
        return (), (withheld("latest", reason),)
    entries = read_entries(lines, block.items, block.end, is_closed=not is_cut, is_cut=is_cut)
    return (ListText("latest", 1, entries),), ()


def _end_of_main(
    lines: Sequence[Line],
    items: Sequence[Item],
    block: Block | None,
    context: Context,
    *,
    is_list: bool,
) -> tuple[int, bool]:
    """Return where the main part ends, and whether that is known to be its true end.

    Where a page may be cut off and its last lines look like an item, that may be the first of
    the block; so much of the text as stands before it is sure.
    """
    if block is not None:
        return block.start, True
    closing = find_closing(lines, items, context.grammar)
    if closing is not None:
        return closing, True
    extent = context.extent
    if is_list or extent.is_whole or not items or len(lines) - items[-1].end > 1:
        return len(lines), extent.is_whole
    return items[-1].index or len(lines), False


def _with_list(
    parts: MainPart, lines: list[Line], start: int, context: Context, *, is_closed: bool
) -> MainPart:
    """Return *parts* with the entries of a listing, which only missing bytes can cut."""
    address, grammar = context.address, context.grammar
    is_cut = context.extent.is_cut and not is_closed
    items = find_items(lines, grammar, start, known=False)
    if not items and len(lines) <= start:
        if parts.lists:
            return parts
        problem = PageProblem(NO_ITEMS, "main part", parts.pager or "")
        return replace(parts, problems=(*parts.problems, problem))
    reason = list_misfit(lines, start, items, len(lines))
    if reason is None and address.kind == "listing" and len(items) > address.page_size:
        reason = f"it has more entries than the {address.page_size} of a page"
    if reason is None and not is_closed and not is_cut:
        reason = open_end_misfit(lines, items, len(lines))
    if reason is not None:
        problem = withheld(address.list or "main part", reason)
        return replace(parts, problems=(problem, *parts.problems))
    entries = read_entries(lines, items, len(lines), is_closed=not is_cut, is_cut=is_cut)
    return replace(parts, lists=(*list_text(entries, address), *parts.lists))


def _with_statement(
    parts: MainPart,
    lines: Sequence[Line],
    prelude: Prelude,
    context: Context,
    *,
    is_open: bool,
    is_last: bool,
) -> MainPart:
    grammar = context.grammar
    statement = read_statement(lines, prelude, grammar, is_cut=parts.is_cut, is_open=is_open)
    if statement is None:
        problem = PageProblem(NO_STATEMENT, "main part", "")
        return replace(parts, problems=(*parts.problems, problem))
    missing = find_soft_404([lines])
    if missing is not None:
        return replace(parts, kind="error", problems=(missing, *parts.problems))
    own = lines[prelude.end :]
    own = own[1:] if grammar.is_signature(own[0]) else own
    reason = title_misfit(own, prelude.heading, grammar)
    if reason is not None:
        kind = "other" if context.address.kind == "unknown" else parts.kind
        problems = (withheld("main part", reason), *parts.problems)
        return replace(parts, kind=kind, problems=problems)
    reason = body_misfit(lines[prelude.end :], own[1:], grammar, is_last=is_last)
    if reason is not None and statement.body is not None:
        statement = replace(statement, body=None, signature_text=None)
        parts = replace(parts, problems=(withheld("body", reason), *parts.problems))
    return replace(parts, statement=statement)


def _without_own_line(items: list[Item], lines: Sequence[Line], grammar: Grammar) -> list[Item]:
    """Drop the first item of a statement page where it is the page's own date and title."""
    first, others = items[0], items[1:]
    paragraphs = (others[0].index if others else len(lines)) - first.end
    is_own = (
        len(items) > grammar.profile.lines.latest_size
        or paragraphs > 1
        or any(first.day < item.day for item in others)
    )
    return others if is_own else items
