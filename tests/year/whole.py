"""The whole of a year: it is lived, and judged."""

from __future__ import annotations

import pickle
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from tests.world import program
from tests.year.clock import Clock, fresh, moment
from tests.year.happens import START, Year
from tests.year.ledger import Ledger, account, gaps
from tests.year.machine import CRONS, Machine, State
from tests.year.site import Look, YearSite
from tests.year.truth import Verdict, judge

KEPT = "kept.pickle"  # beside the data: what the site showed, and all that is needed to judge
_OWN = re.compile(r"embassy\.(db|atom|db-wal|db-shm|db(\.crawl|\.schedule)?\.lock)|captures")
_RAW = re.compile(r"embassy-\d{14}-\d+-\d{4}\.warc\.gz")


@dataclass(frozen=True)
class Kept:
    """What is kept of a year that was lived: enough to judge it, also once more."""

    year: Year
    crons: dict[str, str]
    looks: tuple[Look, ...]
    harmed: tuple[tuple[datetime, datetime], ...]
    states: tuple[State, ...]  # at its beginning, and at the end of each quarter
    faults: Counter[str]  # requests by the fault that they met
    seconds: float
    trouble: tuple[str, ...]  # what was seen at once not to be as it should


@dataclass(frozen=True)
class Lived:
    """A year, and what is to be said of it."""

    folder: Path
    kept: Kept
    verdict: Verdict
    ledger: Ledger
    trouble: tuple[str, ...]  # everything that is not as it should be

    @property
    def db(self) -> Path:
        return self.folder / "data" / "embassy.db"

    @property
    def used(self) -> list[tuple[str, str, int, float]]:
        """Of each forked child: when it ended, its job, its peak memory in KB, its CPU seconds."""
        rows = [line.split("\t") for line in (self.folder / "used.tsv").read_text().splitlines()]
        return [(at, job, int(kb), float(cpu)) for at, job, _, kb, cpu in rows if job != "-"]


def live(folder: Path, seed: int, days: int, crons: dict[str, str] = CRONS) -> None:
    """Live so many days in *folder*."""
    begun = time.monotonic()
    year = Year(seed, days)
    clock = Clock(fresh(folder), START)
    states: list[State] = []
    with YearSite(year.scenario(), clock, year.redesign_at) as site:
        machine = Machine(folder, year, clock, site, crons)
        with machine.mother():
            for quarter in range(1, 5):
                states.append(machine.state())
                machine.live(START + timedelta(days=days) * quarter / 4)
                print(f"quarter {quarter}: {time.monotonic() - begun:.0f} s", flush=True)
            states.append(machine.state())
            machine.stop()
            trouble = [*_told(machine), *_left(machine), *_grown(states)]
    kept = Kept(
        year, crons, tuple(site.looks), (*machine.harmed, *site.held),
        tuple(states), site.faults, time.monotonic() - begun, tuple(trouble),
    )  # fmt: skip
    (folder / KEPT).write_bytes(pickle.dumps(kept))


def judged(folder: Path) -> Lived:
    """Judge the days that were lived in *folder*."""
    kept: Kept = pickle.loads((folder / KEPT).read_bytes())
    db = folder / "data" / "embassy.db"
    verdict = judge(kept.year, kept.looks, db, kept.harmed)
    ledger = account(db, kept.crons, START, kept.states[-1].at)
    trouble = (
        *kept.trouble, *_rebuilt(folder), *gaps(db, *kept.year.silence), *verdict.lost,
        *verdict.wrong, *verdict.events.untold, *ledger.holes, *ledger.false,
    )  # fmt: skip
    return Lived(folder, kept, verdict, ledger, trouble)


def _told(machine: Machine) -> Iterator[str]:
    """What the verbs do not say, though it is so."""
    if machine.status_before_layout.returncode != 1:
        yield f"status before the layout: {machine.status_before_layout.stdout}"
    status = machine.run("status")
    if status.returncode != 1:
        yield f"status after the end of the host: {status.stdout}"
    least = str((machine.year.silence[1] - machine.year.silence[0]).days)
    coverage = machine.run("coverage", "--shortest", least, "--format", "csv")
    if coverage.returncode or "home" not in coverage.stdout:
        yield f"coverage does not tell the silence: {coverage.stdout}{coverage.stderr}"
    for words in (("verify",), ("rebuild", "--dry-run")):
        done = machine.run(*words)
        if done.returncode:
            yield f"{' '.join(words)}: {done.stdout}{done.stderr}"


def _left(machine: Machine) -> Iterator[str]:
    """Files that nobody should have left, locks that nobody should hold."""
    data = machine.db.parent
    yield from (f"left: {p.name}" for p in data.iterdir() if not _OWN.fullmatch(p.name))
    raw = (data / "captures").iterdir()
    yield from (f"left: captures/{p.name}" for p in raw if not _RAW.fullmatch(p.name))
    yield from (f"left: {p}" for p in (machine.folder / "tmp").iterdir())
    for end in ("lock", "crawl.lock", "schedule.lock"):
        try:
            FileLock(f"{machine.db}.{end}").acquire(timeout=0).lock.release()
        except Timeout:
            yield f"held: {machine.db}.{end}"


def _rebuilt(folder: Path) -> Iterator[str]:
    """Where a history that is rebuilt from the raw captures differs."""
    data, again = folder / "data", folder / "again"
    shutil.rmtree(again, ignore_errors=True)
    shutil.copytree(data, again)
    before = program.tables(data / "embassy.db")
    rebuilt = program.run("rebuild", "--db", str(again / "embassy.db"),
                          "--config", str(folder / "embassy.toml"))  # fmt: skip
    if rebuilt.exit_code:
        yield f"rebuild: {rebuilt.err}"
    after = program.tables(again / "embassy.db")
    yield from (f"rebuild: {name} differs" for name in before if before[name] != after[name])
    shutil.rmtree(again)


def _grown(states: list[State]) -> Iterator[str]:
    """What the scheduler needs more and more of."""
    running = [state for state in states if state.scheduler_kb]
    first, last = running[0], running[-1]
    if last.scheduler_kb > first.scheduler_kb * 1.2:
        yield f"memory of the scheduler: {first.scheduler_kb} KB, then {last.scheduler_kb} KB"
    if last.scheduler_handles > first.scheduler_handles:
        yield f"open files: {first.scheduler_handles}, then {last.scheduler_handles}"


def months(lived: Lived) -> tuple[int, int]:
    """The peak memory, in KB, of any child in the first thirty days and in the last thirty."""
    spans, days = [], lived.kept.year.days
    for low, high in ((0, 30), (days - 30, days)):
        first, last = START + timedelta(days=low), START + timedelta(days=high)
        spans.append(max(kb for at, _, kb, _ in lived.used if first <= moment(at) <= last))
    return spans[0], spans[1]
