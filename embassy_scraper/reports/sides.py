"""Two versions of a statement side by side: what differs is shown, what is equal is folded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from embassy_scraper.reports.marks import (
    MOVED,
    SAME,
    Paragraph,
    Piece,
    compare_texts,
    mark_words,
    shorten,
)

_MOST = 40_000  # characters of differing passages on a page
_MOST_FOLDED = 20_000  # characters of equal ones
_AROUND = 60  # words around what changed in a passage that is longer than that
_MOST_FIELD = 4_000  # characters of a title or lead
_NO_END = 1 << 60
Version = Mapping[str, Any]  # a row: its title, lead, body and published_on


@dataclass(frozen=True, slots=True)
class Part:
    """A passage that differs, or several equal paragraphs in a row.

    ``count`` is the number of equal paragraphs, of which ``texts`` are as many as are shown; of a
    differing passage it is 0. ``moved``: which side's paragraph stands elsewhere on the other.
    """

    count: int = 0
    texts: tuple[str, ...] = ()
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions: the marked title and lead where they differ, the dates, and the text's parts.

    ``left_out`` is how many parts are not shown; they are on the page with the whole text.
    """

    before: Version
    after: Version
    fields: tuple[tuple[str, tuple[Piece, ...]], ...]
    is_redated: bool
    parts: tuple[Part, ...]
    left_out: int

    @property
    def differs(self) -> bool:
        """Say whether anything differs."""
        return bool(self.fields) or self.is_redated or any(not part.count for part in self.parts)


def compare_bodies(before: str | None, after: str | None, *, whole: bool = False) -> Compared:
    """Return two texts beside each other, as ``compare`` does; nothing else of them is known."""
    one, other = (
        {"title": None, "lead": None, "published_on": None, "body": text}
        for text in (before, after)
    )
    return compare(one, other, whole=whole)


def compare(before: Version, after: Version, *, whole: bool = False) -> Compared:
    """Return two versions beside each other; not cut where the *whole* is wanted."""
    longest = _NO_END if whole else _MOST_FIELD
    fields = tuple(
        (name, shorter(mark_words(before[name] or "", after[name] or ""), longest))
        for name in ("title", "lead")
        if (before[name] or "") != (after[name] or "")
    )
    parts = list(_parts(compare_texts(before["body"] or "", after["body"] or "")))
    shown = parts if whole else list(_cut(parts))
    is_redated = before["published_on"] != after["published_on"]
    return Compared(before, after, fields, is_redated, tuple(shown), len(parts) - len(shown))


def _parts(paragraphs: Iterable[Paragraph]) -> Iterable[Part]:
    for is_same, group in groupby(paragraphs, key=lambda one: one.kind == SAME):
        if is_same:
            texts = tuple(one.after[0].text for one in group)
            yield Part(len(texts), texts)
            continue
        for one in group:
            side = "before" if one.before else "after"
            yield Part(before=one.before, after=one.after, moved=side if one.kind == MOVED else "")


def _cut(parts: Sequence[Part]) -> Iterable[Part]:
    """Yield what is shown at first: so much of differing passages, and so much of equal ones."""
    differing, folded = _MOST, _MOST_FOLDED
    for part in parts:
        if part.count:
            texts = tuple(beginning(part.texts, folded))
            folded -= sum(map(len, texts))
            yield Part(part.count, texts)
        elif differing > 0:
            before, after = _fitting(part.before, differing), _fitting(part.after, differing)
            differing -= sum(len(piece.text) for piece in (*before, *after))
            yield Part(before=before, after=after, moved=part.moved)


def _fitting(pieces: Sequence[Piece], most: int) -> tuple[Piece, ...]:
    """Return *pieces* whole or, where they are too long, what changed and the words around it."""
    is_long = sum(len(piece.text) for piece in pieces) > most
    return shorter(shorten(pieces, around=_AROUND, longest=most), most) if is_long else (*pieces,)


def beginning(texts: Iterable[str], most: int | None) -> Iterable[str]:
    """Yield texts until so many characters are used up; the last is cut."""
    left = _NO_END if most is None else most
    for text in texts:
        if left <= 0:
            return
        yield text if len(text) <= left else f"{text[:left]}…"
        left -= len(text)


def shorter(pieces: Iterable[Piece], most: int) -> tuple[Piece, ...]:
    """Return *pieces* up to so many characters; the last is cut."""
    found = list(pieces)
    texts = beginning((piece.text for piece in found), most)
    return tuple(Piece(piece.kind, text) for piece, text in zip(found, texts, strict=False))
