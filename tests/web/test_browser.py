"""Every page in a real browser: at two widths, in two schemes, and the journeys of a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from embassy_scraper import commands
from embassy_scraper.web.pages import PAGES

from .served import CHROMIUM, NARROW, WIDE, Visit, browser, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(
        CHROMIUM is None, reason="Chromium is not installed (apt-get install chromium)"
    ),
]
_FILES = (".json", ".csv", ".atom", "/raw")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[str]:
    """The demonstration's history, served."""
    db: Path = tmp_path_factory.mktemp("browser") / "embassy.db"
    result = CliRunner().invoke(commands.main, ["demo", "--db", str(db)])
    assert result.exit_code == 0, result.output
    with served(db) as url:
        yield url


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
        kind = next((page.pattern for page in PAGES if re.match(page.pattern, path)), None)
        if kind is None or kind in found or path.endswith(_FILES):
            continue
        found[kind] = path
        visit.go(path)
        for link in visit.tab.query_selector_all("main a[href], nav a[href], footer a[href]"):
            target = link.evaluate("a => a.origin === location.origin ? a.pathname : ''")
            if target and target not in met:
                met.add(target)
                waiting.append(target)
    visit.tab.context.close()
    pages = {page.pattern for page in PAGES if not page.pattern.rstrip("$").endswith(_FILES)}
    assert {p for p in pages if p not in found} == set(), "pages to which no link leads"
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
    assert visit.tab.locator("del").first.inner_text().endswith("1.5")
    cited = visit.tab.locator("#cite, .cite, blockquote").first.inner_text()
    assert "between" in cited or "seen from" in cited
    assert re.search(r"embassy-scraper evidence [0-9a-f]{16}", visit.tab.content())


def test_the_keyboard_reaches_the_first_change(visit) -> None:
    visit.go("/")
    reached = []
    for _ in range(40):
        visit.tab.keyboard.press("Tab")
        reached.append(visit.tab.evaluate("document.activeElement.textContent.trim()"))
    assert reached[0] == "Skip to the content"
    assert any("Counter fell behind" in text for text in reached), reached
