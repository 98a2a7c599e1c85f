"""From offered captures to stored facts: read, normalise, keep the bytes, store, settle."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from embassy_scraper.archives import LeftOut, Offer
from embassy_scraper.archives.shards import Shard
from embassy_scraper.captures import WarcWriter
from embassy_scraper.errors import RawCaptureMissing
from embassy_scraper.intake.reading import Piece, Read, Reading, Rejected
from embassy_scraper.intake.revisits import resolve
from embassy_scraper.intake.stored import read_anew
from embassy_scraper.items import PageProblem
from pipelines.dedupe import note_again
from pipelines.diff import Progress, settle
from pipelines.state.evidence import note_evidence
from pipelines.state.shards import captures_done, forget_shards, note_done
from pipelines.state.waiting import WaitingRevisit, let_go, wait, waiting
from pipelines.store import NewCapture, keep, name_written, restore
from pipelines.tables.database import open_database, writing
from pipelines.tables.known import captures_in, known_captures
from pipelines.tables.problems import store_problems
from pipelines.tables.reconcile import count_disagreements
from pipelines.tables.runs import Outcome, count_changes
from pipelines.tables.withheld import newest_withheld

_BATCH = 250
_TOLD = (Read, LeftOut)  # of which nothing is left to be told once they are stored
_SETTLED = 2_000  # captures, after which a run of several processes derives what follows


@dataclass(slots=True)
class Tally:
    """What became of the captures offered."""

    stored: int = 0
    known: int = 0
    rejected: int = 0
    left_out: int = 0
    changes: int = 0
    problems: int = 0
    withheld: int = 0

    def counts(self) -> dict[str, int]:
        """Return all of them by name."""
        return asdict(self)

    def outcome(self) -> Outcome:
        """Return how the run ended."""
        return "partial" if self.rejected else "complete"


class Intake:
    """Takes captures in, piece by piece; each piece is one transaction."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        folder: Path,
        reading: Reading,
        say: Callable[[str], None],
    ) -> None:
        """Store in *connection* and below *folder*; tell rejections to *say*."""
        self._connection = connection
        self._folder = folder
        self._reading = reading
        self._say = say
        self._unsettled = 0
        self._writer = WarcWriter(folder)
        self._offered: set[int] = set()  # numbers of the revisits offered
        self._lost_ids: set[str] | None = None
        self._open: dict[Shard, int] = {}  # captures of shards under way
        self._unclean: set[Shard] = set()  # those of which more is to be told than captures
        self.tally = Tally()
        self.withheld: str | None = None  # the newest capture of which a part is
        self.others: Counter[str] = Counter()  # records left out, by what most of a shard are of

    def to_read(self, shards: Iterable[Shard]) -> Iterator[Shard]:
        """Yield those of *shards* that an import which was cut short has not stored already."""
        for shard in shards:
            name = self._name(shard)
            done = None
            if name is not None and not self._lost():
                done = captures_done(self._connection, name)
            if done is None:
                yield shard
            else:
                self.tally.known += done

    def take(self, pieces: Iterable[Piece], *, settles: bool) -> None:
        """Store what *pieces* hold; revisits wait until all else is stored.

        One that *settles* derives what follows on the way, while other processes read.
        """
        try:
            for piece in pieces:
                self._take_piece(piece)
                if settles and self._unsettled >= _SETTLED:
                    settle(self._connection)
                    self._unsettled = 0
            self._complete()
            with writing(self._connection):
                forget_shards(self._connection)
        finally:
            self._writer.close()

    def complete(self) -> None:
        """Do what stored captures make possible, whatever brought them."""
        try:
            self._complete()
        finally:
            self._writer.close()

    def restore(self, pieces: Iterable[Piece], lost: Collection[str]) -> int:
        """Write the raw records of the *lost* captures that *pieces* hold; return their number.

        Nothing else of *pieces* is taken in.
        """
        self._lost_ids = set(lost)
        try:
            for piece in pieces:
                found = [one for one in piece.found if isinstance(one, Read)]
                offered = [one for one in found if one.capture.id in self._lost_ids]
                with writing(self._connection):
                    ids = [one.capture.id for one in offered]
                    self._restore(offered, known_captures(self._connection, ids))
                    name_written(self._connection, self._writer)
        finally:
            self._writer.close()
        return len(lost) - len(self._lost_ids)

    def _complete(self) -> None:
        self._read_anew()  # a revisit repeats what counts now
        self._take_revisits()
        self._read_anew()

    def _read_anew(self) -> None:
        """Let stronger evidence count; where a raw file is lost, it waits until that is back."""
        try:
            read_anew(self._connection, self._folder, self._reading.profile)
        except RawCaptureMissing as error:
            self._say(f"stronger evidence of some captures cannot be used yet: {error}")

    def _take_piece(self, piece: Piece) -> None:
        shard = piece.shard
        with writing(self._connection):
            read = self._sift(piece)
            self._store(read)
            is_clean = all(isinstance(one, _TOLD) for one in piece.found)
            self._open[shard] = self._open.get(shard, 0) + len(read)
            if not is_clean:
                self._unclean.add(shard)
            if piece.is_last:
                captures = self._open.pop(shard)
                name = self._name(shard)
                if name is not None and shard not in self._unclean:
                    note_done(self._connection, name, captures)
                self._unclean.discard(shard)
        self._unsettled += len(piece.found)

    def _name(self, shard: Shard) -> str | None:
        return shard.name and f"{shard.name} {self._reading.name}"

    def _sift(self, piece: Piece) -> list[Read]:
        """Return what can be stored; revisits begin to wait, and what was rejected is told."""
        read: list[Read] = []
        for one in piece.found:
            if isinstance(one, Read):
                read.append(one)
            elif isinstance(one, Rejected):
                self._reject(one)
            elif isinstance(one, WaitingRevisit):
                self._offered.add(wait(self._connection, one))
            else:
                self.tally.left_out += one.count
                self.others[one.host] += one.of_host
        return read

    def _take_revisits(self) -> None:
        """Store the revisits whose original is here, those of earlier runs too.

        Some repeat another revisit, so it is gone on with until no more can be resolved.
        """
        while self._pass_revisits(tells=False):
            pass
        self._pass_revisits(tells=True)

    def _pass_revisits(self, *, tells: bool) -> int:
        """Store what can be resolved now, and return how much; the rest is told if it *tells*."""
        count = 0
        for batch in waiting(self._connection, _BATCH):
            with writing(self._connection):
                found = [one for each in batch if (one := self._resolve(*each, tells)) is not None]
                self._store(found)
            count += len(found)
        return count

    def _resolve(self, number: int, revisit: WaitingRevisit, tells: bool) -> Read | None:
        found, original = resolve(self._connection, self._folder, revisit, self._reading.profile)
        one = self._reading.read(Offer(revisit.path, revisit.where, found))
        if isinstance(one, Read):
            let_go(self._connection, number, original)
            return one
        if tells and isinstance(one, Rejected) and number in self._offered:
            self._reject(one)
        return None

    def _reject(self, rejected: Rejected) -> None:
        error = rejected.error
        self.tally.rejected += 1
        self._say(f"rejected: {' '.join(str(error).split())}")
        problem = PageProblem(error.what, error.where, error.evidence)
        store_problems(self._connection, [problem], path=rejected.file)

    def _store(self, read: list[Read]) -> None:
        known = known_captures(self._connection, [one.capture.id for one in read])
        new, again, stronger = _ranked(read, known)
        if new:
            keep(self._connection, self._writer, [_packed(one) for one in new.values()])
        for one in stronger.values():
            self._will_count(one)
        self._restore(again, known)
        if again:
            name_written(self._connection, self._writer)
        for one in again:
            note_again(self._connection, one.capture.id, one.capture.source, one.digest)
        self.tally.stored += len(new)
        self.tally.known += len(again)
        self.tally.problems += sum(len(one.capture.problems) for one in new.values())
        count, newest = newest_withheld(one.capture for one in new.values())
        self.tally.withheld += count
        self.withheld = max(filter(None, (self.withheld, newest)), default=None)

    def _will_count(self, one: Read) -> None:
        place = self._writer.append(one.record())
        note_evidence(self._connection, one.capture.id, one.capture.evidence, place)

    def _restore(self, again: list[Read], known: dict[str, str]) -> None:
        """Write the raw records of captures whose files are lost, each from its best offer.

        Where that is weaker evidence than the facts rest on, the capture is read anew.
        """
        best: dict[str, Read] = {}
        for one in again:
            name = one.capture.id
            if name in self._lost() and (
                name not in best or one.capture.evidence > best[name].capture.evidence
            ):
                best[name] = one
        if not best:
            return
        restore(self._connection, self._writer, [_packed(one) for one in best.values()])
        self._lost().difference_update(best)
        for name, one in best.items():
            if one.capture.evidence < known.get(name, ""):
                self._will_count(one)

    def _lost(self) -> set[str]:
        """Return the stored captures whose raw file is gone; looked up when first asked for."""
        if self._lost_ids is None:
            named = [row[0] for row in self._connection.execute("SELECT name FROM _warc_files")]
            missing = [name for name in named if not (self._folder / name).exists()]
            self._lost_ids = captures_in(self._connection, missing)
        return self._lost_ids


def _ranked(
    read: list[Read], known: dict[str, str]
) -> tuple[dict[str, Read], list[Read], dict[str, Read]]:
    """Return what is new, what is met again, and which of that is stronger evidence, by capture.

    Of several new ones the strongest counts; *known*, the evidence of what is stored, is raised.
    """
    new: dict[str, Read] = {}
    again: list[Read] = []
    stronger: dict[str, Read] = {}
    for one in read:
        name, evidence = one.capture.id, one.capture.evidence
        if name in known:
            again.append(one)
            if evidence > known[name]:
                known[name] = evidence
                stronger[name] = one
        elif name not in new:
            new[name] = one
        else:
            weaker = one
            if evidence > new[name].capture.evidence:
                weaker, new[name] = new[name], one
            again.append(weaker)
    return new, again, stronger


def _packed(read: Read) -> NewCapture:
    return NewCapture(read.capture, read.record(), read.digest)


def tell_disagreements(db: Path) -> None:
    """Say on stderr how many places there are in which two sources disagree, if there are any."""
    with closing(open_database(db)) as connection:
        count = count_disagreements(connection)
    if count:
        places = "1 place" if count == 1 else f"{count} places"
        look = 'embassy-scraper problems --kind "sources disagree"'
        click.echo(f"sources disagree in {places}; look at them with: {look}", err=True)


def settle_and_count(
    connection: sqlite3.Connection, tally: Tally, before: int, progress: Progress | None
) -> None:
    """Derive what follows from the stored captures, and count the changes that came."""
    settle(connection, progress)
    tally.changes = count_changes(connection) - before
