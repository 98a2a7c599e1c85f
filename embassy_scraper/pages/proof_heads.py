"""Where the entries of a list begin in unknown markup: a date, and a title that is a link."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embassy_scraper.pages.context import Context
from embassy_scraper.pages.lines import Line, title_and_rest
from embassy_scraper.pages.shown import Shape, Shown

_DASH = re.compile(r"[-–—|·•]+")


class Unproven(ValueError):
    """A part that the page does not prove; the message says what did not fit."""


@dataclass(frozen=True, slots=True)
class Head:
    """Date and title of an entry: lines from ``start`` to before ``end``.

    ``form`` says how they stand: ``own`` (on one line), ``below`` (the title below the date),
    ``above`` (the title above it).
    """

    form: str
    start: int
    end: int
    date_text: str
    title: str
    rest: str
    href: str | None
    shapes: tuple[Shape, ...]


def find_heads(shown: Shown, start: int, end: int, context: Context) -> list[Head]:
    """Return the entries' heads among the lines from *start* to before *end*."""
    heads: list[Head] = []
    index = below = start
    while index < end:
        below = _behind_dashes(shown.lines, max(below, index + 1), end)
        head = _head_at(shown, index, below, end, context)
        if head is not None:
            heads.append(head)
        index = head.end if head else index + 1
    return heads


def _behind_dashes(lines: Sequence[Line], index: int, end: int) -> int:
    """Return where, from *index* on, the first line stands that is no dash."""
    while index < end and _DASH.fullmatch(lines[index].text):
        index += 1
    return index


def _head_at(shown: Shown, index: int, below: int, end: int, context: Context) -> Head | None:
    """Return the head at *index*; *below* it stands, behind dashes, what may be its other half."""
    lines, grammar = shown.lines, context.grammar
    line = lines[index]
    found = grammar.read_own_line(line, known=False)
    if found is not None:
        places = range(index, index + 1)
        return _head(shown, "own", places, found[0], title_and_rest(line, found[1]), line)
    if below >= end:
        return None
    other, places = lines[below], range(index, below + 1)
    if grammar.is_date_line(line, known=False) and _is_title(other, context):
        titled = title_and_rest(other, other.text.lstrip("-–— "))
        return _head(shown, "below", places, grammar.date_on(line), titled, other)
    if grammar.is_date_line(other, known=False) and _is_linked_title(line, context):
        return _head(shown, "above", places, grammar.date_on(other), (line.text, ""), line)
    return None


def _head(
    shown: Shown, form: str, places: range, date_text: str, titled: tuple[str, str], link: Line
) -> Head:
    """Return the head at *places*, *titled* with a title and what stands beside it."""
    shapes = tuple(map(shown.shape, places))
    return Head(form, places.start, places.stop, date_text, *titled, link.href, shapes)


def _is_title(line: Line, context: Context) -> bool:
    grammar = context.grammar
    if grammar.is_date_line(line, known=False) or grammar.is_closing(line):
        return False
    return context.key_of(line.href) is not None


def _is_linked_title(line: Line, context: Context) -> bool:
    return line.is_linked and context.key_of(line.href) is not None
