"""Tables in Datasette: every public one is described, and no other is to be seen."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from embassy_scraper.web import docs
from embassy_scraper.web.tables import described
from pipelines.tables.database import open_database

from .history import Site, copied, make_hostile

ROOT = Path(__file__).parents[2]
TABLES = described()["tables"]
INTERNAL = ("_texts", "_shown", "_sqlite_migrations", "versions_fts", "versions_fts_data", "_parts")


def test_every_public_table_and_column_is_described_and_nothing_else(tmp_path) -> None:
    connection = open_database(tmp_path / "embassy.db")
    names = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
        )
        if not name.startswith(("_", "sqlite_", "versions_fts"))
    ]
    there = {
        name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in names
    }
    assert {name: list(one["columns"]) for name, one in TABLES.items()} == there


def test_what_is_said_of_a_table_names_its_columns() -> None:
    for name, one in TABLES.items():
        columns = set(one["columns"])
        feed = one.get("feed", {"id": [], "at": None, "title": None})
        named = {*one.get("facets", ()), *one.get("sortable_columns", ()), *feed["id"]}
        named |= {one.get(key) for key in ("sort", "sort_desc", "label_column", "fts_pk")}
        named |= {feed["at"], feed["title"]}
        assert named - {None} <= columns, name
        assert one["description"].endswith("."), name


@pytest.mark.parametrize("file", ["tables", "recipes", "problems"])
def test_the_docs_are_what_is_printed(file) -> None:
    printed = "".join(getattr(docs, file)())
    assert (ROOT / f"docs/{file}.md").read_text(encoding="utf-8") == printed, (
        f"python -m embassy_scraper.web.docs {file} > docs/{file}.md"
    )


def test_the_docs_say_which_tables_have_no_feed() -> None:
    said = "".join(docs.tables()).partition(" as a feed. ")[2].partition("\n\n")[0]
    without = {name for name in TABLES if f"`{name}`" in said} - {"changes", "counter_readings"}
    assert without == {name for name, one in TABLES.items() if "feed" not in one}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_shown_and_taken_along(site, name) -> None:
    page = site.get(f"/history/{name}")
    assert TABLES[name]["title"] in page.text
    assert site.get(f"/history/{name}.json?_shape=array").json() is not None
    head = site.get(f"/history/{name}.csv").text.splitlines()[0]
    columns = list(TABLES[name]["columns"])
    assert [one for one in head.split(",") if one != "rowid"] == [
        one for one in columns if one != "rowid"
    ]


@pytest.mark.parametrize("page", ["/history", "/history.json", "/history?_show_hidden=1", "/.json"])
def test_what_is_internal_is_neither_listed_nor_counted(site, page) -> None:
    text = site.get(page).text
    for name in (*INTERNAL, "_spans", "_entries", "_learned", "_version_dates"):
        assert f'"{name}"' not in text and f">{name}<" not in text and f"/{name}" not in text


@pytest.mark.parametrize("name", INTERNAL)
@pytest.mark.parametrize("end", ["", ".json", ".csv", ".atom", "/1", "?_search=a"])
def test_what_is_internal_is_not_there(site, name, end) -> None:
    answer = site.get(f"/history/{name}{end}", status=404 if end != "/1" else 403)
    assert "columns" not in answer.text


def test_a_rows_page_leads_to_no_internal_table(site) -> None:
    (capture,) = site.get("/history/captures.json?_size=1&_shape=arrayfirst").json()
    text = site.get(f"/history/captures/{capture}").text
    assert "_observations" not in text and "_readings" not in text
    assert f'href="/capture/{capture}"' in text


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("/history/versions", "/statement/fnapr/9005"),
        ("/history/timeline", "/counter/the%20last%20concert%20in%20the%20garden"),
        ("/history/timeline", "/change/524be7532f91bcbf"),
        ("/history/statements/fnapr~2F9005", "/statement/fnapr/9005"),
        ("/history/removed_soon", "/statement/fnapr/9005"),
    ],
)
def test_cells_lead_to_our_pages(site, page, link) -> None:
    assert f'href="{link}"' in site.get(page).text


def test_below_another_address_every_link_stays_below_it(shown) -> None:
    site = Site(shown, "/archive/")
    for page in ("/history", "/history/versions", "/counters"):
        text = site.get(page).text
        assert 'href="/archive/-/look/' in text
        assert 'href="/-/' not in text and 'href="/statement' not in text
    assert 'href="/archive/statement/fnapr/9005"' in site.get("/history/versions").text
    site.close()


def test_hostile_text_is_text_in_every_cell_and_a_long_one_is_cut(shown, tmp_path) -> None:
    copy = copied(shown, tmp_path)
    with sqlite3.connect(copy) as target:
        target.execute("UPDATE statements SET title = ? WHERE key = 'video/31'", ("x" * 1_000_000,))
    make_hostile(copy)
    site = Site(copy)
    for name in (*TABLES, *described()["questions"]):
        answer = site.get(f"/history/{name}")
        assert len(answer.content) < 600_000, name
        _holds_no_markup(answer.text)
    site.close()


def _holds_no_markup(text: str) -> None:
    assert "<script>alert" not in text and "<img src=x" not in text
    assert "\u202e" not in text and "\x1b" not in text


def test_a_page_that_is_not_there_is_ours_and_says_so(site) -> None:
    for page in ("/nothing", "/history/nothing", "/nothing/at/all"):
        text = site.get(page, status=404).text
        assert "<h1>Not here</h1>" in text and 'href="/questions"' in text
