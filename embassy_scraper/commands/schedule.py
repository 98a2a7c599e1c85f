"""``schedule``: runs the crawls on cron expressions."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import click
from filelock import Timeout

from embassy_scraper.commands.as_run import refuse_log
from embassy_scraper.commands.jobs import check_jobs
from embassy_scraper.commands.options import config_option, db_option, one_line_errors
from embassy_scraper.commands.writing import write_out
from embassy_scraper.config import DEFAULT_FILE, Config, Job, read_config
from embassy_scraper.crawl_items import Outcome
from embassy_scraper.cron import fires_between, next_fire
from embassy_scraper.errors import ConfigError, DatabaseError
from embassy_scraper.telling.checks import check_alerts
from embassy_scraper.visible import hidden_in
from embassy_scraper.voice import logged, show, warn
from pipelines.tables.database import lock_beside, open_database
from pipelines.tables.runs import explain_run, has_run_since, last_begun, last_id, note_run

_TELL = Job("tell", "tell", "35 * * * *")  # what waits, and silence, which no run can tell
_PATIENCE = 2  # seconds to wait for another's write lock
_ENDED_EARLY = "the scheduler was stopped before this run began; run it again"


@click.command()
@db_option
@config_option
@click.option("--print-crontab", is_flag=True, help="Print the jobs as crontab lines, and end.")
@one_line_errors
def command(db: Path, config: Path | None, print_crontab: bool) -> None:
    """Run the jobs of embassy.toml on time (UTC) until SIGTERM, or until its window is closed.

    Each job is a child process and a row of runs; a missed or skipped run is a row too. A crontab
    line, a run by hand and the scheduler never crawl at the same time. Where the settings have
    [[alerts]], the verb tell is run every hour as well.

    \b
    Example:
      embassy-scraper schedule --print-crontab  # lines to paste into crontab -e
    """
    if config is None and DEFAULT_FILE.is_file():
        config = DEFAULT_FILE
    settings = read_config(config)
    check_alerts(settings.alerts, config or DEFAULT_FILE)
    jobs = with_tell(settings)
    if not jobs:
        told = "jobs is empty; add a job, or remove the key to run the default jobs"
        raise ConfigError(f"{config}: {told}")
    check_jobs(jobs, config or DEFAULT_FILE)
    from embassy_scraper import schedule

    if print_crontab:
        _refuse_hidden(Path.cwd(), db, *([config] if config else []))
        write_out([schedule.crontab(jobs, db, config)], None, db)
        return
    refuse_log(settings, db)
    open_database(db).close()
    lock = lock_beside(db, "schedule.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise DatabaseError(
            f"{db}: another scheduler is already running its jobs; stop that one"
        ) from None
    note_missed(jobs, db)
    _say_next(jobs)
    with logged(settings.log, is_verbose=False):
        schedule.run_schedule(jobs, db, config, JobRows(db, jobs))
    show("stopped")


def _refuse_hidden(*paths: Path) -> None:
    """Refuse *paths* that a line of a crontab cannot name, for it would be two lines.

    Raises:
        ConfigError: there is one.
    """
    for path in paths:
        if number := hidden_in(str(path)):
            told = f"{path}: a crontab line cannot name it, for it has {number} in its name"
            raise ConfigError(f"{told}; rename it, or use embassy-scraper schedule")


def _say_next(jobs: list[Job]) -> None:
    now = datetime.now(UTC)
    for job in jobs:
        at = next_fire(job.cron, now)
        show(f"{job.name}: {job.run}; next at {at:%Y-%m-%d %H:%M} UTC")


def with_tell(settings: Config) -> list[Job]:
    """Return the jobs, and where somebody is to be told one that does so also while none runs."""
    jobs = settings.jobs
    is_told = any(job.run.split()[:1] == ["tell"] or job.name == _TELL.name for job in jobs)
    return [*jobs, _TELL] if jobs and settings.alerts and not is_told else jobs


def note_missed(jobs: list[Job], db: Path) -> None:
    """Write a row for what was missed while no scheduler ran."""
    now = datetime.now(UTC)
    with closing(open_database(db)) as connection:
        for job in jobs:
            last = last_begun(connection, job.name)
            missed = fires_between(job.cron, last, now) if last is not None else 0
            if missed:
                note = f"{missed} times since {last:%Y-%m-%dT%H:%M:%SZ}: no scheduler was running"
                note_run(connection, job.run, "missed", note, job.name)


class JobRows:
    """The rows that the scheduler writes, and says; a full disk does not end it."""

    def __init__(self, db: Path, jobs: list[Job]) -> None:
        """Write into *db* what came of *jobs*."""
        self._db = db
        self._runs = {job.name: job.run for job in jobs}

    def tell(self, name: str, outcome: Outcome, note: str) -> None:
        """Say what did not take place, and write its row."""
        _say(f"[{name}] {outcome}: {note}")
        run = self._runs.get(name, name)
        self._write(name, lambda connection: note_run(connection, run, outcome, note, name))

    def last_row(self) -> int:
        """Return the number of the last row."""
        with closing(open_database(self._db, patience=_PATIENCE)) as connection:
            return last_id(connection)

    def ended(self, job: Job, last: int, status: int, said: str) -> None:
        """Say how a child ended that did not end well, with what it *said* last."""
        how = f"killed by signal {-status}" if status < 0 else f"exit status {status}"
        note = f"{how}: {said}" if said else how
        _say(f"[{job.name}] ended: {note}")
        self._note_child(job, last, "failed", note)

    def stopped(self, job: Job, last: int) -> None:
        """Note that the scheduler itself ended a child."""
        self._note_child(job, last, "interrupted", _ENDED_EARLY)

    def _note_child(self, job: Job, last: int, outcome: Outcome, note: str) -> None:
        """Write a child's row, if it wrote none behind *last*; how it failed, in one unfinished."""

        def write(connection: sqlite3.Connection) -> None:
            if not has_run_since(connection, job.name, last):
                note_run(connection, job.run, outcome, note, job.name)
            elif outcome == "failed":
                explain_run(connection, job.name, last, note)

        self._write(job.name, write)

    def _write(self, name: str, write: Callable[[sqlite3.Connection], None]) -> None:
        """Write a row with little patience, for the scheduler must go on, and end when told."""
        try:
            with closing(open_database(self._db, patience=_PATIENCE)) as connection:
                write(connection)
        except (sqlite3.Error, DatabaseError) as error:
            _say(f"[{name}] its row of runs could not be written: {error}")


def _say(text: str) -> None:
    with suppress(OSError):  # the reader of stderr may be gone
        warn(text)
