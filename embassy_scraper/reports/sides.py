"""Two texts side by side: the paragraphs that differ beside each other, equal ones folded."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from embassy_scraper.reports.marks import MOVED, SAME, Piece, compare_texts, shorten

_AROUND = 60  # words of a paragraph that are shown around what changed in it
_LONGEST = 4000  # characters of one stretch
_MOST = 300  # rows; a text of a hundred thousand lines that all differ has no more


@dataclass(frozen=True, slots=True)
class Side:
    """One row: a paragraph before and after, or how many equal ones are *folded* here.

    The last row may say how many more there are that were *left out*.
    """

    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()
    folded: int = 0
    is_moved: bool = False
    left_out: int = 0


def sides(before: str, after: str) -> Iterator[Side]:
    """Yield the rows of two texts, in the order of the later one."""
    rows = _rows(before, after)
    yield from islice(rows, _MOST)
    rest = sum(1 for _ in rows)
    if rest:
        yield Side(left_out=rest)


def _rows(before: str, after: str) -> Iterator[Side]:
    for is_same, group in groupby(compare_texts(before, after), key=lambda p: p.kind == SAME):
        paragraphs = list(group)
        if is_same:
            yield Side(folded=len(paragraphs))
            continue
        for one in paragraphs:
            yield Side(_short(one.before), _short(one.after), is_moved=one.kind == MOVED)


def _short(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    return tuple(shorten(pieces, around=_AROUND, longest=_LONGEST))
