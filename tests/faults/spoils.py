"""Programs that are worse than ours: the harness has to notice each of them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any


def swallow() -> None:
    """What could not be written is passed over."""
    from pipelines.tables import database

    real = database.writing

    @contextmanager
    def writing(connection: Any) -> Iterator[None]:
        with suppress(sqlite3.Error), real(connection):
            yield

    database.writing = writing


def note_first() -> None:
    """What is new is noted as told before it is written out."""
    from embassy_scraper.commands import report
    from embassy_scraper.telling import news

    real = news.new_rows

    @contextmanager
    def new_rows(*given: Any) -> Iterator[Any]:
        with real(*given) as (columns, rows):
            kept = list(rows)
        yield columns, iter(kept)

    vars(report)["new_rows"] = new_rows


def piecemeal() -> None:
    """Each statement is a transaction of its own."""
    from pipelines.tables import database

    @contextmanager
    def writing(connection: Any) -> Iterator[None]:
        connection.isolation_level = None
        yield

    database.writing = writing


def litter() -> None:
    """Every run leaves a file behind, and ends in a traceback where something fails."""
    from embassy_scraper.commands import options
    from embassy_scraper.intake import files
    from embassy_scraper.intake.place import writer_lock as real

    def lock(db: Any, *given: Any) -> Any:
        (db.parent / f"left-{os.getpid()}").touch()
        return real(db, *given)

    def fail(message: str) -> None:
        raise RuntimeError(message)

    vars(files)["writer_lock"] = lock
    vars(options)["fail"] = fail
