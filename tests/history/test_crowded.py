"""More of one kind than any site has: a title on one day, captures of one page at one instant."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from embassy_scraper.items import ListText
from embassy_scraper.sites import load_profile
from pipelines.normalise import normalise
from pipelines.tables import reconcile
from tests.handed import Handed, entry, shown, take, take_in_any_order
from tests.world import program

from .test_laws import compared_at_most

CAPTURES = Path(__file__).parents[1] / "captures"
STATEMENTS = "SELECT url FROM statements ORDER BY url"
PROBLEMS = 'SELECT capture, what, "where", text FROM problems'


def looks_at_once(count: int) -> list[Handed]:
    return [listing(9, f"fnapr/{number}", title=f"Title {number}") for number in range(count)]


def listing(
    hour: int,
    *keys: str,
    title: str = "One title",
    day: str | None = "05.03.2021",
    lead: str = "The embassy opens its reading room, {}.",
) -> Handed:
    entries = [entry(day, title, lead.format(key), key) for key in keys]
    return shown(datetime(2021, 3, 20, hour), "newarh/", ListText("newarh", 1, tuple(entries)))


def test_each_address_is_a_statement_where_one_title_is_crowded(tmp_path) -> None:
    looks = [listing(9, "fnapr/1"), listing(10, "fnapr/2"), listing(11, "fnapr/3", title="Other")]
    compared = take(tmp_path / "compared" / "embassy.db", looks)
    assert len(program.query(compared, STATEMENTS)) == 2
    assert program.query(compared, PROBLEMS) == []
    with compared_at_most(0):
        crowded = take_in_any_order(tmp_path, looks)
        assert len(program.query(crowded, STATEMENTS)) == 3
        [(capture, *told)] = program.query(crowded, PROBLEMS)
        said = program.ingest(crowded, CAPTURES).err
    assert str(capture).startswith("20210320T090000Z") and told == [
        "too many alike", "title", "One title",
    ]  # fmt: skip
    assert "titles, not compared; look at them with: embassy-scraper problems --kind" in said


def test_what_follows_from_all_captures_is_no_difference_in_reading_one(tmp_path) -> None:
    with compared_at_most(1):
        db = tmp_path / "embassy.db"
        assert "too many alike" in program.ingest(db, CAPTURES).err
        told = program.run("rebuild", "--dry-run", "--db", str(db)).out
    assert told == "captures read differently: 0 of 6\n"


def several(day: int, count: int) -> Handed:
    """A list of entries of one title and one day, and other leads."""
    entries = [
        entry(
            f"{day:02}.03.2021", "One title", f"{number} readers of many.", f"fnapr/{day}{number}"
        )
        for number in range(count)
    ]
    return shown(datetime(2021, 3, day, 9), "newarh/", ListText("newarh", 1, tuple(entries)))


def test_a_title_that_returns_on_other_days_is_crowded_where_they_are_many(tmp_path) -> None:
    with compared_at_most(3):
        one_a_day = [several(day, 1) for day in range(10, 19)]
        db = take(tmp_path / "one" / "embassy.db", one_a_day)
        assert program.query(db, PROBLEMS) == []
        two_a_day = [several(day, 2) for day in range(10, 14)]
        few = take(tmp_path / "few" / "embassy.db", two_a_day[:3])
        assert program.query(few, PROBLEMS) == []
        [(_, *told)] = program.query(take_in_any_order(tmp_path, two_a_day), PROBLEMS)
    assert told == ["too many alike", "title", "One title"]


def test_one_without_a_date_may_be_of_any_day(tmp_path) -> None:
    undated = listing(20, "fnapr/99", day=None)
    with compared_at_most(2):
        two = take(tmp_path / "two" / "embassy.db", [undated, several(10, 1), several(11, 1)])
        assert program.query(two, PROBLEMS) == []
        looks = [undated, *(several(day, 1) for day in (10, 11, 12))]
        assert len(program.query(take_in_any_order(tmp_path, looks), PROBLEMS)) == 1


def test_an_address_that_is_edited_again_and_again_is_not_crowded(tmp_path) -> None:
    edits = [listing(9 + n, "fnapr/1", lead=f"The reading room opens {n}.") for n in range(6)]
    with compared_at_most(6):
        db = take(tmp_path / "embassy.db", edits)
        assert program.query(db, PROBLEMS) == []


def test_of_many_captures_at_once_each_is_compared_with_the_nearest_before_it(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(reconcile, "MAX_NEAR", 2)
    looks = looks_at_once(6)
    db = take_in_any_order(tmp_path, looks)
    pairs = program.query(db, "SELECT substr(text, 1, 33), capture FROM problems")
    ids = [row[0] for row in program.query(db, "SELECT id FROM captures ORDER BY id")]
    assert sorted(pairs) == sorted(
        (before, ids[at]) for at in range(6) for before in ids[max(0, at - 2) : at]
    )
    assert program.run("retract", str(ids[3]), "--why", "wrong", "--db", str(db)).exit_code == 0
    kept = [look for look in looks if normalise(*look, load_profile()).id != ids[3]]
    without = take(tmp_path / "without" / "embassy.db", kept)
    assert program.table_differences(db, without) == []
