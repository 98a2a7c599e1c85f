"""A database with earlier tables: refused in one line, and made anew by rebuild."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.world import program

STATE = ("visits", "walks", "robots", "offers", "queries", "waiting_revisits", "warc_files")


def made_earlier(db: Path) -> None:
    """Give the tables of *db* the names they had, and the number of that schema."""
    with closing(sqlite3.connect(db)) as connection:
        for name in STATE:
            connection.execute(f"ALTER TABLE _{name} RENAME TO {name}")
        connection.execute("INSERT INTO robots VALUES ('a host', '2021-03-01T00:00:00Z', 200, '')")
        connection.execute("INSERT INTO problems VALUES (NULL, 'a file', 'what', 'where', 'text')")
        connection.execute("DROP TABLE _observations")
        connection.execute("PRAGMA user_version = 14")
        connection.commit()


def test_rebuild_makes_it_anew_from_the_raw_captures(run, db, rows, demo_captures) -> None:
    assert run("ingest", demo_captures).exit_code == 0
    before = program.tables(db)
    runs = rows("SELECT id, started, command FROM runs")
    files = rows("SELECT * FROM _warc_files")
    made_earlier(db)
    for verb in (["report"], ["status"], ["ingest", demo_captures], ["rebuild", "--dry-run"]):
        found = run(*verb)
        assert found.exit_code == 1
        assert "made by an earlier version of this program" in found.stderr
        assert found.stderr.rstrip().count("\n") == 0
    done = run("rebuild")
    assert done.exit_code == 0, done.stderr
    assert "all captures are read again" in done.stderr
    after = program.tables(db)
    after["problems"] = [row for row in after["problems"] if "a file" not in row]
    assert after == before
    assert rows("SELECT id, started, command FROM runs")[: len(runs)] == runs
    assert rows("SELECT * FROM _warc_files") == files
    assert rows("SELECT host FROM _robots") == [("a host",)]
    assert rows("SELECT path FROM problems WHERE capture IS NULL") == [("a file",)]
    assert run("verify").exit_code == 0
    assert not db.with_name(db.name + ".anew").exists()


def test_where_raw_captures_are_lost_nothing_is_changed(run, db, demo_captures) -> None:
    assert run("ingest", demo_captures).exit_code == 0
    made_earlier(db)
    (raw,) = (db.parent / "captures").iterdir()
    raw.rename(raw.with_name("elsewhere"))
    before = db.read_bytes()
    found = run("rebuild")
    assert found.exit_code == 1
    assert "restore" in found.stderr
    assert db.read_bytes() == before
    raw.with_name("elsewhere").rename(raw)
    assert run("rebuild").exit_code == 0


@pytest.mark.parametrize("version", [0, 14])
def test_its_number_is_looked_at_first(run, db, demo_captures, version: int) -> None:
    assert run("ingest", demo_captures).exit_code == 0
    with closing(sqlite3.connect(db)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    assert f"schema {version}, this one needs" in run("crawl").stderr
