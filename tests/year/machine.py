"""The machine of the year: it runs the scheduler on the clock that leaps, and what befalls both."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock

from tests.world import program
from tests.year.clock import Clock
from tests.year.happens import Deed, Year
from tests.year.redesign import layout
from tests.year.site import YearSite

ROOT = Path(__file__).parents[2]
_CHILD = Path(__file__).with_name("child.py")
_PATIENCE = 600.0  # real seconds, after which something hangs
_POLL = 0.004
_LONGEST = timedelta(minutes=30)  # that a run takes
_SETTINGS = """
[site]
base_url = {url}

[crawl]
contact = "archive@newsroom.example"
clock = "server"   # the replica's
delay = 0.0        # the replica's clock goes on by five seconds with each request instead
jitter = 0.0
timeout = 3.0      # real seconds: nobody waits a minute here
retries = 1

"""
_JOB = """
[[jobs]]
name = "{name}"
run = "{run}"
cron = "{cron}"
"""
RUNS = {"homepage": "crawl --part homepage", "homepage-often": "crawl --part homepage",
        "daily": "crawl", "deep": "crawl --deep"}  # fmt: skip
CRONS = {"homepage-often": "5 * 1-7 * *", "homepage": "5 */6 8-31 * *",
         "daily": "20 3 * * *", "deep": "40 4 * * sun"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """What there is at an instant: bytes of the database and of raw files, and their number."""

    at: datetime
    captures: int
    database: int
    raw: int
    files: int
    scheduler_kb: int
    scheduler_handles: int


class Machine:
    """A machine on which only the scheduler is started; the rest it does itself."""

    def __init__(
        self, folder: Path, year: Year, clock: Clock, site: YearSite, crons: dict[str, str]
    ) -> None:
        self.folder, self.year, self.clock, self.site = folder, year, clock, site
        self.db = folder / "data" / "embassy.db"
        self.config = folder / "embassy.toml"
        jobs = [_JOB.format(name=name, run=RUNS[name], cron=cron) for name, cron in crons.items()]
        self.config.write_text(_SETTINGS.format(url=json.dumps(site.url)) + "".join(jobs))
        self.log = folder / "scheduler.log"
        self.python = folder / "python"
        self.python.write_text(f"#!{sys.executable} -IS\n" + _CHILD.read_text())
        self.python.chmod(0o755)
        (folder / "tmp").mkdir()
        self.environment = {**clock.environment(), "TMPDIR": str(folder / "tmp")}
        self.deeds = list(year.deeds)
        self.harmed: list[tuple[datetime, datetime]] = []  # when what was answered can be lost
        self._arm: str | None = None
        self._restart_at: datetime | None = None
        self._lock: FileLock | None = None
        self._lock_until = self._full_until = datetime.max.replace(tzinfo=UTC)
        self._scheduler: subprocess.Popen[bytes] | None = None
        site.on_request = self._requested

    # -- processes ---------------------------------------------------------------------------

    @contextmanager
    def mother(self) -> Iterator[None]:
        """Have the process from which children are forked."""
        self._mother = subprocess.Popen(
            [sys.executable, "-m", "tests.year.mother", str(self.folder)], cwd=ROOT,
            env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._mother.stdin is not None and self._mother.stdout is not None
        self._mother.stdout.readline()
        try:
            yield
        finally:
            if self._scheduler is not None:
                self._scheduler.kill()
                self._scheduler.wait()
            self._mother.stdin.close()
            self._mother.wait(30)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a verb as its user would, on the year's clock."""
        command = [str(self.python), "-m", "embassy_scraper", *words, "--db", str(self.db)]
        if words[0] in ("status", "crawl", "rebuild"):
            command += ["--config", str(self.config)]
        return subprocess.run(
            command,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            env={k: v for k, v in self.environment.items() if k != "LD_PRELOAD"},
        )

    def _children(self) -> list[int]:
        pid = self._mother.pid
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def _start(self) -> None:
        wishes, wish_end = os.pipe()
        answer_end, answers = os.pipe()
        numbers = str(wish_end), str(answer_end)
        words = ["schedule", "--db", str(self.db), "--config", str(self.config)]
        with self.log.open("ab") as log:
            self._scheduler = subprocess.Popen(
                [sys.executable, "-m", "tests.year.scheduled", str(self.python), *numbers, *words],
                cwd=self.folder, env=self.environment, pass_fds=(wish_end, answer_end),
                stderr=log, stdout=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        os.close(wish_end)
        os.close(answer_end)
        self._wishes, self._answers = wishes, answers

    def _ended(self, until: datetime) -> None:
        """Let the scheduler end; it begins again at an instant."""
        assert self._scheduler is not None
        os.close(self._answers)  # it hears that nobody answers any more
        self._scheduler.wait(60)
        os.close(self._wishes)
        self._scheduler = None
        until_real = time.monotonic() + _PATIENCE
        while self._children():  # those whose scheduler was killed go on
            assert time.monotonic() < until_real, "a child hangs"
            time.sleep(_POLL)
        self._restart_at = until

    # -- the year ----------------------------------------------------------------------------

    def live(self, until: datetime) -> None:
        """Let everything happen up to an instant."""
        while self.clock.now < until:
            if self._scheduler is None:
                self._wait_until(max(self._restart_at or self.clock.now, self.clock.now), until)
                if self.clock.now >= until:
                    return
                self._start()
            wish = self._wish()
            if wish is None:
                self._ended(self.clock.now + timedelta(minutes=self.year.rng.randint(5, 300)))
            else:
                self._grant(*wish, until)

    def stop(self) -> None:
        """End the scheduler as its user does."""
        if self._scheduler is not None:
            self._scheduler.terminate()
            self._ended(self.clock.now)

    def _wait_until(self, at: datetime, end: datetime) -> None:
        """Without a scheduler: let the time go by, and what is due be done."""
        while self.clock.now < min(at, end):
            self._leap(min(at, end))
            self._act()

    def _leap(self, to: datetime) -> None:
        """Move the clock, not beyond what is to be done next."""
        next_deed = [self.deeds[0].at] if self.deeds else []
        to = min(to, self._lock_until, self._full_until, *next_deed)
        self.clock.move_to(max(self.clock.now, to))

    def _wish(self) -> tuple[datetime, int] | None:
        """Until when the scheduler would wait, and how many jobs run; None: it is dead."""
        ready, _, _ = select.select([self._wishes], [], [], _PATIENCE)
        assert ready, "the scheduler hangs"
        line = b""
        while not line.endswith(b"\n"):
            more = os.read(self._wishes, 1)
            if not more:
                return None
            line += more
        at, running = line.decode().split()
        return datetime.fromisoformat(at), int(running)

    def _answer(self, text: str) -> None:
        with suppress(BrokenPipeError):  # killed since it asked; its next wish tells
            os.write(self._answers, f"{text}\n".encode())

    def _grant(self, wanted: datetime, running: int, until: datetime) -> None:
        """Let the scheduler wait as it wishes, once what runs has ended or is held."""
        if running and not self.site.is_holding and self.clock.now < wanted:
            time.sleep(_POLL)
            self._answer("again")
            return
        self._leap(min(wanted, until))
        self.site.free()
        if not self._act():
            self._answer("go" if self.clock.now >= wanted else "again")

    def _act(self) -> bool:
        """Do what is due; say whether the scheduler needs no answer any more."""
        now = self.clock.now
        down = any(since <= now < until for since, until in self.year.robots_out)
        self.site.robots_status = 503 if down else 200
        if self._lock is not None and now >= self._lock_until:
            self._lock.release()
            self._lock_until = datetime.max.replace(tzinfo=UTC)
        if now >= self._full_until:
            (self.folder / "full").unlink()
            self._full_until = datetime.max.replace(tzinfo=UTC)
        if not self.deeds or self.deeds[0].at > now:
            return False
        return self._do(self.deeds.pop(0))

    def _do(self, deed: Deed) -> bool:
        is_running = self._scheduler is not None
        if deed.kind == "layout":
            self.status_before_layout = self.run("status")
            self.config.write_text(self.config.read_text() + "\n" + layout())
        elif deed.kind in ("kill child", "kill both"):
            self._arm = deed.kind
        elif deed.kind == "lock":
            self._lock, self._lock_until = FileLock(f"{self.db}.crawl.lock"), deed.until
            self._lock.acquire(timeout=60)  # somebody's own crawl, that takes hours
        elif deed.kind == "full":
            (self.folder / "full").touch()
            self._full_until = deed.until
            self.harmed.append((deed.at, deed.until + _LONGEST))
        elif is_running and deed.kind == "sleep":
            self.clock.move_to(deed.until)
            self._answer(f"slept {(deed.until - deed.at).total_seconds()}")
            return True
        elif is_running and deed.kind in ("off", "kill scheduler"):
            assert self._scheduler is not None
            is_kill = deed.kind == "kill scheduler"
            self._scheduler.send_signal(signal.SIGKILL if is_kill else signal.SIGTERM)
            self._ended(deed.until)
            return True
        elif deed.kind == "off":
            self._restart_at = max(self._restart_at or deed.until, deed.until)
        return False

    def _requested(self) -> bool:
        """Kill what was to be killed in the midst of its work; say whether it was."""
        children = self._children()
        if self._arm is None or not children:
            return False
        armed, self._arm = self._arm, None
        self.harmed.append((self.clock.now - _LONGEST, self.clock.now))
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        if armed == "kill both" and self._scheduler is not None:
            self._scheduler.kill()
        return True

    def state(self) -> State:
        """What the machine's files and the scheduler's memory are now."""
        files = [self.db, Path(f"{self.db}-wal")]
        raw = list((self.db.parent / "captures").glob("*"))
        told = {}
        if self._scheduler is not None:
            text = Path(f"/proc/{self._scheduler.pid}/status").read_text()
            told = dict(line.split(":", 1) for line in text.splitlines())
        return State(
            self.clock.now,
            program.count(self.db, "captures") if self.db.exists() else 0,
            sum(path.stat().st_size for path in files if path.exists()),
            sum(path.stat().st_size for path in raw), len(raw),
            int(told.get("VmRSS", "0").split()[0]),
            len(list(Path(f"/proc/{self._scheduler.pid}/fd").iterdir())) if self._scheduler else 0,
        )  # fmt: skip
