"""What each verb begins with: a small history, an import, a site, an archive, a webhook."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from embassy_scraper.replica import Replica
from tests.live.many import write_config
from tests.live.site import Live, publish, site
from tests.live.story import OPENS
from tests.peers.adapter import Wayback
from tests.peers.backfill import CONFIG, story
from tests.peers.front import Answer
from tests.peers.servers import PYWB, pywb
from tests.peers.wet import every_day, write_warc
from tests.world import program
from tests.world.chaos import make_chaos
from tests.world.files import write_world

Plan = dict[str, Any]
Opened = Callable[[Path], AbstractContextManager[list[Plan]]]
SEED = 3
COUNT = 6  # captures, of several media, out of their order
FORMATS = ("csv", "html", "json", "markdown", "atom", "text")
_WHY = ("--why", "saved from another site")


def _world(folder: Path, *groups: range) -> list[Path]:
    world = make_chaos(SEED)
    return write_world(world, folder / "world", groups or [range(COUNT)])


def _begun(folder: Path, *paths: Path) -> Path:
    """A history of what is in *paths*, with an empty log; its folder."""
    begin = folder / "begin"
    begin.mkdir(parents=True, exist_ok=True)
    assert program.ingest(begin / "embassy.db", *paths).exit_code in (0, 3)
    empty_log(begin / "embassy.db")
    return begin


def empty_log(db: Path) -> None:
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _plan(name: str, begin: Path | None, *words: object, **more: object) -> Plan:
    command = [*map(str, words), "--db", "{db}"]
    return {"name": name, "words": command, "begin": str(begin) if begin else None, **more}


@contextmanager
def ingest(folder: Path) -> Iterator[list[Plan]]:
    yield [_plan("ingest", None, "ingest", *_world(folder))]


@contextmanager
def ingest_between(folder: Path) -> Iterator[list[Plan]]:
    """Captures that fall between known ones."""
    late, first = _world(folder, range(1, COUNT, 2), range(0, COUNT, 2))
    yield [_plan("ingest between known captures", _begun(folder, first), "ingest", late)]


@contextmanager
def crawl(folder: Path) -> Iterator[list[Plan]]:
    with Replica(site(3)) as replica:
        config = write_config(folder, replica.url)
        yield [_plan("crawl", None, "crawl", "--config", config)]


@contextmanager
def second_round(folder: Path) -> Iterator[list[Plan]]:
    hours = [OPENS + timedelta(hours=n) for n in (1, 2)]
    events = (
        publish(9100, hours[0]),
        {"at": hours[0], "do": "unlist", "key": "fnapr/9001"},
        {"at": hours[1], "do": "withdraw", "key": "fnapr/9002"},
    )
    with Replica(site(3, *events)) as replica:
        it = Live(replica, folder, write_config(folder, replica.url, recheck_first=1.0))
        it.crawl()
        it.later(hours=30)
        empty_log(it.db)
        yield [_plan("crawl, second round", it.db.parent, "crawl", "--config", it.config)]


class _Remembered(Wayback):
    """The Wayback Machine, whose pywb is asked for each address once."""

    def __init__(self, collection: str) -> None:
        super().__init__(collection)
        self._known: dict[str, Answer] = {}

    def answer(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        if path not in self._known:
            self._known[path] = super().answer(path, headers)
        return self._known[path]


@contextmanager
def backfill(folder: Path) -> Iterator[list[Plan]]:
    if not (PYWB / "bin" / "wayback").exists():
        pytest.skip("pywb is not here; make peers")
    warc = folder / "archive.warc.gz"
    write_warc(warc, story(), every_day(OPENS, 3)[1:])
    with pywb(folder / "pywb", [warc]) as collection, _Remembered(collection) as machine:
        config = folder / "embassy.toml"
        config.write_text(CONFIG.format(url=machine.url, rows=5))
        yield [_plan("backfill", None, "backfill", "wayback", "--config", config)]


@contextmanager
def rebuild(folder: Path) -> Iterator[list[Plan]]:
    yield [_plan("rebuild", _begun(folder, *_world(folder)), "rebuild")]


def _lost(begin: Path) -> Path:
    """The same folder, without its database."""
    for path in begin.glob("embassy.*"):
        path.unlink()
    return begin


@contextmanager
def rebuild_from(folder: Path) -> Iterator[list[Plan]]:
    begin = _lost(_begun(folder, *_world(folder)))
    words = ("rebuild", "--from")
    here = _plan("rebuild --from", begin, *words, "{place}/captures")
    yield [here, _plan("rebuild --from", None, *words, begin / "captures")]


@contextmanager
def retract(folder: Path) -> Iterator[list[Plan]]:
    begin = _begun(folder, *_world(folder))
    ids = _some_ids(begin / "embassy.db")
    yield [_plan("retract", begin, "retract", *ids, *_WHY)]


@contextmanager
def undo(folder: Path) -> Iterator[list[Plan]]:
    begin = _begun(folder, *_world(folder))
    ids = _some_ids(begin / "embassy.db")
    assert not program.run("retract", *ids, *_WHY, "--db", str(begin / "embassy.db")).exit_code
    empty_log(begin / "embassy.db")
    yield [_plan("retract --undo", begin, "retract", *ids, "--undo")]


def _some_ids(db: Path) -> list[str]:
    return [str(row[0]) for row in program.query(db, "SELECT id FROM captures ORDER BY id")][1::4]


@contextmanager
def report(folder: Path) -> Iterator[list[Plan]]:
    begin = _begun(folder, *_world(folder))
    words = ("report", "--new", "desk", "--format")
    yield [_plan("report --new", begin, *words, form, out=True) for form in FORMATS]


@contextmanager
def report_to_file(folder: Path) -> Iterator[list[Plan]]:
    begin = _begun(folder, *_world(folder))
    words = ("report", "--new", "desk", "--output", "{place}/told", "--format")
    name = "report --new --output"
    yield [_plan(name, begin, *words, form, out="told") for form in FORMATS]


@contextmanager
def tell(folder: Path) -> Iterator[list[Plan]]:
    begin = _begun(folder, *_world(folder))
    posts = folder / "posts"
    posts.mkdir()
    with _webhook(posts) as port:
        told = {"name": "desk", "to": [f"json://127.0.0.1:{port}/{{place}}"]}
        lines = [f"{key} = {json.dumps(value)}" for key, value in told.items()]
        (begin / "embassy.toml").write_text("\n".join(["[[alerts]]", *lines]) + "\n")
        yield [_plan("tell", begin, "tell", "--config", "{place}/embassy.toml", posts=str(posts))]


@contextmanager
def _webhook(posts: Path) -> Iterator[int]:
    """A webhook that keeps what each address is handed; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            line = json.dumps([self.headers["Idempotency-Key"], told["message"]])
            with (posts / f"{Path(self.path).name}.jsonl").open("a") as file:
                file.write(f"{line}\n")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


VERBS: dict[str, Opened] = {
    "ingest": ingest,
    "ingest-between": ingest_between,
    "crawl": crawl,
    "second-round": second_round,
    "backfill": backfill,
    "rebuild": rebuild,
    "rebuild-from": rebuild_from,
    "retract": retract,
    "undo": undo,
    "report": report,
    "report-to-file": report_to_file,
    "tell": tell,
}
