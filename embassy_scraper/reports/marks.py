"""Marks: what is added and what is removed between two texts, word by word.

Pure: texts go in, pieces come out. Joined again they are the texts; where only white space differs
it is that of the later one. Paragraphs are compared first, then the words of those that differ.
What is too long to be compared in a moment is shown as a whole, one text after the other.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rapidfuzz.distance import Indel

SAME, REMOVED, ADDED, MOVED, CHANGED = "same", "removed", "added", "moved", "changed"
_WORD = re.compile(r"\S+\s*|\s+")
_MOST_WORDS = 20_000  # of two paragraphs; longer ones are shown as a whole, one after the other
_MOST_PAIRS = 500  # of paragraphs in one place that may be beside each other
_ALIKE = 0.3  # two paragraphs with fewer words in common are not one that was edited


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is ``same``, ``removed`` or ``added``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph before and after; one side is empty where it was added or removed.

    ``moved``: the same paragraph stands elsewhere in the other text.
    """

    kind: str
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()


def mark_words(before: str, after: str) -> list[Piece]:
    """Return the pieces of two texts; what was removed stands before what was added instead.

    >>> [(p.kind, p.text) for p in mark_words("paid by 1.5 men", "paid by 15 men")]
    [('same', 'paid by '), ('removed', '1.5 '), ('added', '15 '), ('same', 'men')]
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) * len(new) > _MOST_WORDS**2:
        return [Piece(REMOVED, before), Piece(ADDED, after)]
    return list(_joined(_pieces(old, new)))


def shorten(pieces: Iterable[Piece], *, around: int = 12, longest: int = 600) -> list[Piece]:
    """Return *pieces* for a glance: what changed, with a few words *around* it.

    Of a piece that is longer than *longest* characters its beginning is left.

    >>> [p.text for p in shorten(mark_words("a b c d e f g h", "a b c d e f g x"), around=2)]
    ['… f g ', 'h', 'x']
    """
    found = list(pieces)
    return [
        _shortened(piece, around, longest, is_first=i == 0, is_last=i == len(found) - 1)
        for i, piece in enumerate(found)
    ]


def _shortened(piece: Piece, around: int, longest: int, *, is_first: bool, is_last: bool) -> Piece:
    if piece.kind == SAME and not (is_first and is_last):
        words = _WORD.findall(piece.text)
        begin = [] if is_first else words[:around]
        end = [] if is_last else words[len(words) - around :]
        if len(words) > len(begin) + len(end):
            return Piece(SAME, "".join(begin)[:longest] + "… " + "".join(end)[-longest:])
    if len(piece.text) > longest:
        return Piece(piece.kind, f"{piece.text[:longest]}… ")
    return piece


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    keys = [word.rstrip() for word in old], [word.rstrip() for word in new]
    space = ""  # that only the earlier text has behind an equal word
    for step in Indel.opcodes(*keys):
        removed = "".join(old[step.src_start : step.src_end])
        added = "".join(new[step.dest_start : step.dest_end])
        if step.tag == "equal":
            yield Piece(SAME, added)
            space = "" if added[-1:].isspace() else removed[len(removed.rstrip()) :]
            continue
        if removed:
            yield Piece(REMOVED, space + removed)
            space = ""
        if added:
            yield Piece(ADDED, added)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Join neighbours of one kind; between two equal stretches what is removed comes first."""
    removed = added = ""
    for piece in pieces:
        if piece.kind == REMOVED:
            removed += piece.text
        elif piece.kind == ADDED:
            added += piece.text
        else:
            yield from _both(removed, added)
            removed = added = ""
            yield piece
    yield from _both(removed, added)


def _both(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(REMOVED, removed)
    if added:
        yield Piece(ADDED, added)


def compare_texts(before: str, after: str) -> list[Paragraph]:
    """Return the paragraphs of two texts beside each other, in the order of the later one."""
    old, new = _paragraphs(before), _paragraphs(after)
    steps = _steps(old, new)
    moved = _moved(old, new, steps)
    found: list[Paragraph] = []
    for tag, source, target in steps:
        if tag == "equal":
            found += [_same(text) for text in old[source]]
        elif tag == "delete":
            found += [_gone(text, moved) for text in old[source]]
        else:
            found += [_come(text, moved) for text in new[target]]
    return list(_paired(found))


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _steps(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, slice, slice]]:
    """Return how *old* becomes *new*: ``equal``, ``delete`` and ``insert``, with what of each."""
    if len(old) * len(new) > _MOST_WORDS**2:
        return [("delete", slice(0, len(old)), slice(0)), ("insert", slice(0), slice(0, len(new)))]
    return [
        (step.tag, slice(step.src_start, step.src_end), slice(step.dest_start, step.dest_end))
        for step in Indel.opcodes(old, new)
    ]


def _moved(
    old: Sequence[str], new: Sequence[str], steps: Iterable[tuple[str, slice, slice]]
) -> frozenset[str]:
    """Return the paragraphs that both texts have, but not at the same place."""
    kept: Counter[str] = Counter()
    for tag, source, _ in steps:
        if tag == "equal":
            kept.update(old[source])
    both = Counter(old) & Counter(new)
    return frozenset(text for text, count in both.items() if count > kept[text])


def _same(text: str) -> Paragraph:
    whole = (Piece(SAME, text),)
    return Paragraph(SAME, whole, whole)


def _gone(text: str, moved: frozenset[str]) -> Paragraph:
    if text in moved:
        return Paragraph(MOVED, before=(Piece(SAME, text),))
    return Paragraph(REMOVED, before=(Piece(REMOVED, text),))


def _come(text: str, moved: frozenset[str]) -> Paragraph:
    if text in moved:
        return Paragraph(MOVED, after=(Piece(SAME, text),))
    return Paragraph(ADDED, after=(Piece(ADDED, text),))


def _paired(found: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Put a removed paragraph beside the added one that stands in its place, if it is like it."""
    removed: list[Paragraph] = []
    added: list[Paragraph] = []
    for one in found:
        if one.kind == REMOVED:
            removed.append(one)
        elif one.kind == ADDED:
            added.append(one)
        else:
            yield from _beside(removed, added)
            removed, added = [], []
            yield one
    yield from _beside(removed, added)


def _beside(removed: Sequence[Paragraph], added: Sequence[Paragraph]) -> Iterator[Paragraph]:
    if max(len(removed), len(added)) > _MOST_PAIRS:
        yield from (*removed, *added)
        return
    for one, other in zip_longest(removed, added):
        if one is None or other is None:
            yield one or other
            continue
        pieces = mark_words(one.before[0].text, other.after[0].text)
        if _share(pieces) < _ALIKE:
            yield one
            yield other
        else:
            before = tuple(piece for piece in pieces if piece.kind != ADDED)
            after = tuple(piece for piece in pieces if piece.kind != REMOVED)
            yield Paragraph(CHANGED, before, after)


def _share(pieces: Sequence[Piece]) -> float:
    """Return how much of two texts is the same, 0 to 1, by their letters."""
    letters = Counter[str]()
    for piece in pieces:
        letters[piece.kind] += len(piece.text) * (2 if piece.kind == SAME else 1)
    return letters[SAME] / max(1, letters.total())
