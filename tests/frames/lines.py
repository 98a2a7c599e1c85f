"""Lines of the frame that say something else in every frame, in the forms they come in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from . import chrome
from .style import Style

Line: TypeAlias = Callable[[Style, int], str]


def one_of(words: Sequence[str], *, same: bool = False) -> Line:
    """Return a line that says one of *words*, another in every frame."""
    shape = chrome.same if same else chrome.own
    return lambda style, number: shape(style, words[number % len(words)])


FORMS: dict[str, Line] = {
    "short, own element": one_of(chrome.SHORT),
    "sentence, own element": one_of(chrome.SENTENCES),
    "short, paragraph": one_of(chrome.SHORT, same=True),
}
