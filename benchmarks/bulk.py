"""Large files: several processes against one, a cluster, memory, and records of other sites."""

import io
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from fastwarc.stream_io import GzipWriter

from benchmarks.world import captures, record


def import_command(db: Path, source: Path, *more: str) -> list[str]:
    """Return the command of an import."""
    return [sys.executable, "-m", "embassy_scraper", "ingest", str(source), "--db", str(db), *more]


def write_crawl(path: Path, count: int) -> None:
    """Write a WARC file like a crawl of the web: one record in a hundred is of our site."""
    with path.open("wb") as file:
        for number in range(count):
            url, at, page = next(captures(1, number))
            if number % 100:
                url = f"https://site{number}.example/page"
                page = _foreign_page(number)
            file.write(record(url, at, page))
            file.write(_request(url, at))


def _foreign_page(number: int) -> bytes:
    """Return a page of 60 to 200 kB that packs about as well as a real one: to a fifth."""
    chance = random.Random(number)
    words = [
        "".join(chance.choices("etaoinshrdlucmfwyp", k=chance.randint(2, 9))) for _ in range(400)
    ]
    size = chance.randint(4_000, 14_000)
    parts = [
        f"<li class='entry'><a href='/{w}'>{w}</a> {v}</li>" if chance.random() < 0.2 else v
        for w, v in zip(chance.choices(words, k=size), chance.choices(words, k=size), strict=True)
    ]
    return f"<html><body>{' '.join(parts)}</body></html>".encode()


def _request(url: str, at: str) -> bytes:
    buffer = io.BytesIO()
    member = GzipWriter(buffer, 6)
    block = f"GET {url} HTTP/1.1\r\nHost: x\r\n\r\n"
    member.write(
        f"WARC/1.0\r\nWARC-Type: request\r\nWARC-Target-URI: {url}\r\nWARC-Date: {at}\r\n"
        f"Content-Type: application/http; msgtype=request\r\nContent-Length: {len(block)}\r\n"
        f"\r\n{block}\r\n\r\n".encode()
    )
    member.close()
    return buffer.getvalue()


def same_history(one: Path, other: Path) -> bool:
    """Say whether two databases report the same, and have the same captures and problems."""
    queries = (
        "SELECT * FROM changes ORDER BY change_id",
        "SELECT id, url, source, sha256 FROM captures ORDER BY id",
        'SELECT capture, path, what, "where", text FROM problems ORDER BY 1, 2, 3, 4, 5',
        "SELECT * FROM versions ORDER BY statement, number",
    )
    return all(_rows(one, query) == _rows(other, query) for query in queries)


def _rows(db: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(db)
    rows = connection.execute(query).fetchall()
    connection.close()
    return rows


def memory_of_all(command: list[str]) -> float:
    """Run *command*; return the peak of what it and all its children hold together, in MB.

    Pages that several of them share count once (the kernel's proportional set size).
    """
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(map(_held, _family(process.pid))))
        time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"{command}: ended with {process.returncode}")
    return peak


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _held(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
