"""The database file: whose it is, how it is opened, and who writes to it when.

In: a path. Out: a connection. Drops: nothing. Never: alters a file before it has looked whose it
is: ``PRAGMA application_id`` marks ours, ``user_version`` numbers the schema.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock

from embassy_scraper import stopping
from embassy_scraper.disk import DAMAGED, refuse_unwritable, what_failed, why_no_file
from embassy_scraper.errors import DatabaseError
from pipelines.tables.schema_number import NAME, OLDEST, VERSION

APPLICATION_ID = 0x656D6273  # "embs"; the header of the file tells it to file(1) too
_PAGE_BYTES = 16_384  # a statement's text spills over fewer pages; only a new file takes it
_WAIT_FOR_OTHERS = 600  # seconds to wait for another program's write lock
_BESIDE = ("-journal", "-wal", "-shm")  # files that SQLite opens with it
_STEPS = 100_000  # of SQLite's machine, some milliseconds, after which it looks for signals


def open_database(
    path: Path, cache_mb: int = 16, patience: int = _WAIT_FOR_OTHERS
) -> sqlite3.Connection:
    """Return a connection to the database at *path*, made or brought up to date.

    It keeps up to *cache_mb* of pages in memory (a live crawl has several connections), and waits
    for another's write lock so many seconds as its *patience* lasts.

    Raises:
        DatabaseError: it cannot be opened, or is not a database of this program.
    """
    refuse_foreign(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        refuse_unwritable(path.parent)
        connection = sqlite3.connect(path, timeout=patience, check_same_thread=False)
        connection.set_progress_handler(stopping.is_late, _STEPS)
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute(f"PRAGMA cache_size = -{cache_mb}000")
        connection.execute("PRAGMA temp_store = FILE")
        mark, version = _marks(connection)
        if mark != APPLICATION_ID or version < VERSION:
            connection.execute("BEGIN IMMEDIATE")
            _bring_up_to_date(connection)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
            connection.commit()
    except (sqlite3.Error, OSError) as error:
        told = what_failed(error, "name another file with --db")
        raise DatabaseError(f"{path}: {told}") from error
    return connection


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    import sqlite_utils  # a third of the start of a verb that finds all up to date

    from pipelines.tables.schema import migrations

    migrations.apply(sqlite_utils.Database(connection, execute_plugins=False))


def is_earlier(path: Path) -> bool:
    """Say whether the database at *path* has tables that cannot be brought up to date.

    Raises:
        DatabaseError: the file is another's.
    """
    version = schema_of(path)
    return version is not None and version < OLDEST


def refuse_foreign(path: Path, *, may_be_earlier: bool = False) -> None:
    """Raise where there is a file at *path* that is neither empty nor a database of ours.

    Raises:
        DatabaseError: it is another's, or a newer or an earlier version of this program made it;
            nothing of it is changed.
    """
    version = schema_of(path)
    if version is not None and version > VERSION:
        raise DatabaseError(
            f"{path}: made by a newer version of this program (schema {version}, this one knows"
            f" {VERSION}); update the program"
        )
    if version is not None and version < OLDEST and not may_be_earlier:
        raise DatabaseError(
            f"{path}: made by an earlier version of this program (schema {version}, this one needs"
            f" {OLDEST}); run embassy-scraper rebuild, which makes it again from its raw captures"
        )


def schema_of(path: Path) -> int | None:
    """Return the number of the schema of the database at *path*; ``None`` where there is none yet.

    Raises:
        DatabaseError: the file is another's.
    """
    if (what := why_no_file(path)) is not None:
        raise DatabaseError(f"{path}: {what}; name a file with --db")
    _refuse_beside(path)
    if not path.exists() or not path.stat().st_size:
        return None
    try:
        with closing(open_as_it_stands(path)) as connection:
            is_foreign = _is_foreign(connection)
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            _, version = _marks(connection)
    except sqlite3.OperationalError:  # being made by another process, or not to be read at all
        return None
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # what SQLite says of it too
        told = f"{path}: not a history of this program; name another file with --db"
        raise DatabaseError(f"{told}, or, if it was one, {DAMAGED}") from error
    if is_foreign:
        raise DatabaseError(f"{path}: not a history of this program; name another file with --db")
    return version if tables else None


def _refuse_beside(path: Path) -> None:
    """Raise where a file beside the database *path*, which is opened with it, is no file.

    Raises:
        DatabaseError: it is a folder, or a pipe, of which SQLite would wait for the other end.
    """
    for end in _BESIDE:
        beside = Path(f"{path}{end}")
        if (what := why_no_file(beside)) is not None:
            raise DatabaseError(f"{beside}: {what}; move it away")


def lock_beside(path: Path, end: str) -> FileLock:
    """Return the lock of the writers of the database *path* whose name ends so.

    Raises:
        DatabaseError: what is in its place is no file; no lock is taken through a link.
    """
    lock = Path(f"{path}.{end}")
    what = why_no_file(lock) or ("a link" if lock.is_symlink() else None)
    if what is not None:
        raise DatabaseError(f"{lock}: {what}; move it away")
    return FileLock(lock)


def _is_foreign(connection: sqlite3.Connection) -> bool:
    """Say whether another program made the database; ours were not marked before schema 14."""
    mark, _ = _marks(connection)
    if mark:
        return mark != APPLICATION_ID
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if "_sqlite_migrations" not in names:
        return bool(names)
    query = "SELECT count(*) FROM _sqlite_migrations WHERE migration_set = ?"
    return not connection.execute(query, (NAME,)).fetchone()[0]


def _marks(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return whose the database is, and the number of its schema."""
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return mark, version


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold a write transaction: all of what is written inside, or nothing.

    It begins as a writer, for one that reads first and writes then fails beside another writer.
    """
    connection.execute("BEGIN IMMEDIATE")
    with connection:  # commits, or rolls back
        yield


def make_whole(connection: sqlite3.Connection) -> None:
    """Bring all of a database into its one file, on the disk, so that the file can be moved.

    SQLite does that when a connection is closed, but says nothing where it has failed.

    Raises:
        sqlite3.Error: it could not be done.
    """
    (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise sqlite3.OperationalError("another program reads what was not finished yet")


def remove_database(path: Path) -> None:
    """Remove the database at *path*, if there is one, and what SQLite has left beside it.

    That goes last: a database whose journal is gone may be damaged, but SQLite takes up none
    where there is no database. So do it before a file is moved to *path*.
    """
    for end in ("", "-journal", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)


def open_as_it_stands(
    path: Path, *, any_thread: bool = False, still: bool | None = None
) -> sqlite3.Connection:
    """Return a connection to the database *path* that changes nothing.

    One for *any thread* may be handed from one to another. *still* is what ``is_still`` has said,
    where the caller must know which of the two ways it was opened.

    In a folder that cannot be written to SQLite opens a database with a write-ahead log only as
    one that nobody changes; where there is such a log, of a live writer, it is read as well.
    """
    how = "immutable=1" if (is_still(path) if still is None else still) else "mode=ro"
    address = f"file:{quote(str(path))}?{how}"
    connection = sqlite3.connect(
        address, uri=True, timeout=_WAIT_FOR_OTHERS, check_same_thread=not any_thread
    )
    connection.set_progress_handler(stopping.is_late, _STEPS)
    return connection


def is_still(path: Path) -> bool:
    """Say whether the database at *path* is read as a file at rest."""
    return not os.access(path.parent, os.W_OK) and not _has_log(path)


def _has_log(path: Path) -> bool:
    """Say whether what was written last to the database at *path* stands in a log beside it."""
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


def is_blank(path: Path) -> bool:
    """Say whether *path* holds nothing yet: no file, or one that a run has only begun to make."""
    if not path.is_file():
        return not path.exists()
    try:  # also on a full disk, on which SQLite cannot make what it needs to look for a log
        with closing(open_as_it_stands(path, still=not _has_log(path))) as connection:
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            return not tables and not _is_foreign(connection)
    except (sqlite3.Error, UnicodeDecodeError):
        return False


def is_ours(path: Path) -> bool:
    """Say whether *path* holds a database of this program, without changing it.

    Raises:
        DatabaseError: what lies beside it cannot be opened with it.
    """
    if not path.is_file():
        return False
    _refuse_beside(path)
    try:
        with closing(open_as_it_stands(path)) as connection:
            has_tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            return bool(has_tables) and not _is_foreign(connection)
    except (sqlite3.Error, UnicodeDecodeError):
        return False
