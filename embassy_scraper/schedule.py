"""The scheduler: runs the jobs of ``embassy.toml`` on time, each as a child process.

A child takes the same lock as a person's own run or a cron line, so none overlap. A run that does
not take place is reported to ``tell``: missed, skipped, failed to start. Only a signal ends the
scheduler.
"""

import logging
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Literal, Protocol

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    EVENT_JOB_SUBMITTED,
    JobEvent,
    JobSubmissionEvent,
)
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from embassy_scraper import stopping
from embassy_scraper.config import Job
from embassy_scraper.cron import fires_between, read_cron
from embassy_scraper.voice import show

MISFIRE_GRACE = 3600  # seconds by which a job may be late
_LOOK, _JUMP = 15.0, 90.0  # seconds between two looks at the clock; a jump that matters
_WELL = frozenset({0, 3})  # exit statuses of a child that did its work
_PATIENCE = 7.0  # seconds that a child has to end when the scheduler ends
_JOB = "EMBASSY_JOB"  # environment variable by which a child's run tells its job

Gap = Literal["missed", "skipped", "failed"]


class Rows(Protocol):
    """Where it is written down what came of jobs; a child is known by the last row before it."""

    def tell(self, name: str, outcome: Gap, note: str) -> None: ...
    def last_row(self) -> int: ...
    def ended(self, job: Job, last: int, status: int, said: str) -> None: ...
    def stopped(self, job: Job, last: int) -> None: ...


def child_command(job: Job, db: Path, config: Path | None) -> list[str]:
    """Return the command line of a job's child process.

    ``-P``: nothing is imported from the folder it works in, whatever lies there.
    """
    more = ["--config", str(config)] if config is not None else []
    return [
        sys.executable, "-P", "-m", "embassy_scraper", *shlex.split(job.run), "--db", str(db), *more
    ]  # fmt: skip


def crontab(jobs: Iterable[Job], db: Path, config: Path | None) -> str:
    """Return the jobs as crontab lines."""
    lines = [
        "# Times are UTC. cronie knows CRON_TZ; for another cron set the machine's zone to UTC.",
        "CRON_TZ=UTC",
    ]
    for job in jobs:
        command = shlex.join(child_command(job, db.resolve(), config and config.resolve()))
        here = shlex.quote(str(Path.cwd()))
        line = f"cd {here} && {_JOB}={shlex.quote(job.name)} {command}"
        lines.append(f"{job.cron} {line.replace('%', chr(92) + '%')}")
    return "\n".join(lines) + "\n"


class Children:
    """The child processes under way; ``stop`` ends them all, and none begins after it."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._is_stopping = False

    def run(self, command: list[str], job: str) -> tuple[int, str]:
        """Run a child to its end; return its exit status and what it said last."""
        with self._lock:
            if self._is_stopping:
                return 0, ""
            child = subprocess.Popen(
                command, env={**os.environ, _JOB: job}, text=True, errors="replace",
                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
            )  # fmt: skip
            self._running.add(child)
        assert child.stderr is not None
        said = ""
        for line in child.stderr:
            with suppress(OSError):  # the reader of stderr may be gone
                show(f"[{job}] {line.rstrip()}")
            said = line.strip() or said
        status = child.wait()
        with self._lock:
            self._running.discard(child)
        return status, said

    @property
    def is_stopping(self) -> bool:
        """Say whether no more children begin."""
        return self._is_stopping

    def stop(self) -> None:
        """Ask every child to end; end those that have not in time, all by one deadline."""
        with self._lock:
            self._is_stopping = True
            running = list(self._running)
        until = time.monotonic() + _PATIENCE
        for child in running:
            child.send_signal(signal.SIGTERM)
        for child in running:
            try:
                child.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()


def run_schedule(jobs: Iterable[Job], db: Path, config: Path | None, rows: Rows) -> None:
    """Run *jobs* until a signal comes; then end within ten seconds, whatever hangs.

    Where the wall clock jumps, as when a machine wakes, what is due is run, or told as missed.
    """
    children = Children()
    scheduler = BackgroundScheduler(
        timezone=UTC, executors={"default": ThreadPoolExecutor(8)}, logger=_quiet_logger()
    )
    jobs = list(jobs)
    listen(scheduler, rows.tell)
    tell_leaps(scheduler, jobs, rows.tell)
    for job in jobs:
        scheduler.add_job(
            _run_job, read_cron(job.cron), id=job.name,
            args=(job, children, child_command(job, db, config), rows),
            coalesce=True, max_instances=1, misfire_grace_time=MISFIRE_GRACE,
        )  # fmt: skip
    told_to_end = _signals()
    scheduler.start()
    _keep_time(scheduler, told_to_end)
    children.stop()
    scheduler.shutdown(wait=False)


def _signals() -> threading.Event:
    """Return what the signals that end this process set from now on."""
    told_to_end = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        told_to_end.set()

    for number in stopping.heeded():
        signal.signal(number, stop)
    return told_to_end


def _keep_time(scheduler: BackgroundScheduler, told_to_end: threading.Event) -> None:
    """Wait until *told_to_end*; have the jobs looked at anew where the wall clock jumps."""
    clock = time.time() - time.monotonic()
    while not told_to_end.wait(_LOOK):
        jump = time.time() - time.monotonic() - clock
        if abs(jump) > _JUMP:
            clock += jump
            for job in scheduler.get_jobs() if jump < 0 else ():
                job.reschedule(job.trigger)
            scheduler.wakeup()  # what is due now: it waits by a clock that did not jump


def _run_job(job: Job, children: Children, command: list[str], rows: Rows) -> None:
    last = rows.last_row()
    try:
        status, said = children.run(command, job.name)
    except OSError as error:
        status, said = 127, f"{error.strerror or error}"
    if status in _WELL:
        return
    if children.is_stopping:
        rows.stopped(job, last)
    else:
        rows.ended(job, last, status, said)


def listen(scheduler: BackgroundScheduler, tell: Callable[[str, Gap, str], None]) -> None:
    """Tell what the scheduler could not do."""

    def missed(event: JobEvent) -> None:
        tell(event.job_id, "missed", f"more than {MISFIRE_GRACE} s late; was the machine asleep?")

    def skipped(event: JobEvent) -> None:
        tell(event.job_id, "skipped", "the run before it had not ended yet")

    def failed(event: JobEvent) -> None:
        tell(event.job_id, "failed", f"the scheduler failed: {getattr(event, 'exception', '')}")

    scheduler.add_listener(missed, EVENT_JOB_MISSED)
    scheduler.add_listener(skipped, EVENT_JOB_MAX_INSTANCES)
    scheduler.add_listener(failed, EVENT_JOB_ERROR)


def tell_leaps(
    scheduler: BackgroundScheduler, jobs: Iterable[Job], tell: Callable[[str, Gap, str], None]
) -> None:
    """Tell how often a job was due and leapt over: of many that are due at once one is run."""
    crons = {job.name: job.cron for job in jobs}
    last = dict.fromkeys(crons, datetime.now(UTC))

    def leapt(event: JobSubmissionEvent) -> None:
        name, at = event.job_id, event.scheduled_run_times[-1]
        before, last[name] = last[name], at
        count = fires_between(crons[name], before, at - timedelta(seconds=1))
        if count:
            since = f"{before.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
            tell(name, "missed", f"{count} times since {since}: the machine was asleep or too busy")

    scheduler.add_listener(leapt, EVENT_JOB_SUBMITTED | EVENT_JOB_MAX_INSTANCES)


def _quiet_logger() -> logging.Logger:
    logger = logging.getLogger("embassy_scraper.apscheduler")
    logger.setLevel(logging.CRITICAL)  # the listeners report what happens
    return logger
