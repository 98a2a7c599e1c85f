"""A page that was not read is no sighting, but it may show that the statement existed (law 8)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from embassy_scraper.items import ListText, Page, PageProblem, RawCapture, StatementText
from tests.handed import Handed, changes, entry, shown, take, take_in_any_order
from tests.world import program

START = datetime(2021, 3, 20, 9)
ADDRESS = "fnapr/7006"
ITEM = entry("06.03.2021", "Notice 6", "Lead 6.", ADDRESS)
OTHERS = tuple(
    entry(f"{day:02}.03.2021", f"Notice {day}", f"Lead {day}.", f"fnapr/{7000 + day}")
    for day in (9, 7, 5, 3)
)
WITHHELD = (PageProblem("unknown layout", "main part", "no heading"),)
NOT_OURS = (PageProblem("not the site's page", "page", "no clock"),)


def at(days: int) -> datetime:
    return START + timedelta(days=days)


def listing(days: int, *, whole: bool) -> Handed:
    entries = (*OTHERS[:2], ITEM, *OTHERS[2:]) if whole else OTHERS
    return shown(at(days), "newarh/", ListText("newarh", 1, entries))


def page(days: int, status: int | None = 200) -> Handed:
    text = StatementText("Notice 6", "A body.", date_text="06.03.2021")
    return shown(at(days), ADDRESS, statement=text, status=status)


def withheld(days: int) -> Handed:
    return shown(at(days), ADDRESS, kind="statement", status=200, problems=WITHHELD)


def foreign(days: int, address: str = ADDRESS, status: int | None = 200) -> Handed:
    return shown(at(days), address, kind="error", status=status, problems=NOT_OURS)


def gone(days: int, status: int = 404) -> Handed:
    return shown(at(days), ADDRESS, kind="error", status=status)


def home(days: int, status: int | None, hours: int = 0) -> Handed:
    kind = "home" if status in {None, 200} else "error"
    return shown(at(days) + timedelta(hours=hours), "", kind=kind, status=status)


def told(db) -> list[tuple[object, ...]]:
    rows = changes(db, "kind", "subject", "field", "observed_after", "observed_by")
    return [(kind, *rest) for kind, key, *rest in rows if key == ADDRESS]


def day(days: int) -> str:
    return f"{at(days):%Y-%m-%dT%H:%M:%SZ}"


def test_a_withheld_page_is_no_sighting_and_no_version(tmp_path) -> None:
    db = take_in_any_order(tmp_path, [page(0), withheld(1), page(2)])
    assert told(db) == [("statement_discovered", "page", None, day(0))]
    assert program.query(db, "SELECT capture FROM sightings WHERE capture GLOB '20210321*'") == []
    assert program.query(db, "SELECT what FROM problems") == [("unknown layout",)]


@pytest.mark.parametrize("absent", [listing(0, whole=False), gone(0)])
def test_what_a_withheld_page_showed_to_exist_was_discovered_not_added(tmp_path, absent) -> None:
    db = take_in_any_order(tmp_path / "a", [absent, listing(2, whole=True)])
    assert [row[0] for row in told(db)] == ["statement_added"]
    db = take_in_any_order(tmp_path / "b", [absent, withheld(1), listing(2, whole=True)])
    assert told(db)[-1] == ("statement_discovered", "newarh", None, day(2))


def test_a_page_withheld_behind_the_first_sighting_changes_nothing_of_it(tmp_path) -> None:
    looks = [listing(0, whole=False), listing(1, whole=True), withheld(2)]
    assert told(take_in_any_order(tmp_path, looks)) == [
        ("statement_added", "newarh", day(0), day(1))
    ]


def test_a_withheld_page_is_there_and_a_foreign_one_says_nothing(tmp_path) -> None:
    looks = [listing(0, whole=True), withheld(1), gone(2), foreign(3), withheld(4)]
    assert told(take_in_any_order(tmp_path, looks))[1:] == [
        ("page_gone", "http_status", day(1), day(2)),
        ("page_back", "http_status", day(2), day(4)),
    ]
    alone = [listing(0, whole=True), foreign(1), gone(2), foreign(3, status=None)]
    assert told(take_in_any_order(tmp_path / "alone", alone))[1:] == []


WHOLE = "with the whole site"


@pytest.mark.parametrize(
    ("homes", "note", "status"),
    [
        ([], None, "withdrawn"),
        ([home(1, 503)], WHOLE, "listed"),
        ([home(3, 404)], WHOLE, "listed"),
        ([home(1, 503), home(3, 503)], WHOLE, "listed"),
        ([home(1, 200), home(3, 503)], None, "withdrawn"),
        ([home(1, 503), home(3, 200)], None, "withdrawn"),
        ([home(0, 200), home(1, 503), home(3, 503), home(4, None)], WHOLE, "listed"),
        ([home(2, 503), home(3, 503)], WHOLE, "listed"),
        ([home(2, None), home(3, 503)], None, "withdrawn"),
        ([home(1, 503), foreign(3, "")], WHOLE, "listed"),
    ],
)
def test_a_page_gone_with_the_whole_site_changes_no_status(tmp_path, homes, note, status) -> None:
    db = take_in_any_order(tmp_path, [listing(0, whole=True), page(1), gone(2), *homes])
    query = "SELECT note FROM changes WHERE kind = 'page_gone'"
    assert program.query(db, query) == [(note,)]
    query = "SELECT status FROM statements WHERE key = 'fnapr/7006'"
    assert program.query(db, query) == [(status,)]


def test_a_page_that_is_gone_when_the_site_is_back_is_withdrawn(tmp_path) -> None:
    looks = [page(0), gone(1), home(1, 503), home(2, 503), page(3), home(3, 200), gone(4)]
    db = take_in_any_order(tmp_path, looks)
    query = "SELECT note FROM changes WHERE kind = 'page_gone' ORDER BY observed_by"
    assert program.query(db, query) == [(WHOLE,), (None,)]
    query = "SELECT status FROM statements WHERE key = 'fnapr/7006'"
    assert program.query(db, query) == [("withdrawn",)]


def test_a_raw_page_without_url_is_no_homepage_of_the_site(tmp_path) -> None:
    stray = RawCapture(b"x", "text/html", "file", None, day(3), http_status=503)
    looks = [page(1), gone(2), (stray, Page("error"))]
    db = take(tmp_path / "e.db", looks)
    assert program.query(db, "SELECT note FROM changes WHERE kind = 'page_gone'") == [(None,)]
