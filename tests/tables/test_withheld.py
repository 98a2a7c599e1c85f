"""Which later run makes good one that had to withhold a part of a page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from embassy_scraper.crawl_items import Outcome
from embassy_scraper.items import UNPROVEN
from pipelines.tables.database import open_database
from pipelines.tables.runs import Run
from pipelines.tables.withheld import unclean_run

HOME, ARCHIVE, ARCHIVE_DEEP, ROUND, DEEP, INGEST, WAYBACK, COMMON, REBUILD = (
    "crawl --part homepage", "crawl --part archive", "crawl --part archive --deep", "crawl",
    "crawl --deep", "ingest", "backfill wayback", "backfill commoncrawl", "rebuild",
)  # fmt: skip
MADE_GOOD_BY = {  # what had to withhold -> what, run later without withholding, looks at as much
    HOME: {HOME, ROUND, DEEP, REBUILD},
    ARCHIVE: {ARCHIVE, ARCHIVE_DEEP, ROUND, DEEP, REBUILD},
    ARCHIVE_DEEP: {ARCHIVE_DEEP, DEEP, REBUILD},
    ROUND: {ROUND, DEEP, REBUILD},
    DEEP: {DEEP, REBUILD},
    INGEST: {INGEST, REBUILD},
    WAYBACK: {WAYBACK, REBUILD},
    COMMON: {COMMON, REBUILD},
    REBUILD: {REBUILD},
}


@pytest.fixture
def history(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A history with one capture, a part of which is withheld."""
    with closing(open_database(tmp_path / "embassy.db")) as connection:
        capture(connection, "20210301T090000Z-a")
        values = ("20210301T090000Z-a", UNPROVEN)
        connection.execute("INSERT INTO problems VALUES (?, NULL, ?, 'home', 'x')", values)
        connection.commit()
        yield connection


def capture(connection: sqlite3.Connection, name: str) -> None:
    connection.execute(
        "INSERT INTO captures (id, url, page_kind, captured_at, source, sha256, warc_file,"
        " warc_offset, media_type, payload_bytes, is_cut, evidence, is_revisit, reader)"
        " VALUES (?, 'https://a.example/', 'home', ?, 'live', ?, 'a', 0, 'text/html', 1, 0, '', 0,"
        " '')",
        (name, name[:16], name),
    )


def ran(
    connection: sqlite3.Connection,
    command: str,
    withheld: int = 0,
    stored: int = 30,
    outcome: Outcome = "complete",
    before: int = 0,
) -> None:
    counts = {"stored": stored, "withheld": withheld, "withheld_before": before}
    Run(connection, command).finish(outcome, counts)


def unclean(connection: sqlite3.Connection) -> str | None:
    """The command that ``status`` names."""
    found = unclean_run(connection)
    return found.command if found is not None else None


@pytest.mark.parametrize("later", MADE_GOOD_BY)
@pytest.mark.parametrize("command", MADE_GOOD_BY)
def test_a_run_is_made_good_by_one_that_looks_at_as_much(
    history: sqlite3.Connection, command: str, later: str
) -> None:
    ran(history, command, withheld=2500, stored=5000)
    assert unclean(history) == command
    ran(history, later)
    assert unclean(history) == (None if later in MADE_GOOD_BY[command] else command)


@pytest.mark.parametrize("command", MADE_GOOD_BY)
def test_a_run_makes_good_what_was_before_it_alone(
    history: sqlite3.Connection, command: str
) -> None:
    for one in MADE_GOOD_BY[command]:
        ran(history, one)
    ran(history, command, withheld=1)
    assert unclean(history) == command


@pytest.mark.parametrize("outcome", ["failed", "interrupted"])
def test_a_run_that_did_not_do_its_work_makes_nothing_good(
    history: sqlite3.Connection, outcome: Outcome
) -> None:
    ran(history, ROUND, withheld=2)
    ran(history, ROUND, outcome=outcome)
    assert unclean(history) == ROUND
    ran(history, ROUND, outcome="partial")
    assert unclean(history) is None


def test_a_run_that_brought_nothing_makes_nothing_good(history: sqlite3.Connection) -> None:
    ran(history, ROUND, withheld=2)
    ran(history, ROUND, stored=0)
    Run(history, "retract").finish("complete", {"retracted": 1})
    assert unclean(history) == ROUND


@pytest.mark.parametrize("outcome", ["failed", "interrupted", "partial"])
def test_what_a_run_withheld_counts_however_it_ended(
    history: sqlite3.Connection, outcome: Outcome
) -> None:
    ran(history, INGEST, withheld=2, outcome=outcome)
    assert unclean(history) == INGEST


def test_of_several_runs_the_newest_is_named_that_is_not_made_good(
    history: sqlite3.Connection,
) -> None:
    ran(history, INGEST, withheld=2500, stored=5000)
    ran(history, ROUND, withheld=1)
    assert unclean(history) == ROUND
    ran(history, ROUND)
    assert unclean(history) == INGEST
    ran(history, INGEST)
    assert unclean(history) is None


def test_a_crawl_is_made_good_page_by_page_and_an_import_is_not(
    history: sqlite3.Connection,
) -> None:
    ran(history, INGEST, withheld=1)
    ran(history, ROUND, withheld=1)
    assert unclean(history) == ROUND
    capture(history, "20210302T090000Z-b")  # the same page, read well
    assert unclean(history) == INGEST


def test_a_rebuild_that_withholds_no_more_than_before_leaves_things_as_they_are(
    history: sqlite3.Connection,
) -> None:
    ran(history, REBUILD, withheld=2, before=2)
    assert unclean(history) is None
    ran(history, INGEST, withheld=3)
    ran(history, REBUILD, withheld=5, before=5)
    assert unclean(history) == INGEST


def test_a_rebuild_that_withholds_more_is_made_good_by_one_that_mends_that(
    history: sqlite3.Connection,
) -> None:
    ran(history, REBUILD, withheld=500, before=2)
    ran(history, REBUILD, withheld=400, before=500)
    assert unclean(history) == REBUILD
    ran(history, REBUILD, withheld=2, before=400)
    assert unclean(history) is None


def test_nothing_is_to_be_looked_at_where_all_was_read_since(history: sqlite3.Connection) -> None:
    for command in MADE_GOOD_BY:
        ran(history, command, withheld=1)
    history.execute("DELETE FROM problems")
    assert unclean(history) is None
