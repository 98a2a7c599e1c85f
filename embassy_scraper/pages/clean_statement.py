"""Whether a clean text proves the title and the body of a statement.

The place of a line proves what it is, but where the line itself may be somebody else's: a second
line that may be the title, a date alone, a second signature, a few words alone.
"""

import re
from collections.abc import Sequence

from embassy_scraper.pages.clean_labels import FEW, labels
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line, paragraphs
from embassy_scraper.pages.shown import ends_as_clause, ends_as_sentence, is_tool

_LONGEST_TITLE = 400  # letters; real titles have more than 200
_ORNAMENT = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+(?:-\d+)+")  # 1265-18-06-2019
_IN_BRACKETS = re.compile(r"\((?:\S+\s+){3,}\S+\)")  # (30 July, translated from Russian)


def title_misfit(
    own: Sequence[Line], heading: str | None, grammar: Grammar, *, is_whole: bool
) -> str | None:
    """Return why *own*, a statement from its title on, does not prove its title.

    The line below a title is a sentence or a clause; else either may be the title. The last line
    of a page that is not *is_whole* may be cut off, so nothing is told from it.
    """
    title = own[0]
    is_unknown = heading is not None and not grammar.is_known_heading(Line(heading))
    if is_unknown and ends_as_sentence(title):
        return f"whether this is a heading or the title is not known: {heading}"
    if _is_part(title, grammar):
        return f"no title stands where it should: {title.text[:80]}"
    if _goes_on(own):
        return f"the title may go on below: {own[1].text[:80]}"
    below = [line for line in own[1:] if not grammar.is_signature(line)]
    for line in below:
        if grammar.is_date_line(line, known=False):
            return f"a date stands in the text: {line.text[:80]}"
    parts = paragraphs(below) if below and below[0].gap else below
    first = next((number for number, line in enumerate(parts) if not _is_note(line)), None)
    is_open = first == len(parts) - 1 and not is_whole
    if first is None or is_open or _is_no_title(parts[first]):
        return None
    return f"which of two lines is the title is not known; the second: {parts[first].text[:80]}"


def _is_part(line: Line, grammar: Grammar) -> bool:
    return (
        grammar.is_pager(line)
        or grammar.is_closing(line)
        or grammar.is_latest_heading(line)
        or grammar.is_known_heading(line)
        or grammar.is_date_line(line, known=False)
        or grammar.is_signature(line)
        or grammar.is_contact_or_clock(line)
    )


def _goes_on(own: Sequence[Line]) -> bool:
    """Say whether no empty line parts the title from the next, but one does the paragraphs."""
    return len(own) > 1 and not own[1].gap and any(line.gap for line in own[2:])


def _is_no_title(line: Line) -> bool:
    return len(line.text) > _LONGEST_TITLE or ends_as_sentence(line) or ends_as_clause(line)


def body_misfit(
    lines: Sequence[Line], body: Sequence[Line], grammar: Grammar, *, is_whole: bool
) -> str | None:
    """Return why *body*, what stands below a title, is not proven to be the statement's text.

    *lines* are all of the statement's: a signature may stand above its title.
    """
    signatures = sum(grammar.is_signature(line) for line in lines)
    if signatures > 1:
        return f"{signatures} signatures stand in it"
    pager = next((line for line in body if grammar.is_pager(line)), None)
    if pager is not None:
        return f"a pager stands in it: {pager.text[:80]}"
    text = [line for line in body if not grammar.is_signature(line)]
    if not is_whole and text and len(text[-1].text.split()) > FEW:
        text = text[:-1]
    for label in labels(text):
        if not (_is_note(text[label]) or _goes_with_text(text, label, grammar)):
            return f"a few words stand alone in it: {text[label].text[:80]}"
    return None


def _is_note(line: Line) -> bool:
    """Say whether *line* is what ministries print above or below a text: its number, or a note in
    brackets; or an ornament without a word."""
    return any(form.fullmatch(line.text) for form in (_ORNAMENT, _NUMBER, _IN_BRACKETS))


def _goes_with_text(lines: Sequence[Line], index: int, grammar: Grammar) -> bool:
    """Say whether a few words above sentences are of the text: amid it a subheading, at its
    beginning a word and a date (``Update: 8 August 2018``), or what looks like an item or a clock.

    Buttons and counts of visitors do not look so, and are told by what they say.
    """
    line = lines[index]
    word, _, date_text = line.text.partition(": ")
    is_text = (
        index > 0
        or grammar.has_clock(line)
        or grammar.read_own_line(line, known=False) is not None
        or (word.isalpha() and grammar.is_date_line(Line(date_text), known=False))
    )
    return is_text and not is_tool(line) and any(map(ends_as_sentence, lines[index + 1 :]))
