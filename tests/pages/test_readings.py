"""Header facts of real captures, put into pages of our own making, come back unchanged."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from embassy_scraper.sites import load_profile
from embassy_scraper.sites.addresses import read_address
from tests.markups import NBSP, Model, renderings
from tests.pages.test_markups import BLOCK, LISTING, READ_WHOLE, STATEMENT, read

SHARED = Path(__file__).parents[3] / "shared"
SALISBURY = "days have passed since the Salisbury incident - no credible information or response"
GLUSHKOV = "days have passed since the death of Nikolay Glushkov on British soil - no response"
SINCE = {"the Salisbury incident": "2018-03-04",
         "the death of Nikolay Glushkov on British soil": "2018-03-12"}  # fmt: skip
PROVEN = ("form A", "form B", "frame", "frame, raw spaces", "frame, counters inside")
OTHERS = ("tables", "semantic", "legacy", "frame, form B")  # read as far as they prove anything
MARKUPS = (*PROVEN, *OTHERS)
needs_shared = pytest.mark.skipif(
    not (SHARED / "readings.tsv").is_file(), reason="../shared/readings.tsv is not here"
)


def rows() -> list[dict[str, str]]:
    path = SHARED / "readings.tsv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def model_of(row: dict[str, str]) -> Model:
    """A page with the row's header, and a main part of ours."""
    russian = "Консульские" in row["phone"]
    cities = ("Москва", "Лондон") if russian else ("Moscow", "London")
    label, _, phone = row["phone"].partition(": ")
    email = row["email_as_printed"]
    counters = []
    if row["salisbury_days"]:
        counters.append(f"{row['salisbury_days']} {SALISBURY}")
    if row["glushkov_days"]:
        counters.append(f"{row['glushkov_days']} {GLUSHKOV}")
    first, _, last = row["pager"].partition("..")
    numbers = "".join(str(n) for n in range(int(first), int(last) + 1)) if first else ""
    base = LISTING if row["page_kind"] == "listing" else replace(STATEMENT, on=None, heading=None)
    return replace(
        base,
        url=row["url"],
        date=row["header_date"],
        clocks=(f"{cities[0]}: {row['moscow_time']}", f"{cities[1]}: {row['london_time']}"),
        label=label + ":",
        phone=phone,
        email=email.replace("[email protected]", f"[email{NBSP}protected]") or None,
        counters=tuple(counters),
        pager=f"Pages: ««« :: {numbers} :: »»»" if numbers else None,
        block=BLOCK,
    )  # fmt: skip


def london(row: dict[str, str]) -> str:
    from zoneinfo import ZoneInfo

    day, month, year = row["header_date"].replace("июля", "July").split()
    at = datetime.strptime(f"{day} {month} {year} {row['london_time']}", "%d %B %Y %H:%M")
    utc = at.replace(tzinfo=ZoneInfo("Europe/London")).astimezone(ZoneInfo("UTC"))
    return utc.strftime("%Y-%m-%dT%H:%M:00Z")


@needs_shared
@pytest.mark.parametrize("row", [r for r in rows() if r["header_date"]], ids=lambda r: r["url"])
def test_header_facts_of_a_real_capture_come_back(row: dict[str, str]) -> None:
    model = model_of(row)
    pages = renderings(model)
    for markup in MARKUPS:
        capture = read(*pages[markup], model.url, captured_at=london(row))
        header = capture.header
        assert header is not None, markup
        assert capture.page_clock == london(row), markup
        is_2015_summer = row["header_date"].endswith(("March 2015", "May 2015", "April 2015"))
        assert capture.clock_deviation == 0 or is_2015_summer, (markup, capture.clock_deviation)
        assert header.label == model.label.rstrip(":"), markup
        assert header.phone == model.phone, markup
        is_hidden = "protected" in row["email_as_printed"]
        is_b = markup.endswith("form B")
        email = None if is_hidden or is_b else row["email_as_printed"] or None
        assert header.email == email, markup
        assert {r.event: r.value for r in capture.readings} == {
            event: int(row[column])
            for event, column in zip(SINCE, ("salisbury_days", "glushkov_days"), strict=True)
            if row[column]
        }, markup
        assert {r.event: r.since_date for r in capture.readings}.items() <= SINCE.items(), markup
        withheld = {(p.what, p.where) for p in capture.problems}
        if markup in OTHERS:
            part = "latest" if row["page_kind"] == "static" else "main part"
            assert withheld <= {("unknown layout", part)}, markup
            assert header.shape is not None or not model.counters, markup
            assert all(s.list != "page" for s in capture.sightings) or not withheld, markup
        else:
            assert header.shape is not None, markup
            assert withheld <= {("no statement", "main part")}, markup
        if row["page_kind"] == "listing" and not withheld:
            name = row["url"].split("/")[3]
            start = int(row["url"].partition("start=")[2].partition("&")[0])
            found = [(w.list, w.start, w.entries) for w in capture.windows]
            assert found == [(name, start, 10), ("latest", 1, 10)], markup
            assert capture.windows[0].covers_after == "2018-10-20", markup


@needs_shared
@pytest.mark.parametrize("row", [r for r in rows() if r["pager"]], ids=lambda r: r["url"])
def test_the_pager_comes_back(row: dict[str, str]) -> None:
    from embassy_scraper.items import RawCapture
    from embassy_scraper.pages import read_page

    model = model_of(row)
    digits = "".join(c for c in model.pager or "" if c.isdigit())
    for markup, (payload, media_type) in renderings(model).items():
        raw = RawCapture(payload, media_type, "test", url=model.url)
        page = read_page(raw, load_profile())
        told = "".join(c for c in page.pager or "" if c.isdigit())
        if page.pager is None and markup not in READ_WHOLE:
            assert {p.what for p in page.problems} == {"unknown layout"}, markup
            assert {part.name for part in page.lists} <= {"latest"}, markup
        else:
            assert told == digits, markup


@pytest.mark.parametrize(
    ("date", "moscow", "london", "clock", "deviation"),
    [
        ("25 October 2020", "03:24", "01:24", "2020-10-25T00:24:00Z", 0),  # the hour shown first
        ("25 October 2020", "04:24", "01:24", "2020-10-25T01:24:00Z", 0),  # and once more
        ("25 October 2020", "", "01:24", "2020-10-25T00:24:00Z", None),
        ("28 March 2015", "18:18", "14:18", "2015-03-28T14:18:00Z", 60),
        ("2 April 2015", "13:40", "10:40", "2015-04-02T09:40:00Z", 60),
        ("21 January 2019", "01:21", "22:21", "2019-01-21T22:21:00Z", 0),  # Moscow is a day on
        ("31 December 2019", "02:30", "23:30", "2019-12-31T23:30:00Z", 0),
        ("1 January 2020", "25:00", "24:00", None, None),
        ("31 February 2020", "15:22", "12:22", None, None),
        ("24 Novembre 2020", "15:22", "12:22", None, None),
    ],
)
def test_the_page_clock(
    date: str, moscow: str, london: str, clock: str | None, deviation: int | None
) -> None:
    model = replace(STATEMENT, date=date, clocks=(f"Moscow: {moscow}", f"London: {london}"))
    for markup, (payload, media_type) in renderings(model).items():
        capture = read(payload, media_type, model.url)
        assert (capture.page_clock, capture.clock_deviation) == (clock, deviation), markup
        told = [p.where for p in capture.problems if p.what == "unreadable date"]
        assert told == ([] if clock else ["page clock"]), markup


@pytest.mark.parametrize(
    ("path", "list_name", "start", "size"),
    [
        ("newarh/&start=221&ps=10&ppp=15", "newarh", 221, 10),
        ("newarh/&amp;start=11&amp;ps=20&ppp=15", "newarh", 11, 20),
        ("newarh/%26start=11&ps=0", "newarh", 11, 10),
        ("newarh?start=1", "newarh", 1, 10),
        ("newarh", "newarh", 1, 10),
        ("somearh/&start=31", "somearh", 31, 10),
        ("newarh/&start=0", "newarh", 1, 10),
        ("newarh/&start=99999999999999999999", None, 1, 10),
        ("newarh/&start=-5", None, 1, 10),
        ("embassy/", None, 1, 10),
    ],
)
def test_addresses_of_listings(path: str, list_name: str | None, start: int, size: int) -> None:
    address = read_address(f"http://rusemb.org.uk/{path}", load_profile())
    assert (address.list, address.start, address.page_size) == (list_name, start, size)
