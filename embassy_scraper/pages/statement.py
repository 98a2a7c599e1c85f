"""Reading a statement page's main part: heading, date, title, body, signature."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embassy_scraper.items import StatementText
from embassy_scraper.pages.entries import date_on, is_date_line, read_own_line
from embassy_scraper.pages.grammar import is_closing, is_known_heading, is_latest_heading
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.menus import KeyOf

_SIGNATURE = re.compile(r"\(?[0-9]{1,2}\s+[^\W\d_]+\s+[0-9]{4},?\s+[0-9]{1,2}:[0-9]{2}\)?\.?")
_WRAP = range(50, 141)  # widths at which text is wrapped by hand or by a mail program
_HEADING_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Prelude:
    """What may stand before the title: section heading and date; ``end`` is the title's line."""

    heading: str | None = None
    date_text: str | None = None
    end: int = 0


def read_prelude(lines: Sequence[Line], key_of: KeyOf) -> Prelude:
    """Return the section heading and the date that stand before a statement's title.

    A heading is one of the known ones in capitals, or a short line in capitals with the date
    below it: titles in capitals are common, so capitals alone make none. A date whose title is a
    link to another statement is an item's.
    """
    heading, index = None, 0
    if lines and _is_heading(lines, key_of):
        heading, index = lines[0].text, 1
    if index < len(lines) and is_date_line(lines[index]):
        return Prelude(heading, date_on(lines[index]), index + 1)
    return Prelude(heading, None, index)


def _is_heading(lines: Sequence[Line], key_of: KeyOf) -> bool:
    line = lines[0]
    if is_known_heading(line) and line.text.isupper():
        return True
    if len(line.text) >= _HEADING_LENGTH or is_date_line(line) or is_latest_heading(line):
        return False
    if len(lines) < 3 or not is_date_line(lines[1]) or is_closing(lines[2]):
        return False
    return (is_known_heading(line) or line.text.isupper()) and not key_of(lines[2].href)


def read_statement(
    lines: Sequence[Line], prelude: Prelude, *, is_cut: bool, is_open: bool
) -> StatementText | None:
    """Return the statement in *lines*; ``None`` where there is nothing behind the prelude.

    Of a cut-off page the body is no sighting; a title with nothing behind it may be cut as well.
    """
    own = list(lines[prelude.end :])
    date_text, signature = prelude.date_text, None
    if own and _SIGNATURE.fullmatch(own[0].text):
        signature = own.pop(0).text
    if not own:
        return None
    found = read_own_line(own[0]) if date_text is None else None
    taken = _title_lines(own)
    title = " ".join(line.text for line in own[:taken])
    if found:
        date_text, title = found[0], found[1] + title[len(own[0].text) :]
    body_lines = own[taken:]
    if body_lines and signature is None and _SIGNATURE.fullmatch(body_lines[0].text):
        signature = body_lines.pop(0).text
    if body_lines and _SIGNATURE.fullmatch(body_lines[-1].text):
        signature = body_lines.pop().text
    is_title_cut = is_cut and not body_lines
    return StatementText(
        title=None if is_title_cut else title,
        body=None if is_cut else _body(body_lines),
        heading=prelude.heading,
        date_text=date_text,
        signature_text=None if is_cut and not is_open else signature,
        is_open=is_open,
    )


def _body(lines: Sequence[Line]) -> str:
    return "".join(
        ("" if not number else "\n\n" if line.gap else "\n") + line.text
        for number, line in enumerate(lines)
    )


def _title_lines(lines: Sequence[Line]) -> int:
    """Return how many lines the title takes: one, or more where the text is hard-wrapped.

    A line goes on below when the next word would not have fitted, at the width of the text.
    """
    if not any(line.gap for line in lines[1:]) or not any(not line.gap for line in lines):
        return 1
    width = max(len(line.text) for line in lines)
    if width not in _WRAP:
        return 1
    taken = 1
    while taken < len(lines) and not lines[taken].gap:
        word = lines[taken].text.split(" ", 1)[0]
        if len(lines[taken - 1].text) + 1 + len(word) <= width:
            break
        taken += 1
    return taken
