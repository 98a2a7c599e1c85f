"""Streams that are closed, full or gone: the work is done as ever, and nothing is lost by it."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.copies import saved
from tests.world import program
from tests.world.program import ROOT

AT = "2021-03-03T10:15:00Z"
FULL = Path("/dev/full")


def run(closing: str, *words: object) -> subprocess.CompletedProcess[str]:
    """The program, its streams redirected by the shell."""
    command = ["sh", "-c", f'exec "$0" -m embassy_scraper "$@" {closing}', sys.executable]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([*command, *map(str, words)], capture_output=True, text=True, env=env)


@pytest.mark.parametrize("closing", ["2>&-", ">&-", "<&-", "<&- >&- 2>&-", "2>/dev/full"])
def test_what_is_closed_or_full_keeps_no_verb_from_its_work(
    tmp_path: Path, demo_captures: Path, closing: str
) -> None:
    db, calm = tmp_path / "db" / "embassy.db", tmp_path / "calm" / "embassy.db"
    for verb in (f"ingest {demo_captures}", "verify", "rebuild"):
        done = run(closing, *verb.split(), "--db", db)
        assert done.returncode == 0, (verb, done.stdout, done.stderr)
    program.ingest(calm, demo_captures)
    assert program.table_differences(calm, db) == []
    assert db.read_bytes().startswith(b"SQLite format 3")


def test_a_reader_of_stderr_that_goes_ends_nothing(tmp_path: Path, demo_captures: Path) -> None:
    db = tmp_path / "embassy.db"
    read, write = os.pipe()
    os.close(read)
    command = [
        sys.executable,
        "-m",
        "embassy_scraper",
        "ingest",
        str(demo_captures),
        "--db",
        str(db),
    ]
    with os.fdopen(write, "wb") as gone:
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        assert subprocess.run(command, stderr=gone, env=env).returncode == 0
    assert program.query(db, "SELECT outcome FROM runs") == [("complete",)]


PRINTING = [
    "as-of 2021-03-03", "as-of 2021-03-03 --format json", "config", "coverage",
    "coverage --format csv", "ingest --dry-run FOLDER", "probe FILE", "probe FILE --format json",
    "problems", "problems --format csv", "report", "report --format html",
    "schedule --print-crontab", "show ID", "show ID --format json", "show ID --raw", "status",
    "status --json", "verify",
]  # fmt: skip


@pytest.mark.parametrize("closing", [">&-", ">/dev/full"])
@pytest.mark.parametrize("verb", PRINTING)
def test_data_that_cannot_be_written_is_one_line(
    tmp_path: Path, demo_captures: Path, verb: str, closing: str
) -> None:
    db = tmp_path / "embassy.db"
    program.ingest(db, demo_captures)
    (capture,) = program.query(db, "SELECT min(id) FROM captures")[0]
    if verb == "verify":  # which prints faults alone
        next((tmp_path / "captures").iterdir()).unlink()
    there = {"ID": capture, "FILE": demo_captures / "1-home.txt", "FOLDER": demo_captures}
    place = [] if verb == "config" else ["--db", db]
    done = run(closing, *(there.get(word, word) for word in verb.split()), *place)
    assert done.returncode == 1
    assert re.fullmatch(r"embassy-scraper: stdout[^\n]+; [^\n]+\n", done.stderr)


@pytest.mark.skipif(not FULL.exists(), reason="this system has no full device")
@pytest.mark.parametrize("words", ["--help", "--version", "ingest --help"])
def test_help_that_cannot_be_written_is_one_line(words: str) -> None:
    done = run(f">{FULL}", *words.split())
    assert done.returncode == 1
    assert re.fullmatch(r"embassy-scraper: stdout: No space[^\n]+\n", done.stderr)


# A terminal ---------------------------------------------------------------------------------------


def on_terminal(*words: object, hang_up: signal.Handlers = signal.SIG_DFL) -> tuple[int, int]:
    """A command in a session of its own on a terminal."""
    child, terminal = pty.fork()
    if child == 0:
        signal.signal(signal.SIGHUP, hang_up)
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "embassy_scraper", *map(str, words)])
    return child, terminal


def read_on(terminal: int) -> str:
    """What comes next from a terminal; nothing where its program has ended."""
    try:
        return os.read(terminal, 1 << 16).decode()
    except OSError:
        return ""


def statements(folder: Path, page: Path, count: int, *, bad: int = 0) -> Path:
    """So many statements; every *bad*-th has no instant that can be read."""
    for number in range(count):
        at = AT if not bad or number % bad else "nonsense"
        url = f"https://www.rusemb.org.uk/fnapr/{number}"
        saved(folder / f"{number:04}", page.read_bytes(), url, at, ".txt")
    return folder


def test_a_line_takes_the_place_of_the_bar(tmp_path: Path, demo_captures: Path) -> None:
    pages = statements(tmp_path / "pages", demo_captures / "2-statement.txt", 200, bad=5)
    child, terminal = on_terminal("ingest", pages, "--db", tmp_path / "embassy.db")
    said = "".join(iter(lambda: read_on(terminal), ""))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
    rows = [row.rpartition("\r")[2].removeprefix("\033[K") for row in said.split("\r\n")]
    rejected = [row for row in rows if "nonsense" in row]
    assert rejected and all(row.startswith("rejected: ") for row in rejected)


@pytest.mark.parametrize("hang_up", [signal.SIG_DFL, signal.SIG_IGN])
def test_a_window_that_is_closed_ends_a_run_in_order(
    tmp_path: Path, demo_captures: Path, hang_up: signal.Handlers
) -> None:
    """But for one that was begun to go on, as by ``nohup``."""
    pages = statements(tmp_path / "pages", demo_captures / "2-statement.txt", 1500)
    db = tmp_path / "db" / "embassy.db"
    child, terminal = on_terminal("ingest", pages, "--db", db, hang_up=hang_up)
    while "reading" not in read_on(terminal):
        pass
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    outcome, note = program.query(db, "SELECT outcome, note FROM runs")[0]
    if hang_up == signal.SIG_IGN:
        assert (status, outcome) == (0, "complete")
    else:
        assert (status, outcome) == (1, "interrupted")
        assert str(note).startswith("stopped by SIGHUP")
