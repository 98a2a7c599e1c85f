"""The scheduler, its crontab twin, and what ``status`` says of them."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.events import EVENT_JOB_SUBMITTED, JobSubmissionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from filelock import FileLock

from embassy_scraper.config import Job
from embassy_scraper.cron import fires_between, next_fire, read_cron
from embassy_scraper.errors import ConfigError
from embassy_scraper.replica import Replica
from embassy_scraper.schedule import listen, tell_leaps
from tests.live.many import write_config
from tests.live.site import site
from tests.world import program

pytestmark = pytest.mark.peer

ROOT = Path(__file__).parents[2]
PATIENCE = 300.0  # seconds: beside busy neighbours all takes longer
JOB = '\n[[jobs]]\nname = "home"\nrun = "crawl --part homepage"\ncron = "* * * * *"\n'


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(site(3)) as one:
        yield one


def configured(folder: Path, replica: Replica, jobs: str = JOB, **crawl: object) -> Path:
    config = write_config(folder, replica.url, **crawl)
    config.write_text(config.read_text() + jobs)
    return config


def start(folder: Path, config: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "embassy_scraper", "schedule", "--config", str(config),
               "--db", str(folder / "embassy.db")]  # fmt: skip
    return subprocess.Popen(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stderr=subprocess.PIPE,
    )  # fmt: skip


def runs(folder: Path) -> list[tuple[str, str, str | None]]:
    connection = sqlite3.connect(folder / "embassy.db", timeout=PATIENCE)
    try:
        query = "SELECT command, outcome, job FROM runs ORDER BY id"
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def children_of(pid: int) -> list[int]:
    return [int(n) for task in Path(f"/proc/{pid}/task").iterdir()
            for n in (task / "children").read_text().split()]  # fmt: skip


def wait_for(happened) -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.slow
def test_a_dead_child_does_not_end_it_and_sigterm_does(tmp_path: Path, replica: Replica) -> None:
    config = configured(tmp_path, replica, delay=600.0)
    scheduler = start(tmp_path, config)
    try:
        wait_for((tmp_path / "embassy.db.schedule.lock").exists)
        second = start(tmp_path, config)
        assert second.wait(PATIENCE) == 1
        assert second.stderr is not None
        assert "another scheduler is already running its jobs" in second.stderr.read()
        wait_for(lambda: replica.asked)  # robots.txt; the next request is ten minutes away
        (child,) = children_of(scheduler.pid)
        os.kill(child, signal.SIGKILL)
        wait_for(lambda: not children_of(scheduler.pid))
        assert scheduler.poll() is None
        wait_for(lambda: len(runs(tmp_path)) == 2)  # a child that has begun its run
        other = sqlite3.connect(tmp_path / "embassy.db", isolation_level=None, timeout=PATIENCE)
        other.execute("BEGIN IMMEDIATE")  # whoever holds the database does not hold it up
        begun = time.monotonic()
        scheduler.send_signal(signal.SIGTERM)
        _, said = scheduler.communicate(timeout=PATIENCE)
        assert time.monotonic() - begun < 60  # ten seconds, beside busy neighbours; not PATIENCE
        other.execute("ROLLBACK")
    finally:
        scheduler.kill()
    assert scheduler.returncode == 0
    assert "[home] ended: killed by signal 9" in said
    assert said.endswith("stopped\n")
    assert runs(tmp_path) == [("crawl --part homepage", "interrupted", "home")] * 2
    notes = program.query(tmp_path / "embassy.db", "SELECT note FROM runs ORDER BY id")
    assert str(notes[0][0]).startswith("killed by signal 9")


@pytest.mark.slow
def test_a_child_that_had_not_begun_its_run_when_it_was_told_to_end_is_a_row(
    tmp_path: Path, replica: Replica
) -> None:
    (tmp_path / "captures").mkdir()
    jobs = JOB.replace("crawl --part homepage", "ingest captures")
    with FileLock(tmp_path / "embassy.db.lock"):  # it waits before it writes its own row
        scheduler = start(tmp_path, configured(tmp_path, replica, jobs))
        try:
            assert scheduler.stderr is not None
            for line in scheduler.stderr:
                if "[home] waiting for another run" in line:
                    break
            scheduler.send_signal(signal.SIGHUP)
            scheduler.communicate(timeout=PATIENCE)
        finally:
            scheduler.kill()
    assert scheduler.returncode == 0
    assert runs(tmp_path) == [("ingest captures", "interrupted", "home")]
    (note,) = program.query(tmp_path / "embassy.db", "SELECT note FROM runs")[0]
    assert note == "the scheduler was stopped before this run began; run it again"


def test_what_was_missed_while_it_did_not_run_is_told(tmp_path: Path, replica: Replica) -> None:
    config = configured(tmp_path, replica, JOB.replace("* * * * *", "7 4 * * *"))
    command = ("crawl", "--part", "homepage", "--config", str(config))
    db = ("--db", str(tmp_path / "embassy.db"))
    done = subprocess.run(
        [sys.executable, "-m", "embassy_scraper", *command, *db], cwd=tmp_path, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "EMBASSY_JOB": "home"}, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0
    connection = sqlite3.connect(tmp_path / "embassy.db")
    old = datetime.now(UTC) - timedelta(days=3)
    connection.execute("UPDATE runs SET started = ?", (f"{old:%Y-%m-%dT%H:%M:%SZ}",))
    connection.commit()
    status = program.run("status", *db, "--config", str(config))
    assert status.exit_code == 1
    assert "home: OVERDUE, last complete" in status.out
    files = " ".join([*db, "--config", str(config)])
    assert f"a job is overdue: keep embassy-scraper schedule {files} running" in status.out
    scheduler = start(tmp_path, config)
    wait_for(lambda: len(runs(tmp_path)) == 2)
    scheduler.send_signal(signal.SIGTERM)
    assert scheduler.wait(PATIENCE) == 0
    assert runs(tmp_path)[1] == ("crawl --part homepage", "missed", "home")
    (note,) = connection.execute("SELECT note FROM runs WHERE outcome = 'missed'").fetchone()
    assert note.startswith("3 times since ")
    told = json.loads(program.run("status", *db, "--config", str(config), "--json").out)
    assert told["jobs"][0]["last_outcome"] == "missed"
    assert told["jobs"][0]["is_overdue"] is True


def test_status_is_good_when_all_ran(tmp_path: Path, replica: Replica) -> None:
    config = configured(tmp_path, replica)
    words = ("--db", str(tmp_path / "embassy.db"), "--config", str(config))
    assert program.run("status", *words).exit_code == 1  # there is no history yet
    subprocess.run(
        [sys.executable, "-m", "embassy_scraper", "crawl", *words], cwd=tmp_path, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "EMBASSY_JOB": "home"}, capture_output=True,
    )  # fmt: skip
    status = program.run("status", *words)
    assert status.exit_code == 0
    assert "home: last complete" in status.out


def test_a_crontab_line_does_what_the_job_does(tmp_path: Path, replica: Replica) -> None:
    config = configured(tmp_path, replica)
    db = tmp_path / "embassy.db"
    printed = program.run(
        "schedule", "--print-crontab", "--db", str(db), "--config", str(config)
    ).out.splitlines()
    assert printed[1] == "CRON_TZ=UTC"
    assert printed[2].startswith("* * * * * cd ")
    line = printed[2].split(" ", 5)[5].replace("\\%", "%")
    done = subprocess.run(
        ["sh", "-c", line], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert shlex.quote(str(db)) in line
    assert runs(tmp_path) == [("crawl --part homepage", "complete", "home")]


def test_missed_and_overlapping_jobs_are_told() -> None:
    told: list[tuple[str, str]] = []
    scheduler = BackgroundScheduler(timezone=UTC)
    listen(scheduler, lambda job, outcome, note: told.append((job, outcome)))
    scheduler.add_job(time.sleep, "interval", seconds=0.2, args=(0.7,), id="slow", max_instances=1)
    past = datetime.now(UTC) - timedelta(hours=2)
    scheduler.add_job(time.sleep, "date", run_date=past, args=(0,), id="late",
                      misfire_grace_time=3600)  # fmt: skip
    scheduler.start()
    wait_for(lambda: {job for job, _ in told} == {"slow", "late"})
    scheduler.shutdown()
    assert ("slow", "skipped") in told
    assert ("late", "missed") in told


def test_what_is_due_many_times_at_once_is_run_once_and_the_rest_is_told() -> None:
    told: list[tuple[str, str, str]] = []
    scheduler = BackgroundScheduler(timezone=UTC)
    job = Job("often", "crawl", "* * * * *")
    tell_leaps(scheduler, [job], lambda *one: told.append(one))
    at = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=5)
    since, later = at - timedelta(minutes=5), at + timedelta(minutes=1)
    for times in ([since], [at], [later]):  # the machine slept before the second
        scheduler._dispatch_event(JobSubmissionEvent(EVENT_JOB_SUBMITTED, job.name, "", times))
    assert told == [
        ("often", "missed",
         f"4 times since {since:%Y-%m-%dT%H:%M:%SZ}: the machine was asleep or too busy")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "expression, fires",
    [
        ("0 3 * * 1", "2021-03-08T03:00"),  # a Monday, as crontab counts
        ("0 3 * * 0", "2021-03-07T03:00"),
        ("0 3 * * 7", "2021-03-07T03:00"),
        ("30 2 28 3 *", "2021-03-28T02:30"),  # no summer time in UTC
        ("*/15 * * * *", "2021-03-03T10:15"),
        ("0 0 * * mon-fri", "2021-03-04T00:00"),
        ("0 0 1 jan *", "2022-01-01T00:00"),
    ],
)
def test_cron_means_what_crontab_means(expression: str, fires: str) -> None:
    now = datetime(2021, 3, 3, 10, 5, tzinfo=UTC)  # a Wednesday
    at = next_fire(expression, now)
    assert at is not None and f"{at:%Y-%m-%dT%H:%M}" == fires


@pytest.mark.parametrize(
    "expression", ["", "* * * *", "61 * * * *", "* * * * 8", "* * 1 * 1", "a * * * *",
                   "* * last * *", "0 0 * * 5-2", "@daily"],
)  # fmt: skip
def test_what_is_no_crontab_line_is_refused(expression: str) -> None:
    with pytest.raises(ConfigError):
        read_cron(expression)


def test_a_week_has_as_many_hours_as_it_has() -> None:
    begin = datetime(2021, 3, 27, tzinfo=UTC)
    assert fires_between("0 * * * *", begin, begin + timedelta(days=7)) == 168
