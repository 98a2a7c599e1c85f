"""Whether a page is the site's own: what a parked domain, a login or a portal does not show."""

from collections.abc import Sequence

from embassy_scraper.items import Header
from embassy_scraper.pages.context import Context
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.parts import MainPart

_SHOWN = 80  # characters


def lacks_of_own_page(
    header: Header | None, main: MainPart, lines: Sequence[Line], context: Context
) -> str | None:
    """Return how a page begins that does not show that it is the site's own; else ``None``.

    A page of the main host shows a clock, a counter or a dated block, or two of: a heading,
    contacts, the closing line. The mobile twin has none of these; it is known by its address and
    by a title with a body.
    """
    if context.address.kind == "foreign" or main.kind == "error":
        return None
    if _is_own(header, main, lines, context):
        return None
    return lines[0].text[:_SHOWN] if lines else ""


def _is_own(header: Header | None, main: MainPart, lines: Sequence[Line], context: Context) -> bool:
    grammar = context.grammar
    if header is not None and (header.date_text or header.counters):
        return True
    if any(part.name in ("latest", "home") and part.entries for part in main.lists):
        return True
    statement = main.statement
    if context.address.is_mobile:
        return statement is not None and bool(statement.title and statement.body)
    has_heading = any(grammar.is_known_heading(line) and not line.is_linked for line in lines)
    has_contacts = header is not None and (header.phone or header.email_text)
    has_closing = any(grammar.is_closing(line) for line in lines)
    return bool(has_heading) + bool(has_contacts) + has_closing >= 2
