"""Whose a database is, is looked at before anything in it is changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils

from embassy_scraper.errors import DatabaseError
from pipelines.tables.database import APPLICATION_ID, is_ours, open_database, refuse_foreign
from pipelines.tables.schema import migrations
from pipelines.tables.schema_number import OLDEST, VERSION


def made(path: Path, *script: str) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        for statement in script:
            connection.execute(statement)
        connection.commit()
    return path.read_bytes()


def marks(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as connection:
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    return mark, version


def test_the_version_is_the_number_of_the_last_migration() -> None:
    pending = migrations.pending(sqlite_utils.Database(memory=True))
    assert pending[-1].name.startswith(f"m{VERSION:03}_")
    assert pending[0].name.startswith(f"m{OLDEST:03}_")


@pytest.mark.parametrize("name", ["plain.db", "a#b?c%41 d.db", "é.db"])
def test_a_new_database_is_marked_as_ours(tmp_path: Path, name: str) -> None:
    open_database(tmp_path / name).close()
    assert [one.name for one in tmp_path.iterdir()] == [name]
    assert marks(tmp_path / name) == (APPLICATION_ID, VERSION)
    assert is_ours(tmp_path / name)


@pytest.mark.parametrize(
    "script",
    [
        ["CREATE TABLE captures (id TEXT)"],
        ["CREATE TABLE notes (id TEXT)", f"PRAGMA user_version = {VERSION}"],
        ["PRAGMA application_id = 7", "CREATE TABLE captures (id TEXT)"],
        [
            "CREATE TABLE _sqlite_migrations (id INTEGER, migration_set TEXT, name TEXT)",
            "INSERT INTO _sqlite_migrations VALUES (1, 'cookery', 'm001_facts')",
        ],
    ],
)
def test_another_programs_database_is_not_touched(tmp_path: Path, script: list[str]) -> None:
    path = tmp_path / "notes.db"
    before = made(path, *script)
    assert not is_ours(path)
    with pytest.raises(DatabaseError, match="not a history of this program"):
        open_database(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_one_of_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "embassy.db"
    open_database(path).close()
    before = made(path, f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(DatabaseError, match="made by a newer version of this program"):
        open_database(path)
    assert path.read_bytes() == before


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader,\n" * 100)
    with pytest.raises(DatabaseError, match="not a history of this program"):
        refuse_foreign(path)
    assert not is_ours(path)
