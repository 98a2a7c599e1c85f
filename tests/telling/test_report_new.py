"""``report --new NAME``: each change once to each name, and what no longer holds once more."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from filelock import FileLock, Timeout

from pipelines.tables.database import open_database
from tests.commands.test_problems import nobody
from tests.world import program


@pytest.fixture
def told(run, db, demo_captures):
    """A history, and a way to ask what is new in it."""
    assert run("ingest", demo_captures).exit_code == 0

    def ask(name: str = "desk", *words: str) -> list[dict[str, str]]:
        outcome = run("report", "--new", name, *words)
        assert outcome.exit_code == 0, outcome.stderr
        return list(csv.DictReader(io.StringIO(outcome.stdout, newline="")))

    return ask


def written(db: Path, query: str, *values: object) -> None:
    with closing(open_database(db)) as connection, connection:
        assert connection.execute(query, values).rowcount


def test_each_name_is_told_all_and_each_change_once(told, db) -> None:
    every = program.report_rows(db)
    assert told() == every and len(every) > 3
    assert told() == []
    assert told("another") == every


def test_the_rest_of_a_choice_is_told_later(told, db) -> None:
    every = program.report_rows(db)
    kind = every[0]["kind"]
    first = told("desk", "--kind", kind)
    assert first == [row for row in every if row["kind"] == kind]
    at = every[-1]["observed_by"]
    second = told("desk", "--since", at)
    assert second == [r for r in every if r["observed_by"] >= at and r["kind"] != kind]
    assert told() == [row for row in every if row not in [*first, *second]]


def test_a_new_id_of_the_same_change_is_not_told(told, db) -> None:
    told()
    written(db, "UPDATE changes SET change_id = 'x' || change_id")
    assert told() == []
    written(db, "UPDATE changes SET change_id = substr(change_id, 2)")
    assert told() == []


def test_what_no_longer_holds_is_told_once_as_taken_back_and_anew_when_it_is_back(told, db) -> None:
    gone, noted = [dict(row) for row in told()[:2]]
    kept = "CREATE TABLE kept AS SELECT * FROM changes WHERE change_id IN (?, ?)"
    with closing(open_database(db)) as connection, connection:
        connection.execute(
            "UPDATE _told SET row = json_set(row, '$.note', 'reset') WHERE change_id = ?",
            (noted["change_id"],),
        )
        connection.execute(kept, (gone["change_id"], noted["change_id"]))
        connection.execute("DELETE FROM changes WHERE change_id IN (SELECT change_id FROM kept)")
    found = told()
    notes = {gone["change_id"]: "taken back", noted["change_id"]: "reset; taken back"}
    assert {row["change_id"]: row["note"] for row in found} == notes
    by_id = {row["change_id"]: row for row in found}
    assert {**by_id[gone["change_id"]], "note": gone["note"]} == gone
    assert told() == []
    written(db, "INSERT INTO changes SELECT * FROM kept")
    assert [row["note"] for row in told()] == [gone["note"], noted["note"]]
    assert told() == []


def test_the_ledger_survives_a_rebuild(told, run) -> None:
    told()
    assert run("rebuild").exit_code == 0
    assert told() == []
    assert run("verify").exit_code == 0


def test_what_was_not_written_is_not_told(told, run, db, tmp_path) -> None:
    every = program.report_rows(db)
    outcome = run("report", "--new", "desk", "--output", tmp_path / "none" / "a.csv")
    assert outcome.exit_code == 1
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "embassy_scraper", "report", "--new", "desk", "--db", db]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert told("desk", "--output", tmp_path / "a.csv") == []
    assert list(csv.DictReader((tmp_path / "a.csv").open(newline=""))) == every


def test_two_at_the_same_time_tell_each_change_once(told, db) -> None:
    command = [sys.executable, "-m", "embassy_scraper", "report", "--new", "desk", "--db", db]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = "".join(one.communicate()[0] for one in both)
    for row in program.report_rows(db):
        assert said.count(row["change_id"]) == 1


def test_a_folder_that_may_not_be_written_to_is_one_line(told, db) -> None:
    with TemporaryDirectory(dir="/tmp") as folder:
        kept = Path(folder) / "kept"
        shutil.copytree(db.parent, kept)
        for path in (Path(folder), *kept.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        kept.chmod(0o555)
        with nobody():
            outcome = program.run("report", "--new", "desk", "--db", str(kept / db.name))
        kept.chmod(0o755)
    assert outcome.exit_code == 1 and outcome.out == ""
    assert outcome.err.count("\n") == 1
    assert "leave out --new" in outcome.err


def _wait_until_locked(path: Path, process: subprocess.Popen[str]) -> None:
    """Wait until the *process* holds the lock under which it tells; it writes next."""
    while process.poll() is None:
        try:
            with FileLock(path, timeout=0):
                pass
        except Timeout:
            return
        time.sleep(0.01)
    raise AssertionError(f"it ended with {process.returncode} and took no lock")


def test_while_another_writes_it_waits(told, db) -> None:
    other = sqlite3.connect(db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    command = [sys.executable, "-m", "embassy_scraper", "report", "--new", "desk", "--db", db]
    one = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    _wait_until_locked(Path(f"{db}.told.lock"), one)
    with pytest.raises(subprocess.TimeoutExpired):
        one.communicate(timeout=0.5)
    other.execute("COMMIT")
    assert len(one.communicate(timeout=120)[0].splitlines()) > 3
    assert one.returncode == 0
    assert told() == []


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 101])
def test_a_name_can_be_printed(told, run, name: str) -> None:
    assert run("report", "--new", name).exit_code == 2


@pytest.mark.parametrize("form", ["text", "html", "markdown", "atom", "json"])
def test_every_format_has_what_is_new_and_what_is_taken_back(told, run, db, form: str) -> None:
    first = run("report", "--new", form, "--format", form)
    assert first.exit_code == 0 and "aken back" not in first.stdout
    edited = "kind = 'statement_edited'"
    (title,) = program.query(db, f"SELECT title FROM changes WHERE {edited} LIMIT 1")[0]
    assert str(title) in first.stdout
    written(db, f"DELETE FROM changes WHERE {edited}")
    second = run("report", "--new", form, "--format", form)
    assert "aken back" in second.stdout and str(title) in second.stdout
    third = run("report", "--new", form, "--format", form)
    assert third.exit_code == 0 and str(title) not in third.stdout
