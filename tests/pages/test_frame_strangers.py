"""The site's frame with something in it that its layout has not: right, or withheld with a word."""

import pytest

from embassy_scraper.items import Capture, RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.replica.frame import frame
from embassy_scraper.sites import load_profile
from pipelines.normalise import normalise
from tests.frames.real import page_text
from tests.frames.texts import homepage, listing, statement

_STATEMENT, _LISTING, _HOME = statement(), listing(), homepage()
_SIGNED = f'<p align="justify">{_STATEMENT.signature}</p>'
_COUNTER = "14 days have passed since the first event - no answer"
_PART = f'<table><tr><td class="content">{_COUNTER}</td></tr></table>'


def _read(html: str, url: str | None) -> Capture:
    profile = load_profile()
    raw = RawCapture(
        html.encode(),
        "text/html",
        "test",
        url=url,
        captured_at="2020-11-24T12:22:00Z",
        charset="utf-8",
    )
    return normalise(raw, read_page(raw, profile), profile)


def _withheld(capture: Capture) -> list[str]:
    return [problem.text for problem in capture.problems if problem.what == "unknown layout"]


@pytest.mark.parametrize(
    "strange",
    [
        "<p>Share: Facebook Twitter</p>",
        "<span>Views: 1234</span>",
        "Views: 1234",
        "<ul><li><a href='/fnapr/1'>Another statement</a></li></ul>",
        "<p>Pages: 1 2 3</p>",
        f"<p>{_COUNTER}</p>",
        "</td></tr></table><p>One short sentence outside.</p><table><tr><td>",
    ],
)
def test_what_is_no_text_of_a_statement_is_not_taken_for_it(strange: str) -> None:
    html = frame(page_text(_STATEMENT))
    assert _SIGNED in html
    capture = _read(html.replace(_SIGNED, _SIGNED + strange), _STATEMENT.url)
    assert _withheld(capture)
    assert not [s for s in capture.sightings if s.list == "page"]


@pytest.mark.parametrize("strange", ["<p>Update: 8 August 2018</p>", "<p>He added a word.</p>"])
def test_a_text_may_go_on_behind_its_signature(strange: str) -> None:
    html = frame(page_text(_STATEMENT)).replace(_SIGNED, _SIGNED + strange)
    capture = _read(html, _STATEMENT.url)
    (sighting,) = [s for s in capture.sightings if s.list == "page"]
    assert sighting.wording.body is not None
    assert strange.removeprefix("<p>").removesuffix("</p>") in sighting.wording.body


def test_words_beside_a_title_are_no_lead() -> None:
    html = frame(page_text(_HOME)).replace("</a></h3>", "</a> <b>NEW!</b></h3>")
    capture = _read(html, _HOME.url)
    assert "NEW!" in _withheld(capture)[0]
    assert {s.wording.lead for s in capture.sightings if s.list == "home"} == {None}


def test_a_listing_has_no_more_entries_than_its_address_says() -> None:
    url = _LISTING.url.replace("ps=10", "ps=5")
    assert url != _LISTING.url
    capture = _read(frame(page_text(_LISTING)), url)
    assert any("more entries" in text for text in _withheld(capture))
    assert not [window for window in capture.windows if window.list != "latest"]


def test_a_homepage_without_address_and_heading_is_no_latest_block() -> None:
    html = frame(page_text(_HOME)).replace("<h1>EMBASSY INFORMS</h1>", "")
    capture = _read(html, None)
    assert _withheld(capture)
    assert not [window for window in capture.windows if window.covers_after]


@pytest.mark.parametrize("url", [_HOME.url, _STATEMENT.url])
def test_counters_in_a_part_of_their_own_are_read(url: str) -> None:
    model = _HOME if url == _HOME.url else _STATEMENT
    html = frame(page_text(model)).replace("days have passed since", "days after")
    capture = _read(html.replace("</body>", f"{_PART}</body>"), url)
    assert [reading.event for reading in capture.readings] == ["the first event"]


def test_counters_amid_a_part_are_unknown_not_vanished() -> None:
    html = frame(page_text(_HOME)).replace("days have passed since", "days after")
    capture = _read(html.replace("</h3>", f"</h3><p>{_COUNTER}</p>", 1), _HOME.url)
    assert not capture.readings
    assert capture.header is not None and capture.header.shape is None
