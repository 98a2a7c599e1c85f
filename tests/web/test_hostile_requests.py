"""Hostile requests: what is asked for can neither end the server, nor learn of its machine."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest

from embassy_scraper.web import page
from embassy_scraper.web.pages.strip import spans_between
from tests.intake.test_retract import make_schema_15
from tests.world import program

from .history import Site, demo

CAPTURES = Path(__file__).parents[1] / "captures"


@pytest.fixture(scope="module")
def db(tmp_path_factory) -> Path:
    return demo(tmp_path_factory.mktemp("asked") / "embassy.db")


@pytest.fixture(scope="module")
def site(db):
    found = Site(db)
    yield found
    found.close()


def sql(text: str) -> str:
    return f"/history.json?_shape=array&sql={quote(text)}"


@pytest.mark.parametrize(
    "name",
    ["databases", "threads", "settings", "versions", "plugins", "metadata", "permissions", "x/y"],
)
@pytest.mark.parametrize("end", ["", ".json"])
def test_nothing_is_told_of_the_machine(site, db, name, end) -> None:
    assert str(db.parent) not in site.get(f"/-/{name}{end}", status=404).text


@pytest.mark.parametrize(
    "query", ["select * from pragma_database_list", "select file from pragma_database_list()"]
)
def test_sql_does_not_learn_where_the_file_lies(site, db, query) -> None:
    assert str(db) not in site.get(sql(query), status=400).text


@pytest.mark.parametrize("table", ["_told", "_messages"])
def test_sql_does_not_learn_who_is_told_of_what(site, table) -> None:
    assert "prohibited" in site.get(sql(f"select * from {table}"), status=400).text


@pytest.mark.parametrize(
    "query",
    [
        "select zeroblob(1000000000)",
        "select zeroblob(30000000) from changes",
        "with recursive n(x) as (select 1 union all select x + 1 from n where x < 900)"
        " select printf('%.*c', 1000000, 'x') from n",
    ],
)
@pytest.mark.parametrize("form", [".json", ""])
def test_sql_does_not_get_more_than_fits_in_memory(site, query, form) -> None:
    answer = site.get(f"/history{form}?sql={quote(query)}", status=400)
    assert "too big" in answer.text or "too large" in answer.text


def test_a_text_that_is_too_long_is_none(site) -> None:
    found = site.get(sql("select printf('%.*c', 900000000, 'x') as text")).json()
    assert found == [{"text": None}]


def test_the_next_question_is_answered_as_before(site) -> None:
    site.get(sql("select zeroblob(30000000) from changes"), status=400)
    assert site.get(sql("select count(*) as n from changes")).json() == [{"n": 35}]
    assert site.get("/history/changes").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "BREW"])
@pytest.mark.parametrize("path", ["/", "/history", "/history/changes", "/timeline.csv"])
def test_who_does_not_ask_to_read_is_told_so(site, method, path) -> None:
    answer = site.get(path, status=405, method=method)
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_an_address_in_a_cell_hides_nothing(site) -> None:
    query = "select 'https://x.example/' || char(8238) || 'gpj.exe' as url"
    assert "\u202e" not in site.get(f"/history?sql={quote(query)}").text


@pytest.mark.parametrize("year", ["0000", "20", "-001", "٢٠٢٠"])
def test_what_is_no_year_is_a_bad_request(site, year) -> None:
    site.get(f"/?year={quote(year)}", status=400)


def test_a_database_of_schema_15_has_every_page(db, tmp_path) -> None:
    """In a folder that may not be written to it stays one."""
    old = tmp_path / "embassy.db"
    with sqlite3.connect(db) as source, sqlite3.connect(old) as copy:
        source.backup(copy)
    make_schema_15(old)
    site = Site(old)
    pages = ["/", "/timeline.csv", "/timeline.json", "/timeline.atom", "/problems", "/as-of"]
    changes = [f"/change/{id_}" for (id_,) in program.query(db, "SELECT change_id FROM changes")]
    for path in (*pages, "/coverage", "/counters", "/questions", "/search?q=garden", *changes):
        site.get(path)
    site.close()


def test_no_more_is_remembered_than_has_room(site) -> None:
    for day in range(1, 31):
        for year in range(2031, 2035):
            site.get(f"/?since=2021-03-01&until={year}-01-{day:02}")
    assert len(page._remembered) <= 101


def test_a_strip_goes_as_far_as_the_calendar() -> None:
    for first, last in (
        (date.min, date.max),
        (date.min, date(2021, 3, 1)),
        (date(9999, 12, 20), date.max),
        (date(9999, 3, 1), date.max),
        (date(9500, 3, 1), date.max),
        (date.max, date.max),
    ):
        spans = spans_between(first, last)
        assert spans[0].first <= first and last <= spans[-1].last and len(spans) <= 101
        for one, other in pairwise(spans):
            assert other.first.toordinal() - one.last.toordinal() == 1


@pytest.mark.parametrize(
    "instants",
    [
        ("9999-12-31T23:59:50Z", "9999-12-31T23:59:59Z"),
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
    ],
)
def test_captures_at_the_ends_of_the_calendar_have_pages(tmp_path, instants) -> None:
    url = "https://www.rusemb.org.uk/fnapr/9005"
    rows = ["file\turl\tcaptured_at"]
    for file, at in zip(("2-statement.txt", "3-statement.html"), instants, strict=True):
        shutil.copy(CAPTURES / file, tmp_path)
        rows.append(f"{file}\t{url}\t{at}")
    (tmp_path / "manifest.tsv").write_text("\n".join([*rows, ""]))
    db = tmp_path / "db" / "embassy.db"
    assert program.run("ingest", str(tmp_path), "--db", str(db)).exit_code == 0
    assert program.query(db, "SELECT count(*) FROM captures") == [(2,)]
    site = Site(db)
    for path in ("/", "/?since=0001-01-01&until=9999-12-31", "/statement/fnapr/9005", "/coverage"):
        site.get(path)
    site.close()
