"""The ledger of shards: what an interrupted import need not read again.

In: the name of a part of an archive file whose captures are all stored and reported. Out: whether
it is so. Drops: everything once an import has ended, so that the next one reads every byte again.
Never: reads a file.
"""

import sqlite3


def note_done(connection: sqlite3.Connection, name: str, captures: int) -> None:
    """Write down that the shard *name* is stored, and how many captures it had."""
    connection.execute("INSERT OR REPLACE INTO _shards VALUES (?,?)", (name, captures))


def captures_done(connection: sqlite3.Connection, name: str) -> int | None:
    """Return how many captures the shard *name* had; ``None`` if it is to be read."""
    row = connection.execute("SELECT captures FROM _shards WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row is not None else None


def forget_shards(connection: sqlite3.Connection) -> None:
    """Forget all of them. The caller commits."""
    connection.execute("DELETE FROM _shards")
