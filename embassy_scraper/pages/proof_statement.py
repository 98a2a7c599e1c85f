"""The statement of a page of unknown markup: where it begins, what its title and body are."""

from dataclasses import dataclass

from embassy_scraper.items import StatementText
from embassy_scraper.pages.context import Context
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.proof_heads import Unproven
from embassy_scraper.pages.shown import Shown, ends_as_sentence, is_chrome, is_prose, is_sentence
from embassy_scraper.pages.statement import body_text
from embassy_scraper.sites.date_forms import example_of

_TITLE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a statement begins: places of heading, date and title, and of the line behind."""

    heading: int | None
    date: int | None
    title: int
    end: int

    @property
    def start(self) -> int:
        """Return the place of its first line."""
        return min(i for i in (self.heading, self.date, self.title) if i is not None)


@dataclass(frozen=True, slots=True)
class ProvenStatement:
    """A statement that is proven; ``reason`` says why its body is withheld, if it is."""

    text: StatementText
    start: int
    end: int
    signature: int | None
    reason: str | None = None


def find_beginning(shown: Shown, end: int, context: Context) -> Beginning:
    """Return where the statement before line *end* begins.

    Below a section heading that is no link stand a date alone and the title, or the title and the
    date. Without such a heading the title is the one heading element
    that the document's title repeats.

    Raises:
        Unproven: there is no such place, or more than one.
    """
    grammar, lines = context.grammar, shown.lines
    found = []
    for index in range(end):
        line = lines[index]
        if grammar.is_known_heading(line) and not line.is_linked:
            beginning = _below_heading(shown, index, end, context)
            found += [beginning] if beginning is not None else []
    if len(found) > 1:
        raise Unproven("more than one section heading has a date below it")
    if found:
        return found[0]
    titles = [i for i in range(end) if shown.is_heading_element(i) and shown.agrees_with_title(i)]
    if len(titles) != 1:
        raise Unproven("no section heading has a date below it, and no heading repeats the title")
    title = titles[0]
    if title and grammar.is_date_line(lines[title - 1], known=False):
        return Beginning(None, title - 1, title, title + 1)
    if title + 1 < end and grammar.is_date_line(lines[title + 1], known=False):
        return Beginning(None, title + 1, title, title + 2)
    return Beginning(None, None, title, title + 1)


def _below_heading(shown: Shown, index: int, end: int, context: Context) -> Beginning | None:
    grammar, lines = context.grammar, shown.lines
    if index + 2 >= end:
        return None
    if grammar.is_date_line(lines[index + 1], known=False):
        return Beginning(index, index + 1, index + 2, index + 3)
    if not lines[index + 1].is_linked and grammar.is_date_line(lines[index + 2], known=False):
        return Beginning(index, index + 2, index + 1, index + 3)
    return None


def prove_statement(
    shown: Shown, beginning: Beginning, end: int, context: Context, own_title: str | None
) -> ProvenStatement:
    """Return the statement that begins there and ends before line *end*.

    *own_title* is the title that the latest block shows for the page's own address, if it does.

    Raises:
        Unproven: its title is not proven.
    """
    grammar, lines = context.grammar, shown.lines
    signatures = [i for i in range(beginning.end, end) if grammar.is_signature(lines[i])]
    stop = signatures[0] if len(signatures) == 1 else end
    _check_title(shown, beginning, stop, context, own_title)
    reason = _body_misfit(shown, beginning.end, signatures, end, context)
    is_above_date = beginning.date is not None and beginning.title < beginning.date
    if is_above_date and not shown.is_heading_element(beginning.title):
        _check_plain_title(shown, beginning, reason)
    body = None if reason else body_text(lines[beginning.end : stop])
    signature = lines[stop].text if len(signatures) == 1 and not reason else None
    text = StatementText(
        title=lines[beginning.title].text,
        body=body,
        heading=lines[beginning.heading].text if beginning.heading is not None else None,
        date_text=grammar.date_on(lines[beginning.date]) if beginning.date is not None else None,
        signature_text=signature,
    )
    return ProvenStatement(text, beginning.start, end, stop if signature else None, reason)


def _check_title(
    shown: Shown, beginning: Beginning, stop: int, context: Context, own_title: str | None
) -> None:
    """Raise where another line may be the title."""
    grammar, lines = context.grammar, shown.lines
    line = lines[beginning.title]
    key = context.key_of(line.href)
    if key is not None and key != context.address.key:
        raise Unproven(f"the title links to another statement: {line.text[:80]}")
    is_item = grammar.begins_as_counter(line) or grammar.read_own_line(line) is not None
    if is_item or grammar.is_part(line):
        raise Unproven(f"no title where it should be: {line.text[:80]}")
    if shown.goes_on(beginning.title):
        raise Unproven(f"the title may go on below: {lines[beginning.title + 1].text[:80]}")
    _check_below_title(shown, range(beginning.end, stop), grammar)
    for index in range(len(lines)):
        is_other = index != beginning.title and lines[index].text != line.text
        if is_other and shown.is_heading_element(index) and shown.agrees_with_title(index):
            raise Unproven(f"the document's title is another line: {lines[index].text[:80]}")
    if shown.agrees_with_title(beginning.title) or own_title == line.text:
        return
    if beginning.end < stop and not is_sentence(lines[beginning.end]):
        second = lines[beginning.end].text[:80]
        raise Unproven(f"either of two lines may be the title; the second: {second}")


def _check_below_title(shown: Shown, below: range, grammar: Grammar) -> None:
    """Raise where a line *below* the title begins another part."""
    for index in below:
        other = shown.lines[index]
        if grammar.is_known_heading(other) or grammar.is_date_line(other, known=False):
            raise Unproven(f"there is a heading or a date in the text: {other.text[:80]}")
        if shown.is_heading_element(index):
            raise Unproven(f"there is another heading below the title: {other.text[:80]}")


def _check_plain_title(shown: Shown, beginning: Beginning, reason: str | None) -> None:
    """Raise where a plain line above the date may be none of the page, the title below the date.

    It is the title where a body that is proven begins below the date, with a sentence: titles
    have no full stop.
    """
    line, below = shown.lines[beginning.title], shown.lines[beginning.end :][:1]
    is_short = len(line.text.split()) < _TITLE_WORDS or ends_as_sentence(line)
    if is_short or reason is not None or not below or not ends_as_sentence(below[0]):
        raise Unproven(f"the line above the date may be the title: {line.text[:80]}")


def _body_misfit(
    shown: Shown, start: int, signatures: list[int], end: int, context: Context
) -> str | None:
    """Return why the body from line *start* on is not proven; ``None`` where it is."""
    lines, grammar = shown.lines, context.grammar
    if len(signatures) != 1:
        if signatures:
            return f"it has {len(signatures)} signatures, so its end is not known"
        profile = context.grammar.profile
        example = example_of(profile.dates.signature, profile)
        return f"no signature ends it (a line that says when it was published: {example})"
    stop = signatures[0]
    body = range(start, stop)
    for index in body:
        line = lines[index]
        if grammar.counter.search(line.text) or grammar.is_pager(line):
            return f"it contains a counter or a pager: {line.text[:80]}"
        stands = is_sentence if index in (start, stop - 1) else is_prose
        if not stands(line) or line.is_linked:
            return f"a line is not a sentence: {line.text[:80]}"
    container = shown.container(list(body)) if body else None
    paths = {shown.path(index, container) for index in body if container is not None}
    if len(paths) > 1:
        return "its lines are in elements of several kinds"
    for index in range(stop + 1, end):
        if not is_chrome(lines[index]):
            return f"there is text after the signature: {lines[index].text[:80]}"
    return None
