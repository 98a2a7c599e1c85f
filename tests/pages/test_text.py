"""Text captures, rule by rule: wrapped lines, the items of lists, nothing but the page."""

from __future__ import annotations

import pytest

from embassy_scraper.pages.cleanness import is_clean
from embassy_scraper.pages.entries import find_items, sort_date
from embassy_scraper.pages.grammar import grammar_of
from embassy_scraper.pages.header import read_header
from embassy_scraper.pages.lines import Line, text_lines, title_and_rest
from embassy_scraper.pages.wrapping import unwrap
from embassy_scraper.sites import load_profile
from embassy_scraper.sites.addresses import read_address

SITE = load_profile().site.base_url
GRAMMAR = grammar_of(load_profile())
PROSE = (
    "The harbour master has answered the question of the otters, and his answer is that nobody"
    " asked the otters, who were asleep below the customs house for most of the winter and have"
    " since been seen on the northern mole, where the lanterns are lit at four in the afternoon."
)


def wrapped(text: str, width: int) -> str:
    """*text* as a program wraps it: a word that does not fit begins the next line."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + bool(lines[-1]) > width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return "\n".join(lines)


@pytest.mark.parametrize("width", [40, 60, 72, 80])
def test_wrapped_text_is_one_line_again(width: int) -> None:
    text = wrapped(PROSE, width)
    assert text.count("\n") >= 3
    assert unwrap(text, GRAMMAR) == PROSE


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "A short line.\nAnother one.\nAnd a third, of another length.",
        "\n".join([PROSE, "A short line.", PROSE, "Another one.", PROSE]),
        wrapped(PROSE, 150),
        wrapped(PROSE, 60) + "\n" + "\n".join(["Forty letters stand on this very short line"] * 9),
    ],
    ids=["one line", "short lines", "paragraphs", "little was wrapped", "much was not wrapped"],
)
def test_text_that_was_not_wrapped_is_left_alone(text: str) -> None:
    assert unwrap(text, GRAMMAR) == text


@pytest.mark.parametrize(
    "part",
    ["EMBASSY INFORMS", "20.11.2020", "20.11.2020 - A talk", "LATEST EVENTS", "all messages"],
)
def test_a_part_of_the_page_is_not_joined_to_what_was_wrapped(part: str) -> None:
    """Even where the line above is full, so that nothing else shows that a part begins."""
    head = wrapped(PROSE, 60)
    full = "x" * 59
    lines = unwrap(f"{head}\n{full}\n{part}\n{head}", GRAMMAR).split("\n")
    assert lines == [f"{PROSE} {full}", part, PROSE]


CLOCK = "24 November 2020\nMoscow: 15:22\nLondon: 12:22\nConsular queries:\n+44 (0) 203 668 7474\n"
STATEMENT = "PRESS RELEASES AND NEWS\n20.11.2020\nOn otters\nThey sleep.\n"
BLOCK = "LATEST EVENTS\n20.11.2020 - On otters\nThey sleep.\nall messages\n"
LIST = (
    "PRESS RELEASES AND NEWS\nPages: ««« :: 12 :: »»»\n20.11.2020 - A\nOne.\n19.11.2020 - B\nTwo.\n"
)
HOME = "EMBASSY INFORMS\n20.11.2020 - A\nOne.\n19.11.2020 - B\nTwo.\nall messages\n"
BOX = "ARTICLE\n20.11.2020\nA\n"


@pytest.mark.parametrize(
    ("path", "text", "clean"),
    [
        ("fnapr/1", CLOCK + STATEMENT + BLOCK, True),
        ("fnapr/1", "The otters\n" + CLOCK + STATEMENT + BLOCK, False),
        ("fnapr/1", CLOCK + "Main menu\n" + STATEMENT + BLOCK, False),
        ("fnapr/1", CLOCK + "Skip to the text\n" + STATEMENT + BLOCK, False),
        ("fnapr/1", CLOCK + STATEMENT + BLOCK + "Share this page\n", False),
        ("fnapr/1", CLOCK + STATEMENT, True),
        ("apress_arh", CLOCK + LIST, True),
        ("apress_arh", CLOCK + "Press\n" + LIST, False),
        ("apress_arh", CLOCK + LIST.partition("\n")[2], True),
        ("apress_arh", CLOCK + "Press\n" + LIST.partition("\n")[2], False),
        ("", CLOCK + HOME, True),
        ("", CLOCK + BOX + HOME, True),
        ("", CLOCK + "Welcome\n" + HOME, False),
        ("", CLOCK + HOME + "TWITTER NEWS\nOther people's words\n", True),
        ("", CLOCK + HOME + "Other people's words\n", False),
    ],
)
def test_a_text_with_nothing_but_the_page_is_clean(path: str, text: str, clean: bool) -> None:
    lines = text_lines(text)
    _, rest = read_header(lines, GRAMMAR, is_whole=True)
    assert is_clean(lines, rest, read_address(SITE + path, load_profile()), GRAMMAR) is clean


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("20.11.2020 - A talk", [("20.11.2020", "A talk", 1)]),
        ("20.11.2020\nA talk", [("20.11.2020", "A talk", 2)]),
        ("20.11.2020\n-\nA talk", [("20.11.2020", "A talk", 3)]),
        ("20.11.2020\n- A talk", [("20.11.2020", "A talk", 2)]),
        ("20.11.2020", []),
        ("20.11.2020\nall messages", []),
        ("20.11.2020\n19.11.2020 - A talk", [("19.11.2020", "A talk", 2)]),
        ("1265-18-06-2019", []),
    ],
)
def test_where_an_item_begins(text: str, items: list[tuple[str, str, int]]) -> None:
    found = find_items(text_lines(text), GRAMMAR)
    assert [(item.date_text, item.title, item.end) for item in found] == items


def test_dates_sort_as_days_do() -> None:
    days = ["10.02.2020", "2.2.2020", "31.12.2019", "01.02.2020"]
    in_order = ["31.12.2019", "01.02.2020", "2.2.2020", "10.02.2020"]
    assert sorted(days, key=sort_date) == in_order


@pytest.mark.parametrize(
    ("link", "is_linked", "parts"),
    [
        ("A talk", False, ("A talk", "We met.")),
        ("20.11.2020 - A talk", False, ("A talk", "We met.")),
        ("A talk We met.", True, ("A talk We met.", "")),
        (None, False, ("A talk We met.", "")),
        ("Read more", False, ("A talk We met.", "")),
    ],
)
def test_a_link_parts_title_and_lead(
    link: str | None, is_linked: bool, parts: tuple[str, str]
) -> None:
    for day in ("20.11.2020", "20 November 2020", "2020-11-20"):
        told = link.replace("20.11.2020", day) if link else None
        line = Line(f"{day} - A talk We met.", link_text=told, is_linked=is_linked)
        assert title_and_rest(line, "A talk We met.") == parts
