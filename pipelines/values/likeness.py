"""How alike two texts are: normalised Indel similarity over words.

A lead is compared with the start of a body; a text that was cut off is compared as far as it
goes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from rapidfuzz.distance import Indel

from embassy_scraper.limits import MAX_LEAD
from pipelines.values.keys import OPENING_WORDS

ALIKE = 0.8


def similarity(one: str, other: str, most: int | None = None) -> float:
    """Return the likeness of two folded texts, 0 to 1; of *most* words of each, the first.

    >>> similarity("a b c d", "a b c e")
    0.75
    >>> similarity("a b c d", "a b c e", 3)
    1.0
    """
    return Indel.normalized_similarity(one.split(" ")[:most], other.split(" ")[:most])


@dataclass(slots=True)
class Text:
    """The text of a wording; a body is loaded when first compared.

    ``words`` are those of the lead or of the body; a lead that only repeats the title says
    nothing about the body, which ``is_title`` tells.
    """

    body: Callable[[], str | None]
    is_body: bool
    lead: str | None
    title: str | None
    is_open: bool
    _words: list[str] | None = field(default=None)

    def words(self) -> list[str]:
        """Return the words, none where there is no text."""
        if self._words is None:
            text = self.body() if self.is_body else self.lead
            self._words = text.split() if text else []
            if self.is_open and not self.is_body:
                self._words = self._words[:-1]  # the last word may be cut
        return self._words

    def is_title(self) -> bool:
        """Say whether the text only repeats the title."""
        return not self.is_body and self.lead is not None and self.lead == self.title

    def digest(self) -> str:
        """Return what tells this text from others, for an order that does not change."""
        words = " ".join(self.words()) + ("…" if self.is_open else "")
        return sha256(words.encode()).hexdigest()


def agree(one: Text, other: Text) -> float | None:
    """Return the likeness of two wordings' texts; ``None`` where nothing can be compared.

    Two leads, or the openings of two bodies, are compared whole; a lead with as much of the
    body as it is long. Of leads longer than any the beginnings are.
    """
    a, b = one.words()[:MAX_LEAD], other.words()[:MAX_LEAD]
    if not a or not b:
        return None
    if one.is_body and other.is_body:
        return Indel.normalized_similarity(a[:OPENING_WORDS], b[:OPENING_WORDS])
    if one.is_body != other.is_body:
        lead, body = (other, a) if one.is_body else (one, b)
        words = b if one.is_body else a
        likeness = Indel.normalized_similarity(words, body[: len(words)])
        return None if lead.is_title() and likeness < ALIKE else likeness
    if one.is_open or other.is_open:
        length = min(len(a) if one.is_open else len(b), len(b) if other.is_open else len(a))
        return Indel.normalized_similarity(a[:length], b[:length])
    return Indel.normalized_similarity(a, b)
