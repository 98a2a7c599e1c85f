"""A page that a web archive shows is read as the page alone; its bars are no text of it."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from embassy_scraper.items import Capture, RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.pages.reading import explain_page
from embassy_scraper.sites import load_profile
from pipelines.normalise import normalise
from tests.archive_markups import DRESSES, OWN_PAGES, STAMP
from tests.examples import thinned
from tests.frames.bench import Choice
from tests.frames.judge import RIGHT, WRONG, judge
from tests.frames.pour import OWN, all_pages, frames
from tests.frames.real import ODD, Odd
from tests.markups import renderings
from tests.pages.test_markups import AT, MODELS, SITE

BARRED = [name for name, one in DRESSES.items() if not one.around]
MARKUPS = [name for name, (_, kind) in renderings(MODELS["statement"]).items() if "html" in kind]
READ_WRONGLY = {("a sentence amid a list", "archive.today")}
ADDRESSES = (SITE, f"{SITE}fnapr/9006", f"{SITE}newarh/", f"{SITE}visaparents",
             "https://m.rusemb.org.uk/fnapr/9006", "https://m.rusemb.org.uk/fnapr/on-the-pier",
             None)  # fmt: skip
REAL = Path(__file__).parents[3] / "shared" / "html" / "home_2018-03-18.html"


def read(page: str, url: str | None, kind: str = "text/html") -> Capture:
    raw = RawCapture(page.encode(), kind, "test", url=url, captured_at=AT, charset="utf-8")
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


@pytest.mark.parametrize("dress", BARRED)
@pytest.mark.parametrize("markup", MARKUPS)
def test_a_page_that_an_archive_shows_is_read_as_the_page_alone(dress: str, markup: str) -> None:
    share = thinned(8)  # of each dress some models in one markup, others in the next
    first = (BARRED.index(dress) + MARKUPS.index(markup)) % share
    for name in list(MODELS)[first::share]:
        url, (page, _) = MODELS[name].url, renderings(MODELS[name]).get(markup, (b"", ""))
        if page and url is not None:
            shown = DRESSES[dress].put_on(page.decode(), url)
            told = facts(read(shown, DRESSES[dress].address(url)))
            assert told == facts(read(page.decode(), url)), (name, shown)


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
def test_the_real_frame_in_an_archive_is_read_or_refused(odd: Odd, dress: str) -> None:
    """One limit is known: archive.today drops classes, and a sentence amid leads looks as they do.

    That sentence is read as a lead. It would be on the site's own page without its classes too.
    """
    bare, url = judge(odd.model, odd.html), odd.model.url
    told = judge(odd.model, DRESSES[dress].put_on(odd.html, url))
    assert (told.verdict == WRONG) == ((odd.name, dress) in READ_WRONGLY), told.missed
    if not DRESSES[dress].around:
        assert told.verdict == bare.verdict


@pytest.mark.parametrize("path", frames(OWN), ids=lambda path: path.stem)
def test_pages_of_unknown_markup_in_an_archive_are_read_or_refused(path: Path) -> None:
    choice = Choice(share=thinned(24))
    for number, page in enumerate(all_pages(path, choice.takes)):
        name = list(DRESSES)[number % len(DRESSES)]
        told = judge(page.model, DRESSES[name].put_on(page.html, page.model.url))
        bare = judge(page.model, page.html)
        assert told.verdict != WRONG or bare.verdict == WRONG, (page.label, name, told.missed)
        if bare.verdict == RIGHT and not DRESSES[name].around:
            assert told.verdict == RIGHT, (page.label, name, told.missed)


@pytest.mark.skipif(not REAL.exists(), reason="../shared/html is not here")
@pytest.mark.parametrize("dress", BARRED)
def test_the_real_homepage_in_an_archive_is_read_as_the_homepage(dress: str) -> None:
    page = REAL.read_text("utf-8")
    shown = DRESSES[dress].put_on(page, SITE)
    assert facts(read(shown, DRESSES[dress].address(SITE))) == facts(read(page, SITE))


@pytest.mark.parametrize("dress", DRESSES)
def test_no_word_of_a_bar_is_in_any_text(dress: str) -> None:
    """Also where the page has no body of its own, or the bar stands in its midst."""
    bars = re.compile(
        r"wayback|captures|Some Crawls|archived on|webpage capture|no other snap", re.I
    )
    for number, model in enumerate(MODELS.values()):
        for page, kind in list(renderings(model).values())[number % 4 :: thinned(4)]:
            if "html" not in kind or model.url is None:
                continue
            bare = re.sub(
                r"<!DOCTYPE[^>]*>|</?(?:html|head|body)[^>]*>", "", page.decode(), flags=re.I
            )
            shown = DRESSES[dress].put_on(bare, model.url)
            capture = read(shown, model.url)
            for sighting in capture.sightings:
                said = (sighting.wording.title, sighting.wording.lead, sighting.wording.body)
                assert not any(bars.search(text or "") for text in said), said


@pytest.mark.parametrize("place", ["</h1>", "<h3>", "all messages"])
def test_a_bar_in_the_midst_of_a_page_is_cut(place: str) -> None:
    model = MODELS["plain body"]
    page = renderings(model)["frame"][0].decode()
    for name in ("wayback, shown", "wayback, comments lost", "pywb", "archive-it"):
        dress = DRESSES[name]
        shown = page.replace(place, dress.above + place, 1)
        assert facts(read(shown, model.url)) == facts(read(page, model.url)), name


def test_a_bar_that_is_not_closed_is_no_reason_to_lose_lines_without_a_word() -> None:
    page = renderings(MODELS["statement"])["frame"][0].decode()
    shown = page.replace("<body>", '<body><div id="wm-ipp"><b>26 captures</b>', 1)
    assert shown != page
    capture = read(shown, MODELS["statement"].url)
    assert capture.page_kind == "unreadable"
    assert [(one.what, one.where) for one in capture.problems] == [("unknown layout", "page")]
    assert "inside the bar of a web archive" in capture.problems[0].text


ARTICLE = (
    "BEGIN WAYBACK TOOLBAR INSERT and END WAYBACK TOOLBAR INSERT are words like any other.",
    "The Wayback Machine has not archived that URL.",
    "26 captures and 3 snapshots are kept of it, archive.today says; success or fail.",
    '<span class="wm-ipp donato">This toolbar is a class</span> of <i class="HEADER">its own</i>.',
    '<b id="CONTENT">Content</b> and <b id="HEADER">header</b> are names of no archive.',
    "&lt;!-- BEGIN WAYBACK TOOLBAR INSERT --&gt; kept &lt;!-- END WAYBACK TOOLBAR INSERT --&gt;.",
    "<!-- BEGIN WAYBACK TOOLBAR INSERT -->This stands between comments.<!-- END WAYBACK TOOLBAR "
    "INSERT -->",
)


@pytest.mark.parametrize("said", ARTICLE)
@pytest.mark.parametrize("markup", ["frame", "divs"])
def test_a_text_that_speaks_of_archives_is_kept(markup: str, said: str) -> None:
    model = replace(MODELS["plain body"], body=("It is so.", "MARK", "That is all."))
    page = renderings(model)[markup][0].decode().replace("MARK", said)
    (sighting, *_) = read(page, model.url).sightings
    words = " ".join(unescape(re.sub(r"<[^<>]*>", "", said)).split())
    assert sighting.wording.body == f"It is so.\n\n{words}\n\nThat is all."
    text = renderings(model)["form A"][0].decode().replace("MARK", words)
    (sighting, *_) = read(text, model.url, "text/plain").sightings
    assert sighting.wording.body == f"It is so.\n\n{words}\n\nThat is all."


@pytest.mark.parametrize("name", OWN_PAGES)
@pytest.mark.parametrize("url", ADDRESSES)
def test_what_an_archive_says_for_itself_is_no_page_of_the_site(name: str, url: str | None) -> None:
    page = OWN_PAGES[name]
    barred = DRESSES["wayback, shown"].put_on(page, url or SITE)
    asked = [(page, "text/html"), (barred, "text/html"), (as_text(barred), "text/plain")]
    if name != "wayback, calendar as a list":  # no word of it is an archive's
        asked.append((as_text(page), "text/plain"))
    for shown, kind in asked:
        capture = read(shown, url, kind)
        assert capture.page_kind in ("error", "blocked", "unreadable"), (kind, shown)
        assert capture.problems and not capture.sightings and not capture.windows


def as_text(page: str) -> str:
    """Return the visible text of *page*, as a text browser dumps it."""
    shown = re.sub(r"(?s)<(script|style|head)\b.*?</\1>|<!--.*?-->", "", page)
    return unescape(
        re.sub(r"<[^>]*>", "", re.sub(r"</?(?:p|h\d|li|div|tr|td|br)\b[^>]*>", "\n\n", shown))
    )


@pytest.mark.parametrize("name", MODELS)
def test_a_text_below_a_bar_is_read_as_without_it_or_withheld(name: str) -> None:
    model = MODELS[name]
    text = renderings(model)["form A"][0].decode()
    bare = read(text, model.url, "text/plain")
    copied = f"   The Wayback Machine - https://web.archive.org/web/{STAMP}/{model.url}\n\n{text}"
    assert facts(read(copied, model.url, "text/plain")) == facts(bare)
    bars = [one.put_on("<html><body></body></html>", model.url or SITE) for one in DRESSES.values()]
    for bar in [copied[:60] + "\n" + copied[60:100], *map(as_text, bars)]:
        told = read(f"{bar}\n{text}", model.url, "text/plain")
        if facts(told) != facts(bare):
            assert told.problems and not told.windows
            assert not [one for one in told.sightings if one.wording.body or one.wording.title]


def test_what_is_cut_is_told_as_such() -> None:
    model = MODELS["statement"]
    page = DRESSES["wayback, comments lost"].put_on(
        renderings(model)["frame"][0].decode(), model.url or ""
    )
    raw = RawCapture(page.encode(), "text/html", "test", url=model.url, captured_at=AT)
    roles = {one.text: one.role for one in explain_page(raw, load_profile()).trace.roles}
    assert roles["About this capture"] == "bar of an archive"


@pytest.mark.parametrize(
    "piece",
    [
        "<!-- BEGIN WAYBACK TOOLBAR INSERT -->",
        "<!-- BEGIN WAYBACK TOOLBAR INSERT --><b>x</b><!-- END WAYBACK TOOLBAR INSERT -->",
        '<div id="wm-ipp"><p id="donato">x</p></div>',
        '<div id="wm-ipp">',
        f'<div id="wm-ipp">x</div>{"some words behind it " * 20}',
        '<b id="HEADER"></b><b id="CONTENT"></b>',
    ],
)
def test_bars_take_no_longer_than_they_are(piece: str) -> None:
    """Eight times as much takes eight times as long, not sixty-four times."""

    def seconds(times: int) -> float:
        page, taken = f"<html><body>{piece * times}</body></html>", []
        for _ in range(3):
            started = time.process_time()
            read(page, SITE)
            taken.append(time.process_time() - started)
        return min(taken)

    assert seconds(16_000) < 24 * max(0.002, seconds(2_000))
