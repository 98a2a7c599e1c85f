"""The page of one statement: its life, two versions, its captures, how to cite it."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlite_utils
from hypothesis import given
from hypothesis import strategies as st

from embassy_scraper.items import ListText, StatementText
from embassy_scraper.reports.marks import ADDED, SAME
from embassy_scraper.reports.sides import compare
from embassy_scraper.web.looks import Looks, own_page_series, watched
from pipelines.tables.schema import migrations
from tests.commands.test_problems import nobody
from tests.handed import Handed, entry, shown, take
from tests.web.asking import check, get, page
from tests.world import program

START = datetime(2021, 3, 1, 9)
KEY = "fnapr/7"
BODY = "The garden opens.\n\nIt was paid for by 1.5 thousand readers.\n\nThe gate is to the north."
LATER = "The gate is to the north.\n\nThe garden opens.\n\nIt was paid for by 15 thousand readers."


def look(hours: int, body: str, title: str = "On the garden", date: str = "26.02.2021") -> Handed:
    text = StatementText(title, body, date_text=date)
    return shown(START + timedelta(hours=hours), KEY, statement=text)


def gone(hours: int) -> Handed:
    return shown(START + timedelta(hours=hours), KEY, kind="error", status=404)


def home(hours: int, *titles: str) -> Handed:
    entries = tuple(entry("26.02.2021", one, "", KEY) for one in titles)
    rest = tuple(entry(f"{n}.02.2021", f"Notice {n}", "", f"fnapr/{n}") for n in (25, 24, 23))
    return shown(START + timedelta(hours=hours), "", ListText("home", 1, (*entries, *rest)))


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A statement that is edited, re-titled, taken from the homepage, and whose page goes."""
    folder = tmp_path_factory.mktemp("edited")
    captures = [
        look(0, BODY),
        home(1, "On the garden"),
        look(48, LATER),
        look(96, LATER, "On the north garden", "27.02.2021"),
        home(97),
        gone(200),
    ]
    return take(folder / "embassy.db", captures)


def test_its_life_stands_from_the_oldest_to_the_newest(edited) -> None:
    got = page(edited, f"/statement/{KEY}")
    assert got.all("//h1") == ["On the north garden"]
    assert "Dated 27 February 2021" in got.text
    assert "Withdrawn: it is missing from every list in which it was last known" in got.text
    life = got.all("//ol[@class='life']/li//a")
    assert life[0] == "First seen, on its own page"
    assert [one for one in life if "own page is gone (404)" in one] == life[-1:]
    assert "between 1 March, 09:00 and 3 March 2021, 09:00 (UTC)" in got.text


def test_the_last_two_versions_stand_side_by_side_and_any_two_can_be_asked_for(edited) -> None:
    got = page(edited, f"/statement/{KEY}")
    assert got.all("//select/option[@selected]/@value") == ["2", "3"]
    assert got.all("//h3") == ["Title", "Date", "Text"]
    assert "… 3 paragraphs unchanged" in got.text
    got = page(edited, f"/statement/{KEY}?a=1&b=2")
    assert got.all("//select/option[@selected]/@value") == ["1", "2"]
    assert got.all("//div[@class='sides']//del")[0].endswith("1.5")
    assert got.all("//div[@class='sides']//ins")[0].endswith("15")
    notes = got.all("//p[contains(@class, 'moved')]")
    assert notes == [
        "Moved: it stood elsewhere in the earlier version.",
        "Moved: it stands elsewhere in the later version.",
    ]
    same = page(edited, f"/statement/{KEY}?a=1&b=1")
    assert "It was paid for by 1.5 thousand readers." in same.all("//p[@class='words']")


@pytest.mark.parametrize("asked", ["?a=9", "?b=x", "?a=-1", "?a=1;drop"])
def test_a_version_that_there_is_not_is_said_so(edited, asked) -> None:
    (got,) = get(edited, f"/statement/{KEY}{asked}")
    assert got.status == 400 and "There is no version" in got.text


def test_a_key_that_there_is_not_is_said_in_a_plain_line(edited) -> None:
    (got,) = get(edited, "/statement/%3Cb%3Efnapr/1")
    assert got.status == 404
    assert "No statement has the key <b>fnapr/1." in got.text and "<b>" not in got.source


def test_it_can_be_cited_and_proved_without_a_script(edited) -> None:
    got = page(edited, f"/statement/{KEY}")
    (cite,) = got.all("//*[@data-copy]")
    capture, sha256 = program.query(
        edited,
        "SELECT first_capture, sha256 FROM _versions JOIN captures c ON c.id = first_capture"
        f" WHERE statement = '{KEY}' AND number = 3",
    )[0]
    assert (
        "“On the north garden”, dated 27 February 2021, https://www.rusemb.org.uk/fnapr/7" in cite
    )
    assert f"{capture} (SHA-256 {sha256})" in cite and "Version 3 of 3" in cite
    (command,) = got.all("//pre")
    change = command.split()[2]
    assert program.query(edited, f"SELECT 1 FROM changes WHERE change_id = '{change}'")
    assert not got.tree.xpath("//button[not(ancestor::form)]")


def test_places_and_captures_lead_to_the_stored_and_the_archived_copy(edited) -> None:
    got = page(edited, f"/statement/{KEY}")
    places = got.all("//table[contains(caption, 'show it in each place')]/tbody/tr/th")
    assert places == ["its own page", "the homepage"]
    rows = got.tree.xpath("//div[@id='captures']//tbody/tr")
    assert len(rows) == 4
    assert rows[0].xpath("td/text()")[0].strip() == "404"
    stored, archived = rows[-1].xpath(".//a/@href")
    assert stored.startswith("/capture/20210301T090000Z-")
    assert archived == (
        "https://web.archive.org/web/20210301090000/https://www.rusemb.org.uk/fnapr/7"
    )


def test_the_same_is_there_as_json(edited) -> None:
    (got,) = get(edited, f"/statement/{KEY}.json")
    found = json.loads(got.body)
    assert got.headers["content-type"].startswith("application/json")
    assert found["statement"]["key"] == KEY
    assert [one["title"] for one in found["versions"]][1:] == [
        "On the garden", "On the north garden",
    ]  # fmt: skip
    assert found["versions"][0]["body"] == BODY
    ids = program.query(edited, f"SELECT change_id FROM changes WHERE subject = '{KEY}'")
    assert {(one["change_id"],) for one in found["changes"]} == set(ids)


def test_captures_are_paged_and_each_stands_once(tmp_path) -> None:
    db = take(tmp_path / "embassy.db", [look(n, BODY) for n in range(60)])
    address, seen = f"/statement/{KEY}", []
    while True:
        got = page(db, address)
        seen += got.all("//div[@id='captures']//tbody/tr//a[starts-with(@href, '/capture/')]/@href")
        following = got.all("//a[@rel='next']/@href")
        if not following:
            break
        address = following[0].partition("#")[0]
    assert len(seen) == len(set(seen)) == 60
    assert seen == sorted(seen, reverse=True)


def test_a_page_without_an_address_has_its_captures_too(tmp_path) -> None:
    def capture(hours: int) -> Handed:
        text = StatementText("A talk", BODY, date_text="26.02.2021")
        return shown(START + timedelta(hours=hours), None, statement=text)

    db = take(tmp_path / "embassy.db", [capture(n) for n in range(3)])
    ((key,),) = program.query(db, "SELECT key FROM statements")
    got = page(db, f"/statement/{key}")
    assert len(got.all("//div[@id='captures']//tbody/tr")) == 3
    assert "its address is not known" in got.text


HOSTILE = "<script>alert(1)</script> \u202eevil\u0000\u001b[31m {{ 7 * 7 }} \"'>"


def test_hostile_text_stands_as_text(tmp_path) -> None:
    db = take(
        tmp_path / "embassy.db",
        [look(0, f"{HOSTILE}\n\nAn end.", f"A {HOSTILE}"), look(9, f"{HOSTILE} more\n\nAn end.")],
    )
    ((key,),) = program.query(db, "SELECT key FROM statements")
    changes = program.query(db, "SELECT change_id FROM changes")
    addresses = [f"/statement/{key}", *(f"/change/{change}" for (change,) in changes)]
    for got in get(db, *addresses):
        assert got.status == 200
        check(got)
        assert "<script>alert" not in got.source and "\u202e" not in got.source
        assert "\x1b" not in got.source and "\x00" not in got.source
    assert "<script>alert(1)</script> ⟨U+202E⟩evil" in page(db, f"/statement/{key}").text


def test_a_title_of_a_megabyte_is_cut_and_all_of_it_can_be_had(tmp_path) -> None:
    long = "seal " * 200_000
    captures = [look(0, long, f"A {long}"), look(9, f"{long}more", f"The {long}"), gone(12)]
    db = take(tmp_path / "embassy.db", captures)
    got = page(db, f"/statement/{KEY}")
    assert len(got.body) < 300_000
    assert "all=1" in got.source
    assert len(page(db, f"/statement/{KEY}?all=1").body) > 1_000_000
    for (change,) in program.query(db, "SELECT change_id FROM changes"):
        assert len(page(db, f"/change/{change}").body) < 300_000


def test_differing_passages_are_shown_however_much_equal_text_stands_before() -> None:
    equal = "\n".join(f"{n} " + "equal words " * 40 for n in range(500))
    before, after = (
        {"title": None, "lead": None, "published_on": None, "body": f"{equal}\n{end}"}
        for end in ("An end.", "No end.")
    )
    compared = compare(before, after)
    assert [part.count for part in compared.parts] == [500, 0]
    assert len(compared.parts[0].texts) < 100
    assert [piece.kind for piece in compared.parts[1].after] == [ADDED, SAME]


def looks_at(minutes: list[int]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    migrations.apply(sqlite_utils.Database(connection))
    connection.execute("INSERT INTO _series VALUES (1, 'page', 'fnapr/7')")
    connection.execute("INSERT INTO _series VALUES (2, 'page', 'article/7')")
    for number, minute in enumerate(minutes):
        at = f"{START + timedelta(minutes=minute):%Y%m%dT%H%M%SZ}-{number:016x}"
        connection.execute("INSERT INTO _observations VALUES (?,?,1)", (1 + number % 2, at))
    return connection


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=40))
def test_the_longest_gaps_are_those_that_going_through_all_looks_finds(minutes) -> None:
    now = START + timedelta(days=400)
    with closing(looks_at(minutes)) as connection:
        series = own_page_series(connection, ["fnapr/7", "article/7", "fnapr/8"], [])
        found = watched(Looks(connection, series), now)
    days = sorted(set(minutes))
    gaps = sorted((b - a for a, b in itertools.pairwise(days)), reverse=True)
    least = max((days[-1] - days[0]) / 64, 1)
    assert found is not None
    lengths = [
        (datetime.fromisoformat(gap.by) - datetime.fromisoformat(gap.after)) / timedelta(minutes=1)
        for gap in found.gaps
    ]
    assert lengths == [gap for gap in gaps if gap > least][:5]
    assert datetime.fromisoformat(found.since.by).replace(tzinfo=None) >= START


def test_never_looked_at_is_said_so() -> None:
    with closing(looks_at([])) as connection:
        assert watched(Looks(connection, [1, 2]), START) is None


WALKED = "statement statement_keys statement_version statement_versions".split()
WALKED += "statement_places captures_of_url captures_without_address".split()
WALKED += "bytes_of search_shown".split()


@pytest.mark.parametrize("name", WALKED)
def test_no_query_walks_through_a_table(name) -> None:
    """A statement can stand in a hundred thousand captures."""
    connection = sqlite3.connect(":memory:")
    migrations.apply(sqlite_utils.Database(connection))
    text = files("embassy_scraper.web").joinpath("queries", f"{name}.sql").read_text("utf-8")
    words = "key most number url before subject since until whole given capture query open close"
    values = dict.fromkeys([*words.split(), "statement"], "1")
    steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", values)]
    assert not [
        s for s in steps if s.startswith("SCAN") and "VIRTUAL" not in s and "stood" not in s
    ]


def test_pages_are_shown_where_nothing_may_be_written(edited) -> None:
    with TemporaryDirectory(dir="/tmp") as folder:
        kept = Path(folder) / "kept"
        shutil.copytree(edited.parent, kept)
        for path in (Path(folder), *kept.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        kept.chmod(0o555)
        before = {path: path.stat().st_mtime_ns for path in kept.rglob("*")}
        ((capture,), *_) = program.query(edited, "SELECT id FROM captures")
        with nobody():
            assert not os.access(kept, os.W_OK)
            for address in (f"/statement/{KEY}", f"/capture/{capture}", "/search?q=garden"):
                page(kept / edited.name, address)
        assert {path: path.stat().st_mtime_ns for path in kept.rglob("*")} == before
        kept.chmod(0o755)
