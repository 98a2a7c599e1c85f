"""A page is read the same whoever tells its instant: a manifest, or the clock on the page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from embassy_scraper.intake.offered_page import read_offered_page
from embassy_scraper.items import RawCapture
from embassy_scraper.sites import load_profile
from tests.markups import renderings
from tests.pages.test_layout import LAYOUT, URL
from tests.pages.test_markups import MODELS, STATEMENT

PAGE, KIND = renderings(STATEMENT)["legacy"]
AT = "2020-11-24T12:22:00Z"


@pytest.mark.parametrize(("begun", "ended"), [("", "2020-01-01"), ("2021-01-01", "")])
def test_a_layout_with_days_asks_for_the_clock(begun: str, ended: str) -> None:
    own = replace(LAYOUT, marks=("body",), from_=begun, until=ended)
    profile = replace(load_profile(), own_layout=(own,))
    raw = RawCapture(PAGE, KIND, "html", URL)
    by_clock = read_offered_page(raw, profile)
    given = read_offered_page(replace(raw, captured_at=AT), profile)
    assert by_clock == given
    assert given.layout is None and given.statement is not None


@pytest.mark.parametrize("path", ["statement of 5 March", "", "newarh/", "2021/home"])
def test_a_statement_that_its_address_hides_is_a_problem(path: str) -> None:
    profile = load_profile()
    url = f"{profile.site.base_url}{path}"
    page = read_offered_page(RawCapture(PAGE, KIND, "html", url, AT), profile)
    (told,) = [one.text for one in page.problems if one.what == "address disagrees"]
    assert told.endswith(", the page shows a statement")
    right = read_offered_page(RawCapture(PAGE, KIND, "html", STATEMENT.url, AT), profile)
    assert right.statement is not None
    assert all(one.what != "address disagrees" for one in right.problems)


def test_pages_at_their_own_address_hide_none() -> None:
    for model in MODELS.values():
        for form, (page, kind) in renderings(model).items():
            raw = RawCapture(page, kind, "html", model.url, AT)
            found = read_offered_page(raw, load_profile())
            assert all(one.what != "address disagrees" for one in found.problems), form
