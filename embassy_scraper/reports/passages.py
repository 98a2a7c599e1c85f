"""Passages: the marked words of an entry, for a glance."""

from collections.abc import Iterator
from dataclasses import dataclass

from embassy_scraper.reports.entries import Change, Entry
from embassy_scraper.reports.marks import ADDED, REMOVED, SAME, Piece, mark_words, shorten

_TEXTS = ("title", "lead", "body", "label")
_NAMES = {"title": "title", "lead": "lead", "body": "text", "label": "words"}


@dataclass(frozen=True, slots=True)
class Passage:
    """The marked words of one edit; ``name`` says what was edited, in a reader's word."""

    name: str
    change: Change
    pieces: tuple[Piece, ...]


def passages_of(entry: Entry, *, around: int = 12, longest: int = 600) -> Iterator[Passage]:
    """Yield the passages that changed, each with a few words *around* it."""
    for change in entry.changes:
        if change.kind in ("statement_edited", "counter_reworded") and change.field in _TEXTS:
            pieces = mark_words(change.before or "", change.after or "")
            short = shorten(pieces, around=around, longest=longest)
            yield Passage(_NAMES[change.field], change, tuple(short))


def in_brackets(pieces: Iterator[Piece] | tuple[Piece, ...]) -> Iterator[Piece]:
    """Yield *pieces* as plain text has them: ``[-removed-]`` and ``{+added+}``."""
    for piece in pieces:
        text = piece.text.rstrip()
        space = piece.text[len(text) :]
        if piece.kind == REMOVED:
            yield Piece(REMOVED, f"[-{text}-]{space or ' '}")
        elif piece.kind == ADDED:
            yield Piece(ADDED, f"{{+{text}+}}{space or ' '}")
        else:
            yield Piece(SAME, piece.text)
