"""``python -m tests.fuzz``: fuzz all targets, or some; what is found is made small and kept."""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.at_least import at_least
from tests.fuzz.corpus import FOLDER, keep
from tests.fuzz.judge import MOST_MEMORY, MOST_TIMES
from tests.fuzz.shrinking import KILLED, Apart, shrunk
from tests.fuzz.targets import TARGETS

_WAYS = ("guided", "swelling")
_SHRINKING = 20.0  # seconds for each finding
_LATE = 90.0  # seconds after which a process that does not end is ended


@dataclass(slots=True)
class Row:
    """What was done for a target: executions by the way, the worst of all, what was found."""

    executions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_WAYS, 0))
    times: float = 0.0
    memory: int = 0
    found: list[str] = field(default_factory=list)

    def add(self, way: str, folder: Path) -> None:
        """Add what a process told in *folder*."""
        path = folder / "told.json"
        if path.exists():
            told = json.loads(path.read_text(encoding="utf-8"))
            self.executions[way] += told["executions"]
            self.times = max(self.times, told["times"])
            self.memory = max(self.memory, told["memory"])


@dataclass(slots=True)
class Run:
    """The processes for one target, side by side, each begun anew when it dies."""

    target: str
    folder: Path
    seconds: float
    rng: random.Random
    row: Row = field(default_factory=Row)
    inputs: list[tuple[bytes, str]] = field(default_factory=list)

    def work(self) -> None:
        """Let them work until the time is over; gather what they found."""
        end = time.monotonic() + self.seconds
        while (left := end - time.monotonic()) > 2 or not self.row.executions["swelling"]:
            begun = [(way, self._begin(way, max(left, 5))) for way in _WAYS]
            for way, (folder, process) in begun:
                self._gather(way, folder, process, end)

    def _begin(self, way: str, seconds: float) -> tuple[Path, subprocess.Popen[bytes]]:
        folder = Path(self.folder, f"{way}-{self.rng.getrandbits(32):x}")
        folder.mkdir()
        command = [sys.executable, "-m", "tests.fuzz.worker", way, self.target, str(folder)]
        log = (folder / "log").open("wb")
        seed = str(self.rng.getrandbits(31))
        return folder, subprocess.Popen([*command, str(seconds), seed], stdout=log, stderr=log)

    def _gather(self, way: str, folder: Path, process: subprocess.Popen[bytes], end: float) -> None:
        try:
            status = process.wait(max(0, end - time.monotonic()) + _LATE)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        self.row.add(way, folder)
        for path in folder.glob("finding-*.txt"):
            self.inputs.append((path.with_suffix("").read_bytes(), path.read_text("utf-8")))
        if status:
            now = (folder / "now").read_bytes() if (folder / "now").exists() else bytes(8)
            self.inputs.append(
                (now[8 : 8 + int.from_bytes(now[:8], "little")], f"ended by {status}")
            )
            print(f"{self.target}: a {way} process ended by {status}", file=sys.stderr)
            sys.stderr.write((folder / "log").read_text("utf-8", "replace")[-2000:])


def _confirmed(run: Run, corpus: Path) -> Iterator[str]:
    """Yield each kind of finding that a process of its own confirms, made small and kept."""
    kinds: set[str] = set()
    with Apart(run.target) as apart:
        for data, kind in run.inputs:
            if kind in kinds:
                continue
            verdict = apart.anew(data)
            if not verdict.fault:
                continue
            kinds.add(kind)
            small = data if verdict is KILLED else shrunk(data, apart, verdict.fault, _SHRINKING)
            path = keep(run.target, small, corpus)
            told = f"{verdict.seconds:.2f} s, {verdict.times:.0f} times, {verdict.memory >> 20} MB"
            size = f"{len(data)} → {len(small)} bytes"
            yield f"{kind} ({verdict.fault[:100]}): {told}, {size}: {path.name}"


def main() -> int:
    """Fuzz; return 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument(
        "--minutes", type=at_least(float, 0.1), default=10.0,
        help="for all targets together; all of them take two minutes at least, one ten seconds",
    )  # fmt: skip
    parser.add_argument("--target", action="append", choices=TARGETS, help="this one; repeatable")
    parser.add_argument(
        "--seed", type=int, default=None, help="of chance; default: another each time"
    )
    parser.add_argument("--into", type=Path, default=FOLDER, help="where findings are kept")
    given = parser.parse_args()
    names = given.target or list(TARGETS)
    seed = random.randrange(1 << 31) if given.seed is None else given.seed
    guide = "guided by Atheris" if find_spec("atheris") else "blind: Atheris is not installed"
    print(
        f"seed {seed}; {guide}; limits: {MOST_TIMES} median pages, {MOST_MEMORY >> 20} MB",
        flush=True,
    )
    print(f"{'target':<10}{'guided':>9}{'swelling':>9}{'times':>8}{'MB':>6}  findings", flush=True)
    rng, shares = random.Random(seed), sum(TARGETS[name].share for name in names)
    is_clean = True
    for name in names:
        seconds = given.minutes * 60 * TARGETS[name].share / shares
        with TemporaryDirectory() as folder:
            run = Run(name, Path(folder), seconds, rng)
            run.work()
            run.row.found.extend(_confirmed(run, given.into))
        row, counts = run.row, [run.row.executions[way] for way in _WAYS]
        told = f"{name:<10}{counts[0]:>9}{counts[1]:>9}{row.times:>8.0f}{row.memory >> 20:>6}"
        print("\n    ".join([f"{told}  {len(row.found)}", *row.found]), flush=True)
        is_clean &= not row.found
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
