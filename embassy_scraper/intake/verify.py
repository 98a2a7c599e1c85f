"""Verify: every stored byte and derived row is checked against the raw captures."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from embassy_scraper.archives import quoted
from embassy_scraper.archives.own_metadata import warc_files
from embassy_scraper.captures import FileState, file_states, with_unnamed_bytes
from embassy_scraper.errors import DatabaseError, RawCaptureMissing
from embassy_scraper.intake.pasted import to_paste
from embassy_scraper.intake.place import Say, captures_folder, check_is_ours
from embassy_scraper.intake.progress import Bar
from embassy_scraper.intake.stored import derive_facts, read_again, stored_captures
from embassy_scraper.items import Capture
from embassy_scraper.sites import Profile, reader_digest
from embassy_scraper.stopping import scratch_folder
from pipelines.diff import settle
from pipelines.tables.compare import differences
from pipelines.tables.database import open_as_it_stands, open_database, refuse_foreign
from pipelines.tables.derived import derive_pending
from pipelines.tables.facts import RawPlace
from pipelines.tables.known import count_held
from pipelines.tables.problems import copy_rejections
from pipelines.tables.retracted import copy_retractions
from pipelines.tables.site_and_reader import (
    note_reader,
    reader_of,
    refuse_other_site,
    why_read_anew,
)

_PAGES = 1000  # of a database, copied at a time: between two a signal is heard


def verify(db: Path, profile: Profile, tell: Say, say: Say) -> tuple[int, int]:
    """Check *db* against its raw captures; return how many captures and faults there are.

    Every fault is reported to *tell*, and what is none to *say*. Everything is derived again in a
    temporary folder, and compared with a copy of the database: nothing is changed.

    Raises:
        DatabaseError: the captures are of another site, or another profile has read them.
    """
    found = 0
    with (
        scratch_folder("embassy-verify-") as folder,
        closing(_settled_copy(db, folder / "copy.db")) as connection,
    ):
        refuse_other_site(connection, profile, db)
        _refuse_other_reader(connection, db, profile)
        beside = folder / "anew.db"
        for fault in _faults(connection, captures_folder(db), profile, beside):
            tell(fault)
            found += 1
        _say_unnamed(connection, captures_folder(db), say)
        captures = count_held(connection)
    return captures, found


def _settled_copy(db: Path, path: Path) -> sqlite3.Connection:
    """Return a copy at *path* of the history *db*, in which nothing waits to be derived."""
    check_is_ours(db)
    refuse_foreign(db)
    with closing(open_as_it_stands(db)) as source, closing(sqlite3.connect(path)) as copy:
        source.execute("BEGIN")  # one state of it, whoever writes meanwhile
        source.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        source.backup(copy, pages=_PAGES, progress=lambda *_: None)
    connection = open_database(path)
    settle(connection)
    return connection


def _refuse_other_reader(connection: sqlite3.Connection, db: Path, profile: Profile) -> None:
    """Raise where another profile or reader has read the captures: all would differ.

    Raises:
        DatabaseError: it has.
    """
    if reader_of(connection) not in (None, reader_digest(profile)):
        raise DatabaseError(
            f"{db}: it was read differently, so it cannot be checked yet:"
            f" {why_read_anew(connection, profile)}; run {to_paste('rebuild')}, which reads all"
            " captures again"
        )


def _faults(
    connection: sqlite3.Connection, folder: Path, profile: Profile, beside: Path
) -> Iterator[str]:
    """Yield what is wrong; what follows from the raw captures is derived at *beside*."""
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"database: {line}; restore it from a backup, or run {to_paste('rebuild')}"
    states = (FileState(*row) for row in connection.execute("SELECT * FROM _warc_files"))
    yield from file_states(folder, states)
    faults: list[str] = []
    with closing(open_database(beside)) as anew:
        note_reader(anew, profile)
        copy_retractions(connection, anew)
        with Bar(count_held(connection)) as bar:
            derive_facts(anew, _readable(connection, folder, profile, faults, bar))
        copy_rejections(connection, anew)
        derive_pending(anew)
        anew.commit()
        if faults:
            yield from faults
            rows = sum(1 for _ in differences(connection, anew))
            yield f"{rows} derived rows cannot be checked until the raw captures are restored"
        else:
            mend = f"run {to_paste('rebuild')}"
            yield from (f"{line}; {mend}" for line in differences(connection, anew))


def _say_unnamed(connection: sqlite3.Connection, folder: Path, say: Say) -> None:
    """Say in which raw files of *folder* there is more than the database knows of.

    A kill may leave half a record, so that is no fault; but whole captures may lie there too.
    """
    named = dict(connection.execute("SELECT name, bytes FROM _warc_files").fetchall())
    if found := with_unnamed_bytes(warc_files(folder), named):
        say(
            f"raw files with bytes that no capture uses: {len(found)} (first: {found[0]}): a run"
            " under way or a killed one wrote them, or they are of another history; to have what is"
            f" in them, run embassy-scraper rebuild --from {quoted(folder)} --db NEW/embassy.db"
        )


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
