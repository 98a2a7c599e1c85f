"""Reading anew: what another profile or reader has read, before anything is added to it.

The captures are read into a database of their own, ``embassy.db.anew`` beside the history, part by
part, so that a run which is killed is gone on with. What follows is derived there too; then all of
it takes the place of the old rows in one transaction. Whoever reads the history meanwhile sees the
old one whole, then the new one whole, and never two readers in one.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shlex import quote

from embassy_scraper.errors import DatabaseError, EmbassyError, RawCaptureMissing, RawCapturesLost
from embassy_scraper.intake.pasted import to_paste
from embassy_scraper.intake.place import Say, captures_folder, writer_lock
from embassy_scraper.intake.progress import Bar
from embassy_scraper.intake.stored import Stored, merge_facts, read_by, stored_captures
from embassy_scraper.intake.words import difference_lines
from embassy_scraper.items import Capture
from embassy_scraper.sites import Profile, reader_digest
from embassy_scraper.stopping import Stopped, instead_of_errors
from pipelines.diff import settle
from pipelines.tables.database import (
    make_whole,
    open_as_it_stands,
    open_database,
    remove_database,
    writing,
)
from pipelines.tables.derived import Progress
from pipelines.tables.exchange import carry_over, exchange
from pipelines.tables.reading_differences import ReadingDifferences, compare_readings
from pipelines.tables.retracted import Retraction, note_retractions, retractions
from pipelines.tables.site_and_reader import (
    note_first_reader,
    note_reader,
    reader_of,
    refuse_other_site,
    why_read_anew,
)

_BATCH = 250  # captures in a transaction
_NAMED = 3  # of what is lost, in a message
_TRIES = 3  # while other runs change what was read already
_READ = """
CREATE TABLE IF NOT EXISTS _read (
    old TEXT PRIMARY KEY, new TEXT NOT NULL, seen TEXT NOT NULL
) STRICT, WITHOUT ROWID
"""


def open_door(connection: sqlite3.Connection, db: Path, profile: Profile, say: Say) -> None:
    """Make sure that *profile* may add to the history *db*: its site, and no other reader's facts.

    Every way to add captures goes through here first, with the writer's lock held. What another
    profile or reader has read is read anew; what reads otherwise is told to *say*.

    Raises:
        DatabaseError: the captures are of another site.
        RawCapturesLost: raw records are lost; nothing is changed.
    """
    refuse_other_site(connection, profile, db)
    with writing(connection):
        note_first_reader(connection, profile)
    if reader_of(connection) == reader_digest(profile):
        remove_database(_beside(db))
        return
    say_why(connection, db, profile, say)
    for line in difference_lines(read_all_anew(connection, db, profile)):
        say(line)


def say_why(
    connection: sqlite3.Connection, db: Path, profile: Profile, say: Say, *, is_try: bool = False
) -> None:
    """Say why all captures are read anew, where *profile* has not read them already."""
    if reader_of(connection) not in (None, reader_digest(profile)):
        why = why_read_anew(connection, profile)
        how = "would be read again" if is_try else "are read again"
        say(f"{db}: all captures {how}: {why}")


def enter(connection: sqlite3.Connection, db: Path, profile: Profile, say: Say) -> None:
    """Open the door of *db* for whoever does not hold the writer's lock.

    It is waited for only where there is something to be done.

    Raises:
        EmbassyError: as ``open_door``.
    """
    refuse_other_site(connection, profile, db)
    if reader_of(connection) != reader_digest(profile):
        with writer_lock(db, say):
            open_door(connection, db, profile, say)


def read_all_anew(
    connection: sqlite3.Connection, db: Path, profile: Profile, *, goes_on: bool = True
) -> ReadingDifferences:
    """Read all captures of *db* by *profile*, and put that in place of what was read before.

    It *goes on* where a run that was killed has stopped, or begins anew.

    Raises:
        RawCapturesLost: raw records are lost; nothing is changed.
        DatabaseError: other runs change the history all the time.
    """
    try:
        with instead_of_errors():
            return _read_all(connection, db, profile, goes_on=goes_on)
    except (EmbassyError, Stopped):
        if not goes_on:
            remove_database(_beside(db))
        raise


def _read_all(
    connection: sqlite3.Connection, db: Path, profile: Profile, *, goes_on: bool
) -> ReadingDifferences:
    path = _beside(db)
    for number in range(_TRIES):
        if number or not goes_on:
            remove_database(path)
        with _opened(path, profile) as anew, Bar(None) as bar:
            _read_rest(connection, anew, captures_folder(db), profile, bar.show)
            settle(anew, bar.show)
            with writing(connection):
                _read_rest(connection, anew, captures_folder(db), profile, bar.show)
                if not _is_same(connection, anew):
                    continue
                settle(anew, bar.show)
                differences = compare_readings(connection, anew, _pairs(anew))
                exchange(connection, anew, profile, _renamed(anew))
        remove_database(path)
        return differences
    raise DatabaseError(f"{db}: other runs keep changing it; run this again when they have ended")


def renew(db: Path, profile: Profile) -> int:
    """Make a database of today's tables out of one with earlier ones; return its captures.

    All captures are read from their raw records. What no raw capture tells is taken over.

    Raises:
        RawCapturesLost: raw records are lost; nothing is changed.
        DatabaseError: the captures are of another site.
    """
    beside = _beside(db)
    with closing(open_as_it_stands(db)) as earlier, _opened(beside, profile) as new:
        refuse_other_site(earlier, profile, db)
        with Bar(None) as bar:
            _read_rest(earlier, new, captures_folder(db), profile, bar.show)
            settle(new, bar.show)
        with writing(new):
            carry_over(earlier, new, _renamed(new))
            new.execute("DROP TABLE _read")
        make_whole(new)
        count = int(new.execute("SELECT count(*) FROM captures").fetchone()[0])
    with closing(sqlite3.connect(db)) as earlier:
        earlier.execute("PRAGMA journal_mode = DELETE")  # its log would be taken for ours
    beside.replace(db)
    return count


def try_reading(
    connection: sqlite3.Connection, folder: Path, profile: Profile, beside: Path
) -> ReadingDifferences:
    """Return what *profile* would read otherwise; facts are read into a database at *beside*."""
    with _opened(beside, profile) as anew, Bar(None) as bar:
        _read_rest(connection, anew, folder, profile, bar.show)
        return compare_readings(connection, anew, _pairs(anew))


def _beside(db: Path) -> Path:
    return Path(f"{db}.anew")


def _opened(path: Path, profile: Profile) -> "closing[sqlite3.Connection]":
    """Return the database beside; what is there was left by a run that was killed, of this reader.

    Left by another one, it is of no use.
    """
    anew = open_database(path)
    if reader_of(anew) not in (None, reader_digest(profile)):
        anew.close()
        remove_database(path)
        anew = open_database(path)
    with writing(anew):
        anew.execute(_READ)
        note_reader(anew, profile)
    return closing(anew)


def _read_rest(
    connection: sqlite3.Connection,
    anew: sqlite3.Connection,
    folder: Path,
    profile: Profile,
    progress: Progress,
) -> None:
    """Read the captures that were not read yet, batch by batch, the retracted ones first.

    Where one of those and another have become one capture, that is retracted.

    Raises:
        RawCapturesLost: some cannot be read; all others are, and need not be read again.
    """
    done = {row[0] for row in anew.execute("SELECT old FROM _read")}
    out = retractions(connection)
    rest = [one for one in stored_captures(connection) if one.id not in done]
    rest.sort(key=lambda one: one.id not in out)
    lost: list[Stored] = []
    for start in range(0, len(rest), _BATCH):
        batch = rest[start : start + _BATCH]
        read = []
        for one in batch:
            try:
                read.append((one, read_by(folder, one, profile)))
            except RawCaptureMissing:
                lost.append(one)
        with writing(anew):
            _store(anew, read, out)
        progress("reading again", len(done) + start + len(batch), len(done) + len(rest))
    if lost:
        raise _all_lost(folder, lost)


def _all_lost(folder: Path, lost: list[Stored]) -> RawCapturesLost:
    """Return the error that names what is *lost*, and the ways out."""
    ids = frozenset(one.id for one in lost)
    files = {one.place.warc_file for one in lost if not one.place.is_revisit}
    files = files or {one.place.warc_file for one in lost}  # of revisits: where they stand
    message = (
        f"{len(ids)} captures cannot be read again, so the history stays as it is: their raw"
        f" records are lost or damaged ({_first(sorted(ids))}); restore"
        f" {_first([str(folder / name) for name in sorted(files)])} from a backup, or give ingest"
        " their pages once more; to go on without them, move the database away and run"
        f" {to_paste(f'rebuild --from {quote(str(folder))}')}"
    )
    return RawCapturesLost(message, ids)


def _first(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _store(
    anew: sqlite3.Connection,
    read: list[tuple[Stored, Capture]],
    out: Mapping[str, Retraction],
) -> None:
    """Write what was read; where two captures have become one, the stronger evidence counts.

    *out* are the captures that are retracted, and stay so under the ids that they have now.
    """
    note_retractions(anew, [replace(out[o.id], capture=c.id) for o, c in read if o.id in out])
    for one, capture in read:
        seen = _seen(one, is_out=one.id in out)
        anew.execute("INSERT INTO _read VALUES (?,?,?)", (one.id, capture.id, seen))
    merge_facts(anew, [(capture, one.place) for one, capture in read])


def _seen(one: Stored, *, is_out: bool) -> str:
    """Return what the history said of a capture beside what was read from its bytes."""
    return repr((str(one.evidence), one.sha256, one.place, is_out))


def _is_same(connection: sqlite3.Connection, anew: sqlite3.Connection) -> bool:
    """Say whether the history still says of every capture what it said when that was read."""
    seen = dict(anew.execute("SELECT old, seen FROM _read").fetchall())
    out = retractions(connection)
    found = {one.id: _seen(one, is_out=one.id in out) for one in stored_captures(connection)}
    return found == seen


def _pairs(anew: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Return the ids of all captures, the one of before and the one of now, in order."""
    rows: Iterator[tuple[str, str]] = anew.execute("SELECT old, new FROM _read ORDER BY new, old")
    return rows


def _renamed(anew: sqlite3.Connection) -> list[tuple[str, str]]:
    return [(old, new) for old, new in _pairs(anew) if old != new]
