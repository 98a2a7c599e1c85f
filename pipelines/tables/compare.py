"""Two databases row by row: where the kept history is not what its facts say."""

import sqlite3
from collections.abc import Iterator

_LEFT_OUT = {"rowid", "wording", "core"}  # numbers of rows differ from database to database
_TABLES = (  # tables and views that show all that is kept
    "captures", "_retracted", "headers", "statements", "versions", "sightings", "snapshots",
    "counters", "counter_readings", "changes", "problems", "_shown", "_spans_shown", "_bounds",
)  # fmt: skip


def differences(kept: sqlite3.Connection, anew: sqlite3.Connection) -> Iterator[str]:
    """Yield a line for every row that only one of two databases has."""
    for table in _TABLES:
        names = [row[1] for row in kept.execute(f"PRAGMA table_info({table})")]
        columns = ", ".join(f'"{name}"' for name in names if name not in _LEFT_OUT)
        query = f"SELECT {columns} FROM {table} ORDER BY {columns}"
        for side, row in _only_one_has(kept.execute(query), anew.execute(query)):
            what = "in the database, but does not follow from the raw captures"
            if side == "anew":
                what = "follows from the raw captures, but is not in the database"
            yield f"{table}: {_short(row)}: {what}"


def _only_one_has(
    kept: Iterator[tuple[object, ...]], anew: Iterator[tuple[object, ...]]
) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Walk two sorted results side by side; yield the rows that stand in one alone."""
    left, right = next(kept, None), next(anew, None)
    while left is not None or right is not None:
        if left == right:
            left, right = next(kept, None), next(anew, None)
        elif right is None or (left is not None and _order(left) < _order(right)):
            assert left is not None
            yield "kept", left
            left = next(kept, None)
        else:
            yield "anew", right
            right = next(anew, None)


def _order(row: tuple[object, ...]) -> tuple[tuple[int, object], ...]:
    """Return *row* in SQLite's order: NULL before numbers before text."""
    return tuple(
        (0, 0) if cell is None else (1, cell) if isinstance(cell, int | float) else (2, cell)
        for cell in row
    )


def _short(row: tuple[object, ...]) -> str:
    text = " | ".join("" if cell is None else str(cell) for cell in row)
    return text if len(text) <= 160 else text[:159] + "…"
