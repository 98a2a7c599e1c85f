"""Marks that must never make an edit (law 4): white space, wrapping, invisible characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from random import Random

from .pages import CUT, Doc, Item

NBSP = "\u00a0"
INVISIBLE = ("\u200b", "\ufeff", "\u00ad")


def with_noise(doc: Doc) -> Doc:
    """The same page with its texts written in other spaces and other normal forms."""
    if not doc.capture.dress.noise:
        return doc
    rng = Random(int(doc.capture.at.timestamp()))

    def items(given: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(
            replace(i, title=_line(rng, i.title), lead=_wrapped(rng, i.lead)) for i in given
        )

    return replace(
        doc,
        title=_line(rng, doc.title) if doc.title else None,
        paragraphs=tuple(_wrapped(rng, p) for p in doc.paragraphs),
        items=items(doc.items),
        block=items(doc.block) if doc.block is not None else None,
    )


def _line(rng: Random, text: str) -> str:
    tricks: tuple[Callable[[str], str], ...] = (
        lambda t: t,
        lambda t: t.replace(" ", NBSP, 1),
        lambda t: t.replace(" ", "  ", 2),
        lambda t: unicodedata.normalize("NFD", t),
        lambda t: t[:3] + rng.choice(INVISIBLE) + t[3:],
        lambda t: t + " ",
    )
    return rng.choice(tricks)(text)


def _wrapped(rng: Random, text: str) -> str:
    """Inside a paragraph lines may also be wrapped hard."""
    parts = text.split(" ")
    if CUT in text or len(parts) < 9 or " - " in text or rng.random() < 0.5:
        return _line(rng, text)
    middle = len(parts) // 2
    return " ".join(parts[:middle]) + "\n" + " ".join(parts[middle:])
