"""The questions: each is answered, as a page, a table to take along and a feed."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from embassy_scraper.web.page import Asked
from embassy_scraper.web.pages import as_of, counters, problems
from embassy_scraper.web.pages.questions import questions
from embassy_scraper.web.tables import described

from .history import HOSTILE, Site, copied

QUESTIONS = described()["questions"]


def answer(site: Site, name: str, **asked: str) -> Any:
    query = urlencode({"_shape": "array", **asked})
    rows: list[dict[str, object]] = site.get(f"/history/{name}.json?{query}").json()
    return rows


def test_there_are_enough_and_each_is_asked_in_words() -> None:
    assert 12 <= len(QUESTIONS) <= 18
    for name, one in QUESTIONS.items():
        assert one["title"].endswith("?") and one["description"].endswith("."), name
        assert one["hide_sql"], "its SQL is one click away"
        assert set(one.get("params", ())) == set(one.get("parameters", {})), name


def test_the_page_lists_them_all_with_their_sql_one_click_away(site) -> None:
    page = site.get("/questions").text
    for one in questions():
        assert one.title in page
        sql = site.get(f"/history/{one.name}?_show_sql=1").text
        assert f'href="/history/{one.name}?_show_sql=1"' in page
        assert '<pre id="sql-query">' in sql


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_is_answered_with_what_it_asks_for_and_with_nothing(site, name) -> None:
    one = QUESTIONS[name]
    examples = one.get("parameters", {})
    for asked in (examples, {}, dict.fromkeys(examples, ""), *_hostile(examples)):
        rows = answer(site, name, **asked)
        assert isinstance(rows, list), rows
        page = site.get(f"/history/{name}?{urlencode(asked)}").text
        assert one["title"].replace("'", "&#39;") in page
        if rows and "feed" in one:
            columns = {one["feed"]["at"], one["feed"]["title"], *one["feed"]["id"]}
            assert columns <= set(rows[0])
            assert f"/history/{name}.atom" in page


def _hostile(examples: dict[str, str]) -> list[dict[str, str]]:
    return [dict.fromkeys(examples, text) for text in (*HOSTILE, "\"' OR 1=1 --", "AND")]


@pytest.mark.parametrize(
    ("name", "asked", "told"),
    [
        ("removed_soon", {}, [{"statement": "fnapr/9005", "back_by": "2021-03-13T09:00:00Z"}]),
        ("came_back", {}, [{"statement": "fnapr/9005"}] * 5),
        ("edited", {}, [{"field": "title"}, {"field": "body"}]),
        ("edited_figures", {}, [{"figures_before": "1.5 ", "figures_after": "15 "}]),
        ("backdated", {}, [{"statement": "fnapr/9006", "note": "backdated 6 days"}]),
        ("counters_off", {}, [{"before": "297", "after": "300"}]),
        ("most_versions", {}, [{"statement": "fnapr/9002"}, {"statement": "fnapr/9003"}]),
        ("titles_with", {"words": "spring concert"}, [{"statement": "fnapr/9005"}]),
        ("titles_with", {"words": "concert spring"}, []),
        ("learned_since", {"since": "2999"}, []),
        ("list_at", {"list": "ambartarh", "at": "2021-03-05"}, [{"position": 1}, {"position": 2}]),
        ("list_at", {"list": "newarh", "at": "2021-02-28"}, []),
        ("unwatched_between", {"begin": "2021-03-14", "end": "2021-03-15"}, [{"days": ...}] * 5),
        ("unwatched_between", {"begin": "2021-01-01", "end": "2021-02-28"}, []),
        ("pages_gone", {}, []),
        ("gone_now", {}, []),
        ("redated", {}, []),
        ("withheld", {}, []),
        ("disagree", {}, []),
    ],
)
def test_the_answers_are_those_of_the_demonstration(site, name, asked, told) -> None:
    rows = answer(site, name, **asked)
    assert len(rows) == len(told), rows
    for row, part in zip(rows, told, strict=True):
        assert {k: v for k, v in part.items() if v is not ...} == {
            k: row[k] for k, v in part.items() if v is not ...
        }


def test_what_is_answered_on_other_histories(shown, tmp_path) -> None:
    copy = copied(shown, tmp_path)
    with sqlite3.connect(copy) as connection:
        connection.execute("UPDATE statements SET status = 'withdrawn' WHERE key = 'video/31'")
        connection.execute(
            "UPDATE changes SET kind = 'statement_edited', field = 'published_on',"
            " before = '2021-03-02', after = '2021-03-04'"
            " WHERE change_id = '3aaef9af97e43cf5'"
        )
        connection.execute("DELETE FROM changes WHERE kind = 'page_back'")
        connection.execute("UPDATE problems SET what = 'unknown layout' WHERE rowid = 1")
        connection.execute("UPDATE problems SET what = 'sources disagree' WHERE rowid = 2")
    site = Site(copy)
    assert [row["statement"] for row in answer(site, "gone_now")] == ["video/31"]
    assert [row["days_later"] for row in answer(site, "redated")] == [2]
    assert [row["statement"] for row in answer(site, "pages_gone")] == ["fnapr/9005"]
    assert len(answer(site, "withheld")) == len(answer(site, "disagree")) == 1
    site.close()


@pytest.mark.slow
def test_on_a_long_history_nothing_takes_more_steps_than_a_reader_waits_for(
    shown, tmp_path
) -> None:
    """A step is one of SQLite's; it takes 20 to 50 million of them in a second."""
    copy = copied(shown, tmp_path)
    make_long(copy)
    pages = {
        "problems": lambda asked: problems.load(asked),
        "counters": lambda asked: counters.load_all(asked),
        "as of": lambda asked: as_of.load(replace(asked, arguments={"at": "2026-11-01"})),
    }
    with sqlite3.connect(f"file:{copy}?mode=ro", uri=True) as connection:
        steps = _count_steps(connection)
        for name, one in QUESTIONS.items():
            steps.clear()
            connection.execute(one["sql"], one.get("parameters", {})).fetchall()
            assert len(steps) < 20_000, name
        for name, load in pages.items():
            steps.clear()
            load(Asked(connection, copy, {}, {}, "/", "http://localhost"))
            assert len(steps) < 3_000, name


def _count_steps(connection: sqlite3.Connection) -> list[None]:
    """A list that grows by one for every thousand steps."""
    steps: list[None] = []
    connection.set_progress_handler(lambda: steps.append(None), 1000)
    return steps


def make_long(shown) -> None:
    """Make a history of 100,000 looks at the homepage, with as many problems and changes."""
    with sqlite3.connect(shown) as connection:
        connection.execute(
            "CREATE TEMP TABLE many AS WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            " WHERE i < 100000) SELECT i, strftime('%Y-%m-%dT%H:%M:%SZ', '2022-01-01',"
            " i || ' hours') AS at FROM n"
        )
        copied = {"captures": ("id", "captured_at"), "changes": ("change_id", "observed_by")}
        for table, (key, time_column) in copied.items():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            given = {
                key: "replace(replace(at, '-', ''), ':', '') || '-' || printf('%016x', i)",
                time_column: "at",
            }
            values = ", ".join(given.get(one, f"s.{one}") for one in columns)
            kinds = "kind = 'statement_edited' AND field = 'body'"
            of = "page_kind = 'home' LIMIT 1" if table == "captures" else f"{kinds} LIMIT 1"
            connection.execute(
                f"INSERT INTO {table} SELECT {values} FROM many,"
                f" (SELECT * FROM {table} WHERE {of}) s"
            )
        (series, value) = connection.execute(
            "SELECT o.series, o.value FROM _observations o JOIN _series s ON s.id = o.series"
            " WHERE s.place = 'home' LIMIT 1"
        ).fetchone()
        connection.execute(
            "INSERT INTO _observations SELECT ?, replace(replace(at, '-', ''), ':', '') || '-'"
            " || printf('%016x', i), ? FROM many",
            (series, value),
        )
        connection.execute(
            "INSERT INTO problems SELECT replace(replace(at, '-', ''), ':', '') || '-'"
            " || printf('%016x', i), NULL, iif(i % 2, 'unknown layout', 'sources disagree'),"
            " 'body', json_array(i) FROM many"
        )
        connection.execute(
            "INSERT INTO _learned SELECT change_id, observed_by FROM changes"
            " WHERE observed_by > '2022'"
        )
