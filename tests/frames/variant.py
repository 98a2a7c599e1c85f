"""One way in which a page and its frame can differ from the plain one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from .lines import Line
from .markup import Piece
from .model import Model
from .style import Style

Dress: TypeAlias = Callable[[list[Piece], Model, Style, int], list[Piece]]
Around: TypeAlias = Callable[[int], str]


def as_it_is(pieces: list[Piece], model: Model, style: Style, number: int) -> list[Piece]:
    """Change nothing."""
    return pieces


def nothing(number: int) -> str:
    """Put nothing there."""
    return ""


def empty() -> str:
    """Put nothing there."""
    return ""


def same_model(model: Model) -> Model:
    """Change nothing."""
    return model


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant of one kind of page.

    Its ``group`` says what is asked of it: ``aim`` (nearly all must be read right), ``refuse``
    (right or refused, and to refuse is the usual answer), ``amid`` (the same, inside the text),
    ``other`` (right or refused), ``open`` (no reader can know; counted apart). ``before`` and
    ``behind`` stand around the main part's container, ``above`` and ``below`` around the header;
    ``dress`` changes what stands in the container, ``twice`` prints it once more.
    """

    kind: str
    name: str
    group: str
    dress: Dress = as_it_is
    change: Callable[[Model], Model] = same_model
    before: Around = nothing
    behind: Around = nothing
    forced: Mapping[str, str] = field(default_factory=dict)
    document_title: bool = False
    twice: bool = False
    above: Callable[[], str] = empty
    below: Callable[[], str] = empty


def inserted(place: Callable[[list[Piece]], int], line: Line) -> Dress:
    """Return a dress that puts *line* where *place* says."""

    def dress(pieces: list[Piece], model: Model, style: Style, number: int) -> list[Piece]:
        at = place(pieces)
        return [*pieces[:at], Piece("chrome", line(style, number)), *pieces[at:]]

    return dress


def before_first(*slots: str) -> Callable[[list[Piece]], int]:
    """Return the place before the first piece of *slots*."""
    return lambda pieces: next(n for n, piece in enumerate(pieces) if piece.slot in slots)


def behind_first(*slots: str) -> Callable[[list[Piece]], int]:
    """Return the place behind the first piece of *slots*."""
    return lambda pieces: before_first(*slots)(pieces) + 1


def behind_last(*slots: str) -> Callable[[list[Piece]], int]:
    """Return the place behind the last piece of *slots*."""
    return lambda pieces: max(n for n, piece in enumerate(pieces) if piece.slot in slots) + 1


def amid(slot: str) -> Callable[[list[Piece]], int]:
    """Return the place in the middle of the pieces of *slot*."""

    def place(pieces: list[Piece]) -> int:
        at = [n for n, piece in enumerate(pieces) if piece.slot == slot]
        return at[len(at) // 2]

    return place


def amid_text(behind: int) -> Callable[[list[Piece]], int]:
    """Return the place behind so many paragraphs of the text."""

    def place(pieces: list[Piece]) -> int:
        return [n for n, piece in enumerate(pieces) if piece.slot == "text"][behind]

    return place
