"""Looking at a long history: our pages against a bare Datasette's page of ``changes``, in one run.

100,000 captures of 20,000 statements with 60,000 changes. Both servers are asked in turn, so that a
machine that slows down slows both. What is kept between two requests is good until the database
changes, so a page is asked for *cold*, first after a write, and *warm*, again.
"""

import contextlib
import math
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from benchmarks.world import START, captures, frame_page, write_warc

STATEMENTS, ROUNDS, EDITS = 20_000, 3, 2  # captures that find one statement more; edits of each
ASKED, COLD, STARTS = 40, 20, 5  # times that a page is asked for, warm, cold; that a server starts
_PAGES = (  # what they are called, and a query for what their addresses need
    ("timeline", "/", None),
    ("timeline, one kind", "/?kind=statement_edited", None),
    ("timeline, one list", "/?list=latest", None),
    ("timeline, learned since", "/?learned=2020-01-01", None),
    (
        "statement",
        "/statement/{}",
        "SELECT key FROM statements ORDER BY versions DESC, key LIMIT 1",
    ),
    (
        "change",
        "/change/{}",
        "SELECT change_id FROM changes WHERE kind = 'statement_edited' LIMIT 1",
    ),
    ("capture", "/capture/{}", "SELECT max(id) FROM captures"),
    ("search", "/search?q=embassy+treaty", None),
    ("as of", "/as-of?at=2020-06-01", None),
    ("counters", "/counters", None),
    ("counter", "/counter/{}", "SELECT event FROM counters LIMIT 1"),
    ("coverage", "/coverage", None),
    ("problems", "/problems", None),
    ("questions", "/questions", None),
    ("versions as a table", "/history/versions", None),
)


def pages() -> Iterator[tuple[str, str, bytes]]:
    """Yield the captures: a site that grows, then every statement twice more, retitled."""
    yield from captures(ROUNDS * STATEMENTS, every=ROUNDS)
    newest = 20 + STATEMENTS - 1
    for number in range(EDITS * STATEMENTS):
        own = 20 + number % STATEMENTS
        at = START + timedelta(hours=ROUNDS * STATEMENTS + number)
        title = f"<h3>{number // STATEMENTS + 2}: ".encode()
        yield (
            f"https://www.rusemb.org.uk/fnapr/{own}",
            f"{at:%Y-%m-%dT%H:%M:%SZ}",
            frame_page(at, newest, own).replace(b"<h3>", title, 1),
        )


def make_history(folder: Path, ingest: Callable[[Path, Path], object]) -> Path:
    """Return a database with all of them."""
    source, db = folder / "looked-at.warc.gz", folder / "looked-at" / "embassy.db"
    write_warc(source, pages())
    ingest(db, source)
    source.unlink()
    return db


@contextlib.contextmanager
def serving(command: list[str], port: int) -> Iterator[float]:
    """Run a server until the block ends; the seconds until it answered."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with contextlib.suppress(OSError):
                ask(f"http://127.0.0.1:{port}/-/static/app.css")
                break
            if process.poll() is not None:
                raise SystemExit(f"{command}: ended with {process.returncode}")
            time.sleep(0.005)
        yield time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait()


def ask(url: str) -> float:
    """Return the milliseconds until the whole answer was there."""
    begun = time.perf_counter()
    with urllib.request.urlopen(url, timeout=60) as answer:
        answer.read()
    return 1000 * (time.perf_counter() - begun)


def commands(db: Path) -> tuple[tuple[list[str], int], tuple[list[str], int]]:
    """Return how the two are started, each with its port: ``serve``, and a bare Datasette."""
    ours, bare = _free_port(), _free_port()
    serve = [sys.executable, "-m", "embassy_scraper", "serve", "--db", str(db), "--port", str(ours)]
    datasette = [sys.executable, "-m", "datasette", "serve", str(db), "--port", str(bare)]
    return (serve, ours), (datasette, bare)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def starts(db: Path) -> float:
    """Return how long ``serve`` takes to be up, as a ratio to a bare Datasette."""
    pairs = []
    for _ in range(STARTS):
        times = []
        for command, port in commands(db):
            with serving(command, port) as seconds:
                times.append(seconds)
        pairs.append(times[0] / times[1])
    return statistics.median(pairs)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a page is called, and the milliseconds of it: cold, warm, and of the bare page."""

    name: str
    cold: list[float]
    warm: list[float]
    bare: list[float]


def looks(db: Path) -> Iterator[Looked]:
    """Yield how long each page took."""
    with contextlib.closing(sqlite3.connect(db)) as connection:
        addresses = [
            (name, path.format(quote(connection.execute(query).fetchone()[0])) if query else path)
            for name, path, query in _PAGES
        ]
    (serve, port), (datasette, bare) = commands(db)
    with serving(serve, port), serving(datasette, bare):
        plain = f"http://127.0.0.1:{bare}/{db.stem}/changes"
        for name, path in addresses:
            page = f"http://127.0.0.1:{port}{path}"
            looked = Looked(name, [], [], [])
            for _ in range(COLD):
                write(db)
                looked.cold.append(ask(page))
            for _ in range(ASKED):
                looked.bare.append(ask(plain))
                looked.warm.append(ask(page))
            yield looked


def write(db: Path) -> None:
    """Write a row as it is, so that nothing that was kept of the database is good any more."""
    with contextlib.closing(sqlite3.connect(db)) as connection, connection:
        done = connection.execute(
            "UPDATE runs SET note = note WHERE id = (SELECT max(id) FROM runs)"
        )
        if done.rowcount != 1:
            raise SystemExit(f"{db}: no run to write")


def median_and_p95(times: list[float]) -> tuple[float, float]:
    """Return the median, and the time that 95 of 100 do not exceed.

    >>> median_and_p95([float(n) for n in range(1, 41)])
    (20.5, 38.0)
    """
    return statistics.median(times), sorted(times)[math.ceil(0.95 * len(times)) - 1]


def busiest_day(db: Path) -> str:
    """Return the day of which most changes are told."""
    with contextlib.closing(sqlite3.connect(db)) as connection:
        query = "SELECT substr(observed_by, 1, 10) FROM changes GROUP BY 1 ORDER BY count(*) DESC"
        return str(connection.execute(query).fetchone()[0])
