"""Rebuild: reads and derives everything again, in place or only to see what differs."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from embassy_scraper.intake.anew import read_all_anew, renew, say_why, try_reading
from embassy_scraper.intake.engine import Intake
from embassy_scraper.intake.place import Say, captures_folder, open_history, writer_lock
from embassy_scraper.intake.reading import Reader
from embassy_scraper.sites import Profile, reader_digest
from embassy_scraper.stopping import scratch_folder
from pipelines.diff import settle
from pipelines.tables.database import is_earlier, open_database
from pipelines.tables.reading_differences import ReadingDifferences
from pipelines.tables.runs import Run, count_changes
from pipelines.tables.site_and_reader import reader_of, refuse_other_site
from pipelines.tables.withheld import shares, withheld_capture


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild brought: reading differences, rows of the report, what is withheld."""

    differences: ReadingDifferences
    changes: int
    withheld: int
    capture: str | None  # one of which a part is withheld


def rebuild(db: Path, profile: Profile, say: Say) -> Rebuilt:
    """Read all captures of *db* by *profile*, and derive all again from them.

    Readers see the old history until the new one is whole.

    Raises:
        EmbassyError: it could not be done; nothing is changed.
    """
    if is_earlier(db):
        return _rebuild_earlier(db, profile, say)
    with writer_lock(db, say), closing(open_database(db)) as connection:
        refuse_other_site(connection, profile, db)
        say_why(connection, db, profile, say)
        run = Run(connection, "rebuild")
        before = count_changes(connection)
        with run.noted():
            differences = read_all_anew(connection, db, profile, goes_on=False)
            Intake(connection, captures_folder(db), Reader(profile), say).complete()
            settle(connection)
            return _finished(connection, run, differences, before)


def _rebuild_earlier(db: Path, profile: Profile, say: Say) -> Rebuilt:
    """Make a database with earlier tables again, with the tables of today."""
    with writer_lock(db, say, may_be_earlier=True):
        say(f"{db}: its tables are of an earlier version; all captures are read again")
        differences = ReadingDifferences(captures=renew(db, profile))
        with closing(open_database(db)) as connection:
            return _finished(connection, Run(connection, "rebuild"), differences, 0)


def _finished(
    connection: sqlite3.Connection, run: Run, differences: ReadingDifferences, before: int
) -> Rebuilt:
    changes = count_changes(connection)
    counts = {
        "stored": differences.captures,
        "withheld": sum(month.withheld for month in shares(connection)),
        "withheld_before": differences.withheld_before,
        "changes": changes - before,
    }
    run.finish("complete", counts)
    return Rebuilt(differences, changes, counts["withheld"], withheld_capture(connection))


def try_rebuild(db: Path, profile: Profile, say: Say) -> tuple[ReadingDifferences, bool]:
    """Return what a rebuild would read differently, and whether *profile* is the reader.

    All of it happens in a temporary folder.

    Raises:
        EmbassyError: it could not be done.
    """
    with (
        closing(open_history(db)) as connection,
        scratch_folder("embassy-rebuild-") as folder,
    ):
        refuse_other_site(connection, profile, db)
        say_why(connection, db, profile, say, is_try=True)
        beside = folder / "anew.db"
        differences = try_reading(connection, captures_folder(db), profile, beside)
        return differences, reader_of(connection) in (None, reader_digest(profile))
