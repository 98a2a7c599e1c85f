"""Which runs are under way: a row of ``runs`` says "interrupted" until its run ends.

A run holds a lock until it ends, and the lock is freed with its process, however that ends.
"""

import os
import sqlite3
from fcntl import LOCK_NB, LOCK_SH, flock
from pathlib import Path


def under_way(connection: sqlite3.Connection, db: Path) -> frozenset[int]:
    """Return the ids of the rows of ``runs`` of *db* whose runs are under way.

    One run at a time holds a lock, so of all runs of a lock only the newest can be.
    """
    newest: dict[str, tuple[int, str | None]] = {}
    for number, finished, command in connection.execute(
        "SELECT max(id), finished, command FROM runs WHERE outcome NOT IN ('missed', 'skipped')"
        " GROUP BY command"
    ):
        lock = _lock_of(command)
        newest[lock] = max(newest.get(lock, (0, None)), (number, finished), key=lambda one: one[0])
    return frozenset(
        number
        for lock, (number, finished) in newest.items()
        if finished is None and _is_held(Path(f"{db}.{lock}"))
    )


def _lock_of(command: str) -> str:
    """Return how the name of the lock of a *command* ends.

    >>> [_lock_of(one) for one in ("crawl --deep", "backfill wayback", "ingest")]
    ['crawl.lock', 'wayback.lock', 'lock']
    """
    verb, what, *_ = [*command.split(), "", ""]
    named = {"crawl": "crawl.", "backfill": f"{what}."}
    return f"{named.get(verb, '')}lock"


def _is_held(lock: Path) -> bool:
    """Say whether a run holds *lock*. Whoever wants it meanwhile has to wait for a moment."""
    try:
        handle = os.open(lock, os.O_RDONLY | os.O_NONBLOCK)  # waits for no writer of a pipe
    except OSError:  # there is none, or it cannot be looked at
        return False
    try:
        flock(handle, LOCK_SH | LOCK_NB)
    except OSError as error:
        return isinstance(error, BlockingIOError)
    finally:
        os.close(handle)
    return False
