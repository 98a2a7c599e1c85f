"""Ten days of the year, in which everything happens once; and a judge that hears what is wrong."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from embassy_scraper.cron import fires_between
from tests.year.clock import COMPILER, WHY_NOT
from tests.year.figures import figures
from tests.year.happens import FAULTS, START
from tests.year.ledger import account, due_times
from tests.year.machine import CRONS
from tests.year.truth import judge
from tests.year.whole import Lived, judged, live

DAYS = 10


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    if COMPILER is None:
        pytest.skip(WHY_NOT)
    folder = tmp_path_factory.mktemp("year") / "lived"
    live(folder, 1, DAYS)
    return judged(folder)


@pytest.mark.slow
@pytest.mark.peer
def test_ten_days_in_which_everything_goes_wrong_are_told_as_they_were(lived: Lived) -> None:
    assert lived.trouble == ()
    assert {kind for kind, *_ in FAULTS} <= set(lived.kept.faults)
    assert lived.verdict.events.told > 30
    outcomes = {"complete", "partial", "failed", "interrupted", "missed", "skipped"}
    assert set(lived.ledger.rows) == outcomes
    assert "| rows invented | 0 |" in figures(lived)


@pytest.mark.slow
@pytest.mark.peer
@pytest.mark.parametrize(
    "harm, said",
    [
        ("DELETE FROM changes WHERE kind = 'statement_edited'", "MISSED   statement_edited"),
        ("UPDATE changes SET kind = 'page_gone' WHERE kind = 'statement_added'",
         "INVENTED page_gone"),
        ("UPDATE changes SET observed_after = '2021-03-06T03:05:05Z' WHERE kind ="
         " 'statement_edited'", "observed_after '2021-03-06T03:05:05Z'"),
        ("DELETE FROM captures WHERE captured_at = '2021-03-06T03:05:05Z'", "03-06T03:05:05Z /"),
    ],
)  # fmt: skip
def test_the_judge_hears_what_is_wrong(lived: Lived, tmp_path: Path, harm: str, said: str) -> None:
    db = harmed(lived, tmp_path, harm)
    verdict = judge(lived.kept.year, lived.kept.looks, db, [])
    assert any(said in line for line in (*verdict.wrong, *verdict.lost))


@pytest.mark.slow
@pytest.mark.peer
def test_a_run_without_a_row_is_a_hole(lived: Lived, tmp_path: Path) -> None:
    db = harmed(lived, tmp_path, "DELETE FROM runs WHERE started = '2021-03-06T09:05:00Z'")
    holes = account(db, CRONS, START, START + timedelta(days=DAYS)).holes
    assert holes == ("homepage-often 2021-03-06 09:05",)


def harmed(lived: Lived, folder: Path, harm: str) -> Path:
    db = folder / "embassy.db"
    shutil.copy(lived.db, db)
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute(harm)
    return db


@pytest.mark.parametrize("cron", [*CRONS.values(), "*/15 3-5 * * 1-5", "0 0 31 12 *"])
def test_due_times_are_those_of_the_program(cron: str) -> None:
    since = datetime(2021, 3, 6, 0, 30, tzinfo=UTC)
    until = since + timedelta(days=60)
    assert len(due_times(cron, since, until)) == fires_between(cron, since, until)
