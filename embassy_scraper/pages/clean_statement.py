"""Whether a clean text proves the title and the body of a statement.

The place of a line proves what it is, unless what it says shows that it is not the statement's: a
part of the page, a date alone, a second signature, a button, a count of visitors.
"""

from collections.abc import Sequence

from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.shown import ends_as_sentence, ends_in_count, is_few, is_prose, is_tool


def title_misfit(own: Sequence[Line], heading: str | None, grammar: Grammar) -> str | None:
    """Return why *own*, a statement from its title on, does not prove its title."""
    title = own[0]
    is_unknown = heading is not None and not grammar.is_known_heading(Line(heading))
    if is_unknown and ends_as_sentence(title):
        return f"this may be a heading or the title: {heading}"
    is_part = grammar.is_part(title) or grammar.is_contact_or_clock(title)
    if is_part or is_tool(title) or ends_in_count(title.text):
        return f"no title where it should be: {title.text[:80]}"
    if _goes_on(own):
        return f"the title may go on below: {own[1].text[:80]}"
    for line in own[1:]:
        if grammar.is_date_line(line, known=False):
            return f"there is a date in the text: {line.text[:80]}"
    return None


def _goes_on(own: Sequence[Line]) -> bool:
    """Say whether the title may go on in the next line.

    It may where no empty line parts the two, though one parts the paragraphs, and that line is a
    few words or no sentence, or its first word would have made the title the longest line, so
    that it may be wrapped.
    """
    if len(own) < 2 or own[1].gap or not any(line.gap for line in own[2:]):
        return False
    longest = max(len(line.text) for line in own[1:])
    word = own[1].text.split()[0]
    is_label = is_few(own[1]) or not is_prose(own[1])
    return is_label or len(own[0].text) + len(word) >= longest


def body_misfit(
    lines: Sequence[Line], body: Sequence[Line], grammar: Grammar, *, is_last: bool
) -> str | None:
    """Return why *body*, what stands below a title, is not proven to be the statement's text.

    *lines* are all of the statement's: a signature may stand above its title. Where it *is last*
    no block follows it, so text after its signature may be from elsewhere.
    """
    signatures = sum(grammar.is_signature(line) for line in lines)
    if signatures > 1:
        return f"it has {signatures} signatures"
    for line in body:
        if grammar.is_pager(line) or is_tool(line):
            return f"it contains something that is not text: {line.text[:80]}"
    signed = next((i for i, line in enumerate(body) if grammar.is_signature(line)), len(body))
    item = next((line for line in body[signed:] if grammar.read_own_line(line)), None)
    if item is not None:
        return f"an entry of a list follows the signature: {item.text[:80]}"
    if body and grammar.may_be_signature(body[-1]) and not grammar.is_signature(body[-1]):
        return f"its last line may be a signature in another form: {body[-1].text}"
    if is_last and signed < len(body) - 1:
        return f"no end is found of the text after the signature: {body[signed + 1].text[:80]}"
    return None
