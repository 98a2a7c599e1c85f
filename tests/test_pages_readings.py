"""Header facts of real captures, put into pages of our own making, come back unchanged."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from .markups import NBSP, Model, renderings
from .test_pages_markups import BLOCK, LISTING, STATEMENT, read

SHARED = Path(__file__).parents[2] / "shared"
SALISBURY = "days have passed since the Salisbury incident - no credible information or response"
GLUSHKOV = "days have passed since the death of Nikolay Glushkov on British soil - no response"
SINCE = {"the Salisbury incident": "2018-03-04",
         "the death of Nikolay Glushkov on British soil": "2018-03-12"}  # fmt: skip
MARKUPS = ("form A", "form B", "tables", "semantic", "legacy")
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
        capture = read(*pages[markup], model.url)
        header = capture.header
        assert header is not None, markup
        assert capture.page_clock == london(row), markup
        is_2015_summer = row["header_date"].endswith(("March 2015", "May 2015", "April 2015"))
        assert capture.clock_deviation == 0 or is_2015_summer, (markup, capture.clock_deviation)
        assert header.label == model.label.rstrip(":"), markup
        assert header.phone == model.phone, markup
        is_hidden = "protected" in row["email_as_printed"]
        email = None if is_hidden or markup == "form B" else row["email_as_printed"] or None
        assert header.email == email, markup
        assert {r.event: r.value for r in capture.readings} == {
            event: int(row[column])
            for event, column in zip(SINCE, ("salisbury_days", "glushkov_days"), strict=True)
            if row[column]
        }, markup
        assert {r.event: r.since_date for r in capture.readings}.items() <= SINCE.items(), markup
        assert header.shape is not None
        if row["page_kind"] == "listing":
            name = row["url"].split("/")[3]
            start = int(row["url"].partition("start=")[2].partition("&")[0])
            found = [(w.list, w.start, w.entries) for w in capture.windows]
            assert found == [(name, start, 10), ("latest", 1, 10)], markup
            assert capture.windows[0].covers_after == "2018-10-20", markup
        assert not [p for p in capture.problems if p.what != "no statement"], markup


@needs_shared
@pytest.mark.parametrize("row", [r for r in rows() if r["pager"]], ids=lambda r: r["url"])
def test_the_pager_comes_back(row: dict[str, str]) -> None:
    from embassy_scraper.items import RawCapture
    from embassy_scraper.pages import read_page

    model = model_of(row)
    digits = "".join(c for c in model.pager or "" if c.isdigit())
    for markup, (payload, media_type) in renderings(model).items():
        page = read_page(RawCapture(payload, media_type, "test", url=model.url))
        assert "".join(c for c in page.pager or "" if c.isdigit()) == digits, markup
