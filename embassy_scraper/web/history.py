"""The history as Datasette's database: only read, and always the file that is there now."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from datasette.app import Datasette
from datasette.database import Database

from embassy_scraper.web.plugin import is_internal
from pipelines.tables.database import is_still, open_as_it_stands

T = TypeVar("T")
_COUNTING, _COUNTING_MS = "select count(*) from ", 100
_MOST_CELL, _MOST_ROWS = 1 << 25, 1 << 26  # bytes of one cell, and of all that one question finds
_LOG_RESTARTS = "attempt to write a readonly database"  # nobody writes here: SQLite needs its index
_TRIES, _PAUSE = 20, 0.02  # and seconds between them
_PRIVATE = frozenset({"_told", "_messages"})  # who is told of what
_FORBIDDEN = {(sqlite3.SQLITE_PRAGMA, "database_list"), (sqlite3.SQLITE_ATTACH, None)}


@dataclass(frozen=True, slots=True)
class _File:
    """A database file: which one it is, and its state where it is read as one at rest."""

    state: object
    is_still: bool


@dataclass(frozen=True, slots=True)
class _Open:
    """A connection, and the file that it was opened on."""

    connection: sqlite3.Connection
    file: _File


class History(Database):
    """A database that is only read: also where its folder may not be written to.

    Datasette is told of its public tables and views alone, so that it neither lists nor counts the
    others, nor finds them in a search.
    """

    def __init__(self, datasette: Datasette, db: Path) -> None:
        """Read the history in *db*; each of Datasette's threads has a connection of its own."""
        super().__init__(datasette, path=str(db))
        self._db = db
        self._held = threading.local()

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Return a connection that reads the history as it stands."""
        if write:
            raise sqlite3.OperationalError("the history is served read-only")
        return self._connect(is_still(self._db))

    def _connect(self, still: bool) -> sqlite3.Connection:
        connection = open_as_it_stands(self._db, any_thread=True, still=still)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_CELL)
        connection.set_authorizer(_allow)
        self._all_file_connections.append(connection)
        return connection

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Return what *fn* returns of Datasette's own: the rows that it may have are weighed."""
        return await self.ask(partial(_weighed, fn))

    async def ask(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Return what *fn* returns on a connection to the file that is there now."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.ds.executor, self._ask, fn)

    async def attached_databases(self) -> list[Any]:
        """Return nothing: no other database is ever attached, and where files lie is not told."""
        return []

    async def table_names(self) -> list[str]:
        """Return the names of the public tables."""
        return [name for name in await super().table_names() if not is_internal(name)]

    async def view_names(self) -> list[str]:
        """Return the names of the public views."""
        return [name for name in await super().view_names() if not is_internal(name)]

    async def table_exists(self, table: str) -> bool:
        """Say whether there is a public table *table*."""
        return not is_internal(table) and bool(await super().table_exists(table))

    async def get_view_definition(self, view: str) -> str | None:
        """Return the SQL of a public view."""
        return None if is_internal(view) else await super().get_view_definition(view)

    async def get_all_foreign_keys(self) -> dict[str, dict[str, list[dict[str, str]]]]:
        """Return which columns of public tables refer to which, both ways."""
        return {
            table: {
                way: [key for key in keys if not is_internal(key["other_table"])]
                for way, keys in both.items()
            }
            for table, both in (await super().get_all_foreign_keys()).items()
            if not is_internal(table)
        }

    async def execute(self, sql: str, *values: Any, **more: Any) -> Any:
        """Return what *sql* finds; rows are counted only as long as a reader would wait for it.

        Datasette shows a table without its number of rows where counting was interrupted.
        """
        if sql.startswith(_COUNTING) and "custom_time_limit" not in more:
            more["custom_time_limit"] = _COUNTING_MS
        return await super().execute(sql, *values, **more)

    def interrupt(self) -> None:
        """End every question that is being answered."""
        for connection in list(self._all_file_connections):
            with suppress(sqlite3.ProgrammingError):  # closed a moment ago
                connection.interrupt()

    def _ask(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Return what *fn* returns; ask again where somebody began to change a still file.

        Beside a busy writer a file may be still, changed and still again within one question.
        """
        for _ in range(_TRIES):
            held = self._opened()
            try:
                found = fn(held.connection)
            except sqlite3.DatabaseError as error:
                has_changed = held.file.is_still and _look(self._db) != held.file
                if not has_changed and _LOG_RESTARTS not in str(error):
                    raise
            else:
                if not held.file.is_still or _look(self._db) == held.file:
                    return found
            time.sleep(_PAUSE)
        return fn(self._opened().connection)

    def _opened(self) -> _Open:
        """Return this thread's connection, a new one where another file has taken the old's place.

        A backup that is restored and a rebuild of earlier tables replace the file.
        """
        file = _look(self._db)
        held: _Open | None = getattr(self._held, "open", None)
        if held is not None and held.file == file:
            return held
        if held is not None:
            del self._held.open
            self._all_file_connections.remove(held.connection)
            held.connection.close()
        connection = self._connect(file.is_still)
        self.ds._prepare_connection(connection, self.name)
        opened = self._held.open = _Open(connection, file)
        return opened


def _allow(action: int, what: str | None, *_: str | None) -> int:
    """Say whether a question may do something: none learns where files lie, or opens others."""
    if action == sqlite3.SQLITE_READ and what in _PRIVATE:
        return sqlite3.SQLITE_DENY
    named = what if action == sqlite3.SQLITE_PRAGMA else None
    return sqlite3.SQLITE_DENY if (action, named) in _FORBIDDEN else sqlite3.SQLITE_OK


def _weighed(fn: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection) -> T:
    """Return what *fn* returns; whoever may ask in SQL may not ask for more than fits in memory.

    Raises:
        sqlite3.OperationalError: the rows are too large.
    """
    left = _MOST_ROWS

    def row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        nonlocal left
        left -= sum(len(value) for value in values if isinstance(value, str | bytes))
        if left < 0:
            raise sqlite3.OperationalError("the answer is too large; ask for less of it")
        return sqlite3.Row(cursor, values)

    connection.row_factory = row
    try:
        return fn(connection)
    finally:
        connection.row_factory = sqlite3.Row


def _look(db: Path) -> _File:
    """Return what the file *db* is now, and whether it is read as a file at rest."""
    try:
        found = db.stat()
    except OSError:
        return _File(None, False)
    still = is_still(db)
    changes = (found.st_mtime_ns, found.st_size) if still else None
    return _File((found.st_dev, found.st_ino, changes), still)
