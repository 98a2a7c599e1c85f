"""A page that prints no date, and fits two statements: joined with neither (docs/laws.md)."""

from __future__ import annotations

from datetime import datetime

from embassy_scraper.items import ListText, StatementText
from tests.handed import Handed, changes, entry, shown, take_in_any_order
from tests.world import program

LEAD = "The reading room opens on Monday at ten, and closes at five."
UNDATED = StatementText("A notice", f"{LEAD} Visitors are asked to book a place.")


def listed(hour: int, *days: int) -> Handed:
    """A listing that shows the notice on each of *days*, and an older item behind."""
    notices = (entry(f"{day:02}.03.2021", "A notice", LEAD) for day in days)
    older = entry("20.02.2021", "Older", "It is older.")
    return shown(datetime(2021, 3, 8, hour), "newarh/", ListText("newarh", 1, (*notices, older)))


def own_page(hour: int) -> Handed:
    return shown(datetime(2021, 3, 8, hour), None, statement=UNDATED)


def test_an_undated_page_that_fits_two_statements_is_joined_with_neither(tmp_path) -> None:
    db = take_in_any_order(tmp_path, [listed(9, 6, 5), own_page(10), listed(11, 6, 5)])
    keys = program.query(db, "SELECT statement, count(DISTINCT list) FROM sightings GROUP BY 1")
    assert sorted(count for _, count in keys) == [1, 1, 1, 1]


def test_an_undated_page_of_an_entry_whose_date_was_edited_is_of_that_one(tmp_path) -> None:
    db = take_in_any_order(tmp_path, [listed(9, 5), own_page(10), listed(11, 6)])
    keys = program.query(db, "SELECT statement, count(DISTINCT list) FROM sightings GROUP BY 1")
    assert sorted(count for _, count in keys) == [1, 2]
    assert ("statement_edited", "published_on") in changes(db, "kind", "field")
