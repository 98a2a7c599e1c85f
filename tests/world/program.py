"""The program under test, from outside: its command line, its report and its tables."""

from __future__ import annotations

import csv
import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

ROOT = Path(__file__).resolve().parents[2]
TABLES: dict[str, str] = {
    "captures": "id url page_kind captured_at page_clock http_status source url_from "
    "instant_from sha256",
    "statements": "key title published_on published_at url status first_seen last_seen versions",
    "versions": "statement number title lead body first_seen last_seen first_capture",
    "sightings": "statement capture list position",
    "headers": "capture page_date language label phone email",
    "snapshots": "capture list start covers_after covers_until entries",
    "counters": "event unit since_date label first_seen last_seen",
    "counter_readings": "event capture captured_at page_date value since_date",
    "changes": "change_id kind subject title published_on url field before after significance "
    "similarity observed_after observed_by capture_before capture_after note",
    "problems": "capture path what where text",
}
MAY_LACK = {("problems", "capture"), ("problems", "path")}


@dataclass(frozen=True)
class Outcome:
    exit_code: int
    out: str
    err: str


def run(*args: str) -> Outcome:
    """One command in this process."""
    from embassy_scraper.commands import main

    result = CliRunner().invoke(main, list(args))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Outcome(result.exit_code, result.stdout, result.stderr)


def start(*args: str) -> subprocess.Popen[bytes]:
    """One command in a process of its own."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "embassy_scraper", *args]
    return subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def ingest(db: Path, *paths: Path) -> Outcome:
    return run("ingest", *map(str, paths), "--db", str(db))


def report(db: Path) -> str:
    outcome = run("report", "--db", str(db))
    assert outcome.exit_code == 0, outcome.err
    return outcome.out


def report_rows(db: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(report(db), newline="")))


def query(db: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def columns_of(db: Path, table: str) -> list[str]:
    return [str(row[1]) for row in query(db, f"PRAGMA table_info('{table}')")]


def table(db: Path, name: str) -> list[tuple[object, ...]]:
    """The contract's columns of one table, its rows sorted: order is no part of history."""
    wanted = TABLES[name].split()
    present = columns_of(db, name)
    missing = [c for c in wanted if c not in present and (name, c) not in MAY_LACK]
    assert not missing, f"table {name} lacks {missing}; it has {present}"
    chosen = ", ".join(f'"{c}"' for c in wanted if c in present)
    return sorted(query(db, f'SELECT {chosen} FROM "{name}"'), key=repr)


def tables(db: Path) -> dict[str, list[tuple[object, ...]]]:
    return {name: table(db, name) for name in TABLES}


def table_differences(a: Path, b: Path, names: Sequence[str] = tuple(TABLES)) -> list[str]:
    """One line for each row that stands in only one of the two databases."""
    out = []
    for name in names:
        left, right = table(a, name), table(b, name)
        in_left, in_right = set(left), set(right)
        out += [f"- {name}: {_short(r)}" for r in left if r not in in_right]
        out += [f"+ {name}: {_short(r)}" for r in right if r not in in_left]
        if not out and len(left) != len(right):
            out.append(f"{name}: {len(left)} rows and {len(right)} rows (repeated rows)")
    return out


def _short(row: tuple[object, ...]) -> str:
    return " | ".join(str(v)[:48] for v in row)


def seconds(*args: str) -> float:
    """How long the command takes in a process of its own."""
    began = time.monotonic()
    process = start(*args)
    process.communicate()
    return time.monotonic() - began


def killed_after(delay: float, *args: str) -> None:
    """Starts the command and ends it with SIGKILL after so many seconds."""
    process = start(*args)
    try:
        process.wait(timeout=delay)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.communicate()


def count(db: Path, table: str) -> int:
    """How many rows are in *table*, while others write."""
    try:
        return int(str(query(db, f"SELECT count(*) FROM {table}")[0][0]))
    except sqlite3.OperationalError:  # the database is being made
        return 0


def cut_short(command: Sequence[str], db: Path, table: str) -> None:
    """Starts the command and ends it with SIGKILL when *table* has more rows than before."""
    before = count(db, table)
    process = start(*command)
    while process.poll() is None and count(db, table) <= before:
        time.sleep(0.01)
    process.kill()
    process.communicate()
