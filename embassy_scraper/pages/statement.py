"""Reading a statement page's main part: heading, date, title, body, signature."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embassy_scraper import site
from embassy_scraper.items import StatementText
from embassy_scraper.pages.entries import date_on, is_date_line
from embassy_scraper.pages.lines import Line

_SIGNATURE = re.compile(r"\(?[0-9]{1,2}\s+[^\W\d_]+\s+[0-9]{4},?\s+[0-9]{1,2}:[0-9]{2}\)?\.?")
_OWN_ITEM = re.compile(r"(?P<date>[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4})\s*[-–—]\s*(?P<title>\S.*)")
_WRAP = range(50, 141)  # widths at which text is wrapped by hand or by a mail program


@dataclass(frozen=True, slots=True)
class Prelude:
    """What may stand before the title: section heading and date; ``end`` is the title's line."""

    heading: str | None = None
    date_text: str | None = None
    end: int = 0


def read_prelude(lines: Sequence[Line]) -> Prelude:
    """Return the section heading and the date that stand before a statement's title.

    A heading is one of the known ones, or a line in capitals with the date below it; titles in
    capitals are common, so capitals alone make none.
    """
    heading, index = None, 0
    if lines and _is_heading(lines):
        heading, index = lines[0].text, 1
    if index < len(lines) and is_date_line(lines[index]):
        return Prelude(heading, date_on(lines[index]), index + 1)
    return Prelude(heading, None, index)


def _is_heading(lines: Sequence[Line]) -> bool:
    text = lines[0].text
    if text.replace("’", "'").upper() in site.HEADINGS and text.isupper():
        return True
    return text.isupper() and len(text) < 60 and len(lines) > 1 and is_date_line(lines[1])


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
    found = _OWN_ITEM.fullmatch(own[0].text) if date_text is None else None
    taken = _title_lines(own)
    title = " ".join(line.text for line in own[:taken])
    if found:
        date_text, title = found["date"], title[found.start("title") :]
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
