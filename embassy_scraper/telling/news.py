"""What is new to a name: read, written out by the caller, and then noted as told."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from embassy_scraper.errors import DatabaseError
from embassy_scraper.intake.place import say
from embassy_scraper.reports import run_report
from embassy_scraper.reports.entries import Change
from embassy_scraper.reports.wanted import Wanted, change_of
from pipelines.history.kinds import KINDS
from pipelines.state.told import (
    COLUMNS,
    News,
    Row,
    as_taken_back,
    chosen,
    compare,
    note_told,
    told_to,
)
from pipelines.tables.database import lock_beside, writing

Rows = tuple[list[str], Iterator[tuple[str | None, ...]]]  # columns and rows of the report
_ORDER = ("observed_by", "kind", "subject", "field", "change_id")


@contextmanager
def ledger_lock(db: Path, patience: float = -1) -> Iterator[None]:
    """Hold the ledger of *db*: who tells the same name at the same time waits.

    Raises:
        DatabaseError: its folder cannot be written to.
        Timeout: another holds it for longer than *patience* seconds, if that is no negative number.
    """
    lock = lock_beside(db, "told.lock")
    try:
        _acquire(lock, db, patience)
    except OSError as error:
        if isinstance(error, Timeout):
            raise
        raise _unwritable(db, error.strerror or str(error)) from error
    try:
        yield
    finally:
        lock.release()


def _acquire(lock: FileLock, db: Path, patience: float) -> None:
    try:
        lock.acquire(timeout=1 if patience < 0 else patience)
    except Timeout:
        if patience >= 0:
            raise
        say(f"waiting for another run that tells what is new in {db} …")
        lock.acquire()


def _unwritable(db: Path, why: str) -> DatabaseError:
    return DatabaseError(
        f"{db}: --new notes beside the history what was reported, and that cannot be written"
        f" ({why}); leave out --new, or work on a copy in a folder you can write to"
    )


def changes_new_to(connection: sqlite3.Connection, name: str) -> News:
    """Return which changes are new to *name*, and which it was told that hold no longer."""
    columns, rows = run_report(connection, "news", whom=name)
    there = [dict(zip(columns, row, strict=True)) for row in rows]
    return compare(there, told_to(connection, name, KINDS, is_gone=True))


def changes_of(columns: list[str], rows: Iterable[Sequence[str | None]]) -> list[Change]:
    """Return rows of the report as changes."""
    return [change_of(dict(zip(columns, row, strict=True))) for row in rows]


@contextmanager
def new_rows(connection: sqlite3.Connection, db: Path, name: str, wanted: Wanted) -> Iterator[Rows]:
    """Yield columns and rows that *name* was not told yet, as the report has them, in its order.

    They are noted as told when the caller has written them out, so not if that raises.

    Raises:
        DatabaseError: it cannot be noted what was told.
    """
    if not (os.access(db, os.W_OK) and os.access(db.parent, os.W_OK)):
        raise _unwritable(db, "Permission denied")
    with ledger_lock(db):
        news = chosen(changes_new_to(connection, name), lambda row: wanted.fits(change_of(row)))
        rows = [*news.new, *(as_taken_back(one.row) for one in news.gone)]
        rows.sort(key=_order)
        yield list(COLUMNS), iter([tuple(row[column] for column in COLUMNS) for row in rows])
        with writing(connection):
            note_told(connection, name, news)


def _order(row: Row) -> tuple[str, ...]:
    return tuple(row[name] or "" for name in _ORDER)
