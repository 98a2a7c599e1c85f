"""Texts and parts are kept once; a wording has the lines of its earliest capture."""

from __future__ import annotations

from datetime import datetime, timedelta

from embassy_scraper.items import ListText, StatementText
from pipelines.tables.database import open_database
from pipelines.tables.texts import text_ids
from tests.handed import Handed, entry, shown, take
from tests.world import program

START = datetime(2021, 3, 20, 9)
ENTRIES = tuple(entry(f"0{day}.03.2021", f"Notice {day}", f"Lead {day}.") for day in (7, 6, 5))


def listing(hours: int) -> Handed:
    return shown(START + timedelta(hours=hours), "newarh/", ListText("newarh", 1, ENTRIES))


def page(hours: int, body: str) -> Handed:
    text = StatementText("A notice", body, date_text="07.03.2021")
    return shown(START + timedelta(hours=hours), "fnapr/9", statement=text)


def test_a_list_that_stays_the_same_is_one_part_and_one_span(tmp_path) -> None:
    db = take(tmp_path / "embassy.db", [listing(n) for n in range(9)])
    counts = [program.count(db, name) for name in ("_parts", "_entries", "_spans", "sightings")]
    assert counts == [1, 3, 2, 27]  # the other span is of what the address answered


def test_the_lines_are_those_of_the_earliest_capture_whenever_it_comes(tmp_path) -> None:
    late, early = page(5, "One line, and\nanother."), page(1, "One line,\nand another.")
    for number, order in enumerate([[late, early], [early, late]]):
        db = take(tmp_path / f"{number}" / "embassy.db", *([one] for one in order))
        assert program.query(db, "SELECT body FROM versions") == [("One line,\nand another.",)]
        assert program.count(db, "_wordings") == 1


def test_a_text_has_one_number(tmp_path) -> None:
    connection = open_database(tmp_path / "embassy.db")
    first = text_ids(connection, ["a", "b", "a"])
    assert text_ids(connection, ["b", "c"])["b"] == first["b"]
    assert connection.execute("SELECT text FROM _texts ORDER BY text").fetchall() == [
        ("a",), ("b",), ("c",),
    ]  # fmt: skip
    connection.close()
