"""Every page in a real browser: at two widths, in two schemes, and the journeys of a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
import pytest

from embassy_scraper.web.pages import PAGES

from .chromium import NARROW, WIDE, Visit, browser, needs_chromium
from .processes import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    pytest.mark.peer,
    needs_chromium,
]
_SHOWN = [page for page in PAGES if page.template]  # the others are files


@pytest.fixture(scope="module")
def site(shown: Path) -> Iterator[str]:
    """The demonstration's history, served."""
    with served(shown) as serve:
        yield serve.url.rstrip("/")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def visit(chromium, site) -> Iterator[Visit]:
    found = Visit(chromium, site)
    yield found
    assert found.look() == []
    found.tab.context.close()


@pytest.fixture(scope="module")
def paths(chromium, site) -> list[str]:
    """One address of every page of ours, found by following links, and some of Datasette's."""
    visit = Visit(chromium, site)
    found: dict[str, str] = {}
    waiting, met = ["/"], {"/"}
    while waiting:
        path = waiting.pop(0)
        kind = next((page for page in PAGES if re.match(page.pattern, path)), None)
        if kind is None or not kind.template or kind.pattern in found:
            continue
        found[kind.pattern] = path
        visit.go(path)
        for link in visit.tab.query_selector_all("main a[href], nav a[href], footer a[href]"):
            target = link.evaluate("a => a.origin === location.origin ? a.pathname : ''")
            if target and target not in met:
                met.add(target)
                waiting.append(target)
    visit.tab.context.close()
    assert {page.pattern for page in _SHOWN} == set(found), "there are pages to which no link leads"
    return [*found.values(), "/history", "/history/changes", "/history/versions?_search=concert"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_is_sound_to_every_reader(chromium, site, paths, width, scheme) -> None:
    visit = Visit(chromium, site, width, scheme)
    faults = []
    for path in paths:
        visit.go(path)
        faults += visit.look()
    visit.tab.context.close()
    assert faults == []


def test_nothing_needs_script(chromium, site, paths) -> None:
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    for path in paths:
        answer = tab.goto(site + path)
        assert answer is not None and answer.ok, path
        assert tab.locator("h1").count() == 1, path
    context.close()


def test_an_edit_is_found_compared_cited_and_proved(visit) -> None:
    visit.go("/")
    visit.tab.get_by_text("Figure changed: 1.5 thousand → 15 thousand").click()
    visit.tab.get_by_role("link", name="Statement on the naming of the north garden").click()
    assert visit.tab.locator(".difference del").first.inner_text().endswith("1.5")
    visit.tab.get_by_role("button", name="Copy").first.click()
    copied = visit.tab.evaluate("navigator.clipboard.readText()")
    assert "Statement on the naming of the north garden" in copied
    assert re.search(r"SHA-256\s+[0-9a-f]{64}", copied)
    assert re.search(r"embassy-scraper evidence [0-9a-f]{16}", visit.tab.content())


def test_what_stood_in_a_list_on_a_day_is_found(visit) -> None:
    visit.go("/")
    visit.tab.get_by_role("link", name="As of a day").click()
    visit.tab.locator("input[name=at]").fill("2021-03-08")
    visit.tab.keyboard.press("Enter")
    visit.tab.wait_for_url("**at=2021-03-08*")
    text = visit.tab.locator("main").inner_text()
    assert "Correction concerning the reading room" in text
    assert "Press release on the spring concert" not in visit.tab.locator("ol").first.inner_text()


def test_what_was_removed_is_one_click_away(visit) -> None:
    visit.go("/questions")
    visit.tab.get_by_role(
        "link", name="What was removed within a week of being published?", exact=True
    ).click()
    assert "Press release on the spring concert" in visit.tab.locator("table").first.inner_text()


def test_when_the_site_was_not_watched_is_said(visit) -> None:
    visit.go("/")
    visit.tab.get_by_role("link", name="Coverage").click()
    text = visit.tab.locator("main").inner_text()
    assert "8 March 2021" in text and "13 March 2021" in text


def test_a_feed_reader_finds_the_feed(visit) -> None:
    visit.go("/")
    link = visit.tab.locator("link[rel=alternate][type='application/atom+xml']").get_attribute(
        "href"
    )
    found = feedparser.parse(visit.tab.request.get(visit.site + (link or "")).body())
    assert not found.bozo
    assert any("Figure changed" in entry.title for entry in found.entries)


def test_the_keyboard_reaches_the_first_change(visit) -> None:
    visit.go("/")
    reached = []
    for _ in range(40):
        visit.tab.keyboard.press("Tab")
        reached.append(visit.tab.evaluate("document.activeElement.textContent.trim()"))
    assert reached[0] == "Skip to the content"
    assert any("Counter fell behind" in text for text in reached), reached


def test_a_page_is_told_apart_from_its_print(visit) -> None:
    visit.go("/")
    visit.tab.get_by_text("Figure changed: 1.5 thousand → 15 thousand").click()
    visit.tab.emulate_media(media="print")
    assert not visit.tab.get_by_role("navigation").is_visible()
    assert visit.tab.locator("del").last.is_visible()
