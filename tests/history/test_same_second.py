"""Captures of one second that contradict each other, and known titles side by side in a new window.

The same history in any order; each was found by trying to break it.
"""

from __future__ import annotations

from datetime import datetime
from itertools import permutations

from embassy_scraper.items import Entry, ListText, StatementText
from tests.handed import Handed, entry, shown, take, take_in_any_order
from tests.world import program


def at(hour: int, day: int = 20) -> datetime:
    return datetime(2021, 3, day, hour)


def test_what_several_captures_of_one_second_showed_last_is_listed_no_more(tmp_path) -> None:
    older = entry("01.03.2021", "Older", "Old.")

    def listing(hour: int, *entries: Entry) -> Handed:
        return shown(at(hour), "newarh/", ListText("newarh", 1, entries))

    looks = [
        listing(9, entry("05.03.2021", "A", "One."), older),
        listing(9, entry("04.03.2021", "B", "Two."), older),
        listing(9, entry("04.03.2021", "E", "Three."), older),
        listing(10, entry("06.03.2021", "C", "Four."), entry("05.03.2021", "D", "Five.")),
    ]
    dbs = [take(tmp_path / f"{n}" / "embassy.db", looks[:n], looks[n:]) for n in range(4)]
    for db in dbs[1:]:
        assert not program.table_differences(dbs[0], db)
    listed = "SELECT title FROM statements WHERE status = 'listed' ORDER BY title"
    assert program.query(dbs[3], listed) == [("C",), ("D",)]


def test_what_was_shown_last_is_so_no_more_between_an_earlier_and_a_later_look(tmp_path) -> None:
    def listing(hour: int, *entries: Entry) -> Handed:
        return shown(at(hour), "newarh/", ListText("newarh", 1, entries))

    older = entry("01.03.2021", "Older", "Old.")
    middle = listing(10, entry("05.03.2021", "A", "One."), older)
    around = [listing(9, older), listing(11, older)]
    whole = take(tmp_path / "whole" / "embassy.db", [middle, *around])
    parts = take(tmp_path / "parts" / "embassy.db", [middle], around)
    assert not program.table_differences(whole, parts)


def test_titles_that_a_url_links_are_weighed_again_when_they_stand_side_by_side(tmp_path) -> None:
    def item(title: str, key: str = "") -> Entry:
        return entry("05.03.2021", title, "", key)

    def home(when: datetime, *entries: Entry) -> Handed:
        return shown(when, "", ListText("home", 1, entries))

    looks = [
        home(at(9), item("B", "fnapr/2"), item("A", "fnapr/1")),
        home(at(19), item("A"), item("B")),
        home(at(0, 21), item("B", "fnapr/1"), item("A", "fnapr/2")),
        shown(at(0, 21), "newarh/", ListText("latest", 1, (item("B", "fnapr/1"), item("A")))),
    ]
    whole = take(tmp_path / "whole" / "embassy.db", looks)
    for number, order in enumerate(permutations(looks)):
        parts = take(tmp_path / f"{number}" / "embassy.db", *([look] for look in order))
        assert not program.table_differences(whole, parts), order


def test_each_of_two_addresses_is_removed_and_back_by_itself(tmp_path) -> None:
    text = StatementText("T", "One two three four five six seven.", date_text="05.03.2021")

    def page(hour: int, key: str) -> Handed:
        return shown(at(hour), key, statement=text, status=200)

    def gone(hour: int, key: str) -> Handed:
        return shown(at(hour), key, kind="error", status=404)

    first, other = "fnapr/1", "ambarticles/1"
    up = [shown(at(hour), "", kind="home", status=200) for hour in (8, 22)]
    looks = [page(9, first), page(9, other), gone(10, first), gone(12, other), page(13, other)]
    db = take_in_any_order(tmp_path, [*up, *looks])
    removed = program.query(db, "SELECT missing_by, back_by FROM removed ORDER BY missing_by")
    assert removed == [
        ("2021-03-20T10:00:00Z", None),
        ("2021-03-20T12:00:00Z", "2021-03-20T13:00:00Z"),
    ]
