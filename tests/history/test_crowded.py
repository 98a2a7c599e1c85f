"""A title that thousands of texts have on one day: nothing is compared, and that is told."""

from __future__ import annotations

from datetime import datetime

from embassy_scraper.items import ListText
from tests.handed import Handed, entry, shown, take, take_in_any_order
from tests.world import program

from .test_laws import compared_at_most

STATEMENTS = "SELECT url FROM statements ORDER BY url"
PROBLEMS = 'SELECT capture, what, "where", text FROM problems'


def listing(hour: int, *keys: str, title: str = "One title", day: str = "05.03.2021") -> Handed:
    entries = [entry(day, title, f"The embassy opens its reading room, {key}.", key) for key in keys]
    return shown(datetime(2021, 3, 20, hour), "newarh/", ListText("newarh", 1, tuple(entries)))


def test_each_address_is_a_statement_where_one_title_is_crowded(tmp_path) -> None:
    looks = [listing(9, "fnapr/1"), listing(10, "fnapr/2"), listing(11, "fnapr/3", title="Other")]
    compared = take(tmp_path / "compared" / "embassy.db", looks)
    assert len(program.query(compared, STATEMENTS)) == 2
    assert program.query(compared, PROBLEMS) == []
    with compared_at_most(1):
        crowded = take_in_any_order(tmp_path, looks)
        assert len(program.query(crowded, STATEMENTS)) == 3
        [(capture, *told)] = program.query(crowded, PROBLEMS)
    assert str(capture).startswith("20210320T090000Z") and told == [
        "too many alike", "title", "One title",
    ]  # fmt: skip


def test_a_title_that_returns_on_other_days_is_not_crowded(tmp_path) -> None:
    days = [listing(9 + n, f"fnapr/{n}", day=f"{n:02}.03.2021") for n in range(1, 5)]
    with compared_at_most(1):
        db = take(tmp_path / "embassy.db", days)
        assert len(program.query(db, STATEMENTS)) == 4
        assert program.query(db, PROBLEMS) == []
