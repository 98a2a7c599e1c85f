"""Drawings: what stands in the SVG, and that it is SVG whatever a page says."""

import re

import pytest
from lxml import etree

from embassy_scraper.reports.charts import Point, counter_chart
from embassy_scraper.reports.strip import Bin, Row, strip

from .samples import HOSTILE

SVG = "{http://www.w3.org/2000/svg}"
DEMO = [
    Point("2021-03-01", 290), Point("2021-03-03", 292, 292), Point("2021-03-05", 294, 294),
    Point("2021-03-08", 297, 297), Point("2021-03-13", 300, 302), Point("2021-03-14", 301, 301),
    Point("2021-06-14", 393, 393), Point("2021-06-15", 394, 394),
]  # fmt: skip


def read(text: str) -> etree._Element:
    root = etree.fromstring(text.encode())
    has_links = next(root.iter(f"{SVG}a"), None) is not None  # none is reached in an image
    assert root.get("role") == ("group" if has_links else "img")
    named = root.get("aria-labelledby", "").split()
    assert [one.get("id") for one in (root[0], root[1])] == named
    assert not {one.tag for one in root.iter(f"{SVG}script", f"{SVG}foreignObject", f"{SVG}image")}
    return root


def words(root: etree._Element) -> list[str | None]:
    return [one.text for one in root.iter(f"{SVG}text")]


def test_readings_on_the_calendar_are_joined_and_gaps_are_not() -> None:
    root = read(counter_chart(DEMO, title="Since the concert"))
    (line,) = [
        one.get("d") or "" for one in root.iter(f"{SVG}path") if one.get("stroke-width") == "2"
    ]
    ends = [re.findall(r"([0-9.]+) [0-9.]+", part) for part in line.split("M")[1:]]
    assert [len(run) for run in ends] == [2, 2, 2]
    x = [float(end) for run in ends for end in run]
    assert x == sorted(x)
    assert x[2] - x[1] > 20  # the anomaly is not joined with what stands before it
    assert x[4] - x[3] > 300  # three months without a look


def test_an_anomaly_is_a_point_with_words() -> None:
    root = read(counter_chart(DEMO, title="Since the concert"))
    assert "300 instead of 302" in words(root)
    (ring,) = [one for one in root.iter(f"{SVG}circle") if one.get("r") == "5"]
    assert ring[0].text == "13 March 2021: shown 300, by the calendar 302"


def test_the_axes_and_the_picture_are_told_in_words() -> None:
    root = read(counter_chart(DEMO, title="Since the concert"))
    assert {"Value shown", "Date on the page", "1 March 2021", "15 June 2021"} <= set(words(root))
    assert root[1].text == (
        "8 readings from 1 March 2021 (290) to 15 June 2021 (394); 1 of them is off the calendar;"
        " 1 gap of more than 7 days left open."
    )


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_readings_make_a_picture_too(count) -> None:
    text = counter_chart(DEMO[:count], title="x")
    assert bool(text) == (count > 0)
    if text:
        read(text)


def test_the_order_of_the_rows_tells_nothing() -> None:
    assert counter_chart(DEMO[::-1], title="x") == counter_chart(DEMO, title="x")


def test_equal_values_and_values_below_nothing_are_drawn() -> None:
    read(counter_chart([Point("2021-03-01", -5), Point("2021-03-02", -5, -4)], title="x"))
    read(counter_chart([Point("0001-01-01", 0), Point("9999-12-31", 10**9, 1)], title="x"))


def test_a_strip_says_where_nothing_was_seen_and_where_something_changed() -> None:
    rows = [Row("the homepage", (Bin("March 2021", 4, 2, "?month=2021-03"), Bin("April 2021", 0)))]
    root = read(strip(rows, title="Looks", begin="March 2021", end="April 2021"))
    said = [one.text for one in root.iter(f"{SVG}title")][1:]
    assert said == ["March 2021: 4 looks, 2 changes", "April 2021: not looked at"]
    assert [one.get("href") for one in root.iter(f"{SVG}a")] == ["?month=2021-03"]
    assert [one.get("fill") for one in root.iter(f"{SVG}rect")][1:] == [
        "transparent", "url(#strip-unseen)",
    ]  # fmt: skip
    assert "not looked at in 1 of 2 spans" in (root[1].text or "")


def test_what_could_not_be_read_is_a_cross_and_no_look() -> None:
    row = Row("x", (Bin("March", 0, unread=3), Bin("April", 1, unread=1)))
    root = read(strip([row], title="x", begin="", end=""))
    said = [one.text for one in root.iter(f"{SVG}title")]
    assert "March: 3 looks that could not be read" in said
    assert "April: 1 look, 1 look that could not be read" in said
    assert [one.get("fill") for one in root.iter(f"{SVG}rect")][1:] == [
        "url(#strip-unseen)", "transparent",
    ]  # fmt: skip
    assert len([one for one in root.iter(f"{SVG}path") if "m0-5" in one.get("d", "")]) == 2
    assert "1 look, 4 looks that could not be read" in (root[1].text or "")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_page_says_is_text_in_a_picture(text) -> None:
    read(counter_chart(DEMO, title=text, name=text or "x"))
    rows = [Row(text, (Bin(text, 1, 1, text), Bin(text, 0)))]
    read(strip(rows, title=text, begin=text, end=text, name=text or "x"))
