"""``status``: last and next runs, and what is overdue."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from embassy_scraper.commands.end_of_run import lines_until_clean
from embassy_scraper.commands.jobs import check_jobs
from embassy_scraper.commands.options import config_option, db_option, one_line_errors
from embassy_scraper.commands.writing import print_line, write_out
from embassy_scraper.config import DEFAULT_FILE, Job, read_config
from embassy_scraper.cron import next_fire
from embassy_scraper.intake.pasted import to_paste
from embassy_scraper.intake.place import open_history
from pipelines.state.outbox import Waiting, waiting
from pipelines.tables.runs import first_begun, last_run
from pipelines.tables.under_way import under_way
from pipelines.tables.withheld import Share, shares, unclean_run

_GRACE = timedelta(hours=1)  # a run may be so late before it is overdue
_GOOD = frozenset({"complete", "partial"})


@dataclass(frozen=True, slots=True)
class JobStatus:
    """What is known of one job."""

    name: str
    run: str
    last_started: str | None
    last_outcome: str | None
    last_note: str | None
    last_good: str | None
    next_at: str | None
    is_overdue: bool
    is_bad: bool
    is_under_way: bool


@click.command()
@db_option
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@one_line_errors
def command(db: Path, config: Path | None, as_json: bool) -> None:
    """Show last and next runs of every job, and what is overdue or withheld.

    Exit status 0: every job ran on time, and its last run did its work. 1: a job is overdue, its
    last run failed or met no page of the site where the homepage or a list should be, an alert
    could not be sent, or a run had to withhold a part of a page because it could not be proven.
    Then the share of such captures is shown month by month until a later run that looks at as much
    withholds nothing: one of the same command, after a crawl also a crawl that looks at more, or a
    rebuild, which reads all again. A daily round does not make good what an import withheld.

    \b
    Example:
      embassy-scraper status --json
    """
    found = read_config(config)
    check_jobs(found.jobs, config or DEFAULT_FILE)
    names = [alert.name for alert in found.alerts]
    now = datetime.now(UTC)
    with closing(open_history(db)) as connection:
        running = under_way(connection, db)
        jobs = [_status(connection, job, now, running) for job in found.jobs]
        latest = last_run(connection)
        if latest is not None:
            latest["is_under_way"] = latest.pop("id") in running
        is_bad = _is_bad(latest)
        unsent = waiting(connection, names)
        unclean = unclean_run(connection)
        months = shares(connection) if unclean is not None else []
    if as_json:
        write_out([_json(latest, jobs, months, unsent), "\n"], None, db)
    else:
        for line in (*_lines(latest, jobs), *map(_unsent, unsent)):
            print_line(line)
        for line in lines_until_clean(unclean, months) if unclean is not None else ():
            print_line(line)
    if unclean or unsent or is_bad or any(job.is_overdue or job.is_bad for job in jobs):
        raise SystemExit(1)


def _status(
    connection: sqlite3.Connection, job: Job, now: datetime, running: frozenset[int]
) -> JobStatus:
    last = last_run(connection, job.name)
    good = last_run(connection, job.name, outcomes=_GOOD)
    at = next_fire(job.cron, now)
    first = first_begun(connection)
    began = datetime.fromisoformat(str(good["started"])) if good else first
    due = next_fire(job.cron, began) if began else None
    return JobStatus(
        name=job.name,
        run=job.run,
        last_started=last["started"] if last else None,
        last_outcome=last["outcome"] if last else None,
        last_note=last["note"] if last else None,
        last_good=good["started"] if good else None,
        next_at=f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None,
        is_overdue=due is not None and due + _GRACE < now,
        is_bad=_is_bad(last),
        is_under_way=last is not None and last["id"] in running,
    )


def _json(
    latest: dict[str, Any] | None,
    jobs: list[JobStatus],
    months: list[Share],
    unsent: list[Waiting],
) -> str:
    """Return all of it as JSON."""
    status = {
        "jobs": [asdict(job) for job in jobs],
        "last_run": latest and {**latest, "counts": json.loads(latest["counts"] or "{}")},
        "withheld": [asdict(month) for month in months],
        "alerts": [asdict(one) for one in unsent],
    }
    return json.dumps(status, ensure_ascii=False, indent=1)


def _is_bad(run: dict[str, Any] | None) -> bool:
    """Say whether somebody should look at what came of a *run*.

    It failed, or what the homepage or the head of a list answered was no page of the site.
    """
    if run is None:
        return False
    counts: dict[str, int] = json.loads(run["counts"] or "{}")
    return run["outcome"] == "failed" or counts.get("unread_heads", 0) > 0


def _lines(latest: dict[str, Any] | None, jobs: list[JobStatus]) -> Iterator[str]:
    """Yield what is said of the last run and of every job."""
    if latest:
        yield _words(latest)
    yield from map(_line, jobs)
    if any(job.is_overdue for job in jobs):
        yield (
            f"a job is overdue: keep {to_paste('schedule')} running, or put the lines of"
            f" {to_paste('schedule --print-crontab')} into crontab; remove a job that you do not"
            " want from [[jobs]] in embassy.toml"
        )


def _line(job: JobStatus) -> str:
    last = f"last {job.last_outcome} {job.last_started}" if job.last_started else "never run"
    if job.is_under_way:
        last = f"under way since {job.last_started}"
    note = f" ({job.last_note})" if job.last_note else ""
    overdue = "OVERDUE, " if job.is_overdue else ""
    return f"{job.name}: {overdue}{last}{note}; next {job.next_at or 'never'}"


def _unsent(one: Waiting) -> str:
    messages = "1 message waits" if one.messages == 1 else f"{one.messages} messages wait"
    return f"alerts to {one.name}: {messages} since {one.since} ({one.error or 'not tried yet'})"


def _words(run: dict[str, Any]) -> str:
    note = f" ({run['note']})" if run["note"] else ""
    came = "under way" if run["is_under_way"] else run["outcome"]
    return f"last run: {run['command']}, begun {run['started']}, {came}{note}"
