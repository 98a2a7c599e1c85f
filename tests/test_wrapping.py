"""Texts wrapped at some width when they were saved read as they did before."""

import textwrap
from collections.abc import Callable
from functools import partial

import pytest

from embassy_scraper.pages.grammar import grammar_of
from embassy_scraper.pages.wrapping import unwrap
from embassy_scraper.sites import load_profile

_COUNTERS = (
    "996 days have passed since the first event - no credible answer from anybody at all",
    "988 days have passed since the second event - no credible answer from anybody at all",
)
_TEXT = "\n".join(
    (
        "24 November 2020",
        "Moscow: 15:22",
        "London: 12:22",
        "",
        ("\u00a0" * 341).join(_COUNTERS),
        "",
        "Embassy comment on the short- and medium-range ferries of the well-known harbour company",
        "",
        "Several newspapers keep asking who paid for the lamp oil that was shipped to the outer "
        "islands in the last days of March, and what the well-informed expected in return for it.",
        "",
        "26.10.2020 - Statement on additional steps to de-escalate the quarrel of the pilots",
        "",
        "Fifteen boats took part in the trans-island race; the crews counted 122 people, among "
        "them eight doctors, two tug-boat captains and a piano tuner.",
        "",
        "all messages",
    )
)


def _textwrap(text: str, width: int, *, on_hyphens: bool, long_words: bool) -> str:
    wrapped = (
        textwrap.wrap(line, width, break_on_hyphens=on_hyphens, break_long_words=long_words)
        for line in text.split("\n")
    )
    return "\n".join("\n".join(lines) for lines in wrapped)


WRAPPERS: dict[str, Callable[[str, int], str]] = {
    "no-break spaces stay together": partial(_textwrap, on_hyphens=False, long_words=False),
    "no-break spaces are parted": partial(_textwrap, on_hyphens=False, long_words=True),
    "words are parted at hyphens": partial(_textwrap, on_hyphens=True, long_words=True),
}


@pytest.mark.parametrize("name", WRAPPERS)
@pytest.mark.parametrize("width", [30, 40, 60, 72, 80, 100])
def test_lines_parted_at_a_width_are_put_together(name: str, width: int) -> None:
    wrapped = WRAPPERS[name](_TEXT, width)
    assert wrapped.count("\n") > _TEXT.count("\n")
    joined = unwrap(wrapped, grammar_of(load_profile()))
    assert [line.split() for line in joined.split("\n")] == [
        line.split() for line in _TEXT.split("\n")
    ]
