"""A page that a web archive shows is read as the page alone; its bars are no text of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from embassy_scraper.items import Capture, RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.sites import load_profile
from pipelines.normalise import normalise
from tests.archive_markups import DRESSES
from tests.examples import thinned
from tests.frames.bench import Choice
from tests.frames.judge import RIGHT, WRONG, judge
from tests.frames.pour import OWN, all_pages, frames
from tests.frames.real import ODD, Odd
from tests.markups import renderings
from tests.pages.test_markups import AT, MODELS

MARKUPS = [name for name, (_, kind) in renderings(MODELS["statement"]).items() if "html" in kind]


def read(page: str, url: str | None) -> Capture:
    raw = RawCapture(page.encode(), "text/html", "test", url=url, captured_at=AT, charset="utf-8")
    return normalise(raw, read_page(raw, load_profile()), load_profile())


def facts(capture: Capture) -> dict[str, Any]:
    return {
        "kind": capture.page_kind,
        "key": capture.key,
        "url": capture.url,
        "header": capture.header,
        "readings": capture.readings,
        "sightings": capture.sightings,
        "windows": capture.windows,
        "problems": capture.problems,
    }


@pytest.mark.parametrize("dress", [name for name, one in DRESSES.items() if not one.around])
@pytest.mark.parametrize("markup", MARKUPS)
def test_a_page_that_an_archive_shows_is_read_as_the_page_alone(dress: str, markup: str) -> None:
    for name, model in MODELS.items():
        page, kind = renderings(model).get(markup, (b"", ""))
        if not page or model.url is None:
            continue
        shown = DRESSES[dress].put_on(page.decode(), model.url)
        told = facts(read(shown, DRESSES[dress].address(model.url)))
        assert told == facts(read(page.decode(), model.url)), (name, shown)


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
def test_the_real_frame_in_an_archive_is_read_or_refused(odd: Odd, dress: str) -> None:
    bare, url = judge(odd.model, odd.html), odd.model.url
    told = judge(odd.model, DRESSES[dress].put_on(odd.html, url))
    assert told.verdict != WRONG, told.missed
    if not DRESSES[dress].around:
        assert told.verdict == bare.verdict


@pytest.mark.parametrize("path", frames(OWN), ids=lambda path: path.stem)
def test_pages_of_unknown_markup_in_an_archive_are_read_or_refused(path: Path) -> None:
    choice = Choice(share=thinned(12))
    for number, page in enumerate(all_pages(path, choice.takes)):
        name = list(DRESSES)[number % len(DRESSES)]
        told = judge(page.model, DRESSES[name].put_on(page.html, page.model.url))
        bare = judge(page.model, page.html)
        assert told.verdict != WRONG or bare.verdict == WRONG, (page.label, name, told.missed)
        if bare.verdict == RIGHT and not DRESSES[name].around:
            assert told.verdict == RIGHT, (page.label, name, told.missed)
