"""The timeline and every table to take along: JSON, CSV, and feeds that a feed reader takes."""

from __future__ import annotations

import csv
import io
import sqlite3

import feedparser
import pytest
from lxml import etree

from embassy_scraper.web.tables import described, feed_of

from .history import HOSTILE, Site, copied, make_hostile

FOUND = described()
FEEDS = [name for name in (*FOUND["tables"], *FOUND["questions"]) if feed_of(name)]


@pytest.fixture(scope="module")
def hostile(shown, tmp_path_factory):
    copy = copied(shown, tmp_path_factory.mktemp("hostile"))
    make_hostile(copy)
    found = Site(copy)
    yield found
    found.close()


def read_feed(site: Site, path: str):
    answer = site.get(path)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False))
    found = feedparser.parse(answer.content)
    assert not found.bozo, found.bozo_exception
    return found


@pytest.mark.parametrize("name", FEEDS)
def test_every_feed_is_one_with_hostile_text_too(site, hostile, name) -> None:
    clean = read_feed(site, f"/history/{name}.atom")
    found = read_feed(hostile, f"/history/{name}.atom")
    assert len(found.entries) >= len(clean.entries)
    ids = [entry.id for entry in found.entries]
    assert len(ids) == len(set(ids))
    for entry in found.entries:
        assert entry.title and entry.updated.endswith("Z")
        assert "\u202e" not in entry.title and "\x1b" not in entry.title
        assert "<script" not in entry.content[0].value.lower()
    if found.entries:
        assert found.feed.updated == max(entry.updated for entry in found.entries)


def test_the_id_stays_when_the_rest_of_the_row_changes(shown, tmp_path) -> None:
    copy = copied(shown, tmp_path)
    site = Site(copy)
    before = {entry.id for entry in read_feed(site, "/history/changes.atom").entries}
    with sqlite3.connect(copy) as connection:
        connection.execute("UPDATE changes SET observed_after = '2020-01-01T00:00:00Z'")
        connection.execute("UPDATE changes SET title = 'another'")
    assert {entry.id for entry in read_feed(site, "/history/changes.atom").entries} == before
    site.close()


def test_an_entry_leads_to_our_page_of_what_it_is_about(site) -> None:
    (entry,) = read_feed(site, "/history/removed_soon.atom").entries
    assert entry.link == "http://localhost/statement/fnapr/9005"
    (entry,) = read_feed(site, "/history/counters_off.atom").entries
    assert entry.link == "http://localhost/change/524be7532f91bcbf"


def test_what_has_no_instant_is_no_feed(site) -> None:
    assert "not a feed" in site.get("/history/headers.atom", status=404).text
    site.get("/history/headers")
    assert ".atom" not in site.get("/history/headers").text


def test_the_timeline_is_a_feed_of_entries(site) -> None:
    found = read_feed(site, "/timeline.atom")
    assert found.feed.links[0].href == "http://localhost/timeline.atom"
    titles = [entry.title for entry in found.entries]
    assert any(one.startswith("Figure changed: 1.5 thousand → 15 thousand") for one in titles)
    assert len(titles) < 35, "what belongs together is one entry"
    assert 'type="application/atom+xml"' in site.get("/").text


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("kind=statement_edited", {"statement_edited"}),
        ("list=apress_arh", {"statement_added", "statement_withdrawn", "statement_restored"}),
        ("significance=substantive", {"statement_edited"}),
        ("year=2020", set()),
        ("since=2021-03-13&kind=counter_anomaly", {"counter_anomaly"}),
        ("until=2021-03-01&kind=counter_discovered", {"counter_discovered"}),
        ("learned=2999-01-01", set()),
    ],
)
def test_json_csv_and_feed_take_the_filters_of_the_front_page(site, query, kinds) -> None:
    rows = site.get(f"/timeline.json?{query}").json()
    assert {row["kind"] for row in rows} == kinds
    table = list(csv.DictReader(io.StringIO(site.get(f"/timeline.csv?{query}").text)))
    assert [row["change_id"] for row in table] == [row["change_id"] for row in rows]
    terms = {
        tag.term for one in read_feed(site, f"/timeline.atom?{query}").entries for tag in one.tags
    }
    assert terms >= kinds and (kinds or not terms)


def test_the_file_has_the_reports_columns_and_rows(site, shown) -> None:
    answer = site.get("/timeline.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0][:16] == (
        "change_id,kind,subject,title,published_on,url,field,before,after,significance,similarity,"
        "observed_after,observed_by,capture_before,capture_after,note"
    ).split(",")
    with sqlite3.connect(shown) as connection:
        assert len(rows) - 1 == connection.execute("SELECT count(*) FROM changes").fetchone()[0]
    assert answer.headers["content-disposition"] == 'inline; filename="timeline.csv"'


def test_a_file_for_a_spreadsheet_runs_nothing(hostile) -> None:
    text = hostile.get("/timeline.csv?spreadsheet=on").content.decode()
    assert text.startswith("\ufeff")
    cells = [cell for row in csv.reader(io.StringIO(text[1:])) for cell in row]
    assert f"'{HOSTILE[4]}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("query", ["kind=x", "year=20x0", "since=yesterday"])
def test_a_filter_that_makes_no_sense_is_said_to_be_wrong(site, query) -> None:
    for form in ("json", "csv", "atom"):
        site.get(f"/timeline.{form}?{query}", status=400)
