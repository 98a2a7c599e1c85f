"""The report as a browser shows it: two widths, light and dark, no network, no script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from embassy_scraper.reports.charts import Point
from embassy_scraper.reports.days import About
from embassy_scraper.reports.entries import entries_of
from embassy_scraper.reports.page import CounterDays, as_html
from tests.web import chromium
from tests.web.chromium import needs_chromium

from .samples import DAY, HOSTILE, change, edit

WIDTHS = (1280, 390)
pytestmark = [pytest.mark.peer, needs_chromium]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium.browser() as found:
        yield found


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with all that may be in one, and hostile texts in it."""
    changes = [
        edit("body", text, f"{text} {'long' * 200} more", title=text * 40, subject=f"s{number}",
             change_id=f"h{number}", observed_by=DAY.format(10 + number))
        for number, text in enumerate(HOSTILE)
    ]  # fmt: skip
    changes += [edit("body", "1.5", "15"), change("counter_anomaly", subject="c", change_id="c")]
    points = [Point(f"2021-03-{day:02}", 280 + day, 280 + day + (day == 9)) for day in range(1, 28)]
    text = as_html(
        entries_of(changes),
        about=About("Changes on the site", DAY.format(9), "embassy-scraper report"),
        texts_of=lambda one: ("same\nIt cost 1.5 thousand", "same\nIt cost 15 thousand"),
        counters=[CounterDays("c", "days have passed since " + "x" * 300, tuple(points))],
    )
    path = tmp_path_factory.mktemp("look") / "report.html"
    path.write_text("".join(text), encoding="utf-8", errors="replace")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_scrolls_sideways_and_nothing_is_asked_for(browser, report, width, scheme) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=True
    )
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append("a dialog"))
    page.goto(report.as_uri())
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    assert asked == [report.as_uri()]
    assert said == []
    ground, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert (lightness(ground) > lightness(ink)) == (scheme == "light")
    context.close()


def lightness(colour: str) -> int:
    return sum(int(part) for part in colour.strip("rgb()").split(","))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_judge_of_accessibility_finds_nothing(browser, report, scheme) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(report.as_uri())
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()


def test_it_is_printed_black_on_white_with_its_addresses(browser, report) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(report.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    after = "getComputedStyle(document.querySelector('.source a'), '::after').content"
    assert "attr(href)" in page.evaluate(after) or "https://" in page.evaluate(after)
    assert not page.locator("nav").is_visible()
    context.close()
