"""The whole of a year: it is lived, and judged."""

from __future__ import annotations

import pickle
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from tests.world import program
from tests.year.clock import Clock, fresh, moment
from tests.year.happens import START, Year
from tests.year.ledger import Ledger, account, gaps
from tests.year.machine import CRONS, Machine, State
from tests.year.site import YearSite
from tests.year.truth import Verdict, judge

HARMED = timedelta(hours=13)  # so long after a deed a run may have been hurt by it
_OWN = re.compile(r"embassy\.(db|atom|db-wal|db-shm|db(\.crawl|\.schedule)?\.lock)|captures")
_RAW = re.compile(r"embassy-\d{14}-\d+-\d{4}\.warc\.gz")


@dataclass(frozen=True)
class Lived:
    """A year, and what came of it."""

    year: Year
    machine: Machine
    verdict: Verdict
    ledger: Ledger
    states: tuple[State, ...]  # at its beginning, and at the end of each quarter
    faults: Counter[str]  # answers that were faults, by kind
    requests: int
    seconds: float
    trouble: tuple[str, ...]  # everything that is not as it should be

    @property
    def used(self) -> list[tuple[str, str, int, float]]:
        """Of each forked child: when it ended, its job, its peak memory in KB, its CPU seconds."""
        lines = (self.machine.folder / "used.tsv").read_text().splitlines()
        rows = [line.split("\t") for line in lines]
        return [(at, job, int(kb), float(cpu)) for at, job, _, kb, cpu in rows if job != "-"]


def live(folder: Path, seed: int, days: int, crons: dict[str, str] = CRONS) -> Lived:
    """Live so many days in *folder*, and judge them."""
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
            kept = {"looks": site.looks, "troubled": machine.troubled, "off": machine.off}
            (folder / "kept.pickle").write_bytes(pickle.dumps(kept))  # to judge it once more
            trouble = [*_told(machine), *_left(machine)]
    harmed = [(at, at + HARMED) for at, _ in machine.troubled]
    verdict = judge(year, site.looks, machine.db, harmed)
    ledger = account(machine.db, crons, START, clock.now)
    trouble += [*_history(machine), *gaps(machine.db, *year.silence)]
    lived_through = tuple(states)
    trouble += _grown(lived_through)
    trouble += [*verdict.lost, *verdict.wrong, *verdict.events.untold, *ledger.holes, *ledger.false]
    return Lived(year, machine, verdict, ledger, lived_through, site.faults, site.requests,
                 time.monotonic() - begun, tuple(trouble))  # fmt: skip


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


def _history(machine: Machine) -> Iterator[str]:
    """Where a history rebuilt from the raw captures differs, and changes told in the redesign."""
    again = machine.folder / "again"
    shutil.copytree(machine.db.parent, again)
    before = program.tables(machine.db)
    rebuilt = program.run("rebuild", "--db", str(again / "embassy.db"),
                          "--config", str(machine.config))  # fmt: skip
    if rebuilt.exit_code:
        yield f"rebuild: {rebuilt.err}"
    after = program.tables(again / "embassy.db")
    yield from (f"rebuild: {name} differs" for name in before if before[name] != after[name])
    shutil.rmtree(again)


def _grown(states: tuple[State, ...]) -> Iterator[str]:
    """What the scheduler needs more and more of."""
    running = [state for state in states if state.scheduler_kb]
    first, last = running[0], running[-1]
    if last.scheduler_kb > first.scheduler_kb * 1.2:
        yield f"memory of the scheduler: {first.scheduler_kb} KB, then {last.scheduler_kb} KB"
    if last.scheduler_handles > first.scheduler_handles:
        yield f"open files: {first.scheduler_handles}, then {last.scheduler_handles}"


def months(lived: Lived) -> tuple[int, int]:
    """The peak memory, in KB, of any child in the first thirty days and in the last thirty."""
    spans = []
    for low, high in ((0, 30), (lived.year.days - 30, lived.year.days)):
        first, last = START + timedelta(days=low), START + timedelta(days=high)
        spans.append(max(kb for at, _, kb, _ in lived.used if first <= moment(at) <= last))
    return spans[0], spans[1]
