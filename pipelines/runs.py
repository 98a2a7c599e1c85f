"""Runs: one row for every run of a command, begun when it begins.

In: a command, later what came of it. Out: a row of ``runs``. Drops: nothing. Never: forgets a run;
one that is killed stays "interrupted", without an end.
"""

import json
import os
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal

Outcome = Literal["complete", "partial", "failed", "interrupted", "missed", "skipped"]
JOB = "EMBASSY_JOB"  # environment variable: the scheduled job that a run belongs to


class Run:
    """One row of ``runs``: begun when the work begins, finished with what came of it."""

    def __init__(self, connection: sqlite3.Connection, command: str) -> None:
        """Write the row of *command*, as interrupted until it is finished."""
        self._connection = connection
        cursor = connection.execute(
            "INSERT INTO runs (started, command, counts, outcome, job)"
            " VALUES (?,?,'{}','interrupted',?)",
            (now(), command, os.environ.get(JOB)),
        )
        connection.commit()
        self._id = cursor.lastrowid

    def finish(self, outcome: Outcome, counts: Mapping[str, int], note: str | None = None) -> None:
        """Write how the run ended, and in *note* what a person should know."""
        self._connection.execute(
            "UPDATE runs SET finished = ?, counts = ?, outcome = ?, note = ? WHERE id = ?",
            (now(), json.dumps(counts), outcome, note, self._id),
        )
        self._connection.commit()


def note_run(
    connection: sqlite3.Connection,
    command: str,
    outcome: Outcome,
    note: str,
    job: str | None = None,
) -> None:
    """Write the row of a run that did not take place: missed, skipped, or failed to start."""
    at = now()
    connection.execute(
        "INSERT INTO runs (started, finished, command, counts, outcome, job, note)"
        " VALUES (?,?,?,'{}',?,?,?)",
        (at, at, command, outcome, job or os.environ.get(JOB), note),
    )
    connection.commit()


def count_changes(connection: sqlite3.Connection) -> int:
    """Return the rows of the report."""
    return int(connection.execute("SELECT count(*) FROM changes").fetchone()[0])


def now() -> str:
    """Return this machine's clock as an instant."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
