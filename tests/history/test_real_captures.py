"""Two real captures, whole, where they are at hand: the history they must give."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

CAPTURES = Path(__file__).parents[3] / "shared" / "captures"
pytestmark = pytest.mark.skipif(
    not CAPTURES.is_dir(), reason="the two real captures are shared beside the project, not in it"
)


def test_two_real_captures_give_their_history(run, rows) -> None:
    result = run("ingest", CAPTURES)
    assert result.exit_code == 0
    assert result.stderr == "captures: 2 stored, 0 known, 0 rejected; changes: 26\n"
    report = list(csv.DictReader(io.StringIO(run("report").stdout)))
    assert Counter(row["kind"] for row in report) == {
        "statement_discovered": 12,
        "statement_added": 10,
        "counter_discovered": 2,
        "counter_progressed": 2,
    }
    progressed = {(r["before"], r["after"]) for r in report if r["kind"] == "counter_progressed"}
    assert progressed == {("996", "1417"), ("988", "1409")}
    assert rows("SELECT * FROM problems") == []


def test_their_dates_are_read_day_first(run, rows) -> None:
    run("ingest", CAPTURES)
    days = [day for (day,) in rows("SELECT date FROM _wordings WHERE NOT is_page ORDER BY date")]
    assert len(days) == 20
    assert days[0] == "2020-10-20"
    assert days[-1] == "2022-01-09"
    query = "SELECT key, published_on, published_at FROM statements WHERE url IS NOT NULL"
    assert rows(query) == [
        ("article/619", None, None),
        ("fnapr/6956", "2020-04-03", "2020-04-03T17:05:00Z"),
    ]


def test_what_scrolled_off_is_out_of_view_not_withdrawn(run, rows) -> None:
    run("ingest", CAPTURES)
    query = "SELECT DISTINCT status FROM statements WHERE published_on BETWEEN ? AND ?"
    old = rows(query.replace("?", "'2020-10-01'", 1).replace("?", "'2020-12-31'"))
    new = rows(query.replace("?", "'2021-12-01'", 1).replace("?", "'2022-01-31'"))
    assert (old, new) == ([("out_of_view",)], [("listed",)])


def test_verify_finds_nothing_and_rebuild_changes_nothing(run, rows) -> None:
    run("ingest", CAPTURES)
    before = run("report").stdout
    assert run("verify").exit_code == 0
    assert run("rebuild").exit_code == 0
    assert run("report").stdout == before
    assert run("verify").exit_code == 0
    assert rows("SELECT since_date FROM counters") == [("2018-03-04",), ("2018-03-12",)]
