"""Deriving ends: which entry may be another's new wording does not depend on what is joined.

An entry's lead that is open at its end, where another wording shows how it goes on, shows nothing
*within a statement*. Were candidates read so, joining two entries would take away the lead by
which they were joined, parting them would give it back, and so on for ever.
"""

from datetime import datetime

import pytest

from embassy_scraper.items import ListText
from embassy_scraper.sites import load_profile
from pipelines.history.statements import derive
from pipelines.tables.database import open_database
from pipelines.tables.renames import Renames
from pipelines.tables.timelines import load_answers, load_coverage, load_outages, load_timeline
from tests.handed import changes, entry, shown, take_in_any_order

FIRST, SECOND = datetime(2018, 10, 11, 9), datetime(2018, 10, 12, 9)
NOTICE = entry("28.09.2018", "Notice of the ferry", "It leaves at ten.")
OLDER = entry("19.09.2018", "Older notice", "It left at nine.")
LEAD = "Comment on the stone bridge"
BEFORE = entry("26.09.2018", "Comment on the bridge", LEAD, is_open=True)
AFTER = entry("26.09.2018", "Coment on the bridge", f"{LEAD} again")


@pytest.fixture
def db(tmp_path):
    return take_in_any_order(
        tmp_path,
        [
            shown(FIRST, "newarh/", ListText("newarh", 1, (NOTICE, BEFORE))),
            shown(SECOND, "newarh/", ListText("newarh", 1, (NOTICE, AFTER, OLDER))),
        ],
    )


def test_an_open_lead_that_another_entry_continues_joins_both_once(db) -> None:
    assert changes(db, "kind", "field", "before", "after") == [
        ("statement_discovered", "newarh", None, "Comment on the bridge"),
        ("statement_discovered", "newarh", None, "Notice of the ferry"),
        ("statement_discovered", "newarh", None, "Older notice"),
        ("statement_edited", "title", "Comment on the bridge", "Coment on the bridge"),
    ]


def derived(connection, key):
    """Return the covering windows, and the history of one statement beside them."""
    profile = load_profile()
    timeline, coverage = load_timeline(connection, key, profile), load_coverage(connection)
    answers = load_answers(connection, timeline)
    return coverage, derive(timeline, coverage, answers, load_outages(connection, profile))


def test_candidates_found_for_a_joined_statement_are_those_of_its_parts(db) -> None:
    """Why it ends: each core's candidates are settled once, whatever it is joined with."""
    connection = open_database(db)
    (key,) = {
        key
        for (key,) in connection.execute(
            "SELECT statement FROM _wordings GROUP BY statement HAVING count(DISTINCT core) > 1"
        )
    }
    coverage, history = derived(connection, key)
    before = connection.execute("SELECT * FROM _renames").fetchall()
    assert len(before) == 1
    assert Renames(connection, coverage).find(history) == set()
    assert connection.execute("SELECT * FROM _renames").fetchall() == before
    connection.close()


def test_a_core_that_was_settled_is_not_looked_at_again(db) -> None:
    connection = open_database(db)
    (key,) = {
        row[0] for row in connection.execute("SELECT statement FROM _wordings WHERE core = 2")
    }
    coverage, history = derived(connection, key)
    renames = Renames(connection, coverage)
    connection.execute("DELETE FROM _renames")
    assert renames.find(history) != set()
    connection.execute("DELETE FROM _renames")
    assert renames.find(history) == set()
    connection.close()
