"""Runs: one row for every run of a command, begun when it begins.

In: a command, later what came of it. Out: a row of ``runs``. Drops: nothing. Never: forgets a run;
one that is killed stays "interrupted", without an end.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from embassy_scraper import stopping
from embassy_scraper.crawl_items import Outcome, as_note
from embassy_scraper.errors import EmbassyError
from pipelines.values.instants import moment_of

_LAST_WAIT = 1000  # milliseconds for another's lock, when the run has failed
JOB = "EMBASSY_JOB"  # environment variable: the scheduled job that a run belongs to


class Run:
    """One row of ``runs``: begun when the work begins, finished with what came of it."""

    def __init__(self, connection: sqlite3.Connection, command: str) -> None:
        """Write the row of *command*, as interrupted until it is finished."""
        self._connection = connection
        with connection:  # commits, or rolls back: what fails must not keep others from writing
            cursor = connection.execute(
                "INSERT INTO runs (started, command, counts, outcome, job)"
                " VALUES (?,?,'{}','interrupted',?)",
                (now(), command, os.environ.get(JOB)),
            )
        self._id = cursor.lastrowid

    def finish(self, outcome: Outcome, counts: Mapping[str, int], note: str | None = None) -> None:
        """Write how the run ended, and in *note* what a person should know, on one line."""
        note = as_note(note) if note is not None else None
        with self._connection:
            self._connection.execute(
                "UPDATE runs SET finished = ?, counts = ?, outcome = ?, note = ? WHERE id = ?",
                (now(), json.dumps(counts), outcome, note, self._id),
            )

    @contextmanager
    def noted(self, counts: Callable[[], Mapping[str, int]] = dict) -> Iterator[None]:
        """Write why the run has ended, with its *counts*, where what is done inside breaks off.

        Where that cannot be written, on a full disk, its row stays as it was begun: interrupted.
        """
        try:
            with stopping.instead_of_errors():
                yield
        except (EmbassyError, sqlite3.Error, OSError) as error:
            self._finish_soon("failed", counts(), str(error))
            raise
        except stopping.Stopped as stopped:
            self._finish_soon("interrupted", counts(), str(stopped))
            raise

    def _finish_soon(self, outcome: Outcome, counts: Mapping[str, int], note: str) -> None:
        with suppress(sqlite3.Error):
            self._connection.execute(f"PRAGMA busy_timeout = {_LAST_WAIT}")  # it waited enough
            self.finish(outcome, counts, note)


def note_run(
    connection: sqlite3.Connection,
    command: str,
    outcome: Outcome,
    note: str,
    job: str | None = None,
) -> None:
    """Write the row of a run that did not take place: missed, skipped, or failed to start."""
    at = now()
    with connection:
        connection.execute(
            "INSERT INTO runs (started, finished, command, counts, outcome, job, note)"
            " VALUES (?,?,?,'{}',?,?,?)",
            (at, at, command, outcome, job or os.environ.get(JOB), note),
        )


def last_run(
    connection: sqlite3.Connection, job: str | None = None, outcomes: Collection[str] = ()
) -> dict[str, Any] | None:
    """Return the row of the last run, of one *job* and with one of *outcomes* where given."""
    rows = connection.execute(
        "SELECT id, started, finished, command, outcome, note, counts, job FROM runs"
        " WHERE (?1 IS NULL OR job = ?1)"
        " AND (?2 = '[]' OR outcome IN (SELECT value FROM json_each(?2)))"
        " ORDER BY id DESC LIMIT 1",
        (job, json.dumps(sorted(outcomes))),
    )
    row = rows.fetchone()
    return dict(zip([c[0] for c in rows.description], row, strict=True)) if row else None


def first_begun(connection: sqlite3.Connection) -> datetime | None:
    """Return when the first run of all began."""
    row = connection.execute("SELECT min(started) FROM runs").fetchone()
    return moment_of(row[0]) if row[0] is not None else None


def last_end(connection: sqlite3.Connection, command: str) -> datetime | None:
    """Return the latest instant at which a run of *command* began or ended."""
    query = "SELECT max(max(started, coalesce(finished, ''))) FROM runs WHERE command = ?"
    (latest,) = connection.execute(query, (command,)).fetchone()
    return moment_of(latest) if latest is not None else None


def last_begun(connection: sqlite3.Connection, job: str) -> datetime | None:
    """Return when a job's last row of ``runs`` began, with any outcome."""
    row = last_run(connection, job)
    return moment_of(str(row["started"])) if row is not None else None


def last_id(connection: sqlite3.Connection) -> int:
    """Return the number of the last row of ``runs``; clocks may go back, numbers do not."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM runs").fetchone()[0])


def has_run_since(connection: sqlite3.Connection, job: str, number: int) -> bool:
    """Say whether a job has written a row of its own behind the row *number*."""
    query = "SELECT 1 FROM runs WHERE job = ? AND id > ? LIMIT 1"
    return connection.execute(query, (job, number)).fetchone() is not None


def explain_run(connection: sqlite3.Connection, job: str, number: int, note: str) -> None:
    """Say in the rows that a *job* has left unfinished behind the row *number* how that came."""
    with connection:
        connection.execute(
            "UPDATE runs SET note = ? WHERE job = ? AND id > ? AND finished IS NULL"
            " AND note IS NULL",
            (as_note(note), job, number),
        )


def count_changes(connection: sqlite3.Connection) -> int:
    """Return the rows of the report."""
    return int(connection.execute("SELECT count(*) FROM changes").fetchone()[0])


def learned_since(connection: sqlite3.Connection, instant: str) -> frozenset[str]:
    """Return the ids of the changes of which this history learned at an *instant* or later."""
    rows = connection.execute("SELECT change_id FROM _learned WHERE at >= ?", (instant,))
    return frozenset(change_id for (change_id,) in rows)


def now() -> str:
    """Return this machine's clock as an instant."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
