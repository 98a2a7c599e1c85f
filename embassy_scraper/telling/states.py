"""Failures and silence, as rows that hold for as long as nothing is better.

They go through the same ledger as changes: a failure is told when it begins, and when it has ended.
"""

import sqlite3
from datetime import UTC, datetime, timedelta

from embassy_scraper.config import Alert
from embassy_scraper.reports import run_report
from embassy_scraper.reports.times import counted, say_instant
from pipelines.state.told import COLUMNS, Row

FAILURE, SILENCE = "run_failed", "silence"


def kinds_of(alert: Alert) -> list[str]:
    """Return which of these rows *alert* is about."""
    return [FAILURE] * alert.failures + [SILENCE] * (alert.silence_days > 0)


def states(connection: sqlite3.Connection, alert: Alert, now: datetime | None = None) -> list[Row]:
    """Return what does not work as it should, as far as *alert* is about it."""
    found = failures(connection) if alert.failures else []
    if alert.silence_days > 0:
        found += silence(connection, alert.silence_days, now or datetime.now(UTC))
    return found


def failures(connection: sqlite3.Connection) -> list[Row]:
    """Return a row for each command whose last run failed, with its reason."""
    _, rows = run_report(connection, "failing")
    return [
        _row(FAILURE, str(command), note or "no reason is known", last_good, str(started))
        for command, started, note, last_good in rows
    ]


def silence(connection: sqlite3.Connection, days: float, now: datetime) -> list[Row]:
    """Return a row where there was no complete live round for so many *days*."""
    _, rows = run_report(connection, "rounds")
    last, first, tried, partial = next(rows)
    since = last or first
    if since is None or now - datetime.fromisoformat(since) < timedelta(days=days):
        return []
    row = _row(SILENCE, "crawl", None, last, since)
    known = f"the last was begun {say_instant(since)} (UTC)" if last else "there never was one"
    told = f"{counted(int(tried or 0), 'run')} since, {partial} of them partial"
    return [{**row, "before": since, "note": f"{counted(round(days), 'day')}; {known}; {told}"}]


def _row(kind: str, subject: str, after: str | None, last: str | None, by: str) -> Row:
    empty: Row = dict.fromkeys(COLUMNS)
    id_ = f"{kind} {subject} {after or by}"
    known: Row = {"change_id": id_, "kind": kind, "subject": subject, "field": "", "after": after}
    return {**empty, **known, "observed_after": last, "observed_by": by}
