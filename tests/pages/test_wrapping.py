"""Texts wrapped at some width when they were saved read as they did before."""

import textwrap
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from embassy_scraper.items import Page, RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.pages.grammar import grammar_of
from embassy_scraper.pages.wrapping import is_too_narrow, unwrap
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


@pytest.mark.parametrize("name", WRAPPERS)
@pytest.mark.parametrize("width", [8, 12, 16, 20, 24])
def test_text_wrapped_too_narrowly_is_refused_by_name(name: str, width: int) -> None:
    raw = RawCapture(WRAPPERS[name](_TEXT, width).encode(), "text/plain", "test", charset="utf-8")
    page = read_page(raw, load_profile())
    assert page.kind == "unreadable" and page.header is None and not page.lists
    assert [(p.what, p.where) for p in page.problems] == [("unknown layout", "page")]


def test_a_header_alone_is_not_too_narrow() -> None:
    assert not is_too_narrow(_TEXT[: _TEXT.index("996")])


def test_a_day_and_a_year_are_no_phone_of_their_own() -> None:
    text = _TEXT.replace("26.10.2020 - Statement", "26.10.2020 - An interview of October 20, 2020")
    for width in range(30, 100):
        wrapped = WRAPPERS["no-break spaces stay together"](text, width)
        joined = unwrap(wrapped, grammar_of(load_profile()))
        assert "October 20, 2020" in joined or joined == wrapped, width


@pytest.mark.parametrize("name", WRAPPERS)
@pytest.mark.parametrize("width", [*range(10, 80, 7), 100, 150])
def test_a_wrapped_capture_reads_as_before_or_is_refused(name: str, width: int) -> None:
    whole = _read(_CAPTURE)
    page = _read(WRAPPERS[name](_CAPTURE, width))
    if page.problems:
        assert {p.what for p in page.problems} == {"unknown layout"} and not page.lists
        return
    assert page.statement == whole.statement and page.lists == whole.lists
    assert page.header and whole.header and page.header.phone == whole.header.phone
    assert page.header.counters == whole.header.counters or not page.header.counters_known


_CAPTURE = (Path(__file__).parents[1] / "captures" / "2-statement.txt").read_text("utf-8")


def _read(text: str) -> Page:
    url = "https://www.rusemb.org.uk/fnapr/6971"
    raw = RawCapture(text.encode(), "text/plain", "test", url=url, charset="utf-8")
    return read_page(raw, load_profile())
