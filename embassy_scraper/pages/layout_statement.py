"""The statement in a part of a known markup: heading, date, title, paragraphs."""

from collections.abc import Sequence

from embassy_scraper.items import StatementText
from embassy_scraper.pages.context import PartContext
from embassy_scraper.pages.endings import without_partial_end
from embassy_scraper.pages.layout_parts import ENTRY_ROLES, Part, size_of
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.roles import Trace
from embassy_scraper.pages.shown import ends_as_text, ends_in_count, ends_in_tool, is_prose, is_tool
from embassy_scraper.pages.statement import body_text, line_behind_signature, take_signature
from embassy_scraper.recent import remembered


class Misfit(ValueError):
    """A part is not quite as the layout has it; the message says in what."""


@remembered(128, size_of)
def read_statement_part(
    part: Part, own_key: str | None, context: PartContext, *, is_cut: bool
) -> StatementText | None:
    """Return the statement in *part*; ``None`` where nothing stands below the heading.

    *own_key* is the page's own statement, as its address has it.

    Raises:
        Misfit: the part is not as the layout has it.
    """
    grammar, lines = context.grammar, part.lines
    if part.begin == len(lines):
        return None
    date_text, title, index = _read_head(part, own_key, context)
    if title is None and date_text is None:
        raise Misfit(f"no date or title is below the heading: {lines[index].text[:80]}")
    if title is None and index < len(lines) and not ends_as_text(lines[index]):
        raise Misfit(f"this may be a title that the layout misses: {lines[index].text[:80]}")
    _check_text(part, index, own_key, context)
    is_open = not context.extent.is_whole
    text = without_partial_end(lines[index:], grammar) if is_open else lines[index:]
    body, signature = take_signature(text, grammar)
    return StatementText(
        title=None if is_cut and not body else title,
        body=None if is_cut else body_text(body),
        heading=part.heading.text if part.heading else None,
        date_text=date_text,
        signature_text=None if is_cut and not is_open else signature,
        is_open=is_open,
    )


def _read_head(
    part: Part, own_key: str | None, context: PartContext
) -> tuple[str | None, str | None, int]:
    """Return date and title, and the place of the first line of the text."""
    index, end = part.begin, len(part.lines)
    date_text = title = None
    if part.roles[index] == "date":
        date_text = _date(part, index, context)
        index += 1
    if index < end and part.roles[index] in ENTRY_ROLES:
        title = _title(part, index, own_key, context)
        line = part.lines[index]
        found = context.grammar.read_own_line(line) if date_text is None else None
        date_text, title = found or (date_text, title)
        index += 1
    return date_text, title, index


def _check_text(part: Part, start: int, own_key: str | None, context: PartContext) -> None:
    """Raise where something stands in the text that the layout has elsewhere, or not at all."""
    grammar, lines = context.grammar, part.lines
    for index in range(start, len(part.lines)):
        line, role = part.lines[index], part.roles[index]
        if role not in (None, "lead"):
            raise Misfit(f"it has a second {role}: {line.text[:80]}")
        if is_tool(line):
            raise Misfit(f"it contains something that is not text: {line.text[:80]}")
        if part.blocks[index] in part.divs and not is_prose(line):
            raise Misfit(f"a few words are in an element of their own: {line.text[:80]}")
        if part.blocks[index] in part.around and not (is_prose(line) or grammar.is_signature(line)):
            raise Misfit(f"a few words are outside the paragraphs: {line.text[:80]}")
        if grammar.is_closing(line) or grammar.is_pager(line) or grammar.begins_as_counter(line):
            raise Misfit(f"it contains a counter, a pager or a closing line: {line.text[:80]}")
    _check_end(lines[start:], own_key, context)


def _check_end(lines: Sequence[Line], own_key: str | None, context: PartContext) -> None:
    """Raise where something stands behind the signature that does not continue the text."""
    grammar = context.grammar
    if lines and grammar.may_be_signature(lines[-1]) and not grammar.is_signature(lines[-1]):
        raise Misfit(f"its last line may be a signature in another form: {lines[-1].text}")
    behind = line_behind_signature(lines, grammar)
    if behind is not None:
        raise Misfit(f"a few words follow the signature: {behind[:80]}")
    signed = [place for place, line in enumerate(lines) if grammar.is_signature(line)]
    if len(signed) > 1:
        raise Misfit(f"it has {len(signed)} signatures; the last: {lines[signed[-1]].text}")
    for line in lines[signed[-1] :] if signed else ():
        if grammar.read_own_line(line) and _leads_away(line, own_key, context):
            raise Misfit(f"an entry of a list follows the signature: {line.text[:80]}")


def _date(part: Part, index: int, context: PartContext) -> str:
    line = part.lines[index]
    if not context.grammar.is_date_line(line, known=False):
        raise Misfit(f"no date where the layout expects it: {line.text[:80]}")
    return context.grammar.date_on(line)


def _title(part: Part, index: int, own_key: str | None, context: PartContext) -> str:
    line = part.lines[index]
    if line.is_linked and _leads_away(line, own_key, context):
        raise Misfit(f"its title links to another statement: {line.text[:80]}")
    if ends_in_count(line.text):
        raise Misfit(f"a count of visitors follows its title: {line.text[-80:]}")
    if ends_in_tool(line):
        raise Misfit(f"something that is not text follows its title: {line.text[-80:]}")
    return line.text


def _leads_away(line: Line, own_key: str | None, context: PartContext) -> bool:
    """Say whether the link on *line* leads to another statement."""
    return context.key_of(line.href) not in (None, own_key)


def trace_statement(part: Part, own_key: str | None, context: PartContext, trace: Trace) -> None:
    """Note for what the lines of *part*, which holds a statement, were taken."""
    if not trace.is_on or part.begin == len(part.lines):
        return
    *_, start = _read_head(part, own_key, context)
    for place, line in enumerate(part.lines):
        role = part.roles[place] or "body"
        if place >= start:
            role = "signature" if context.grammar.is_signature(line) else "body"
        trace.add("title" if role == "entry" else role, [line])
