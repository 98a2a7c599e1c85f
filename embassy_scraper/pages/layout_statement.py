"""The statement in a part of a known markup: heading, date, title, paragraphs."""

from embassy_scraper.items import StatementText
from embassy_scraper.pages.context import Context
from embassy_scraper.pages.endings import without_partial_end
from embassy_scraper.pages.layout_parts import ENTRY_ROLES, Part
from embassy_scraper.pages.shown import is_prose
from embassy_scraper.pages.statement import body_text, line_behind_signature, take_signature
from embassy_scraper.pages.tree import Element


class Misfit(ValueError):
    """A part is not quite as the layout has it; the message says in what."""


def read_statement_part(part: Part, context: Context, *, is_cut: bool) -> StatementText | None:
    """Return the statement in *part*; ``None`` where nothing stands below the heading.

    Raises:
        Misfit: the part is not as the layout has it.
    """
    grammar, lines, roles = context.grammar, part.lines, part.roles
    index, end = part.begin, len(lines)
    if index == end:
        return None
    date_text = title = None
    if roles[index] == "date":
        date_text = _date(part, index, context)
        index += 1
    if index < end and roles[index] in ENTRY_ROLES:
        title = _title(part, index, context)
        found = grammar.read_own_line(lines[index]) if date_text is None else None
        date_text, title = found or (date_text, title)
        index += 1
    if title is None and date_text is None:
        raise Misfit(f"neither date nor title stands below the heading: {lines[index].text[:80]}")
    _check_text(part, index, context)
    is_open = part.is_last and not context.extent.is_whole
    text = without_partial_end(lines[index:], grammar) if is_open else lines[index:]
    body, signature = take_signature(text, grammar)
    _trace(part, index, context)
    return StatementText(
        title=None if is_cut and not body else title,
        body=None if is_cut else body_text(body),
        heading=part.heading.text if part.heading else None,
        date_text=date_text,
        signature_text=None if is_cut and not is_open else signature,
        is_open=is_open,
    )


def _check_text(part: Part, start: int, context: Context) -> None:
    """Raise where something stands in the text that the layout has elsewhere, or not at all."""
    grammar, lines = context.grammar, part.lines
    around = _around_paragraphs(part, start)
    for index in range(start, len(part.lines)):
        line, role = part.lines[index], part.roles[index]
        if role not in (None, "lead"):
            raise Misfit(f"a second {role} stands in it: {line.text[:80]}")
        if part.owners[index].tag == "div" and not is_prose(line):
            raise Misfit(f"a few words stand in an element of their own: {line.text[:80]}")
        if part.owners[index] in around and not (is_prose(line) or grammar.is_signature(line)):
            raise Misfit(f"a few words stand beside the paragraphs: {line.text[:80]}")
        if grammar.is_closing(line) or grammar.is_pager(line) or grammar.begins_as_counter(line):
            raise Misfit(f"a counter, a pager or a closing line stands in it: {line.text[:80]}")
    behind = line_behind_signature(lines[start:], grammar)
    if behind is not None:
        raise Misfit(f"a few words stand behind the signature: {behind[:80]}")


def _around_paragraphs(part: Part, start: int) -> set[Element]:
    """Return the elements around the first paragraph of the text."""
    places = (i for i in range(start, len(part.lines)) if part.roles[i] == "lead")
    first = next(places, None)
    return set() if first is None else set(part.owners[first].iterancestors())


def _date(part: Part, index: int, context: Context) -> str:
    line = part.lines[index]
    if not context.grammar.is_date_line(line, known=False):
        raise Misfit(f"no date stands where the layout has it: {line.text[:80]}")
    return context.grammar.date_on(line)


def _title(part: Part, index: int, context: Context) -> str:
    line = part.lines[index]
    key = context.key_of(line.href)
    if line.is_linked and key is not None and key != context.address.key:
        raise Misfit(f"its title leads to another statement: {line.text[:80]}")
    return line.text


def _trace(part: Part, index: int, context: Context) -> None:
    if not context.trace.is_on:
        return
    for place, line in enumerate(part.lines):
        role = part.roles[place] or "body"
        if place >= index:
            role = "signature" if context.grammar.is_signature(line) else "body"
        context.trace.add("title" if role == "entry" else role, [line])
