"""What in a clean text may be somebody else's line, so that a part of it is not proven.

Text has no elements and no links: a button, a view counter or a teaser between the page's parts is
a line as any other. It is known by what a page's own lines are not: a few words that stand alone
and end neither a sentence nor a clause, a date alone, a second signature. Which part they touch is
withheld.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from embassy_scraper.pages.entries import Item, sort_date
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line, paragraphs
from embassy_scraper.pages.shown import ends_as_clause, ends_as_sentence, is_prose

_FEW = 6  # words; more of them on one line may be a line of a paragraph
_LONGEST_TITLE = 400  # letters; real titles have more than 200
_ORNAMENT = re.compile(r"[\W_]+")
_NOTE = re.compile(
    r"\d+(?:-\d+)+|\((?:\S+\s+){3,}\S+\)"
)  # 1265-18-06-2019, (30 July, translated …)


# --- a statement


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
    if not is_whole and text and len(text[-1].text.split()) > _FEW:
        text = text[:-1]
    for label in _labels(text):
        if not (_is_note(text[label]) or _goes_with_text(text, label, grammar)):
            return f"a few words stand alone in it: {text[label].text[:80]}"
    return None


def _is_note(line: Line) -> bool:
    """Say whether *line* is what ministries print above or below a text: its number, or a note in
    brackets; or an ornament without a word."""
    return any(form.fullmatch(line.text) for form in (_ORNAMENT, _NOTE))


def _goes_with_text(lines: Sequence[Line], index: int, grammar: Grammar) -> bool:
    """Say whether a line above sentences is one word and a date (``Update: 8 August 2018``), or
    looks like an item of a list or a clock: real bodies have such, and buttons do not look so."""
    line = lines[index]
    word, _, date_text = line.text.partition(": ")
    is_text = (
        grammar.has_clock(line)
        or grammar.read_own_line(line, known=False) is not None
        or (word.isalpha() and grammar.is_date_line(Line(date_text), known=False))
    )
    return is_text and any(map(ends_as_sentence, lines[index + 1 :]))


# --- a few words alone


def _labels(lines: Sequence[Line]) -> Iterator[int]:
    """Yield the places of *lines* that stand alone and are no text."""
    for index, line in enumerate(lines):
        if not is_prose(line) and _stands_alone(lines, index):
            yield index


def _stands_alone(lines: Sequence[Line], index: int) -> bool:
    """Say whether a line is a paragraph, or a few words between two lines that are none of it."""
    line = lines[index]
    below = lines[index + 1] if index + 1 < len(lines) else None
    begins = line.gap or not index or ends_as_sentence(lines[index - 1])
    if below is None or below.gap:
        return begins
    return begins and len(line.text.split()) <= _FEW and not below.text[0].islower()


# --- a list


def list_misfit(
    lines: Sequence[Line], start: int, items: Sequence[Item], end: int, *, is_whole: bool
) -> str | None:
    """Return why the lines from *start* to before *end* are not proven to be a list of *items*.

    Nothing stands before the first; a lead is one paragraph, or several of sentences.
    """
    if not items or items[0].index != start:
        return f"a line stands before the first entry: {lines[start].text[:80]}"
    stops = [*(item.index for item in items[1:]), end]
    leads = [lines[item.end : stop] for item, stop in zip(items, stops, strict=True)]
    if _may_be_above(items, leads):
        return "whether the titles stand above or below their dates is not known"
    lead_or_item = _may_be_lead(items, leads)
    if lead_or_item is not None:
        return f"whether a line is an entry or a lead is not known: {lead_or_item[:80]}"
    for lead in leads if is_whole else leads[:-1]:
        label = _label_behind(lead)
        if label is not None:
            return f"a few words stand beside a lead: {label[:80]}"
    return None


def _label_behind(lead: Sequence[Line]) -> str | None:
    """Return the first line behind the first paragraph of a lead that stands alone in it."""
    places = (lead[i].text for i in _labels(lead) if i)
    return next(places, None)


def _may_be_above(items: Sequence[Item], leads: Sequence[Sequence[Line]]) -> bool:
    """Say whether the titles may stand above the dates, so that what stands below is a lead: of
    most entries the title is a sentence, and the last line is none."""
    strange = [
        item.end - item.index > 1 and ends_as_sentence(Line(item.title)) and not is_prose(lead[-1])
        for item, lead in zip(items, leads, strict=True)
        if lead
    ]
    return 2 * sum(strange) > len(items) - 2 and any(strange)


def _may_be_lead(items: Sequence[Item], leads: Sequence[Sequence[Line]]) -> str | None:
    """Return what looks like an item, but may be the lead of the one above, which has no other."""
    for lead, below in zip(leads, items[1:], strict=False):
        if not lead and below.end - below.index == 1 and ends_as_sentence(Line(below.title)):
            return f"{below.date_text} - {below.title}"
    return None


def open_end_misfit(lines: Sequence[Line], items: Sequence[Item], end: int) -> str | None:
    """Return why the last lead of a list that no line closes may hold lines of something else."""
    stops = [*(item.index for item in items[1:]), end]
    *others, last = (
        len(paragraphs(lines[item.end : stop])) for item, stop in zip(items, stops, strict=True)
    )
    if last <= max(others, default=1):
        return None
    return f"nothing shows where the last lead ends: {lines[end - 1].text[:80]}"


def rises(items: Sequence[Item]) -> bool:
    """Say whether the dates of *items* rise somewhere: others may stand above."""
    days = [sort_date(item.date_text) for item in items]
    return any(above and above < below for above, below in pairwise(days))
