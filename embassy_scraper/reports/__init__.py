"""Reports: one report is one ``.sql`` file, one format is one function."""

import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from typing import Any


def run_report(
    connection: sqlite3.Connection, name: str, **values: object
) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Return columns and rows of the report *name*, whose file takes *values* by their names."""
    query = files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
    cursor = connection.execute(query, values)
    return [column[0] for column in cursor.description], cursor
