"""Deriving ends: which entry may be another's new form does not depend on what is joined already.

An entry's lead that is open at its end, where another form shows how it goes on, shows nothing
*within a statement*. Were candidates read so, joining two entries would take away the lead by
which they were joined, parting them would give it back, and so on for ever.
"""

from datetime import datetime

import pytest

from embassy_scraper.items import ListText
from embassy_scraper.sites import load_profile
from pipelines.history.coverage import Coverage
from pipelines.history.renames import find_renames
from pipelines.history.statements import derive
from pipelines.history.timeline import load_timeline
from pipelines.tables.database import open_database
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


def test_candidates_found_for_a_joined_statement_are_those_of_its_parts(db) -> None:
    """Why it ends: each core's candidates are settled once, whatever it is joined with."""
    connection = open_database(db)
    (key,) = {
        key
        for (key,) in connection.execute(
            "SELECT statement FROM forms GROUP BY statement HAVING count(DISTINCT core) > 1"
        )
    }
    coverage = Coverage(connection)
    history = derive(connection, load_timeline(connection, key, load_profile()), coverage)
    before = connection.execute("SELECT * FROM renames").fetchall()
    assert len(before) == 1
    assert find_renames(connection, history, coverage, set()) == set()
    assert connection.execute("SELECT * FROM renames").fetchall() == before
    connection.close()


def test_a_core_that_was_settled_is_not_looked_at_again(db) -> None:
    connection = open_database(db)
    (key,) = {row[0] for row in connection.execute("SELECT statement FROM forms WHERE core = 2")}
    coverage = Coverage(connection)
    history = derive(connection, load_timeline(connection, key, load_profile()), coverage)
    cores = {form.core for form in history.timeline.forms.values()}
    connection.execute("DELETE FROM renames")
    assert find_renames(connection, history, coverage, settled := set(cores)) == set()
    assert find_renames(connection, history, coverage, settled := set()) != set()
    assert settled == cores
    connection.close()
