"""For every time at which a job was due: its own row of ``runs``, or one that tells of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.world import program
from tests.year.clock import moment

_TIMES = re.compile(r"(\d+) times since (\S+Z): ")
_LATE = timedelta(hours=1)  # a run may begin so late: the scheduler's grace
_WEEKDAYS = "sun mon tue wed thu fri sat".split()


def due_times(cron: str, start: datetime, end: datetime) -> list[datetime]:
    """Every minute at which a cron expression fires, told by looking at each minute."""
    minute, hour, day, month, weekday = cron.split()
    at = start.replace(second=0, microsecond=0) + timedelta(minutes=1)
    out = []
    while at <= end:
        weekday_now = (at.weekday() + 1) % 7
        parts = ((minute, at.minute), (hour, at.hour), (day, at.day), (month, at.month),
                 (weekday, weekday_now))  # fmt: skip
        if all(_fits(field, value) for field, value in parts):
            out.append(at)
        at += timedelta(minutes=1)
    return out


def _fits(field: str, value: int) -> bool:
    span, _, step = field.partition("/")
    if span in _WEEKDAYS:
        span = str(_WEEKDAYS.index(span))
    low, _, high = span.partition("-")
    first, last = (0, 99) if span == "*" else (int(low), int(high or low))
    return first <= value <= last and (value - first) % int(step or 1) == 0


@dataclass(frozen=True)
class Ledger:
    """How the times at which jobs were due are accounted for."""

    due: int
    rows: dict[str, int]  # by outcome
    told: int  # times told as missed, in rows that stand for many
    holes: tuple[str, ...]
    false: tuple[str, ...]  # told as missed, and not due, or not so often


def account(db: Path, crons: dict[str, str], start: datetime, end: datetime) -> Ledger:
    """Match each due time with the row of its job, or with the row that tells it missed."""
    outcomes = program.query(db, "SELECT outcome, count(*) FROM runs GROUP BY outcome")
    holes: list[str] = []
    false: list[str] = []
    due_count, told = 0, 0
    for job, cron in crons.items():
        due = due_times(cron, start, end)
        due_count += len(due)
        spans, begun = _rows(db, job)
        told += sum(count for _, _, count in spans)
        left = list(begun)
        for at in due:
            own = next((one for one in left if at <= one < at + _LATE), None)
            if own is not None:
                left.remove(own)
            elif not any(since < at <= until for since, until, _ in spans):
                holes.append(f"{job} {at:%Y-%m-%d %H:%M}")
        for since, until, count in spans:
            true = sum(since < at <= until for at in due)
            if count > true:
                false.append(f"{job}: {count} times between {since} and {until}, not {true}")
        false += [f"{job}: a row at {at}, and not due" for at in left]
    return Ledger(due_count, {str(k): int(str(v)) for k, v in outcomes}, told,
                  tuple(holes), tuple(false))  # fmt: skip


def _rows(db: Path, job: str) -> tuple[list[tuple[datetime, datetime, int]], list[datetime]]:
    """The rows that tell of many times, as spans, and the instants of the others."""
    query = f"SELECT started, outcome, coalesce(note, '') FROM runs WHERE job = '{job}' ORDER BY id"
    spans, begun = [], []
    for started, outcome, note in program.query(db, query):
        at = moment(str(started))
        found = _TIMES.match(str(note))
        if outcome == "missed" and found:
            spans.append((moment(found[2]), at, int(found[1])))
        elif outcome == "missed":  # too late for its grace, however late
            spans.append((at - timedelta(days=60), at, 1))
        else:
            begun.append(at)
    return spans, begun


def gaps(db: Path, since: datetime, until: datetime) -> Iterator[str]:
    """Lists of which ``unwatched`` does not tell a silence."""
    rows = program.query(db, "SELECT list, last_look, next_look FROM unwatched WHERE days > 1")
    for name in ("home", "newarh", "latest"):
        if not any(one == name and moment(str(a)) <= since and moment(str(b)) >= until
                   for one, a, b in rows):  # fmt: skip
            yield name
