"""This program: one import of all captures, then the report; or an import for each day."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from benchmarks.peers.claims import Claim, Score, counter_subject, judged, statement_subject
from benchmarks.peers.environment import run
from benchmarks.peers.site import Version, write_warc
from benchmarks.peers.truth import Change
from tests.world.model import World

_WHATS = {
    "statement_added": "added",
    "statement_withdrawn": "withdrawn",
    "statement_restored": "restored",
    "page_gone": "page.gone",
    "page_back": "page.back",
    "counter_anomaly": "counter",
    "counter_reworded": "counter",
    "counter_vanished": "counter",
    "counter_appeared": "counter",
    "contact_changed": "contact",
}
_FIELDS = {"body": "paragraphs", "published_on": "on", "published_at": "signed"}
_NO_CLAIM = {"statement_discovered", "counter_discovered", "counter_progressed"}


def at_once(world: World, changes: Sequence[Change], found: list[Version], folder: Path) -> Score:
    """Import one file with all captures, report, and judge the report."""
    warc = write_warc(found, folder / "all")
    begun = time.perf_counter()
    report = _import_and_report([warc], folder / "at_once" / "embassy.db")
    seconds = time.perf_counter() - begun
    true, false = judged(world, changes, _claims(world, report))
    return Score("ours", seconds, true, len(false), "rows")


def day_by_day(found: list[Version], folder: Path) -> float:
    """Return the seconds that it takes with an import, and a report, for each day."""
    days = [
        write_warc([v for v in found if v.round == number], folder / f"day{number}")
        for number in range(found[-1].round + 1)
    ]
    begun = time.perf_counter()
    for day in days:
        _import_and_report([day], folder / "by_day" / "embassy.db")
    return time.perf_counter() - begun


def _import_and_report(files: list[Path], db: Path) -> Path:
    command = [sys.executable, "-m", "embassy_scraper"]
    run(*command, "ingest", *files, "--db", db)
    report = db.with_suffix(".csv")
    run(*command, "report", "--format", "csv", "--output", report, "--db", db)
    return report


def _claims(world: World, report: Path) -> list[Claim]:
    with report.open(newline="", encoding="utf-8") as file:
        return [_claim(world, row) for row in csv.DictReader(file) if row["kind"] not in _NO_CLAIM]


def _claim(world: World, row: dict[str, str]) -> Claim:
    kind, subject = row["kind"], row["subject"]
    what = _WHATS.get(kind) or f"edited.{_FIELDS.get(row['field'], row['field'])}"
    if what == "counter":
        subject = counter_subject(world, subject.removeprefix("since "))
    elif what != "contact":
        subject = statement_subject(world, subject)
    after, by = (
        datetime.fromisoformat(row[name]) if row[name] else None
        for name in ("observed_after", "observed_by")
    )
    assert by is not None
    return Claim(frozenset([what]), subject, after, by)
