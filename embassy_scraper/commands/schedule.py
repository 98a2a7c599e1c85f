"""``schedule``: runs the crawls on cron expressions."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
from filelock import FileLock, Timeout

from embassy_scraper.commands.options import config_option, db_option, one_line_errors
from embassy_scraper.config import DEFAULT_FILE, Job, read_config
from embassy_scraper.cron import fires_between, next_fire, read_cron
from embassy_scraper.errors import ConfigError, DatabaseError
from pipelines.runs import Outcome, has_run_since, last_begun, note_run
from pipelines.schema import open_database


@click.command()
@db_option
@config_option
@click.option("--print-crontab", is_flag=True, help="Print the same as crontab lines, and end.")
@one_line_errors
def command(db: Path, config: Path | None, print_crontab: bool) -> None:
    """Run the jobs of embassy.toml on time (UTC) until SIGTERM.

    Each job is a child process and a row of runs; what is missed or skipped is a row too. A cron
    line, a person's own run and the scheduler never crawl at the same time.

    \b
    Example:
      embassy-scraper schedule --print-crontab | crontab -
    """
    if config is None and DEFAULT_FILE.is_file():
        config = DEFAULT_FILE
    jobs = read_config(config).jobs
    if not jobs:
        raise ConfigError(f"{config}: no [[jobs]]; name at least one, or leave them all out")
    for job in jobs:
        read_cron(job.cron)
    from embassy_scraper import schedule

    if print_crontab:
        click.echo(schedule.crontab(jobs, db, config), nl=False)
        return
    db.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{db}.schedule.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise DatabaseError(
            f"{db}: another scheduler runs its jobs already; stop that one"
        ) from None
    open_database(db).close()
    note_missed(jobs, db)
    now = datetime.now(UTC)
    for job in jobs:
        at = next_fire(job.cron, now)
        click.echo(f"{job.name}: {job.run}; next at {at:%Y-%m-%d %H:%M} UTC", err=True)
    schedule.run_schedule(
        jobs,
        db,
        config,
        tell=lambda name, outcome, note: _tell(db, name, outcome, note),
        ended=lambda *told: _ended(db, *told),
    )
    click.echo("stopped", err=True)


def note_missed(jobs: list[Job], db: Path) -> None:
    """Write a row for what was missed while no scheduler ran."""
    now = datetime.now(UTC)
    with closing(open_database(db)) as connection:
        for job in jobs:
            last = last_begun(connection, job.name)
            missed = fires_between(job.cron, last, now) if last is not None else 0
            if missed:
                note = f"{missed} times since {last:%Y-%m-%dT%H:%M:%SZ}: no scheduler ran"
                note_run(connection, job.run, "missed", note, job.name)


def _tell(db: Path, name: str, outcome: Outcome, note: str) -> None:
    """Say what did not take place, and write its row; a full disk does not end the scheduler."""
    click.echo(f"[{name}] {outcome}: {note}", err=True)
    try:
        with closing(open_database(db)) as connection:
            note_run(connection, name, outcome, note, name)
    except (sqlite3.Error, DatabaseError) as error:
        click.echo(f"[{name}] its row of runs could not be written: {error}", err=True)


def _ended(db: Path, job: Job, began: datetime, status: int, said: str) -> None:
    """Say how a child ended where that was not well, and write a row if it wrote none itself."""
    if status in (0, 3):
        return
    how = f"killed by signal {-status}" if status < 0 else f"exit status {status}"
    note = f"{how}: {said}" if said else how
    click.echo(f"[{job.name}] ended: {note}", err=True)
    try:
        with closing(open_database(db)) as connection:
            if not has_run_since(connection, job.name, began):
                note_run(connection, job.run, "failed", note, job.name)
    except (sqlite3.Error, DatabaseError) as error:
        click.echo(f"[{job.name}] its row of runs could not be written: {error}", err=True)
