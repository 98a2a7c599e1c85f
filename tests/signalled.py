"""A command in a process of its own, which is sent a signal: what it said, what it left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOON = 10.0  # seconds within which a signal is heard
PATIENCE = 120.0  # seconds for what this machine is slow at


@dataclass(frozen=True)
class End:
    """How a process ended, how many seconds after the signal, and what it left."""

    code: int
    said: str
    seconds: float
    was_hit: bool  # it had not come to its end by itself
    orphans: list[str]
    temporary: list[str]

    def check(self, name: str = "SIGTERM") -> None:
        """It heard, said so in one line as its last, and left nothing behind."""
        last = (self.said.splitlines() or [""])[-1]
        assert self.code == 1, self.said
        assert last.startswith(f"embassy-scraper: stopped by {name}"), self.said
        assert last.endswith("run the same command again to go on")
        self.check_clean()

    def check_clean(self) -> None:
        """It ended soon, without a traceback, and left nothing behind."""
        assert self.seconds < SOON
        assert "Traceback" not in self.said and "Exception ignored" not in self.said
        assert self.orphans == [] and self.temporary == []


def _hear(ignored: Sequence[int]) -> None:
    """Ignore just these signals, whatever the tests were begun to ignore (``nohup … &``)."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)


class Running:
    """A process in a session of its own, whose temporary files have a folder of their own.

    Its name is short: the sockets of processes that read together lie in it.
    """

    def __init__(self, command: Sequence[str], folder: Path, ignored: Sequence[int] = ()) -> None:
        self.temporary, self.log = Path(tempfile.mkdtemp(prefix="sig")), folder / "said.txt"
        weakref.finalize(self, shutil.rmtree, self.temporary, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        env = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(self.temporary)}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, env=env, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log,
                preexec_fn=partial(_hear, ignored),
            )  # fmt: skip

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, happened: Callable[[], object]) -> None:
        """Wait until something *happened*, or the process ended by itself."""
        until = time.monotonic() + PATIENCE
        while self.process.poll() is None and not happened():
            assert time.monotonic() < until, self.said()
            time.sleep(0.005)

    def wait_for_more(self, number: Callable[[], int], most: int = 1) -> None:
        """Wait until a *number* has grown by so much, or the process ended by itself."""
        before = number()
        self.wait_for(lambda: number() >= before + most)

    def hit(
        self, number: int = signal.SIGTERM, *, twice: bool = False, all_of_it: bool = False
    ) -> End:
        """Send a signal to it, or to all of its processes as a terminal does; wait for its end."""
        was_hit = self.process.poll() is None
        begun = time.monotonic()
        try:
            if all_of_it:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)
            if twice:
                time.sleep(0.3)
                self.process.send_signal(number)
            code = self.process.wait(PATIENCE)
        finally:
            self.process.kill()
        seconds = time.monotonic() - begun
        orphans = self._orphans()
        left = sorted(path.name for path in self.temporary.iterdir())
        return End(code, self.said(), seconds, was_hit, orphans, left)

    def _orphans(self) -> list[str]:
        """Processes of its session that are still there some seconds after its end."""
        until = time.monotonic() + 5
        while found := [one for one in _processes() if _session(one) == self.process.pid]:
            if time.monotonic() > until:
                return [(one / "cmdline").read_text() for one in found]
            time.sleep(0.05)
        return []


def start(folder: Path, *words: object) -> Running:
    """The program with *words* in *folder*."""
    return Running([sys.executable, "-m", "embassy_scraper", *map(str, words)], folder)


def _processes() -> list[Path]:
    return [path for path in Path("/proc").iterdir() if path.name.isdigit()]


def _session(process: Path) -> int | None:
    """The session of a process that lives."""
    try:
        state, _, _, session, *_ = (process / "stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    return int(session) if state != "Z" else None
