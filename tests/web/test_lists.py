"""Counters, problems, coverage and the site as of a day: what stands on them."""

from __future__ import annotations

import re
import sqlite3
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from embassy_scraper.reports.charts import Point
from embassy_scraper.web.pages.counters import stretches_of, thinned
from pipelines.tables.database import open_database

from .history import Site, copied, make_hostile

ROOT = Path(__file__).parents[2]
PAGES = (
    "/counters",
    "/counter/the%20last%20concert%20in%20the%20garden",
    "/problems",
    "/problems?kind=blocked%20page",
    "/as-of",
    "/as-of?at=2021-03-08",
    "/coverage",
    "/questions",
    "/about",
)


def words(site: Site, path: str) -> str:
    """What a reader sees, on one line."""
    tree: Any = html.fromstring(site.get(path).text)
    for one in tree.xpath("//*[@class='spoken'] | //style | //script"):
        one.drop_tree()
    return " ".join(" ".join(tree.xpath("//main")[0].itertext()).split())


# Counters -----------------------------------------------------------------------------------------


def test_a_counter_says_what_it_prints_since_when_and_whether_it_keeps_to_the_calendar(
    site,
) -> None:
    said = words(site, "/counters")
    assert "300 days have passed since the last concert in the garden" in said
    assert "off the calendar 1 time, last seen so 13 March 2021" in said
    assert "First seen 1 March 2021" in said


def test_its_page_has_a_chart_the_table_beneath_and_its_changes(site) -> None:
    page = site.get(PAGES[1]).text
    said = words(site, PAGES[1])
    assert page.index("<svg") < page.index("<table") < page.index("What happened to it")
    assert "290 → 297 kept to the calendar, 4 readings" in said
    assert "297 → 300 off the calendar: 300 instead of 302" in said
    assert "Counter fell behind the calendar" in said and "Counter first seen, at 290" in said
    site.get("/counter/the%20first%20concert", status=404)
    site.get(f"{PAGES[1]}?row=x", status=400)


def _days(*values: tuple[int, int]) -> list[Point]:
    """Points by the day of 2021 and the value; what is expected follows from the one before."""
    points: list[Point] = []
    for day, value in values:
        on = date(2021, 1, 1) + timedelta(days=day)
        before = points[-1] if points else None
        expected = before.value + (on - date.fromisoformat(before.day)).days if before else None
        points.append(Point(on.isoformat(), value, expected))
    return points


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([], []),
        ([(0, 5)], [("kept", 1)]),
        ([(0, 5), (1, 6), (2, 7)], [("kept", 3)]),
        ([(0, 5), (1, 6), (2, 6), (3, 7)], [("kept", 2), ("off", 1), ("kept", 2)]),
        ([(0, 5), (1, 5), (2, 5)], [("kept", 1), ("off", 1), ("off", 1)]),
        ([(0, 5), (20, 25)], [("kept", 1), ("unseen", 0), ("kept", 1)]),
        ([(0, 5), (20, 9)], [("kept", 1), ("unseen", 0), ("off", 1)]),
        ([(0, 5), (0, 7), (1, 8)], [("kept", 1), ("off", 1), ("kept", 2)]),
    ],
)
def test_the_table_tells_where_it_changed_how_it_runs(values, told) -> None:
    assert [(one.kind, one.readings) for one in stretches_of(_days(*values))] == told


def test_a_picture_of_many_years_is_thinned_but_not_where_anything_happens() -> None:
    values = [(day, day if day < 2000 else day - 1) for day in range(4000) if not 900 < day < 950]
    points = _days(*values)
    found = thinned(points)
    assert len(found) < 900
    assert found[0] == points[0] and found[-1] == points[-1]
    around = [n for n, point in enumerate(points) if point.is_off]
    assert all(points[n + step] in found for n in around for step in (-1, 0, 1))
    far = [(a.day, b.day) for a, b in pairwise(found) if _apart(a, b) > 7]
    assert far == [("2023-06-20", "2023-08-09")], "no gap but the one there is"


def _apart(one: Point, other: Point) -> int:
    return (date.fromisoformat(other.day) - date.fromisoformat(one.day)).days


# Problems -----------------------------------------------------------------------------------------


def test_problems_stand_by_kind_and_page_by_page(shown, tmp_path) -> None:
    copy = copied(shown, tmp_path)
    with sqlite3.connect(copy) as target:
        target.executemany(
            "INSERT INTO problems VALUES (NULL, ?, 'missing file', 'manifest', 'not there')",
            [(f"captures/{number}.txt",) for number in range(120)],
        )
    site = Site(copy)
    said = words(site, "/problems")
    assert "blocked page 23" in said and "missing file 120" in said
    assert "a later crawl asks again" in said and "All 120" in said
    seen = [
        path
        for begin in (0, 50, 100)
        for path in re.findall(
            r"captures/\d+\.txt", words(site, f"/problems?kind=missing+file&from={begin}")
        )
    ]
    assert len(seen) == len(set(seen)) == 120
    assert 'href="/capture/20210310T090000Z-' in site.get("/problems").text
    assert "crawl failed" in said and "crawl complete" in said, "runs with their outcome"
    site.get("/problems?kind=nothing", status=404)
    site.close()


# Coverage -----------------------------------------------------------------------------------------


def test_coverage_is_told_in_words(site) -> None:
    said = words(site, "/coverage")
    assert "The homepage Looked at 5 times, from 1 March 2021" in said
    assert "Not looked at since, for" in said
    assert "Never looked at The list “Speeches, interviews, articles”" in said
    assert "1 more look could not be read" in said


def test_the_strip_has_a_cross_where_a_look_could_not_be_read(site) -> None:
    tree: Any = html.fromstring(site.get("/").text)
    labels = tree.xpath("//figure//a/@aria-label")
    assert any("10 March 2021: 1 look that could not be read" in label for label in labels)
    captions = tree.xpath("//figure//table/caption/text()")
    assert captions[0] == "the homepage" and "unknown" not in captions


# As of --------------------------------------------------------------------------------------------


def test_the_site_as_of_a_day_marks_what_differs_from_the_look_before(site) -> None:
    said = words(site, "/as-of?at=2021-03-08")
    assert said.startswith("The site as of 8 March 2021, 23:59 (UTC)")
    assert "The look before: 5 March 2021, 09:00 The next look: 10 March 2021, 09:00" in said
    assert "The homepage Seen 15 hours before." in said
    assert "Removed since the look before: Press release on the spring concert" in said
    assert "Correction concerning the reading room new in the list" in said
    assert "since then" not in said
    edited = words(site, "/as-of?at=2021-03-05T09:00:00Z")
    assert "Title changed: Ambassador meets met students of translation" in edited
    assert "changed; it was +44 (0) 20 7946 0123" in edited
    assert "294 days have passed since the last concert in the garden" in edited


def test_what_could_not_be_read_is_said_and_nothing_counts_as_gone(site) -> None:
    said = words(site, "/as-of?at=2021-03-10T09:00:00Z")
    assert "could not be read" in said
    assert "Removed since" not in said and "new in the list" not in said


def test_before_the_first_look_nothing_is_known(site) -> None:
    said = words(site, "/as-of?at=1999")
    assert "Nothing was looked at before." in said
    assert "Not seen until then The homepage: never seen before" in said


@pytest.mark.parametrize("text", ["x", "2021-13", "2021-02-30", "٢٠٢١", "0", "999999w", "٧d"])
def test_what_is_not_a_time_is_said_to_be_none(site, text) -> None:
    assert "is not a time; write" in site.get(f"/as-of?at={text}", status=400).text


@pytest.mark.parametrize("text", ["7d", "yesterday", "2021", "2021-03-05+09:00", "20210305090000"])
def test_the_page_takes_the_times_that_the_verbs_take(site, text) -> None:
    assert words(site, f"/as-of?at={text}").startswith("The site as of ")


# All of them --------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", ["/", "/archive/"])
def test_an_empty_history_has_all_pages(tmp_path, base) -> None:
    path = tmp_path / "embassy.db"
    open_database(path).close()
    site = Site(path, base)
    for page in ("/counters", "/problems", "/as-of", "/coverage", "/questions", "/about"):
        assert "<h1>" in site.get(page).text
    site.close()


def test_hostile_text_is_text(shown, tmp_path) -> None:
    copy = copied(shown, tmp_path)
    make_hostile(copy)
    site = Site(copy)
    for page in PAGES:
        text = site.get(page).text
        assert "<script>alert" not in text and "<img src=x" not in text
        assert "\u202e" not in text and "\x1b" not in text
    assert "&lt;script&gt;" in site.get("/problems").text
    site.close()
