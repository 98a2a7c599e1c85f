"""Reading a statement page's main part: heading, date, title, body, signature."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embassy_scraper.items import StatementText
from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.shown import ends_as_sentence

_HEADING_LENGTH = 60
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Prelude:
    """What may stand before the title: section heading and date; ``end`` is the title's line."""

    heading: str | None = None
    date_text: str | None = None
    end: int = 0


def read_prelude(lines: Sequence[Line], grammar: Grammar) -> Prelude:
    """Return the section heading and the date that stand before a statement's title.

    A heading is one of the known ones in capitals, or a short line in capitals with the date
    below it: titles in capitals are common, so capitals alone make none.
    """
    heading, index = None, 0
    if lines and _is_heading(lines, grammar):
        heading, index = lines[0].text, 1
    if index < len(lines) and grammar.is_date_line(lines[index], known=False):
        return Prelude(heading, grammar.date_on(lines[index]), index + 1)
    return Prelude(heading, None, index)


def _is_heading(lines: Sequence[Line], grammar: Grammar) -> bool:
    line = lines[0]
    if grammar.is_known_heading(line) and line.text.isupper():
        return True
    if len(line.text) >= _HEADING_LENGTH or grammar.is_latest_heading(line):
        return False
    if len(lines) < 3 or not grammar.is_date_line(lines[1]) or grammar.is_closing(lines[2]):
        return False
    return not grammar.is_date_line(line) and (
        grammar.is_known_heading(line) or line.text.isupper()
    )


def read_statement(
    lines: Sequence[Line], prelude: Prelude, grammar: Grammar, *, is_cut: bool, is_open: bool
) -> StatementText | None:
    """Return the statement in *lines*; ``None`` where there is nothing behind the prelude.

    Of a cut-off page the body is no sighting; a title with nothing behind it may be cut as well.
    """
    own = list(lines[prelude.end :])
    date_text, signature = prelude.date_text, None
    if own and grammar.is_signature(own[0]):
        signature = own.pop(0).text
    if not own:
        return None
    title = own[0].text
    found = grammar.read_own_line(own[0]) if date_text is None else None
    if found:
        date_text, title = found
    body, signed = take_signature(own[1:], grammar)
    is_title_cut = is_cut and not body
    return StatementText(
        title=None if is_title_cut else title,
        body=None if is_cut else body_text(body),
        heading=prelude.heading,
        date_text=date_text,
        signature_text=None if is_cut and not is_open else signature or signed,
        is_open=is_open,
    )


def take_signature(lines: Sequence[Line], grammar: Grammar) -> tuple[Sequence[Line], str | None]:
    """Return *lines* without the signature, and the signature.

    It stands last, or first, or is the only line of its form; text behind it is of the body.
    """
    places = [index for index, line in enumerate(lines) if grammar.is_signature(line)]
    if not places:
        return lines, None
    last = len(lines) - 1
    place = last if last in places else 0 if 0 in places else places[0]
    if len(places) > 1 and place not in (0, last):
        return lines, None
    return [*lines[:place], *lines[place + 1 :]], lines[place].text


def line_behind_signature(lines: Sequence[Line], grammar: Grammar) -> str | None:
    """Return the first line behind the last signature where no text stands there.

    A statement is continued there by sentences or with a date (``Update: 8 August 2018``).
    """
    places = [index for index, line in enumerate(lines) if grammar.is_signature(line)]
    behind = lines[places[-1] + 1 :] if places else ()
    if any(ends_as_sentence(line) or _YEAR.search(line.text) for line in behind):
        return None
    return behind[0].text if behind else None


def body_text(lines: Sequence[Line]) -> str:
    """Return *lines* as a body: parted by line ends, paragraphs by an empty line."""
    return "".join(
        ("" if not number else "\n\n" if line.gap else "\n") + line.text
        for number, line in enumerate(lines)
    )
