"""Dates and hours at the edge: strict, never guessed, and never a reason to lose a capture."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from embassy_scraper.items import CounterLine, Header, ListText, Page, StatementText
from embassy_scraper.sites import load_profile
from pipelines.normalise import normalise
from pipelines.values.instants import UnreadableDate, read_signature
from tests.handed import entry, shown, take
from tests.world import program

AT = datetime(2021, 3, 29, 9)
COUNTER = CounterLine(9, "days", "since A", "days have passed since A - b")
CLOCK = Header("29 March 2021", "12:00", "10:00", "en", counters=(COUNTER,), counters_known=True)


def header(day: str, london: str, moscow: str | None = None) -> Header:
    return replace(CLOCK, date_text=day, local_time=london, other_time=moscow)


def signed(signature: str, date_text: str | None = None) -> StatementText:
    return StatementText("A title", "A body.", date_text=date_text, signature_text=signature)


@pytest.mark.parametrize(
    "day", ["31 December 9999", "1 January 9999", "1 January 1", "1 January 0"]
)
@pytest.mark.parametrize(
    ("london", "moscow"), [("23:59", "02:59"), ("00:00", "03:00"), ("0:00", None)]
)
def test_a_clock_of_any_year_loses_no_capture(tmp_path, day, london, moscow) -> None:
    raw, page = shown(AT, "fnapr/1", statement=signed("3 April 2020, 18:05"))
    db = take(tmp_path / "e.db", [(raw, replace(page, header=header(day, london, moscow)))])
    assert program.query(db, "SELECT captured_at FROM captures") == [("2021-03-29T09:00:00Z",)]
    what = {w for (w,) in program.query(db, "SELECT what FROM problems")}
    assert what & {"unreadable date", "clock disagrees"}


@pytest.mark.parametrize(
    ("text", "published_at"),
    [
        ("28 March 2021, 00:59", "2021-03-28T00:59:00Z"),
        ("28 March 2021, 01:00", None),
        ("28 March 2021, 01:30", None),
        ("28 March 2021, 02:00", "2021-03-28T01:00:00Z"),
        ("31 October 2021, 01:30", "2021-10-31T00:30:00Z"),  # shown twice: the first
        ("31 October 2021, 02:00", "2021-10-31T02:00:00Z"),
        ("3 April 2020, 24:05", None),
        ("31 December 9999, 23:59", "9999-12-31T23:59:00Z"),
    ],
)
def test_a_signature_has_an_hour_that_london_shows(text, published_at) -> None:
    if published_at is None:
        with pytest.raises(UnreadableDate):
            read_signature(text, load_profile())
    else:
        assert read_signature(text, load_profile()) == published_at


@pytest.mark.parametrize(
    ("zone", "text"),
    [("America/New_York", "31 December 9999, 23:59"), ("Asia/Tokyo", "1 January 0001, 00:00")],
)
def test_an_hour_outside_of_all_years_is_unreadable(zone, text) -> None:
    profile = load_profile()
    profile = replace(profile, clock=replace(profile.clock, local_zone=zone))
    with pytest.raises(UnreadableDate):
        read_signature(text, profile)


@pytest.mark.parametrize("text", ["28 March 2021, 01:30", "28 March 2021, 25:30"])
def test_the_day_of_an_impossible_hour_stays_good_where_no_date_is_printed(tmp_path, text) -> None:
    ask = "SELECT published_on, published_at FROM statements"
    db = take(tmp_path / "a" / "e.db", [shown(AT, "fnapr/1", statement=signed(text))])
    assert program.query(db, ask) == [("2021-03-28", None)]
    problems = program.query(db, 'SELECT what, "where", text FROM problems')
    assert problems == [("unreadable date", "signature", text)]
    dated = signed(text, "29.03.2021")
    db = take(tmp_path / "b" / "e.db", [shown(AT, "fnapr/1", statement=dated)])
    assert program.query(db, ask) == [("2021-03-29", None)]


def test_an_impossible_day_gives_no_day_at_all(tmp_path) -> None:
    db = take(tmp_path / "e.db", [shown(AT, "fnapr/1", statement=signed("31 April 2021, 10:00"))])
    assert program.query(db, "SELECT published_on, published_at FROM statements") == [(None, None)]


def test_an_hour_mended_later_is_no_other_day(tmp_path) -> None:
    later = AT.replace(day=30)
    looks = [
        shown(AT, "fnapr/1", statement=signed("28 March 2021, 01:30")),
        shown(later, "fnapr/1", statement=signed("28 March 2021, 02:30")),
    ]
    db = take(tmp_path / "e.db", looks)
    assert program.query(db, "SELECT kind FROM changes") == [("statement_discovered",)]
    rows = program.query(db, "SELECT published_on, published_at FROM statements")
    assert rows == [("2021-03-28", "2021-03-28T01:30:00Z")]


@pytest.mark.parametrize(
    ("text", "london", "moscow", "clock"),
    [
        ("28 March 2021", "01:30", "04:30", None),  # London skipped that hour
        ("31 October 2021", "01:30", "03:30", "2021-10-31T00:30:00Z"),
        ("31 October 2021", "01:30", "04:30", "2021-10-31T01:30:00Z"),
        ("31 October 2021", "01:30", None, "2021-10-31T00:30:00Z"),
    ],
)
def test_the_page_clock_where_the_hour_changes(text, london, moscow, clock) -> None:
    raw, page = shown(AT, "", kind="home")
    capture = normalise(raw, replace(page, header=header(text, london, moscow)), load_profile())
    assert capture.page_clock == clock
    problems = {(p.what, p.where) for p in capture.problems}
    assert (("unreadable date", "page clock") in problems) == (clock is None)


@pytest.mark.parametrize(
    ("day", "london", "source", "disagrees"),
    [
        ("29 March 2021", "10:00", "file", False),
        ("28 March 2021", "10:00", "file", False),
        ("28 March 2021", "09:59", "file", True),
        ("30 March 2021", "10:01", "file", True),
        ("30 March 2021", "10:00", "file", False),
        ("30 March 2020", "10:00", "live", False),
    ],
)
def test_a_given_instant_over_a_day_from_the_clock_is_a_problem(
    day, london, source, disagrees
) -> None:
    raw, page = shown(AT, "", kind="home")
    raw = replace(raw, source=source)
    capture = normalise(raw, replace(page, header=header(day, london)), load_profile())
    assert capture.captured_at == "2021-03-29T09:00:00Z"
    assert [p.what for p in capture.problems] == (["clock disagrees"] if disagrees else [])


def test_an_instant_that_is_the_clock_itself_agrees() -> None:
    raw, page = shown(AT, "", ListText("home", 1, (entry("09.03.2021", "A", "b", "fnapr/1"),)))
    capture = normalise(replace(raw, captured_at=None), replace(page, header=CLOCK), load_profile())
    assert capture.captured_at == "2021-03-29T09:00:00Z"
    assert capture.problems == ()
    assert isinstance(page, Page)


@pytest.mark.parametrize("day", ["31 December 9999", "1 January 9999"])
def test_a_capture_dated_by_such_a_clock_alone_is_kept_and_told(tmp_path, run, db, day) -> None:
    file = tmp_path / "page.txt"
    text = (
        f"{day}\nMoscow: 02:59\nLondon: 23:59\n\nConsular queries:\n+44 (0) 203 668 7474\n\n"
        "9 days have passed since A - b\n\n\n09.03.2021 - A note\n\nIts lead.\n\nall messages"
    )
    file.write_text(text, encoding="utf-8")
    assert run("ingest", file).exit_code == 0
    assert program.query(db, "SELECT count(*) FROM captures") == [(1,)]
    for verb in ("report", "coverage", "verify", "rebuild"):
        assert run(verb).exit_code == 0
