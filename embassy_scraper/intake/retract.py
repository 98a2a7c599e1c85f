"""Retract: takes captures out of the history for a stated reason, and brings them back.

All of what was named, or nothing, in one transaction. What is said of a capture is written beside
the raw captures first; their own bytes stay, and what follows from the others is derived without
reading them again.
"""

import sqlite3
from collections.abc import Collection, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from embassy_scraper.archives.own_metadata import Metadata, metadata_in
from embassy_scraper.archives.retractions import RetractionRecord, make_retraction
from embassy_scraper.captures import read_back
from embassy_scraper.errors import RawCaptureMissing
from embassy_scraper.intake.anew import open_door
from embassy_scraper.intake.place import Say, captures_folder, check_is_ours, writer_lock
from embassy_scraper.intake.stored import bodies_by, read_again, stored_captures
from embassy_scraper.own_headers import named_capture
from embassy_scraper.sites import Profile
from embassy_scraper.warc_writer import WarcWriter
from pipelines.diff import settle
from pipelines.store import name_written
from pipelines.tables.database import open_database, writing
from pipelines.tables.derived import derive_pending
from pipelines.tables.facts import store_captures
from pipelines.tables.known import known_captures
from pipelines.tables.one_capture import find_capture, url_of
from pipelines.tables.retracted import (
    Retraction,
    forget_retractions,
    note_retractions,
    retractions,
)
from pipelines.tables.runs import Run, count_changes, last_end
from pipelines.tables.site_and_reader import refuse_other_site
from pipelines.tables.take_out import take_out

_COMMAND = "retract"
_BACK = "SELECT id FROM captures WHERE id IN (SELECT capture FROM retractions) ORDER BY id"


@dataclass(frozen=True, slots=True)
class Asked:
    """Why captures are to be retracted, or, where that is undone, brought back."""

    why: str
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """How many captures were moved, which had been so before, and how the report has changed."""

    moved: int
    passed: tuple[str, ...]
    changes: int


def retract(db: Path, given: Sequence[str], asked: Asked, profile: Profile, say: Say) -> Done:
    """Take the captures *given*, by their ids or how these begin, out of the history *db*.

    Where it *is undone* they are brought back. Those that are so already are passed over.

    Raises:
        EmbassyError: one of them is not there, or it could not be done; nothing is changed.
    """
    check_is_ours(db)
    with writer_lock(db, say), closing(open_database(db)) as connection:
        refuse_other_site(connection, profile, db)
        _find(connection, given)  # what is not there is no run
        run = Run(connection, _COMMAND)
        with run.noted():
            open_door(connection, db, profile, say)  # ids may be others from now on
            settle(connection)
            before = count_changes(connection)
            found = _find(connection, given)
            out = retractions(connection, found)
            ids = [one for one in found if (one in out) is asked.is_undone]
            passed = [one for one in found if one not in ids]
            if ids:
                _move(connection, captures_folder(db), profile, ids, asked)
            if passed:
                _tell_again(connection, captures_folder(db), passed, out)
            changes = count_changes(connection) - before
            name = "brought_back" if asked.is_undone else "retracted"
            run.finish("complete", {name: len(ids), "changes": changes}, asked.why or None)
    return Done(len(ids), tuple(_as_before(one, out.get(one)) for one in passed), changes)


def note_told(connection: sqlite3.Connection, said: Metadata) -> None:
    """Write down what raw captures have *said* is retracted.

    For a database that is made out of raw captures alone: what is noted before they are taken in
    never comes into the history. The caller commits.
    """
    told = [(one, file) for one, file in said.retractions.values() if not one.is_undone]
    note_retractions(
        connection,
        [Retraction(one.capture, one.why, _instant(one.at), file) for one, file in told],
    )


def keep_out(
    connection: sqlite3.Connection, folder: Path, profile: Profile, old: Collection[str]
) -> None:
    """Forget those of the *old* ids that no capture has; take out what has become a retracted one.

    For the end of such a database: several records of one id may be several captures by its
    *profile*, and one that is retracted may lie behind another that is the same by it.
    """
    with writing(connection):
        gone = set(old) - known_captures(connection, list(old)).keys()
        forget_retractions(connection, sorted(gone))
        if back := [row[0] for row in connection.execute(_BACK)]:
            take_out(connection, back, bodies_by(connection, folder, profile))


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _find(connection: sqlite3.Connection, given: Sequence[str]) -> list[str]:
    return sorted({find_capture(connection, one) for one in given})


def _as_before(capture: str, out: Retraction | None) -> str:
    """Return the line that says that a *capture* is already as it should be."""
    if out is None:
        return f"not retracted: {capture}"
    return f"retracted already: {capture} ({out.at}: {out.why})"


def _tell_again(
    connection: sqlite3.Connection, folder: Path, ids: list[str], out: dict[str, Retraction]
) -> None:
    """Let the raw captures say of *ids* what holds: those that are *out*, and no others.

    A run that was cut off may have told them otherwise, an earlier version of one id alone.
    """
    said = metadata_in(folder).retractions
    told = {name for name, (one, _) in said.items() if not one.is_undone}
    wrong = [
        one
        for one in ids
        if any((name in told) is not (one in out) for name in _ids_of(connection, folder, one))
    ]
    writer = WarcWriter(folder)
    try:
        for one in wrong:
            asked = Asked(out[one].why) if one in out else Asked("", is_undone=True)
            with writing(connection):
                noted = _tell(connection, folder, writer, [one], asked)
                note_retractions(connection, noted if one in out else [])
    finally:
        writer.close()


def _move(
    connection: sqlite3.Connection, folder: Path, profile: Profile, ids: list[str], asked: Asked
) -> None:
    writer = WarcWriter(folder)
    try:
        with writing(connection):
            told = _tell(connection, folder, writer, ids, asked)
            if asked.is_undone:
                _bring_back(connection, folder, profile, ids)
            else:
                _take_out(connection, folder, profile, told)
    finally:
        writer.close()


def _moment(connection: sqlite3.Connection, folder: Path) -> datetime:
    """Return an instant later than all at which captures were retracted or brought back.

    It is now, unless the clock has gone back since: what is said last of a capture counts.
    """
    now, last = datetime.now(UTC), last_end(connection, _COMMAND)
    if last is None or last < now:
        return now
    said = [one.at for one, _ in metadata_in(folder).retractions.values()]
    return max([now, *(at + timedelta(microseconds=1) for at in said)])


def _tell(
    connection: sqlite3.Connection,
    folder: Path,
    writer: WarcWriter,
    ids: list[str],
    asked: Asked,
) -> list[Retraction]:
    """Write beside the raw captures what is said of *ids*; return it with its files."""
    moment = _moment(connection, folder)
    told = []
    for one in ids:
        url = url_of(connection, one)
        for name in sorted(_ids_of(connection, folder, one)):
            record = RetractionRecord(name, url, moment, asked.why, asked.is_undone)
            file, _ = writer.append(make_retraction(record))
        told.append(Retraction(one, asked.why, _instant(moment), file))
    name_written(connection, writer)
    return told


def _ids_of(connection: sqlite3.Connection, folder: Path, capture: str) -> set[str]:
    """Return the id of a *capture*, and that in its raw record, of the reader of that time."""
    (stored,) = stored_captures(connection, capture)
    with suppress(RawCaptureMissing):  # lost: then no history can be made of it either
        record = read_back(folder, stored.place.warc_file, stored.place.warc_offset)
        return {capture, named_capture(record) or capture}
    return {capture}


def _take_out(
    connection: sqlite3.Connection, folder: Path, profile: Profile, told: list[Retraction]
) -> None:
    captures = [one.capture for one in told]
    take_out(connection, captures, bodies_by(connection, folder, profile))
    note_retractions(connection, told)


def _bring_back(
    connection: sqlite3.Connection, folder: Path, profile: Profile, ids: list[str]
) -> None:
    stored = list(stored_captures(connection, *ids))
    read = [(read_again(folder, one, profile), one.place) for one in stored]
    forget_retractions(connection, ids)
    store_captures(connection, read)
    derive_pending(connection)
