"""The page of one change: the entry it is of, exact instants, both captures, how to cite it."""

from __future__ import annotations

import sqlite3
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from embassy_scraper.items import ListText, StatementText
from tests.handed import Handed, entry, shown, take
from tests.web.asking import get, page
from tests.world import program

START = datetime(2021, 3, 1, 9)
TITLES = {n: f"Notice {n}" for n in range(20, 27)}


def lists(hours: int, *without: int) -> list[Handed]:
    """The homepage and a list, without the notices of some days."""
    entries = tuple(
        entry(f"{day}.02.2021", title, "", f"fnapr/{day}")
        for day, title in reversed(TITLES.items())
        if day not in without
    )
    at = START + timedelta(hours=hours)
    return [
        shown(at, "", ListText("home", 1, entries)),
        shown(at + timedelta(minutes=1), "newarh/", ListText("newarh", 1, entries)),
    ]


def own(hours: int, day: int, body: str = "A text.") -> Handed:
    text = StatementText(TITLES[day], body, date_text=f"{day}.02.2021")
    return shown(START + timedelta(hours=hours), f"fnapr/{day}", statement=text)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("change")
    return take(
        folder / "embassy.db",
        [*lists(0), own(1, 24), *lists(24, 23), own(25, 24, "A longer text."), *lists(48)],
    )


def ids(db: Path, which: str) -> list[str]:
    return [
        str(row[0]) for row in program.query(db, f"SELECT change_id FROM changes WHERE {which}")
    ]


def test_every_change_has_a_page_and_so_has_the_beginning_of_its_id(history) -> None:
    found = ids(history, "1")
    assert len(found) > 8
    for change in found:
        got = page(history, f"/change/{change}")
        assert f"embassy-scraper evidence {change}" in got.text
        short = next(
            n for n in range(1, 40) if sum(one.startswith(change[:n]) for one in found) == 1
        )
        assert page(history, f"/change/{change[:short]}").text == got.text


def test_what_belongs_together_stands_together_with_its_captures(history) -> None:
    first, second = ids(history, "kind = 'statement_withdrawn' ORDER BY field")
    one, other = page(history, f"/change/{first}"), page(history, f"/change/{second}")
    assert one.all("//h1") == other.all("//h1") == ["Removed from two lists"]
    rows = one.tree.xpath("//tbody/tr")
    assert [row.get("id") for row in rows] == [f"c-{first}", f"c-{second}"]
    assert "2021-03-01T09:00:00Z" in one.text and "2021-03-02T09:01:00Z" in one.text
    assert len(one.tree.xpath("//tbody//a[starts-with(@href, '/capture/')]")) == 4
    assert "/web/20210301090000/https://www.rusemb.org.uk/" in one.source
    assert one.all("//a[@href='/statement/fnapr/23']") == ["Notice 23"]


def test_an_edit_is_marked_and_cited_with_the_digests_of_both_captures(history) -> None:
    (change,) = ids(history, "kind = 'statement_edited'")
    got = page(history, f"/change/{change}")
    assert got.all("//ins") and got.all("//del")
    (cite,) = got.all("//*[@data-copy]")
    for capture, digest in program.query(
        history,
        "SELECT c.id, c.sha256 FROM changes JOIN captures c ON c.id IN (capture_before,"
        f" capture_after) WHERE change_id = '{change}'",
    ):
        assert f"{capture} (SHA-256 {digest})" in cite
    assert "after 2021-03-01T10:00:00Z and by 2021-03-02T10:00:00Z" in cite
    assert f"Change {change}." in cite


@pytest.mark.parametrize("given", ["zz", "%3Cscript%3E", "0" * 5000, "%00", "a%27--"])
def test_a_change_that_is_no_more_is_said_in_a_plain_line(history, given) -> None:
    (got,) = get(history, f"/change/{given}")
    assert got.status == 404
    assert "No change has the id" in got.text and "<script>" not in got.source


def test_several_changes_that_begin_so_are_not_one(tmp_path) -> None:
    captures = [home for n in range(9) for home in lists(24 * n, *([23, 24, 25] if n % 2 else []))]
    db = take(tmp_path / "embassy.db", captures)
    assert len(ids(db, "1")) > 16
    heads = [one[:1] for one in ids(db, "1")]
    shared = next(head for head in heads if heads.count(head) > 1)
    (got,) = get(db, f"/change/{shared}")
    assert got.status == 404 and "give more characters" in got.text


def test_the_end_of_the_whole_site_is_one_entry(tmp_path) -> None:
    def gone(hours: int, address: str) -> Handed:
        return shown(START + timedelta(hours=hours), address, kind="error", status=404)

    pages = [own(n, day) for n, day in enumerate(TITLES)]
    ends = [gone(100, ""), *(gone(101, f"fnapr/{day}") for day in TITLES)]
    db = take(tmp_path / "embassy.db", [*lists(0), *pages, *ends])
    found = ids(db, "kind = 'page_gone'")
    assert len(found) == len(TITLES)
    got = page(db, f"/change/{found[3]}")
    assert got.all("//h1") == ["The whole site stopped answering: 7 pages gone with it (404)"]
    assert len(got.tree.xpath("//tbody/tr")) == len(TITLES)


def test_the_end_of_a_very_large_site_does_not_keep_a_reader_waiting(history, tmp_path) -> None:
    db = tmp_path / "embassy.db"
    with sqlite3.connect(history) as source, sqlite3.connect(db) as copy:
        source.backup(copy)
        copy.executemany(
            "INSERT INTO changes (change_id, kind, subject, field, before, after, observed_after,"
            " observed_by, capture_after, note) SELECT ?, 'page_gone', ?, 'http_status', '200',"
            " '404', '2021-04-01T09:00:00Z', '2021-04-02T09:00:00Z', max(id), 'with the whole site'"
            " FROM captures",
            [(f"{number:016x}", f"fnapr/{number}") for number in range(10_000, 20_000)],
        )
    begun = time.monotonic()
    assert "10,000" in page(db, f"/change/{10_000:016x}").text
    assert time.monotonic() - begun < 5


def test_changes_of_counters_and_of_the_header_have_pages(run, db, demo_captures, rows) -> None:
    assert run("ingest", demo_captures).exit_code == 0
    found = rows("SELECT change_id, kind FROM changes WHERE kind NOT GLOB 'statement*'")
    assert {kind.partition("_")[0] for _, kind in found} >= {"counter"}
    for change, kind in found:
        got = page(db, f"/change/{change}")
        assert ("/counter/" in got.source) == kind.startswith("counter")
