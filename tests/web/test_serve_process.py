"""``serve`` as a process: it ends when told, says in one line what is wrong, and only reads."""

import signal
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.tables.database import open_database
from tests.conftest import Run
from tests.peers.servers import free_port
from tests.web.processes import ask, command, needs_another_writer, served

pytestmark = pytest.mark.peer
LONG = (
    "history.json?sql=WITH+RECURSIVE+n(x)+AS+(VALUES(1)+UNION+ALL+SELECT+x%2B1+FROM+n)"
    "+SELECT+max(x)+FROM+n"
)
RUNS = "history.json?sql=SELECT+command,+note+FROM+runs+ORDER+BY+id+DESC+LIMIT+1"


@pytest.fixture
def history(run: Run, db: Path, demo_captures: Path) -> Path:
    assert run("ingest", demo_captures).exit_code == 0
    return db


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[Path]:
    """A folder for a history that another program writes."""
    folder = tmp_path / "foreign"
    folder.mkdir()
    yield folder
    for path in folder.rglob("*"):
        path.chmod(0o755)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_quietly_when_told(history: Path, number: int) -> None:
    with served(history) as serve:
        assert ask(serve.url).status == 200
        assert serve.end(number) == (0, "")


@pytest.mark.parametrize("loaded", ["click", "httpx", "datasette.app", "uvicorn.server"])
def test_it_ends_while_it_is_still_starting(history: Path, loaded: str) -> None:
    python, *words = command(history, "--port", free_port())
    process = subprocess.Popen(
        [python, "-X", "importtime", *words], text=True, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.endswith(f" {loaded}\n"):
            break
    else:
        raise AssertionError(f"it did not load {loaded}")
    process.terminate()
    _, said = process.communicate(timeout=60)
    assert "Traceback" not in said
    assert process.returncode == (-signal.SIGTERM if loaded == "click" else 0)


def test_it_ends_beside_a_question_that_takes_long_and_a_reader_who_reads_nothing(
    history: Path,
) -> None:
    with served(history) as serve:
        port = int(serve.url.rsplit(":", 1)[1].strip("/"))
        with (
            socket.create_connection(("127.0.0.1", port)) as idle,
            socket.create_connection(("127.0.0.1", port)) as asking,
        ):
            idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")  # and never the end of it
            asking.sendall(f"GET /{LONG} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert ask(serve.url).status == 200  # so it has read what came before
            status, said = serve.end()
        assert status == 0
        assert "ASGI" not in said  # Datasette may tell of the question, where rich is installed


def test_a_port_in_use_is_one_line(history: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _run(history, "--port", port)
    assert done.returncode == 1
    assert done.stderr == (
        f"embassy-scraper: 127.0.0.1:{port}: Address already in use; name another port with"
        " --port\n"
    )


def test_of_two_that_begin_at_once_one_says_so(history: Path) -> None:
    port = free_port()
    both = [
        subprocess.Popen(command(history, "--port", port), text=True, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    try:
        _until(lambda: any(one.poll() is not None for one in both))
        (loser,) = [one for one in both if one.poll() is not None]
        (winner,) = [one for one in both if one is not loser]
        _, said = loser.communicate()
        assert loser.returncode == 1
        assert "Address already in use" in said
        assert said.count("\n") == 1
        assert ask(f"http://127.0.0.1:{port}/").status == 200
        assert winner.poll() is None
    finally:
        for one in both:
            one.kill()
            one.wait()


@pytest.mark.parametrize("host", ["no-such-host.invalid", "203.0.113.7"])
def test_a_host_that_is_not_here_is_one_line(history: Path, host: str) -> None:
    done = _run(history, "--host", host, "--port", free_port())
    assert done.returncode == 1
    assert done.stderr.startswith(f"embassy-scraper: {host}:")
    assert done.stderr.count("\n") == 1


def test_no_history_is_one_line(db: Path) -> None:
    done = _run(db)
    assert done.returncode == 1
    assert done.stderr.startswith(f"embassy-scraper: {db}: no history there; name another ")
    assert done.stderr.count("\n") == 1
    assert not db.parent.exists()


def test_whoever_lets_everybody_read_is_warned_in_one_line(history: Path) -> None:
    with served(history, "--host", "0.0.0.0") as serve:
        assert ask(serve.url.replace("0.0.0.0", "127.0.0.1")).status == 200
        status, said = serve.end()
    assert status == 0
    assert said.count("\n") == 1
    assert "there is no password" in said
    assert "everybody who can reach this machine can read the history" in said


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "::1"])
def test_who_serves_this_machine_alone_is_not_warned(history: Path, host: str) -> None:
    with served(history, "--host", host) as serve:
        assert ask(serve.url).status == 200
        assert serve.end() == (0, "")


def test_a_folder_that_it_may_not_write_to_is_served_and_stays_as_it_is(
    history: Path, foreign: Path
) -> None:
    db = _copied(history, foreign, True)
    before = {path: path.stat().st_mtime_ns for path in foreign.rglob("*")}
    with served(db, bound=True) as serve:
        assert ask(serve.url).status == 200
        assert ask(serve.url + "history/changes").status == 200
        assert serve.end() == (0, "")
    assert {path: path.stat().st_mtime_ns for path in foreign.rglob("*")} == before


@needs_another_writer
def test_a_still_history_that_begins_to_change_is_shown_as_it_is_then(
    history: Path, foreign: Path
) -> None:
    """The unit of ``serve`` may not write where the rounds write: first the file is still."""
    db = _copied(history, foreign, True)
    with served(db, bound=True) as serve:
        assert ask(serve.url + RUNS).status == 200
        for number in range(3):
            with closing(open_database(db)) as writer:
                _write_run(writer, f"round {number}")
                for _ in range(4):  # every thread of the server has seen the old file
                    assert f"round {number}" in ask(serve.url + RUNS).text
            assert f"round {number}" in ask(serve.url + RUNS).text
            assert ask(serve.url).status == 200
        assert serve.end() == (0, "")


@pytest.mark.parametrize("bound", [False, pytest.param(True, marks=needs_another_writer)])
def test_every_page_is_whole_while_a_run_commits(history: Path, foreign: Path, bound: bool) -> None:
    db = _copied(history, foreign, bound)
    done = threading.Event()

    def write() -> None:
        with closing(open_database(db)) as writer:
            number = 0
            while not done.is_set():
                _write_run(writer, f"round {number}")
                number += 1
                if number % 50 == 0:
                    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    with served(db, bound=bound) as serve:
        writer = threading.Thread(target=write)
        writer.start()
        try:
            seen = []
            for _ in range(25):
                assert ask(serve.url).status == 200
                found = ask(serve.url + RUNS)
                assert found.status == 200, found.text
                seen.append(int(found.text.split("round ")[1].split('"')[0]))
        finally:
            done.set()
            writer.join()
        assert seen == sorted(seen)
        assert seen[-1] > seen[0]
        status, said = serve.end()
        assert status == 0
        if not bound:
            assert said == ""
        # Datasette notes what SQLite could not do at first; it was asked again, and answered
        assert all(line.startswith("ERROR: conn=") for line in said.splitlines()), said


@pytest.mark.parametrize("bound", [False, pytest.param(True, marks=needs_another_writer)])
def test_a_database_that_is_replaced_meanwhile_is_seen(
    history: Path, foreign: Path, bound: bool
) -> None:
    db = _copied(history, foreign, bound)
    new = db.with_name("new.db")
    with served(db, bound=bound) as serve:
        for _ in range(5):
            assert "put back" not in ask(serve.url + RUNS).text
        with closing(sqlite3.connect(db)) as old:
            old.execute("VACUUM INTO ?", (str(new),))
        with closing(open_database(new)) as writer:
            _write_run(writer, "put back")
        for end in ("-wal", "-shm"):
            Path(f"{db}{end}").unlink(missing_ok=True)
        new.replace(db)
        for _ in range(5):
            assert "put back" in ask(serve.url + RUNS).text
        assert ask(serve.url).status == 200
        assert serve.end() == (0, "")


def test_rebuild_beside_it_is_seen(history: Path, run: Run) -> None:
    with served(history) as serve:
        before = ask(serve.url + "history/changes.csv").text
        assert run("rebuild").exit_code == 0
        assert "rebuild" in ask(serve.url + RUNS).text
        assert ask(serve.url + "history/changes.csv").text == before
        assert serve.end() == (0, "")


def test_a_database_that_is_gone_is_an_error_and_no_end(history: Path) -> None:
    away = history.with_name("away.db")
    with served(history) as serve:
        assert ask(serve.url).status == 200
        history.rename(away)
        assert ask(serve.url).status == 500
        away.rename(history)
        assert ask(serve.url).status == 200


def _run(db: Path, *options: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command(db, *options), capture_output=True, text=True, timeout=60)


def _copied(history: Path, folder: Path, bound: bool) -> Path:
    """A copy of *history* in a *folder*; where *serve* is *bound* it may not be written to."""
    db = folder / "data" / history.name
    db.parent.mkdir()
    with closing(sqlite3.connect(history)) as connection:
        connection.execute("VACUUM INTO ?", (str(db),))
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    if bound:
        db.chmod(0o444)
        db.parent.chmod(0o555)
    return db


def _write_run(connection: sqlite3.Connection, note: str) -> None:
    with connection:
        connection.execute(
            "INSERT INTO runs (started, finished, command, counts, outcome, note) VALUES"
            " ('2021-03-01T00:00:00Z', '2021-03-01T00:00:01Z', 'crawl', '{}', 'complete', ?)",
            (note,),
        )


def _until(is_so: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)
