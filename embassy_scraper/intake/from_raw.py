"""A history out of raw captures alone: ``rebuild --from``.

Every record of ours in the WARC files of ``captures/`` is read where it lies; nothing is stored a
second time. Who told of a capture, and what was retracted, stands there in records of its own. The
database is made beside its place, and put there when it is whole: what a kill leaves is made anew.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

from embassy_scraper.archives import Revisit
from embassy_scraper.archives.own_metadata import WARCS, metadata_in, not_followed, warc_files
from embassy_scraper.archives.own_records import OwnRecord, is_own_file, own_records
from embassy_scraper.captures import FileState, state_of
from embassy_scraper.errors import CaptureRejected, DatabaseError, RawCaptureMissing
from embassy_scraper.intake.engine import Intake
from embassy_scraper.intake.pasted import to_paste
from embassy_scraper.intake.place import Say, captures_folder, writer_lock
from embassy_scraper.intake.progress import Bar
from embassy_scraper.intake.reading import Reader
from embassy_scraper.intake.retract import keep_out, note_told
from embassy_scraper.intake.stored import Stored, merge_facts, read_by
from embassy_scraper.items import Capture, PageProblem, RawCapture
from embassy_scraper.provenance_notes import strongest
from embassy_scraper.sites import Profile, reader_digest
from embassy_scraper.sites.addresses import read_address
from pipelines.diff import settle
from pipelines.normalise import capture_id, evidence_of
from pipelines.state.waiting import WaitingRevisit, wait
from pipelines.store import name_file
from pipelines.tables.database import (
    is_blank,
    is_ours,
    make_whole,
    open_as_it_stands,
    open_database,
    remove_database,
    writing,
)
from pipelines.tables.facts import RawPlace
from pipelines.tables.known import Original, count_captures, find_originals, find_payloads
from pipelines.tables.problems import store_problems
from pipelines.tables.retracted import Retraction, note_retractions, retractions
from pipelines.tables.runs import Run, count_changes, last_id, last_run
from pipelines.tables.site_and_reader import note_reader, reader_of
from pipelines.tables.withheld import shares

_NOTE = "made of raw captures alone"  # what its run says
_BATCH = 250  # captures in a transaction


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: captures and changes of the history, retracted ones, records not read.

    Of these, how many are damaged: what they said is not known. Of how many captures a part is
    withheld; a version that did not count that wrote a row of ``runs`` without it.
    """

    stored: int
    changes: int
    retracted: int
    rejected: int
    damaged: int
    withheld: int = 0


def rebuild_from(folder: Path, db: Path, profile: Profile, say: Say) -> Made:
    """Make the database *db* out of the raw captures in *folder* alone.

    They stay where they are, if that is beside the database; else they are copied there first.

    Where that was done before, as by a run that was killed at its very end, it is not done again.

    Raises:
        DatabaseError: there is another history at *db*, or no raw capture in *folder*.
    """
    if (before := _made_before(folder, db, profile)) is not None:
        say(f"{db}: made of these raw captures already, and nothing was added to it since")
        return before
    _refuse_existing(db)
    if not any(map(is_own_file, warc_files(folder))):
        told = f"{folder}: no raw captures of this program ({WARCS}) there"
        raise DatabaseError(f"{told}; name a captures folder, or give it to embassy-scraper ingest")
    with writer_lock(db, say):
        _refuse_existing(db)  # another run may have made it meanwhile
        place = captures_folder(db)
        refused = dict([*not_followed(folder), *not_followed(place)])
        _bring(folder, place)
        beside = Path(f"{db}.made")
        for path in (db, beside):  # what a lost database or a killed run has left
            remove_database(path)
        try:
            with closing(open_database(beside)) as connection:
                made = _Making(connection, place, profile, say).make(refused)
                make_whole(connection)
            if db.exists():  # a crawl opens it without the lock, and would write into what is moved
                told = "another run has begun a database there; when it has ended, move that away"
                raise DatabaseError(f"{db}: {told} and run this again")
            beside.replace(db)
        except BaseException:  # what is not whole is of no use, and takes room
            with suppress(OSError):
                remove_database(beside)
            raise
    return made


def _refuse_existing(db: Path) -> None:
    if not is_blank(db):
        told = f"{db}: there is a database already; {to_paste('rebuild')} reads it anew"
        raise DatabaseError(f"{told}; to make one out of raw captures alone, move it away first")


def _made_before(folder: Path, db: Path, profile: Profile) -> Made | None:
    """Return what *db* was made of, if that are these very raw captures, and by its only run."""
    if not is_ours(db):
        return None
    with closing(open_as_it_stands(db)) as connection:
        run = last_run(connection) if last_id(connection) == 1 else None
        if run is None or run["note"] != _NOTE or reader_of(connection) != reader_digest(profile):
            return None
        named = {FileState(*row) for row in connection.execute("SELECT * FROM _warc_files")}
    there = {state_of(path) for path in warc_files(captures_folder(db))}
    given = {state_of(path) for path in filter(is_own_file, warc_files(folder))}
    counts = json.loads(run["counts"] or "")
    return Made(**counts) if named == there and given <= there else None


def _bring(folder: Path, place: Path) -> None:
    """Copy the raw captures of *folder* to their *place*, unless they lie there.

    Raises:
        DatabaseError: another file of that name is there.
    """
    if place.exists() and folder.samefile(place):
        return
    place.mkdir(parents=True, exist_ok=True)
    for path in filter(is_own_file, warc_files(folder)):
        copy = place / path.name
        if not copy.exists():
            half = place / f"{path.name}.part"
            try:
                shutil.copyfile(path, half)
                half.replace(copy)
            except OSError as error:  # it names what is read alone, also where the copy failed
                what = f"{error.strerror}, as {path} was copied there"
                raise OSError(error.errno, what, str(half)) from error
            finally:
                half.unlink(missing_ok=True)
        elif state_of(copy) != state_of(path):
            raise DatabaseError(f"{copy}: there, with other bytes than {path}; move one of them")


class _Making:
    """Reads the raw captures of a *folder* into an empty database."""

    def __init__(
        self, connection: sqlite3.Connection, folder: Path, profile: Profile, say: Say
    ) -> None:
        self._connection, self._folder = connection, folder
        self._profile, self._say = profile, say
        self._said = metadata_in(folder)
        self._revisits: list[tuple[str, str, OwnRecord]] = []  # by instant: their originals first
        self._out: dict[str, Retraction] = {}  # by the ids that the raw captures tell
        self._found: set[str] = set()  # of these, those whose records were read
        self._rejected = self._damaged = 0

    def make(self, refused: Mapping[str, CaptureRejected]) -> Made:
        """Do all of it, tell which files were *refused*, and return what was made."""
        run = Run(self._connection, "rebuild")
        with writing(self._connection):
            note_reader(self._connection, self._profile)
            note_told(self._connection, self._said)
        self._out = retractions(self._connection)
        for file, fault in (*refused.items(), *self._said.rejected):
            self._reject(file, fault)
        self._take(self._all_records())
        for _, file, record in sorted(self._revisits, key=lambda one: one[:2]):
            self._take([(file, record)])  # some repeat another revisit
        engine = Intake(self._connection, self._folder, Reader(self._profile), self._say)
        engine.complete()
        engine.close()
        with Bar(None) as bar:
            settle(self._connection, bar.show)
        keep_out(self._connection, self._folder, self._profile, self._found)
        changes = count_changes(self._connection)
        captures = count_captures(self._connection)
        withheld = sum(month.withheld for month in shares(self._connection))
        retracted = len(retractions(self._connection))
        made = Made(captures, changes, retracted, self._rejected, self._damaged, withheld)
        run.finish("partial" if self._rejected else "complete", asdict(made), _NOTE)
        return made

    def _all_records(self) -> Iterator[tuple[str, OwnRecord]]:
        """Yield file and record of all captures but revisits, which are kept for later."""
        paths = warc_files(self._folder)
        done = 0
        with Bar(sum(path.stat().st_size for path in paths)) as bar:
            for path in paths:
                for found in own_records(path):
                    if isinstance(found, CaptureRejected):
                        self._reject(path.name, found)
                    elif isinstance(found.found, Revisit) and found.found.is_kept:
                        self._wait(path.name, found.offset, found.found)
                    elif isinstance(found.found, Revisit):
                        at = found.found.raw.captured_at or ""
                        self._revisits.append((at, path.name, found))
                    else:
                        yield path.name, found
                        bar.show("reading", done + found.offset)
                with writing(self._connection):
                    name_file(self._connection, state_of(path))
                done += path.stat().st_size

    def _wait(self, file: str, offset: int, found: Revisit) -> None:
        """Let a revisit as it was offered wait until all else is read."""
        offer = WaitingRevisit(file, str(offset), found)
        with writing(self._connection):
            wait(self._connection, offer, (file, offset))

    def _take(self, records: Iterable[tuple[str, OwnRecord]]) -> None:
        """Write the facts of *records*, batch by batch."""
        rest = iter(records)
        while batch := list(islice(rest, _BATCH)):
            read = []
            for file, record in batch:
                try:
                    stored = self._stored(file, record)
                    capture = read_by(self._folder, stored, self._profile)
                except RawCaptureMissing as error:
                    fault = CaptureRejected("damaged record", str(error), str(record.offset))
                    self._reject(file, fault)
                else:
                    read.append((stored, capture))
            with writing(self._connection):
                self._store(read)

    def _stored(self, file: str, record: OwnRecord) -> Stored:
        """Return what a database would say of a record.

        Raises:
            RawCaptureMissing: it repeats another one, which is not there.
        """
        found = record.found
        raw = found if isinstance(found, RawCapture) else found.raw
        originals: tuple[Original, ...] = ()
        if isinstance(found, RawCapture):
            digest = sha256(found.payload).hexdigest()
        else:
            digest = self._repeated(file, record, found)
            originals = find_originals(self._connection, digest)
        notes = self._said.notes.get(record.capture, [])
        digests = filter(None, (record.digest, *(note.digest for note in notes)))
        at = RawPlace(file, record.offset, min(digests, default=None), isinstance(found, Revisit))
        told = strongest(evidence_of(raw), notes)
        return Stored(record.capture, told, digest, at, originals)

    def _repeated(self, file: str, record: OwnRecord, revisit: Revisit) -> str:
        """Return the SHA-256 of the bytes that a record repeats, by which its capture is named.

        Raises:
            RawCaptureMissing: they are not there.
        """
        raw = revisit.raw
        url = read_address(revisit.refers_to, self._profile, raw.mirror).url
        own = read_address(raw.url, self._profile, raw.mirror).url
        for digest in find_payloads(self._connection, url, revisit.refers_at):
            if capture_id(own, raw.captured_at or "", digest) == record.capture:
                return digest
        place = f"{self._folder / file} at {record.offset}"
        raise RawCaptureMissing(f"{place}: the record that it repeats is lost; restore its file")

    def _store(self, read: Sequence[tuple[Stored, Capture]]) -> None:
        """Write what was read; what is retracted stays so under the id that it has now."""
        out = [(self._out[stored.id], c.id) for stored, c in read if stored.id in self._out]
        self._found.update(old.capture for old, _ in out)
        note_retractions(self._connection, [replace(old, capture=new) for old, new in out])
        merge_facts(self._connection, [(capture, stored.place) for stored, capture in read])

    def _reject(self, file: str, fault: CaptureRejected) -> None:
        self._rejected += 1
        self._damaged += fault.what == "damaged record"
        self._say(f"rejected: {' '.join(str(fault).split())}")
        problem = PageProblem(fault.what, fault.where, fault.evidence)
        with writing(self._connection):
            store_problems(self._connection, [problem], path=file)
