"""A table more is a decision more: whether a rebuild forgets it, and whether verify looks at it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from embassy_scraper.errors import DatabaseError
from embassy_scraper.sites import load_profile
from pipelines.tables.compare import differences
from pipelines.tables.database import APPLICATION_ID, open_database
from pipelines.tables.facts import forget_everything
from pipelines.tables.known import has_others

KEPT = set(  # what no raw capture tells
    "_warc_files runs _visits _walks _robots _offers _queries _waiting_revisits _shards _evidence"
    " _changed_sources _learned _site _sqlite_migrations retractions _told _messages".split()
)
UNCOMPARED = {"_pending", "_renames", "_doubts"}  # what is to be derived; numbers of rows


def tables_met(path: Path, action: int, work: Callable[..., object]) -> tuple[set[str], set[str]]:
    """Which tables there are, and which of them *work* reads or writes, also through views."""
    connection = open_database(path / "embassy.db")
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    there = {name for (name,) in rows if not name.startswith(("versions_fts", "sqlite_"))}
    met: set[str] = set()

    def note(what: int, table: str | None, *_: object) -> int:
        met.update({table} if what == action and table else set())
        return sqlite3.SQLITE_OK

    connection.set_authorizer(note)
    work(connection)
    return there, met & there


def test_a_rebuild_forgets_every_table_that_is_not_kept(tmp_path: Path) -> None:
    there, forgotten = tables_met(tmp_path, sqlite3.SQLITE_DELETE, forget_everything)
    assert there - forgotten == KEPT


def test_verify_compares_every_table_that_a_rebuild_makes(tmp_path: Path) -> None:
    there, compared = tables_met(tmp_path, sqlite3.SQLITE_READ, lambda c: list(differences(c, c)))
    assert compared == there - KEPT - UNCOMPARED


def test_captures_of_another_site_than_the_mirror_are_known(run, db, demo_captures) -> None:
    mirror = "http://127.0.0.1:8080/"
    config = db.parent.parent / "embassy.toml"
    config.write_text(f'[site]\nbase_url = "{mirror}"\n')
    assert run("ingest", demo_captures, "--config", config).exit_code == 0
    assert not has_others(open_database(db), mirror)
    assert has_others(open_database(db), load_profile().site.base_url)
    assert has_others(open_database(db), mirror.replace("8080", "8081"))


@pytest.mark.parametrize("script", ["PRAGMA user_version = 14", "PRAGMA user_version = 0"])
def test_an_earlier_database_is_refused_in_one_line_and_not_changed(
    tmp_path: Path, script: str
) -> None:
    path = tmp_path / "embassy.db"
    earlier = sqlite3.connect(path)
    earlier.execute("CREATE TABLE _sqlite_migrations (migration_set TEXT)")
    earlier.execute("INSERT INTO _sqlite_migrations VALUES ('embassy_scraper')")
    earlier.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    earlier.execute(script)
    earlier.commit()
    earlier.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseError, match=r"earlier version.*run embassy-scraper rebuild"):
        open_database(path)
    assert path.read_bytes() == before
