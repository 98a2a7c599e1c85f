"""``verify``: check every stored byte and derived row against the raw captures."""

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from embassy_scraper.captures import FileState, file_states
from embassy_scraper.commands.derivation import derive_facts, read_again, stored_captures
from embassy_scraper.commands.options import (
    captures_folder,
    config_option,
    db_option,
    one_line_errors,
    writer_lock,
)
from embassy_scraper.commands.progress import Bar
from embassy_scraper.commands.report import open_history
from embassy_scraper.config import reading_config
from embassy_scraper.errors import DatabaseError, RawCaptureMissing
from embassy_scraper.items import Capture
from embassy_scraper.sites import Profile, reader_digest
from pipelines.compare import differences
from pipelines.diff import derive_pending, settle
from pipelines.facts import RawPlace
from pipelines.problems import copy_rejections
from pipelines.schema import open_database
from pipelines.site_and_reader import note_reader, reader_of, refuse_other_site, why_read_anew

_TRIES = 50  # to find a moment at which a crawl beside us has derived all that it stored


@click.command()
@db_option
@config_option
@one_line_errors
def command(db: Path, config: Path | None) -> None:
    """Check every stored byte and every derived row against the raw captures.

    Reads all raw captures, derives everything anew beside the database and compares row by row.
    Nothing is changed. Every fault is one line on stdout; exit status 1 if there is any.

    \b
    Example:
      embassy-scraper verify
    """
    profile = reading_config(config).profile
    open_history(db).close()
    with writer_lock(db):
        connection = open_database(db)
        try:
            refuse_other_site(connection, profile, db)
            _begin_settled(connection)
            found = 0
            _refuse_other_reader(connection, db, profile)
            for fault in _faults(connection, captures_folder(db), profile):
                click.echo(fault)
                found += 1
            captures = connection.execute("SELECT count(*) FROM captures").fetchone()[0]
        finally:
            connection.close()
    click.echo(f"verified: {captures} captures; faults: {found}", err=True)
    if found:
        raise SystemExit(1)


def _refuse_other_reader(connection: sqlite3.Connection, db: Path, profile: Profile) -> None:
    """Raise where another profile or reader has read the captures: all would read otherwise.

    Raises:
        DatabaseError: it has.
    """
    if reader_of(connection) not in (None, reader_digest(profile)):
        raise DatabaseError(
            f"{db}: it was read otherwise, so it cannot be checked yet:"
            f" {why_read_anew(connection, profile)}; run embassy-scraper rebuild, which reads all"
            " captures anew"
        )


def _begin_settled(connection: sqlite3.Connection) -> None:
    """Begin to read one state of the database, in which nothing waits to be derived.

    A crawl may write meanwhile; what it adds is not looked at.
    """
    for _ in range(_TRIES):
        settle(connection)
        connection.execute("BEGIN")
        if connection.execute("SELECT 1 FROM pending LIMIT 1").fetchone() is None:
            return
        connection.rollback()
    connection.execute("BEGIN")


def _faults(connection: sqlite3.Connection, folder: Path, profile: Profile) -> Iterator[str]:
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"database: {line}; restore it from a backup, or run embassy-scraper rebuild"
    states = (FileState(*row) for row in connection.execute("SELECT * FROM warc_files"))
    yield from file_states(folder, states)
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="embassy-verify-") as beside:
        anew = open_database(Path(beside) / "anew.db")
        note_reader(anew, profile)
        total = connection.execute("SELECT count(*) FROM captures").fetchone()[0]
        with Bar(total) as bar:
            derive_facts(anew, _readable(connection, folder, profile, faults, bar))
        copy_rejections(connection, anew)
        derive_pending(anew)
        anew.commit()
        if faults:
            yield from faults
            rows = sum(1 for _ in differences(connection, anew))
            yield f"{rows} derived rows cannot be checked before the raw captures are mended"
        else:
            yield from differences(connection, anew)
        anew.close()


def _readable(
    connection: sqlite3.Connection,
    folder: Path,
    profile: Profile,
    faults: list[str],
    bar: Bar,
) -> Iterator[tuple[Capture, RawPlace]]:
    """Yield the captures that can be read again; what is wrong with the others goes to *faults*."""
    for number, stored in enumerate(stored_captures(connection), start=1):
        try:
            yield read_again(folder, stored, profile), stored.place
        except RawCaptureMissing as error:
            faults.append(str(error))
        bar.show("reading", number)
