"""A crawl, a backfill, the scheduler and the demonstration, told to end while they are busy."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.live.many import write_config
from tests.live.site import Live, Open, site
from tests.signalled import End, start
from tests.world import program

pytestmark = pytest.mark.peer
TERM, INT = signal.SIGTERM, signal.SIGINT
Answer = tuple[int, bytes] | None  # None: never
HOME = "/"


@contextmanager
def served(answer: Callable[[str], Answer]) -> Iterator[tuple[str, list[str]]]:
    """Serve what *answer* returns for a path; yield the address, and the paths asked for."""
    asked: list[str] = []
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            found = answer(self.path)
            if found is None:
                ended.wait()
                return
            self.send_response(found[0])
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(found[1])))
            self.end_headers()
            self.wfile.write(found[1])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", asked
    finally:
        ended.set()
        server.shutdown()
        server.server_close()


def check_interrupted(end: End, db: Path, name: str = "SIGTERM") -> None:
    """It ended as it should, and its row of runs says so."""
    end.check(name)
    row = program.query(db, "SELECT outcome, note, finished IS NOT NULL FROM runs ORDER BY id")[-1]
    assert row == ("interrupted", f"stopped by {name}", 1)


def crawl(it: Live, db: Path) -> tuple[str, ...]:
    return ("crawl", "--db", str(db), "--config", str(it.config))


def test_a_crawl_told_to_end_at_any_moment_goes_on(live: Open, tmp_path: Path) -> None:
    with live(site(12)) as it:
        calm = tmp_path / "calm" / "embassy.db"
        assert program.start(*crawl(it, calm)).wait() == 0
        for number, requests in ((TERM, 1), (INT, 4), (TERM, 9)):
            one = start(tmp_path, *crawl(it, it.db))
            one.wait_for_more(lambda: len(it.replica.asked), requests)
            end = one.hit(number)
            if end.code:
                check_interrupted(end, it.db, signal.Signals(number).name)
        it.crawl()
        assert program.table_differences(calm, it.db) == []
        assert program.run("verify", "--db", str(it.db)).exit_code == 0


@pytest.mark.parametrize("silent", ["/robots.txt", HOME])
def test_a_server_that_never_answers_does_not_hold_it_up(tmp_path: Path, silent: str) -> None:
    with served(lambda path: None if path == silent else (404, b"")) as (url, asked):
        config = write_config(tmp_path, url)
        db = tmp_path / "embassy.db"
        one = start(tmp_path, "crawl", "--db", db, "--config", config)
        one.wait_for(lambda: silent in asked)
        check_interrupted(one.hit(), db)


def archives(folder: Path, url: str, pauses: float = 0.0) -> Path:
    config = folder / "embassy.toml"
    config.write_text(
        f'[archives]\nwayback = "{url}"\nindex_delay = {pauses}\ncapture_delay = {pauses}\n'
    )
    return config


def index(rows: int) -> bytes:
    """A CDX server's answer."""
    head = '["timestamp","original","mimetype","statuscode","digest","length"]'
    lines = (
        f'["2015{n % 12 + 1:02}01{n % 24:02}0000","https://www.rusemb.org.uk/fnapr/{n}","text/html"'
        f',"200","{n:032}","900"]'
        for n in range(rows)
    )
    return f"[{','.join([head, *lines])}]".encode()


@pytest.mark.parametrize("what", ["index hangs", "busy", "many rows", "capture hangs"])
def test_a_backfill_hears_wherever_it_is(tmp_path: Path, what: str) -> None:
    cdx: dict[str, Answer] = {
        "index hangs": None, "busy": (429, b""), "many rows": (200, index(60_000)),
        "capture hangs": (200, index(3)),
    }  # fmt: skip
    awaited = "/web/" if what == "capture hangs" else "/cdx/"
    with served(lambda path: cdx[what] if "/cdx/" in path else None) as (url, asked):
        config, db = archives(tmp_path, url), tmp_path / "embassy.db"
        one = start(tmp_path, "backfill", "wayback", "--db", db, "--config", config)
        one.wait_for(lambda: any(path.startswith(awaited) for path in asked))
        time.sleep(0.3)
        check_interrupted(one.hit(), db)


@pytest.mark.parametrize("number", [INT, signal.SIGHUP])
def test_the_demonstration_ends_with_the_crawl_that_it_has_begun(
    tmp_path: Path, number: int
) -> None:
    one = start(tmp_path, "demo")
    db = tmp_path / "data" / "demo" / "embassy.db"
    one.wait_for(lambda: program.count(db, "captures"))
    one.hit(number).check(signal.Signals(number).name)


def test_a_demonstration_in_a_named_file_is_begun_anew_in_another(tmp_path: Path) -> None:
    db = tmp_path / "embassy.db"
    one = start(tmp_path, "demo", "--db", db)
    one.wait_for(lambda: program.count(db, "captures"))
    end = one.hit()
    end.check_clean()
    assert end.said.endswith("to see it whole, name another file with --db\n")
    assert "name a new file" in program.run("demo", "--db", str(db)).err
