"""SIGTERM and SIGINT: heard in every phase, nothing left behind, and the same command goes on."""

from __future__ import annotations

import random
import signal
import sqlite3
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from filelock import FileLock

from benchmarks.world import captures, write_warc
from tests.signalled import SOON, End, Running, start
from tests.world import program

pytestmark = pytest.mark.peer
TERM, INT = signal.SIGTERM, signal.SIGINT


@pytest.fixture(scope="module")
def warc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Captures that take a second or two to read."""
    path = tmp_path_factory.mktemp("warc") / "captures.warc.gz"
    write_warc(path, captures(200))
    return path


@pytest.fixture(scope="module")
def calm(warc: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The history of an import that nobody has disturbed."""
    db = tmp_path_factory.mktemp("calm") / "embassy.db"
    assert program.ingest(db, warc).exit_code == 0
    return db


def last_run(db: Path) -> tuple[object, ...]:
    """Outcome and note of the last run, and whether its row says when it ended."""
    query = "SELECT outcome, note, finished IS NOT NULL FROM runs ORDER BY id DESC LIMIT 1"
    return program.query(db, query)[0]


def check_history(db: Path, calm: Path) -> None:
    assert program.table_differences(calm, db) == []
    assert program.run("verify", "--db", str(db)).exit_code == 0
    left = {path.name for path in db.parent.iterdir() if path.is_file()}
    assert not {name for name in left if name.endswith((".made", ".anew", ".part"))}


@pytest.mark.parametrize("more", [(), ("--jobs", "2"), ("--engine", "dask", "--jobs", "2")])
def test_an_import_told_to_end_at_any_moment_goes_on(
    tmp_path: Path, warc: Path, calm: Path, more: tuple[str, ...]
) -> None:
    rng, db, heard = random.Random(len(more)), tmp_path / "embassy.db", 0
    command = ("ingest", warc, "--db", db, *more)
    for number in (TERM, INT, TERM):
        one = start(tmp_path, *command)
        one.wait_for_more(lambda: program.count(db, "runs"))
        time.sleep(rng.uniform(0.0, 0.5))
        end = one.hit(number)
        if last_run(db)[0] == "complete":  # the signal came when all was done
            check_scratch(end)
            end.check_clean()
        else:
            heard += 1
            check_heard(end, number, more)
            assert last_run(db)[0] == "interrupted" and last_run(db)[2]
            assert str(last_run(db)[1]).startswith(f"stopped by {signal.Signals(number).name}")
    assert heard
    last = start(tmp_path, *command)
    assert last.process.wait() == 0, last.said()
    check_history(db, calm)


@pytest.mark.parametrize("more", [("--jobs", "2"), ("--engine", "dask", "--jobs", "2")])
@pytest.mark.parametrize("number", [INT, signal.SIGHUP])
def test_a_terminal_tells_all_processes_and_none_prints_a_traceback(
    tmp_path: Path, warc: Path, more: tuple[str, ...], number: int
) -> None:
    heard = 0
    for pause in (0.0, 0.2, 0.4):  # as its processes are begun
        db = tmp_path / str(pause) / "embassy.db"
        one = start(tmp_path, "ingest", warc, "--db", db, *more)
        one.wait_for(db.exists)
        time.sleep(pause)
        end = one.hit(number, all_of_it=True)
        if end.code in (0, -number):  # it was through, or on its way out
            check_scratch(end)
            end.check_clean()
        else:
            heard += 1
            check_heard(end, number, more)
    assert heard


@pytest.mark.parametrize("number", [INT, TERM, signal.SIGHUP])
def test_a_signal_while_the_program_is_loaded_ends_it_without_a_traceback(
    tmp_path: Path, number: int
) -> None:
    for module in ("embassy_scraper", "click.core", "embassy_scraper.commands.options"):
        command = [sys.executable, "-v", "-m", "embassy_scraper", "problems"]
        one = Running(command, tmp_path)
        one.wait_for(partial(has_loaded, one, module))
        end = one.hit(number)
        assert end.code in (1, -number)
        assert "Traceback" not in end.said


def has_loaded(one: Running, module: str) -> bool:
    """Whether a Python that tells what it loads has loaded *module*."""
    return f"import '{module}' #" in one.said()


def check_heard(end: End, number: int, more: Sequence[str]) -> None:
    """As any end; Dask keeps an empty folder among the temporary files, however it ends."""
    if "dask" in more:
        check_scratch(end)
    end.check(signal.Signals(number).name)


def check_scratch(end: End) -> None:
    """Nothing is left but Dask's own folder, which is taken off the list."""
    assert end.temporary in ([], ["dask-scratch-space"]), end.temporary
    end.temporary.clear()


def test_a_verb_that_waits_for_another_run_hears(tmp_path: Path, warc: Path) -> None:
    with FileLock(tmp_path / "embassy.db.lock"):
        one = start(tmp_path, "ingest", warc, "--db", tmp_path / "embassy.db")
        one.wait_for(lambda: "waiting for another run" in one.said())
        one.hit(INT).check("SIGINT")


@pytest.mark.parametrize("verb", ["verify", "rebuild", "rebuild --dry-run"])
def test_reading_all_captures_again_hears_and_leaves_nothing(
    tmp_path: Path, warc: Path, calm: Path, verb: str
) -> None:
    db = tmp_path / "embassy.db"
    program.ingest(db, warc)
    for pause in (0.0, 0.6):
        one = start(tmp_path, *verb.split(), "--db", db)
        one.wait_for(partial(has_begun, one, Path(f"{db}.anew")))
        time.sleep(pause)
        end = one.hit()
        if end.code in (0, -TERM):  # it was through, or on its way out
            end.check_clean()
        else:
            end.check()
    assert start(tmp_path, *verb.split(), "--db", db).process.wait() == 0
    check_history(db, calm)


def has_begun(one: Running, beside: Path) -> bool:
    """Whether it has made a temporary file, or a database beside its own."""
    return any(one.temporary.iterdir()) or beside.exists()


def test_a_database_made_of_raw_captures_is_made_anew(
    tmp_path: Path, warc: Path, calm: Path
) -> None:
    db = tmp_path / "made" / "embassy.db"
    db.parent.mkdir()
    command = ("rebuild", "--from", calm.parent / "captures", "--db", db)
    for pause in (0.0, 0.5):
        one = start(tmp_path, *command)
        one.wait_for(lambda: any(db.parent.iterdir()))
        time.sleep(pause)
        one.hit().check()
        names = {path.name.partition(".")[0] for path in db.parent.rglob("*") if path.is_file()}
        assert not [name for name in db.parent.rglob("*") if name.suffix in (".made", ".part")]
        assert not db.exists(), names
    assert start(tmp_path, *command).process.wait() == 0
    assert program.table_differences(calm, db) == []


SCRIPT = """
import sys, time
from contextlib import closing
from pathlib import Path
from embassy_scraper import stopping
from pipelines.tables.database import open_database, writing
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
def sql(db):
    with stopping.instead_of_errors(), closing(open_database(db)) as connection:
        print("ready", file=sys.stderr, flush=True)
        connection.execute(ENDLESS)
def python(db):
    print("ready", file=sys.stderr, flush=True)
    while True:
        pass
def lock(db):
    with closing(open_database(db)) as connection:
        print("ready", file=sys.stderr, flush=True)
        with writing(connection):
            pass
def end(db):
    print("ready", file=sys.stderr, flush=True)
    try:
        time.sleep(1000)
    finally:
        time.sleep(1000)
def folder(db):
    with stopping.scratch_folder("embassy-try-"):
        print("ready", file=sys.stderr, flush=True)
        time.sleep(1000)
with stopping.heard():
    try:
        globals()[sys.argv[1]](Path(sys.argv[2]))
    except stopping.Stopped as stopped:
        stopping.said()
        sys.exit(f"embassy-scraper: {stopped}; {stopping.GO_ON}")
"""


@pytest.mark.parametrize("what", ["sql", "python", "folder"])
@pytest.mark.parametrize("number", [TERM, INT])
def test_an_endless_step_hears(tmp_path: Path, what: str, number: int) -> None:
    one = scripted(tmp_path, what)
    one.hit(number).check(signal.Signals(number).name)


@pytest.mark.parametrize("what", ["lock", "end"])
def test_a_second_signal_ends_what_cannot_hear_the_first(tmp_path: Path, what: str) -> None:
    db = tmp_path / "embassy.db"
    program.run("ingest", str(tmp_path), "--db", str(db))
    other = sqlite3.connect(db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    end = scripted(tmp_path, what).hit(twice=True)
    assert end.code == 1 and end.seconds < SOON / 2
    assert end.said.endswith("stopped by SIGTERM, at once; what is stored stays; run the same"
                             " command again to go on\n")  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("what", ["lock", "end"])
def test_what_cannot_hear_is_ended_in_time(tmp_path: Path, what: str) -> None:
    db = tmp_path / "embassy.db"
    program.run("ingest", str(tmp_path), "--db", str(db))
    other = sqlite3.connect(db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    end = scripted(tmp_path, what).hit()
    assert end.code == 1
    end.check_clean()


def test_a_signal_that_was_to_be_ignored_stays_ignored(tmp_path: Path) -> None:
    one = scripted(tmp_path, "folder", ignored=[INT])  # as a shell does for what runs behind it
    one.process.send_signal(INT)
    time.sleep(0.3)
    assert one.process.poll() is None
    one.hit(TERM).check("SIGTERM")


def scripted(folder: Path, what: str, ignored: Sequence[int] = ()) -> Running:
    """The script, ready for a signal."""
    command = [sys.executable, "-c", SCRIPT, what, str(folder / "embassy.db")]
    one = Running(command, folder, ignored)
    one.wait_for(lambda: "ready" in one.said())
    return one
