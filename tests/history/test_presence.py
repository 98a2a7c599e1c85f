"""When a statement is there, missing, back; when its page is gone: a table of cases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.history.told import NOTICE, PAGE, Look, changes, history

HEAD = ("2021-03-01", None)  # a head of a list that covers the notice of the fifth
LATER = ("2021-03-05", None)  # one whose oldest date is the notice's own: it can be cut off there
PINNED = {"is_left_out": True}


def seen(moment: str, place: str = "newarh", **more: object) -> Look:
    return Look(moment, place, covers=HEAD, **more)  # type: ignore[arg-type]


def lacks(moment: str, place: str = "newarh", covers=HEAD, **more: object) -> Look:
    return Look(moment, place, None, covers, **more)  # type: ignore[arg-type]


FIRST = "statement_discovered newarh: A notice [? 03-06T09]"
CASES = {
    "first seen, nothing earlier known": ([seen("0306T09")], [FIRST]),
    "a window without it came before": (
        [lacks("0305T09"), lacks("0305T18"), seen("0306T09")],
        ["statement_added newarh: A notice [03-05T18 03-06T09] (backdated 301 days)"],
    ),
    "a window that ends on its own date says nothing": (
        [lacks("0305T18", covers=LATER), seen("0306T09")], [FIRST],
    ),
    "another list's window counts only if it was ever in that list": (
        [lacks("0305T18", "home"), seen("0306T09")], [FIRST],
    ),
    "missing from a later window": (
        [seen("0306T09"), seen("0307T09"), lacks("0308T09")],
        [FIRST, "statement_withdrawn newarh: A notice [03-07T09 03-08T09]"],
    ),
    "missing and back": (
        [seen("0306T09"), lacks("0307T09"), lacks("0308T09"), seen("0309T09")],
        [FIRST, "statement_withdrawn newarh: A notice [03-06T09 03-07T09]",
         "statement_restored newarh: A notice [03-08T09 03-09T09]"],
    ),
    "scrolled out of view": (
        [seen("0306T09"), lacks("0307T09", covers=LATER), lacks("0308T09", covers=LATER)], [FIRST],
    ),
    "two looks at one instant contradict each other": (
        [seen("0306T09"), lacks("0307T09", name="b"), seen("0307T09")], [FIRST],
    ),
    "the second page of the list covers it, while the first one shows it": (
        [seen("0306T09"), lacks("0306T10", start=11, covers=("2021-03-01", "2021-03-09")),
         seen("0306T11"), lacks("0306T12", start=11, covers=("2021-03-01", "2021-03-09"))],
        [FIRST, "statement_withdrawn newarh: A notice [03-06T09 03-06T10]",
         "statement_restored newarh: A notice [03-06T10 03-06T11]",
         "statement_withdrawn newarh: A notice [03-06T11 03-06T12]"],
    ),
    "a long span of the one lies inside a long span of the other": (
        [seen("0306T09"), seen("0306T10"), lacks("0306T11", start=11, covers=("2021-03-01", "9")),
         seen("0306T12"), seen("0306T13")],
        [FIRST, "statement_withdrawn newarh: A notice [03-06T10 03-06T11]",
         "statement_restored newarh: A notice [03-06T11 03-06T12]"],
    ),
    "pinned, so only the head tells": (
        [seen("0306T09", **PINNED), lacks("0307T09", covers=("2021-03-01", "2021-03-09")),
         lacks("0308T09")],
        [FIRST, "statement_withdrawn newarh: A notice [03-06T09 03-08T09]"],
    ),
    "moved to a date that the window does not cover": (
        [seen("0306T09"), lacks("0307T09"),
         seen("0308T09", wording=replace(NOTICE, date="2021-02-01"))],
        [FIRST, "statement_edited published_on: 2021-03-05 → 2021-02-01 [03-06T09 03-08T09]"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_presence(case: str) -> None:
    looks, told = CASES[case]
    assert changes(history(looks)) == told


ANSWERS = {
    "never gone": ([("0306T09", 200), ("0307T09", 200)], (), []),
    "gone, and back": (
        [("0306T09", 200), ("0307T09", 404), ("0308T09", 404), ("0309T09", 200)], (),
        ["page_gone http_status: 200 → 404 [03-06T09 03-07T09]",
         "page_back http_status: 404 → 200 [03-08T09 03-09T09]"],
    ),
    "404 and 410 are both gone": (
        [("0306T09", 200), ("0307T09", 404), ("0308T09", 410)], (),
        ["page_gone http_status: 200 → 404 [03-06T09 03-07T09]"],
    ),
    "what tells nothing is passed over": (
        [("0306T09", 200), ("0307T09", 0), ("0308T09", 410)], (),
        ["page_gone http_status: 200 → 410 [03-06T09 03-08T09]"],
    ),
    "gone with the whole site": (
        [("0306T09", 200), ("0307T09", 404)], [("0307T08", 0), ("0307T10", 404)],
        ["page_gone http_status: 200 → 404 [03-06T09 03-07T09] (with the whole site)"],
    ),
    "the homepage was there before": (
        [("0306T09", 200), ("0307T09", 404)], [("0307T08", 200), ("0307T10", 404)],
        ["page_gone http_status: 200 → 404 [03-06T09 03-07T09]"],
    ),
    "the homepage was there at one of two answers of one instant": (
        [("0306T09", 200), ("0307T09", 404)], [("0307T08", 0), ("0307T10", 200)],
        ["page_gone http_status: 200 → 404 [03-06T09 03-07T09]"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS)
def test_its_own_page(case: str) -> None:
    answered, home, told = ANSWERS[case]
    looks = [Look("0306T09", "page", PAGE)]
    first = "statement_discovered page: A notice [? 03-06T09]"
    assert changes(history(looks, {"fnapr/9": answered}, home)) == [first, *told]


def test_a_page_that_was_gone_before_it_was_seen_was_added() -> None:
    told = history(
        [Look("0306T09", "page", PAGE)], {"fnapr/9": [("0305T09", 404), ("0306T09", 200)]}
    )
    assert changes(told)[0] == "statement_added http_status: A notice [03-05T09 03-06T09]"


def test_a_page_that_answered_though_it_was_withheld_shows_that_it_was_there() -> None:
    looks = [lacks("0304T09"), seen("0306T09"), Look("0307T09", "page", PAGE)]
    told = history(looks, {"fnapr/9": [("0305T09", 200), ("0307T09", 200)]})
    assert changes(told)[0] == FIRST
