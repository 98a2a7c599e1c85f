"""A side box shows a statement alone: a place of its own, and no list (contract, section 1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations

import pytest

from embassy_scraper.items import Entry, ListText, StatementText
from tests.handed import Handed, changes, entry, shown, take, take_in_any_order
from tests.world import program

START = datetime(2021, 3, 20, 9)
IN_BOX = entry("06.03.2021", "A talk on the pier", None, "video/7")
IN_LIST = entry("06.03.2021", "VIDEO: A talk on the pier", "It was windy.", "video/7")
OTHERS = tuple(
    entry(f"{day:02}.03.2021", f"Notice {day}", f"Lead {day}.", f"fnapr/{7000 + day}")
    for day in (9, 7, 5, 3)
)


def at(days: int) -> datetime:
    return START + timedelta(days=days)


def home(days: int, entries: tuple[Entry, ...], *boxed: Entry) -> Handed:
    return shown(at(days), "", ListText("home", 1, entries), ListText("box", 0, boxed))


def ask(db, query: str) -> list[tuple[object, ...]]:
    return program.query(db, query)


def test_what_only_a_box_shows_is_a_statement_without_version_and_place(tmp_path) -> None:
    db = take_in_any_order(tmp_path, [home(0, OTHERS, IN_BOX), home(1, OTHERS, IN_BOX)])
    columns = "title, published_on, status, versions, first_seen, last_seen"
    assert ask(db, f"SELECT {columns} FROM statements WHERE key = 'video/7'") == [
        ("A talk on the pier", "2021-03-06", "out_of_view", 0, "2021-03-20T09:00:00Z",
         "2021-03-21T09:00:00Z")
    ]  # fmt: skip
    assert ask(db, "SELECT position FROM sightings WHERE list = 'box'") == [(None,), (None,)]
    assert ask(db, "SELECT DISTINCT list FROM snapshots") == [("home",)]
    assert ask(db, "SELECT count(*) FROM versions WHERE statement = 'video/7'") == [(0,)]
    told = ask(db, "SELECT kind, field, after FROM changes WHERE subject = 'video/7'")
    assert told == [("statement_discovered", "box", "A talk on the pier")]


def test_a_box_that_shows_it_no_more_withdraws_nothing(tmp_path) -> None:
    other = entry("08.03.2021", "A talk on the tide", None, "video/8")
    db = take_in_any_order(tmp_path, [home(0, OTHERS, IN_BOX), home(1, OTHERS, other)])
    assert {kind for (kind,) in changes(db, "kind")} == {"statement_discovered"}


def test_the_title_of_a_box_counts_only_while_no_other_place_has_shown_one(tmp_path) -> None:
    with_item = (*OTHERS[:2], IN_LIST, *OTHERS[2:])
    looks = [home(0, OTHERS, IN_BOX), home(1, with_item, IN_BOX), home(2, with_item, IN_BOX)]
    db = take_in_any_order(tmp_path, looks)
    assert ask(db, "SELECT title, versions FROM statements WHERE key = 'video/7'") == [
        ("VIDEO: A talk on the pier", 1)
    ]
    assert ask(db, "SELECT title, first_seen, last_seen FROM versions WHERE title GLOB 'V*'") == [
        ("VIDEO: A talk on the pier", "2021-03-21T09:00:00Z", "2021-03-22T09:00:00Z")
    ]
    told = [row for row in changes(db, "kind", "subject", "after") if row[1] == "video/7"]
    assert told == [("statement_discovered", "video/7", "A talk on the pier")]


def test_what_a_list_had_shown_keeps_its_title_when_only_a_box_shows_it(tmp_path) -> None:
    with_item = (*OTHERS[:2], IN_LIST, *OTHERS[2:])
    looks = [home(0, with_item), home(1, with_item, IN_BOX), home(2, OTHERS[:1], IN_BOX)]
    db = take_in_any_order(tmp_path, looks)
    assert ask(db, "SELECT title FROM statements WHERE key = 'video/7'") == [(IN_LIST.title,)]
    last_seen = "SELECT s.last_seen, v.last_seen FROM statements s JOIN versions v"
    assert ask(db, f"{last_seen} ON v.statement = s.key WHERE s.key = 'video/7'") == [
        ("2021-03-22T09:00:00Z", "2021-03-21T09:00:00Z")
    ]


def test_a_box_is_a_place_of_its_own_in_which_a_title_is_edited(tmp_path) -> None:
    renamed = entry("06.03.2021", "A talk on the new pier", None, "video/7")
    with_item = (*OTHERS[:2], IN_LIST, *OTHERS[2:])
    db = take_in_any_order(tmp_path, [home(0, with_item, IN_BOX), home(1, with_item, renamed)])
    edits = [row for row in changes(db, "kind", "before", "after") if row[0] != DISCOVERED]
    assert edits == [("statement_edited", "A talk on the pier", "A talk on the new pier")]
    assert ask(db, "SELECT title, versions FROM statements WHERE key = 'video/7'") == [
        (IN_LIST.title, 1)
    ]


DISCOVERED = "statement_discovered"


def test_what_a_list_lacked_before_a_box_showed_it_was_added(tmp_path) -> None:
    with_item = (*OTHERS[:2], IN_LIST, *OTHERS[2:])
    looks = [home(0, OTHERS), home(1, OTHERS, IN_BOX), home(2, with_item)]
    db = take_in_any_order(tmp_path, looks)
    told = ask(db, "SELECT kind, field, observed_after, observed_by FROM changes"
                   " WHERE subject = 'video/7'")  # fmt: skip
    assert told == [("statement_added", "home", "2021-03-20T09:00:00Z", "2021-03-21T09:00:00Z")]


def test_without_links_a_box_is_the_entry_of_its_day_with_a_word_before_its_title(tmp_path) -> None:
    boxed = entry("06.03.2021", "A talk on the pier", None)
    listed = entry("06.03.2021", "VIDEO: A talk on the pier", "It was windy.")
    another = entry("07.03.2021", "VIDEO: A talk on the pier", "It was calm.")
    texts = tuple(Entry(e.date_text, e.title, e.lead) for e in OTHERS)
    looks = [
        home(0, (texts[0], another, *texts[1:]), boxed),
        home(1, (*texts[:2], listed, *texts[2:]), boxed),
        home(2, texts[:2], boxed),
    ]
    db = take_in_any_order(tmp_path, looks)
    talks = "SELECT published_on, title FROM statements WHERE title GLOB '*pier' ORDER BY 1"
    assert ask(db, talks) == [("2021-03-06", listed.title), ("2021-03-07", another.title)]


@pytest.mark.parametrize(
    ("better", "worse"),
    list(combinations(["page", "newarh", "home", "latest", "box"], 2)),
)
def test_of_several_titles_in_one_capture_that_of_the_best_place_counts(
    tmp_path, better, worse
) -> None:
    looks = []
    for place in (worse, better):
        title = f"As the {place} has it"
        if place == "page":
            text = StatementText(title, "A body.", date_text="06.03.2021")
            looks.append(shown(at(0), "video/7", statement=text))
        else:
            entries = (entry("06.03.2021", title, None if place == "box" else "Lead.", "video/7"),)
            looks.append(shown(at(0), f"{place}/", ListText(place, 1, entries)))
    page = looks[0][1]
    both = page.lists + looks[1][1].lists
    statement = looks[1][1].statement
    address = "video/7" if statement else "embassy/"
    db = take(tmp_path / "a" / "e.db", [shown(at(0), address, *both, statement=statement)])
    assert ask(db, "SELECT title FROM statements") == [(f"As the {better} has it",)]
    apart = take_in_any_order(tmp_path / "apart", looks)
    assert ask(apart, "SELECT title FROM statements") == [(f"As the {better} has it",)]
