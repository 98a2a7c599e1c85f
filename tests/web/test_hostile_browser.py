"""Pages of hostile text in a real browser: nothing runs, nothing is wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handed import take
from tests.web.chromium import NARROW, WIDE, Visit, browser, needs_chromium
from tests.web.processes import served
from tests.web.test_statement import BODY, HOSTILE, KEY, LATER, gone, home, look
from tests.world import program

pytestmark = [
    pytest.mark.peer,
    needs_chromium,
]
LONG = "seal" * 50_000  # no space at which a line may end


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    captures = [
        look(0, BODY),
        look(5, LATER),
        look(9, f"{HOSTILE}{LONG}\n\nAn end.", f"A {HOSTILE} {LONG}"),
        look(30, f"{HOSTILE}{LONG}\n\nNo end.", f"The {HOSTILE} {LONG}"),
        home(31, f"The {HOSTILE} {LONG}"),
        home(40),
        gone(41),
    ]
    return take(tmp_path_factory.mktemp("hostile") / "embassy.db", captures)


@pytest.fixture(scope="module")
def addresses(history) -> list[str]:
    changes = program.query(history, "SELECT change_id FROM changes")
    captures = program.query(history, "SELECT id FROM captures")
    pairs = [f"/statement/{KEY}?a={a}&b={b}" for a, b in ((1, 2), (2, 3), (3, 4), (4, 4))]
    found = [f"/statement/{KEY}", f"/statement/{KEY}?all=1", *pairs, "/search?q=evil"]
    found += [f"/change/{change}" for (change,) in changes]
    return found + [f"/capture/{capture}" for (capture,) in captures]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_hostile_text_neither_runs_nor_breaks_a_page(history, addresses, width) -> None:
    with served(history) as site, browser() as chromium:
        visit = Visit(chromium, site.url, width)
        visit.tab.on("dialog", lambda dialog: visit.faults.append(f"ran: {dialog.message}"))
        faults = []
        for address in addresses:
            visit.go(address)
            for folded in visit.tab.query_selector_all("details"):
                folded.evaluate("one => one.open = true")
            faults += visit.look()
        assert faults == []


@pytest.fixture
def visit(history) -> Iterator[Visit]:
    with served(history) as site, browser() as chromium:
        yield Visit(chromium, site.url)


def test_the_citation_is_copied_as_it_stands(visit) -> None:
    visit.go(f"/statement/{KEY}")
    visit.tab.locator(".copy button").click()
    visit.tab.get_by_text("Copied.").wait_for()
    copied = visit.tab.evaluate("navigator.clipboard.readText()")
    assert copied == visit.tab.locator("[data-copy]").inner_text()


def test_bytes_are_downloaded_and_not_shown(history, visit) -> None:
    ((capture,), *_) = program.query(history, "SELECT id FROM captures")
    visit.go(f"/capture/{capture}")
    with visit.tab.expect_download() as found:
        visit.tab.get_by_role("link", name="Download its bytes").click()
    assert found.value.suggested_filename == f"{capture}.txt"
