"""What makes an edit, and between which two instants it happened: a table of cases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from embassy_scraper.limits import MAX_WORDS_COMPARED
from pipelines.history.edits import passages, significance
from tests.history.told import NOTICE, PAGE, Look, changes, history

NEWS = replace(NOTICE, title="A news")
AT_NINE = replace(NOTICE, lead="It opens at nine.")
NO_LEAD = replace(NOTICE, lead=None)
LATER = replace(NOTICE, date="2021-03-06")
PAGE_AT_NINE = replace(PAGE, body_text="It opens at nine.")
RESET = replace(PAGE, body_text="It opens\n\nat ten.")
OPEN = replace(NOTICE, lead="It opens", is_open=True)


def seen(moment: str, wording=NOTICE, place: str = "newarh", **more: object) -> Look:
    return Look(moment, place, wording, **more)  # type: ignore[arg-type]


CASES = {
    "nothing changed": ([seen("0306T09"), seen("0307T09")], []),
    "title": (
        [seen("0306T09"), seen("0307T09"), seen("0308T09", NEWS)],
        ["statement_edited title: A notice → A news [03-07T09 03-08T09]"],
    ),
    "lead": (
        [seen("0306T09"), seen("0307T09", AT_NINE)],
        ["statement_edited lead: It opens at ten. → It opens at nine. [03-06T09 03-07T09]"],
    ),
    "date": (
        [seen("0306T09"), seen("0307T09", LATER)],
        ["statement_edited published_on: 2021-03-05 → 2021-03-06 [03-06T09 03-07T09]"],
    ),
    "and back again": (
        [seen("0306T09"), seen("0307T09", NEWS), seen("0308T09")],
        ["statement_edited title: A notice → A news [03-06T09 03-07T09]",
         "statement_edited title: A news → A notice [03-07T09 03-08T09]"],
    ),
    "what is not shown is no difference": (
        [seen("0306T09"), seen("0307T09", NO_LEAD), seen("0308T09")], [],
    ),
    "what was not shown between says nothing of when": (
        [seen("0306T09"), seen("0307T09", NO_LEAD), seen("0308T09", AT_NINE)],
        ["statement_edited lead: It opens at ten. → It opens at nine. [03-06T09 03-08T09]"],
    ),
    "two places that differ are no edit": (
        [seen("0306T09"), seen("0306T10", NEWS, "home"), seen("0307T09"),
         seen("0307T10", NEWS, "home")],
        [],
    ),
    "seen in two lists it is one edit, in the tightest interval": (
        [seen("0306T09"), seen("0306T10", place="home"), seen("0307T09", NEWS, "home"),
         seen("0307T10", NEWS)],
        ["statement_edited title: A notice → A news [03-06T10 03-07T09]"],
    ),
    "two acts where one list has the new title while another still has the old": (
        [seen("0306T09"), seen("0306T10", NEWS), seen("0306T10", place="home"),
         seen("0307T09", place="home"), seen("0308T09", NEWS, "home")],
        ["statement_edited title: A notice → A news [03-06T09 03-06T10]",
         "statement_edited title: A notice → A news [03-07T09 03-08T09]"],
    ),
    "two pages of one list, one of them old": (
        [seen("0306T09"), seen("0306T10"), seen("0306T11", NEWS, start=11), seen("0306T12"),
         seen("0306T13")],
        ["statement_edited title: A notice → A news [03-06T10 03-06T11]",
         "statement_edited title: A news → A notice [03-06T11 03-06T12]"],
    ),
    "captures of one instant are one step": (
        [seen("0306T09"), seen("0307T09"), seen("0307T09", NEWS, name="b"), seen("0308T09")], [],
    ),
    "body": (
        [seen("0306T09", PAGE, "page"), seen("0307T09", PAGE_AT_NINE, "page")],
        ["statement_edited body: It opens at ten. → It opens at nine. [03-06T09 03-07T09]"],
    ),
    "white space is no edit": (
        [seen("0306T09", PAGE, "page"), seen("0307T09", RESET, "page")], [],
    ),
    "a text that was cut off is none": (
        [seen("0306T09", OPEN), seen("0307T09"), seen("0308T09", OPEN)], [],
    ),
    "a box shortens the title": (
        [seen("0306T09"), seen("0306T09", replace(NEWS, lead=None), "box"), seen("0307T09")], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_edits(case: str) -> None:
    looks, told = CASES[case]
    assert [line for line in changes(history(looks)) if "edited" in line] == told


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("The “notice”", "the 'notice'", "cosmetic"),
        ("one - two", "one – two", "cosmetic"),
        ("Well…", "Well...", "cosmetic"),
        ("1.5 tons", "15 tons", "substantive"),
        ("1,500", "1.500", "substantive"),
        ("ten", "nine", "substantive"),
        ("co-operation", "cooperation", "cosmetic"),
    ],
)
def test_significance(before: str, after: str, what: str) -> None:
    assert significance(before, after) == what


def test_passages_are_what_changed_with_a_few_words_around() -> None:
    words = [f"w{n}" for n in range(40)]
    other = [*words[:20], "new", *words[21:]]
    assert passages(" ".join(words), " ".join(other)) == (
        "… w16 w17 w18 w19 w20 w21 w22 w23 w24 …",
        "… w16 w17 w18 w19 new w21 w22 w23 w24 …",
    )


def test_texts_that_take_gigabytes_to_compare_word_by_word_have_one_passage() -> None:
    number = 2 * MAX_WORDS_COMPARED
    same = [f"w{n}" for n in range(9)]
    before = [*same, "old", *("a b c".split() * number), *same]
    after = [*same, "new", *("c a a".split() * number), *same]
    told = passages(" ".join(before), " ".join(after))
    assert told == tuple(f"… {' '.join(text[5:-5])} …" for text in (before, after))


def test_versions_are_the_distinct_texts_and_one_that_returns_is_no_new_one() -> None:
    looks = [seen("0306T09"), seen("0307T09", NEWS), seen("0308T09")]
    versions = history(looks).versions
    assert [(v.number, v.title, v.first_seen[5:13], v.last_seen[5:13]) for v in versions] == [
        (1, "A notice", "03-06T09", "03-08T09"),
        (2, "A news", "03-07T09", "03-07T09"),
    ]
