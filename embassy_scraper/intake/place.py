"""Where a history lies: its raw captures beside it, the lock of its one writer, who may read it."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import Timeout

from embassy_scraper import voice
from embassy_scraper.archives import quoted
from embassy_scraper.disk import what_failed
from embassy_scraper.errors import DatabaseError
from embassy_scraper.intake.pasted import named_files, to_paste
from pipelines.tables.database import (
    is_blank,
    is_ours,
    lock_beside,
    open_as_it_stands,
    open_database,
    refuse_foreign,
)

Say = Callable[[str], None]  # tells a line to the person at the keyboard


def say(line: str) -> None:
    """Say a *line* on stderr."""
    voice.say(line)


def captures_folder(db: Path) -> Path:
    """Return the folder of the raw captures of the database *db*."""
    return db.parent / "captures"


def feed_path(db: Path) -> Path:
    """Return where the feed of *db* is kept.

    >>> feed_path(Path("data/embassy.db")).as_posix()
    'data/embassy.atom'
    """
    return db.with_name(f"{db.stem}.atom")


@contextmanager
def writer_lock(db: Path, say: Say = say, *, may_be_earlier: bool = False) -> Iterator[None]:
    """Hold the one writer's lock of *db*; a second writer waits, and says so.

    The lock is freed with the process, however it ends, and agrees with ``flock(1)``.
    """
    refuse_foreign(db, may_be_earlier=may_be_earlier)
    try:
        db.parent.mkdir(parents=True, exist_ok=True)
        lock = lock_beside(db, "lock")
        try:
            lock.acquire(timeout=1)
        except Timeout:
            say(f"waiting for another run that writes to {db} …")
            lock.acquire()
    except OSError as error:
        told = what_failed(error, "name a file in a folder you can write to")
        raise DatabaseError(f"{db}: {told}") from error
    try:
        yield
    finally:
        lock.release()


def open_history(db: Path) -> sqlite3.Connection:
    """Return a connection to the history in *db*, settled first if a run was interrupted.

    Where the folder cannot be written to, or another run is adding captures, it is read as it
    stands, the log of a live writer included.

    Raises:
        DatabaseError: there is no history.
    """
    check_is_ours(db)
    if not os.access(db.parent, os.W_OK):
        refuse_foreign(db)
        return open_as_it_stands(db)
    connection = open_database(db)
    (pending,) = connection.execute("SELECT count(*) FROM _pending").fetchone()
    if pending:
        from pipelines.diff import settle  # seldom needed, and half of the start of a report

        try:
            with lock_beside(db, "lock").acquire(timeout=0):
                settle(connection)
        except Timeout:
            say(f"{db}: another run is adding captures; {pending} are not compared yet")
    return connection


def from_raw_command(db: Path) -> str:
    """Return the command that makes *db* again out of the raw captures beside it."""
    folder = quoted(captures_folder(db))
    words = ["embassy-scraper rebuild --from", folder, "--db", quoted(db)]
    return " ".join([*words, *named_files("config")])


def check_is_ours(db: Path) -> None:
    """Raise where *db* is no history of this program, and say what to do about it.

    Raises:
        DatabaseError: it is not.
    """
    if is_ours(db):
        return
    if db.is_file() and not os.access(db, os.R_OK):
        raise DatabaseError(f"{db}: Permission denied; ask its owner for permission to read it")
    if not is_blank(db):
        message = f"{db}: not a history of this program; name another file with --db"
        if captures_folder(db).is_dir():
            message += f", or move it away and run {from_raw_command(db)}"
        raise DatabaseError(message)
    if captures_folder(db).is_dir():
        told = "no history there, but raw captures beside it; make it of them with"
        raise DatabaseError(f"{db}: {told} {from_raw_command(db)}")
    raise DatabaseError(
        f"{db}: no history there; name another file with --db, or begin one with"
        f" {to_paste('ingest FOLDER')} or {to_paste('backfill wayback')}"
    )
