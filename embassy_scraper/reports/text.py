"""Sentences for a terminal: day by day, wrapped to its width, with colour only where it has any."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from embassy_scraper.reports.days import alike, by_day, subjects
from embassy_scraper.reports.entries import Entry
from embassy_scraper.reports.marks import ADDED, REMOVED, SAME, Piece
from embassy_scraper.reports.passages import in_brackets, passages_of
from embassy_scraper.reports.sentences import Headings, sentence, subject_words, when
from embassy_scraper.reports.times import say_day
from embassy_scraper.visible import one_line, visible

_LONGEST_TITLE = 240  # characters
_BOLD, _STRUCK, _GREEN, _END = "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[0m"
_COLOURS = {REMOVED: _STRUCK, ADDED: _GREEN}
_LEAST, _MOST = 30, 100  # columns


@dataclass(frozen=True, slots=True)
class Screen:
    """What is printed on: its width in columns, and whether it has colours."""

    width: int = 80
    has_colour: bool = False


def as_sentences(
    entries: Iterable[Entry], *, screen: Screen | None = None, headings: Headings | None = None
) -> Iterator[str]:
    """Yield *entries* as lines, day by day."""
    screen = screen or Screen()
    begin = ""
    for day, group in by_day(entries):
        yield f"{begin}{_in_bold(say_day(day), screen)}\n"
        for same in alike(group, headings):
            yield "\n"
            yield from _entries(same, screen, headings)
        begin = "\n"
    if not begin:
        yield "no changes\n"


def _in_bold(text: str, screen: Screen) -> str:
    return f"{_BOLD}{text}{_END}" if screen.has_colour else text


def _entries(same: Sequence[Entry], screen: Screen, headings: Headings | None) -> Iterator[str]:
    told = f"{one_line(sentence(same[0], headings))}{subjects(same)}, {when(same[0])}"
    yield from wrapped([Piece(SAME, told)], screen, indent=2)
    for entry in same:
        about = subject_words(entry)
        if about:
            day = entry.first.published_on
            dated = f" ({say_day(day)})" if day and entry.first.is_of_statement else ""
            title = one_line(about, _LONGEST_TITLE) + dated
            yield from wrapped([Piece(SAME, title)], screen, indent=4)
    for passage in passages_of(same[0], around=8, longest=300):
        yield from wrapped(list(in_brackets(passage.pieces)), screen, indent=4)


def wrapped(pieces: Iterable[Piece], screen: Screen, *, indent: int) -> Iterator[str]:
    """Yield *pieces* as lines that begin at the column *indent* and fit the *screen*."""
    room = max(_LEAST, min(screen.width, _MOST) - indent)
    line, length = "", 0
    for kind, word in _words(pieces, room):
        if length and length + 1 + len(word) > room:
            yield f"{' ' * indent}{line}\n"
            line, length = "", 0
        painted = f"{_COLOURS[kind]}{word}{_END}" if kind and screen.has_colour else word
        line = f"{line} {painted}" if length else painted
        length += len(word) + bool(length)
    if length:
        yield f"{' ' * indent}{line}\n"


def _words(pieces: Iterable[Piece], room: int) -> Iterator[tuple[str, str]]:
    """Yield every word with its mark; one that has no room in a line comes in parts."""
    for piece in pieces:
        kind = piece.kind if piece.kind in _COLOURS else ""
        for word in visible(piece.text).split():
            for start in range(0, len(word), room):
                yield kind, word[start : start + room]
