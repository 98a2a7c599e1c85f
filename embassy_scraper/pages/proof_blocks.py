"""Lists that a line closes, in unknown markup: the homepage's, and the latest block of others."""

from embassy_scraper.pages.context import Context
from embassy_scraper.pages.parts import MainPart
from embassy_scraper.pages.proof_found import Found, add_list
from embassy_scraper.pages.proof_heads import Unproven, find_heads
from embassy_scraper.pages.proof_lists import Proven, prove_list
from embassy_scraper.pages.shown import Shown


def prove_home(shown: Shown, context: Context, found: Found) -> MainPart:
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
            raise Unproven("it has no dated entry with a link to a statement")
        start = headings[0] + 1 if headings else heads[0].start
        closing = _closing(shown, start, context)
        if closing is None:
            found.is_cut = True
            raise Unproven("the list has no closing line")
        add_list(found, "home", 1, prove_list(shown, start, closing, context, is_closed=True))
    except Unproven as error:
        found.withhold("home", str(error))
    return MainPart("home")


def prove_latest(shown: Shown, context: Context, found: Found) -> tuple[int, str | None]:
    """Prove the latest block; return where what is before it ends, and its own title."""
    lines, grammar = shown.lines, context.grammar
    headings = [
        i for i, line in enumerate(lines) if grammar.is_latest_heading(line) and not line.is_linked
    ]
    headings = [i for i in headings if find_heads(shown, i + 1, min(i + 4, len(lines)), context)]
    if len(headings) > 1:
        found.withhold("latest", "more than one of its headings has entries below it")
        return headings[0], None
    start = headings[0] + 1 if headings else _first_of_block(shown, context)
    if start is None:
        return len(lines), None
    closing = _closing(shown, start, context)
    if closing is None:
        found.is_cut = True
        found.withhold("latest", "it has no closing line")
        return start - 1, None
    try:
        proven = prove_list(shown, start, closing, context, is_closed=True)
        if not headings:
            _check_block(proven, context)
    except Unproven as error:
        found.withhold("latest", str(error))
        return start - bool(headings), None
    add_list(found, "latest", 1, proven)
    key = context.address.key
    own = [e.title for e in proven.entries if key and context.key_of(e.href) == key]
    return start - bool(headings), own[0] if own else None


def _first_of_block(shown: Shown, context: Context) -> int | None:
    """Return where a block without a heading begins.

    That is the first of the last entries of one look before the closing line.
    """
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


def _closing(shown: Shown, start: int, context: Context) -> int | None:
    places = range(start, len(shown.lines))
    return next((i for i in places if context.grammar.is_closing(shown.lines[i])), None)
