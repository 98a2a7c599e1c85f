"""What stands out of order in a list is seen, but makes nobody else withdrawn (contract, 1)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from embassy_scraper.items import Entry, ListText
from tests.handed import changes, entry, shown, take_in_any_order
from tests.world import program

START = datetime(2021, 3, 20, 9)
PINNED = entry("01.02.2019", "A pinned notice", "It stays at the top.", "fnapr/100")


def at(days: int) -> datetime:
    return START + timedelta(days=days)


def item(day: int) -> Entry:
    """The statement of that day of March 2021."""
    return entry(f"{day:02}.03.2021", f"Notice {day}", f"Lead {day}.", f"fnapr/{7000 + day}")


def items(newest: int, *more: int) -> tuple[Entry, ...]:
    return tuple(item(day) for day in (newest, *more))


def newarh(*entries: Entry, start: int = 1) -> ListText:
    return ListText("newarh", start, entries)


def told(db) -> list[tuple[object, ...]]:
    return [row for row in changes(db, "kind", "subject") if row[0] != "statement_discovered"]


def snapshots(db) -> list[tuple[object, ...]]:
    return program.query(
        db, "SELECT covers_after, covers_until FROM snapshots ORDER BY capture, list"
    )


def test_below_a_pinned_item_nothing_that_scrolled_off_is_withdrawn(tmp_path) -> None:
    db = take_in_any_order(
        tmp_path,
        [
            shown(at(0), "newarh/", newarh(PINNED, *items(9, 8, 6, 5))),
            shown(at(1), "newarh/", newarh(PINNED, *items(12, 11, 9, 8))),
        ],
    )
    assert snapshots(db) == [("2021-03-05", None), ("2021-03-08", None)]
    assert told(db) == [("statement_added", "fnapr/7011"), ("statement_added", "fnapr/7012")]
    seen = "SELECT list, position FROM sightings WHERE statement = 'fnapr/100' ORDER BY capture"
    assert program.query(db, seen) == [("newarh", 1), ("newarh", 1)]


def test_a_pinned_item_is_missing_only_from_the_head_of_the_list(tmp_path) -> None:
    pinned = entry("06.03.2021", "A pinned notice", "It stays at the top.", "fnapr/100")
    looks = [
        shown(at(0), "newarh/", newarh(pinned, *items(9, 8, 7))),
        shown(at(1), "newarh/&start=4&ps=3", newarh(*items(8, 7, 3), start=4)),
        shown(at(2), "newarh/", newarh(*items(9, 8, 7, 3))),
    ]
    db = take_in_any_order(tmp_path / "whole", looks)
    withdrawn = "SELECT subject, observed_after, observed_by FROM changes WHERE kind GLOB '*_with*'"
    rows = [("fnapr/100", "2021-03-20T09:00:00Z", "2021-03-22T09:00:00Z")]
    assert program.query(db, withdrawn) == rows
    without_head = take_in_any_order(tmp_path / "without", looks[:2])
    assert program.query(without_head, withdrawn) == []
    status = "SELECT status FROM statements WHERE key = 'fnapr/100'"
    assert [program.query(one, status) for one in (db, without_head)] == [
        [("withdrawn",)],
        [("listed",)],
    ]


def test_what_stood_in_order_is_missing_from_any_window_that_covers_its_date(tmp_path) -> None:
    looks = [
        shown(at(0), "newarh/", newarh(*items(9, 8, 6, 3))),
        shown(at(1), "newarh/&start=2&ps=3", newarh(*items(8, 3, 2), start=2)),
    ]
    assert told(take_in_any_order(tmp_path, looks)) == [("statement_withdrawn", "fnapr/7006")]


def test_more_than_two_out_of_order_say_nothing_of_others(tmp_path) -> None:
    looks = [
        shown(at(0), "newarh/", newarh(*items(9, 8, 7, 6, 5, 4))),
        shown(at(1), "newarh/", newarh(*items(4, 9, 3, 8, 2, 7))),
    ]
    db = take_in_any_order(tmp_path, looks)
    assert snapshots(db)[1] == (None, None)
    assert told(db) == []


def test_a_pinned_item_that_sank_to_the_end_covers_nothing_above_it(tmp_path) -> None:
    looks = [
        shown(at(0), "newarh/", newarh(*items(9, 8, 6, 5))),
        shown(at(1), "newarh/", newarh(*items(12, 9, 8), PINNED)),
    ]
    db = take_in_any_order(tmp_path, looks)
    assert snapshots(db)[1] == ("2021-03-08", None)
    assert told(db) == [("statement_added", "fnapr/7012")]


def test_backdated_is_told_by_the_newest_date_of_the_trunk(tmp_path) -> None:
    ahead = entry("09.03.2022", "A notice with a wrong year", "It is of 2021.", "fnapr/101")
    looks = [
        shown(at(0), "newarh/", newarh(*items(9, 8), ahead, item(5))),
        shown(at(1), "newarh/", newarh(*items(9, 8), ahead, *items(7, 5))),
    ]
    db = take_in_any_order(tmp_path, looks)
    notes = "SELECT subject, note FROM changes WHERE kind = 'statement_added'"
    assert program.query(db, notes) == [("fnapr/7007", "backdated 2 days")]


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("unknown", {}),
        ("newarh", {"is_cut": True}),
    ],
)
def test_an_unknown_list_and_a_cut_off_page_cover_nothing(tmp_path, name, more) -> None:
    looks = [
        shown(at(0), "newarh/", ListText(name, 1, items(9, 8, 6, 5))),
        shown(at(1), "newarh/", ListText(name, 1, items(9, 6, 5)), **more),
    ]
    db = take_in_any_order(tmp_path, looks)
    assert snapshots(db)[1] == (None, None)
    assert told(db) == []


@pytest.mark.parametrize("key", ["fnapr/102", ""])
def test_an_entry_whose_date_has_an_unknown_form_covers_nothing(tmp_path, key) -> None:
    unread = entry("23 February 2021", "A notice", "Its date is in words.", key)
    looks = [
        shown(at(0), "newarh/", newarh(*items(9, 8, 6, 5))),
        shown(at(1), "newarh/", newarh(*items(9, 8), unread, item(5))),
    ]
    db = take_in_any_order(tmp_path, looks)
    assert snapshots(db)[1] == (None, None)
    assert told(db) == []
    problems = 'SELECT what, "where", text FROM problems'
    text = "23 February 2021 - A notice"
    assert program.query(db, problems) == [("unreadable date", "newarh", text)]
    dated = "SELECT published_on FROM statements WHERE title = 'A notice'"
    assert program.query(db, dated) == ([(None,)] if key else [])


def test_one_url_under_two_texts_in_one_list_is_one_history(tmp_path) -> None:
    one = entry("08.03.2021", "A notice", "It stands there.", "fnapr/103")
    other = entry("08.03.2021", "A note", "It stands there otherwise.", "fnapr/103")
    looks = [
        shown(at(0), "newarh/", newarh(item(9), other, one, item(5))),
        shown(at(1), "newarh/", newarh(item(9), one, item(5))),
        shown(at(2), "newarh/", newarh(item(9), other, item(5))),
    ]
    db = take_in_any_order(tmp_path, looks)
    first = "SELECT title FROM versions WHERE statement = 'fnapr/103' AND number = 1"
    assert program.query(db, first) == [("A note",)]


def test_an_entry_printed_twice_word_for_word_is_one(tmp_path) -> None:
    twice = entry("08.03.2021", "A notice", "It stands there twice.")
    others = [entry(f"{day:02}.03.2021", f"Notice {day}", f"Lead {day}.") for day in (9, 5)]
    looks = [
        shown(at(0), "newarh/", newarh(others[0], twice, others[1])),
        shown(at(1), "newarh/", newarh(others[0], twice, twice, others[1])),
        shown(at(2), "newarh/", newarh(others[0], twice, others[1])),
    ]
    db = take_in_any_order(tmp_path, looks)
    assert told(db) == []
    assert program.query(db, "SELECT count(*) FROM statements") == [(3,)]
    seen = (
        "SELECT position FROM sightings JOIN statements ON key = statement"
        " WHERE title = 'A notice' ORDER BY capture, position"
    )
    assert program.query(db, seen) == [(2,), (2,), (3,), (2,)]
