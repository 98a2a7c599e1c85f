"""Captures from files: who reads them, and how what was read is taken in, piece by piece."""

import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from embassy_scraper.archives import LeftOut
from embassy_scraper.archives.own_metadata import warc_files
from embassy_scraper.archives.own_records import is_own_file
from embassy_scraper.archives.saved import SavedFile, SavedReader
from embassy_scraper.archives.shards import Shard, cut, size_of, whole
from embassy_scraper.errors import DatabaseError, RawCapturesLost
from embassy_scraper.intake.anew import open_door
from embassy_scraper.intake.engine import Intake
from embassy_scraper.intake.place import Say, captures_folder, from_raw_command, writer_lock
from embassy_scraper.intake.progress import Bar
from embassy_scraper.intake.reading import Piece, Reader, collect_garbage_seldom
from embassy_scraper.items import Taken
from pipelines.diff import settle
from pipelines.state.shards import captures_done, forget_shards, note_done
from pipelines.tables.database import is_blank, open_database, writing
from pipelines.tables.runs import Run, count_changes
from pipelines.tables.site_and_reader import profile_of, refuse_other_site

_MANY = 4  # files a process, which keep them all busy
_SETTLED = 2_000  # captures, after which a run of several processes derives what follows
_TOLD = (Taken, LeftOut)  # nothing more to report once they are stored


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads: this process, *jobs* others, or the workers of a Dask *scheduler*."""

    jobs: int = 1
    is_dask: bool = False
    scheduler: str | None = None

    @property
    def is_alone(self) -> bool:
        """Say whether this process reads by itself."""
        return self.jobs == 1 and not self.is_dask

    def shards(self, files: list[SavedFile], *, only_site: bool) -> Iterator[Shard]:
        """Return *files* in parts for those who read.

        To cut a file takes about as long as to pass over its records, so many files of which few
        records are wanted are left whole.
        """
        is_much = self.scheduler is not None or len(files) >= _MANY * self.jobs
        return whole(files) if self.is_alone or (only_site and is_much) else cut(files)

    def pieces(self, shards: Iterator[Shard], reader: Reader) -> Generator[Piece]:
        """Yield what *shards* say."""
        if self.is_dask:
            from embassy_scraper.intake.cluster import read_in_cluster  # 1 s

            return read_in_cluster(shards, reader, self.scheduler, self.jobs)
        if self.is_alone:
            return read_here(shards, reader)
        from embassy_scraper.intake.workers import read_in_processes

        return read_in_processes(shards, reader, self.jobs)


def read_here(shards: Iterable[Shard], reader: Reader) -> Generator[Piece]:
    """Yield what *shards* say, read in this process."""
    saved = SavedReader(reader.hosts)
    return (piece for shard in shards for piece in reader.pieces(shard, saved=saved))


class ShardIntake:
    """Takes in what shards say; each piece is one transaction, which notes the shard's end."""

    def __init__(self, intake: Intake) -> None:
        """Take in by the engine."""
        self._intake = intake
        self._connection = intake.connection
        self._open: dict[Shard, int] = {}  # captures of shards under way
        self._unclean: set[Shard] = set()  # those with more to report than captures

    def to_read(self, shards: Iterable[Shard]) -> Iterator[Shard]:
        """Yield those of *shards* that an interrupted import has not stored yet."""
        for shard in shards:
            name = self._name(shard)
            done = None
            if name is not None and not self._intake.has_lost():
                done = captures_done(self._connection, name)
            if done is None:
                yield shard
            else:
                self._intake.tally.known += done

    def take(self, pieces: Iterable[Piece], *, settles: bool) -> None:
        """Store what *pieces* hold; revisits wait until all else is stored.

        One that *settles* derives what follows on the way, while other processes read.
        """
        unsettled = 0
        try:
            for piece in pieces:
                self._take_piece(piece)
                unsettled += len(piece.found)
                if settles and unsettled >= _SETTLED:
                    settle(self._connection)
                    unsettled = 0
            self._intake.complete()
            with writing(self._connection):
                forget_shards(self._connection)
        finally:
            self._intake.close()

    def _take_piece(self, piece: Piece) -> None:
        shard = piece.shard
        with writing(self._connection):
            count = self._intake.take(piece.found)
            self._open[shard] = self._open.get(shard, 0) + count
            if not all(isinstance(one, _TOLD) for one in piece.found):
                self._unclean.add(shard)
            if piece.is_last:
                captures = self._open.pop(shard)
                name = self._name(shard)
                if name is not None and shard not in self._unclean:
                    note_done(self._connection, name, captures)
                self._unclean.discard(shard)

    def _name(self, shard: Shard) -> str | None:
        return shard.name and f"{shard.name} {self._intake.reader.name}"


def ingest(files: list[SavedFile], db: Path, reader: Reader, readers: Readers, say: Say) -> Intake:
    """Import *files* into *db*; return the engine, which knows what became of the captures.

    Raises:
        EmbassyError: it could not be done; what was stored so far stays.
    """
    collect_garbage_seldom()
    refuse_own(files, db, say)
    with writer_lock(db, say), closing(open_database(db)) as connection:
        refuse_other_site(connection, reader.profile, db)  # a refusal is no run
        run = Run(connection, "ingest")
        intake = Intake(connection, captures_folder(db), reader, say)
        with run.noted(intake.tally.counts):
            _open_door(intake, db, files, say)
            before = count_changes(connection)
            with Bar(sum(map(size_of, files))) as bar:
                bar.show("reading", 0)
                shards = ShardIntake(intake)
                wanted = shards.to_read(readers.shards(files, only_site=reader.only_site))
                with closing(readers.pieces(wanted, reader)) as pieces:  # and who reads them
                    shards.take(_shown(pieces, bar), settles=not readers.is_alone)
            with Bar(None) as bar:
                settle(connection, bar.show)
            intake.tally.changes = count_changes(connection) - before
            run.finish(intake.tally.outcome(), intake.tally.counts())
    return intake


def refuse_own(files: list[SavedFile], db: Path, say: Say) -> None:
    """Raise where *files* are the raw captures of a database that is lost.

    Where they only lie beside it, *say* that they are no part of the history that begins.

    Raises:
        DatabaseError: they are; taken in like others they would be stored a second time.
    """
    own = captures_folder(db)
    if not is_blank(db) or not own.is_dir():
        return
    for file in files:
        path = file.path
        if file.is_warc and own.samefile(path.parent) and is_own_file(path):
            raise DatabaseError(
                f"{file.path}: a raw capture of a history whose database, {db}, is not there;"
                f" make it again with {from_raw_command(db)}"
            )
    if any(map(is_own_file, warc_files(own))):
        say(
            f"{own}: raw captures of an earlier history, no part of the one that begins now; to"
            f" have them too, move {db} away afterwards and run {from_raw_command(db)}"
        )


def _open_door(intake: Intake, db: Path, files: list[SavedFile], say: Say) -> None:
    """Open the door; where lost raw records keep it shut, those among *files* are taken first.

    They are known by the ids that the profile of before gave them.

    Raises:
        EmbassyError: as ``open_door``.
    """
    connection, profile = intake.connection, intake.reader.profile
    try:
        open_door(connection, db, profile, say)
    except RawCapturesLost as error:
        of_before = replace(intake.reader, profile=profile_of(connection))
        count = restore_lost(connection, captures_folder(db), of_before, files, error.captures)
        if not count:
            raise
        say(f"raw records restored: {count} of {len(error.captures)}")
        open_door(connection, db, profile, say)


def restore_lost(
    connection: sqlite3.Connection,
    folder: Path,
    reader: Reader,
    files: list[SavedFile],
    captures: Iterable[str],
) -> int:
    """Write the raw records of lost *captures* that *files* hold; return their number.

    Nothing else of the files is taken in.
    """
    lost = set(captures)
    before = len(lost)
    intake = Intake(connection, folder, reader, say=lambda line: None)
    try:
        for piece in read_here(whole(files), reader):
            with writing(connection):
                intake.restore(piece.found, lost)
    finally:
        intake.close()
    return before - len(lost)


def _shown(pieces: Iterator[Piece], bar: Bar) -> Iterator[Piece]:
    """Yield *pieces*, and let the *bar* show how many bytes of all files are done."""
    done = 0
    for piece in pieces:
        yield piece
        bar.show("reading", done + piece.at)
        done += piece.shard.size if piece.is_last else 0
