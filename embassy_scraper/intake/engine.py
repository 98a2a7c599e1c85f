"""The one engine that takes captures in, wherever they come from.

Each is ranked by its evidence, its bytes are kept, then its facts are stored; a revisit waits until
its original is here. It combines the pure functions of the stages: Scrapy's stages give it one
capture at a time, imports of files many at once.
"""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

from embassy_scraper.archives import LeftOut, WhyLeftOut
from embassy_scraper.crawl_items import Outcome
from embassy_scraper.errors import RawCaptureMissing
from embassy_scraper.evidence import NO_EVIDENCE, Evidence
from embassy_scraper.intake.offered_page import DISAGREES
from embassy_scraper.intake.place import Say
from embassy_scraper.intake.reading import Found, Reader, Rejected
from embassy_scraper.intake.revisits import Passed, Revisits
from embassy_scraper.intake.stored import read_anew
from embassy_scraper.items import PageProblem, Taken
from embassy_scraper.warc_writer import WarcWriter
from pipelines.dedupe import Ranked, note_again, note_teller, rank
from pipelines.normalise import CLOCK_DISAGREES
from pipelines.state.arrivals import note_arrival
from pipelines.state.waiting import (
    Known,
    WaitingRevisit,
    best_revisits,
    doubt_originals,
    doubt_readings,
    has_doubts,
    made_of_revisits,
    wait,
    waiting,
)
from pipelines.store import keep, keep_evidence, name_written, note_of, restore
from pipelines.tables.database import writing
from pipelines.tables.known import captures_in, known_captures
from pipelines.tables.problems import store_problems
from pipelines.tables.withheld import newest_withheld
from pipelines.values.instants import instant_of

_BATCH = 250  # revisits in a transaction
NO_ADDRESS = "no address"
_DOUBTFUL = frozenset({DISAGREES, CLOCK_DISAGREES})


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
    """Takes captures in; the caller holds the transaction unless a method says otherwise."""

    def __init__(
        self, connection: sqlite3.Connection, folder: Path, reader: Reader, say: Say
    ) -> None:
        """Store in *connection* and below *folder*; tell rejections to *say*."""
        self.connection = connection
        self.reader = reader
        self.tally = Tally()
        self.withheld: str | None = None  # the newest capture with a withheld part
        self.doubtful: Counter[str] = Counter()  # new captures that may be told wrongly
        self.left_out: Counter[WhyLeftOut] = Counter()  # records, by why
        self.others: Counter[str] = Counter()  # those of other sites, by what most of a shard are
        self._folder = folder
        self._say = say
        self._writer = WarcWriter(folder)
        self._revisits = Revisits(connection, folder, reader, self._writer)
        self._offered: set[int] = set()  # numbers of the revisits offered
        self._failed: dict[int, Rejected] = {}  # why revisits wait, by number
        self._lost_ids: set[str] | None = None

    def take(self, found: Iterable[Found]) -> int:
        """Store what can be stored, and return how many offers that is.

        Revisits begin to wait, and rejections are reported.
        """
        taken: list[Taken] = []
        for one in found:
            if isinstance(one, Taken):
                taken.append(one)
            elif isinstance(one, Rejected):
                self._reject(one)
            elif isinstance(one, WaitingRevisit):
                number = wait(self.connection, one)
                self._offered.add(number)
                self._revisits.restore(number, self._lost())
            else:
                self._leave_out(one)
        self._store(taken)
        return len(taken)

    def knows(self, one: Taken) -> bool:
        """Say whether a capture is stored on evidence as strong; if so, take it as come again.

        In a transaction of its own.
        """
        known = self._known([one]).get(one.capture.id)
        if known is None or one.capture.evidence > known:
            return False
        with writing(self.connection):
            self._store([one])
        return True

    def complete(self) -> None:
        """Do what stored captures make possible, in transactions of its own.

        Revisits of what is here are stored, and better evidence counts, as if it had come first.
        """
        self._reconsider()  # a revisit repeats what counts now
        self._pass_revisits(set())
        self._reconsider(doubtful=True)
        with writing(self.connection):
            for _, one in sorted(self._failed.items()):
                self._reject(one)
        self._failed.clear()

    def restore(self, found: Iterable[Found], lost: set[str]) -> None:
        """Write the raw records of *lost* captures that are in *found*, and take nothing else in.

        What is restored is taken out of *lost*.
        """
        self._lost_ids = lost
        offered = [one for one in found if isinstance(one, Taken) and one.capture.id in lost]
        known = known_captures(self.connection, [one.capture.id for one in offered])
        self._restore(offered, known)

    def close(self) -> None:
        """Close the raw file; what is taken in later begins another one."""
        self._writer.close()

    def _reconsider(self, *, doubtful: bool = False) -> None:
        """Let better evidence count, and better originals of *doubtful* revisits.

        Where a raw file is lost, all of it waits until that is back.
        """
        gone: set[str] = set()
        try:
            with writing(self.connection):
                if doubtful and has_doubts(self.connection):
                    self._pass_revisits(gone, doubtful=True)
                left = gone - best_revisits(self.connection, gone).keys()
                read_anew(self.connection, self._folder, self.reader.profile, sorted(left))
        except RawCaptureMissing as error:
            self._say(f"better evidence of some captures cannot be used yet: {error}")

    def _pass_revisits(self, gone: set[str], *, doubtful: bool = False) -> None:
        """Store what can be resolved now, those of earlier runs too.

        Some repeat another revisit: what came of one round is looked for in the next, and nothing
        else, for a chain of thousands is resolved one by one.
        """
        touched = self._pass_round(gone, None, doubtful=doubtful)
        while touched:
            named = {instant_of(capture) for capture in touched}
            touched = self._pass_round(gone, named, doubtful=doubtful)

    def _pass_round(
        self, gone: set[str], named: Collection[str] | None, *, doubtful: bool
    ) -> set[str]:
        """Resolve all, or those that repeat what is *named*; return the captures read differently.

        Each batch is a transaction, unless the *doubtful* ones are read too, where all are one.
        """
        touched: set[str] = set()
        for batch in waiting(self.connection, _BATCH, named, doubtful=doubtful):
            with nullcontext() if doubtful else writing(self.connection):
                passed = self._revisits.resolve(batch)
                known = self._known(passed.again)
                told = [one for one in passed.again if known[one.capture.id] != NO_EVIDENCE]
                self._restore(told, known)
            self._note(batch, passed)
            gone |= passed.gone
            touched |= passed.touched
        return touched

    def _note(self, batch: Sequence[Known], passed: Passed) -> None:
        """Count what came of a *batch* of revisits, and why some of them wait, of those offered."""
        self._count(Ranked(tuple(passed.new), tuple(passed.again), (), ()))
        for one in batch:
            if one.number not in passed.failed:
                self._failed.pop(one.number, None)
            elif one.number in self._offered or one.capture is not None:
                self._failed[one.number] = passed.failed[one.number]

    def _reject(self, rejected: Rejected) -> None:
        error = rejected.error
        self.tally.rejected += 1
        self._say(f"rejected: {' '.join(str(error).split())}")
        problem = PageProblem(error.what, error.where, error.evidence)
        store_problems(self.connection, [problem], path=rejected.file)

    def _leave_out(self, one: LeftOut) -> None:
        self.tally.left_out += one.count
        self.left_out[one.why] += one.count
        if one.why == "another site":
            self.others[one.host] += one.of_host

    def _store(self, taken: Sequence[Taken]) -> None:
        known = self._known(taken)
        ranked = rank(taken, known)
        if ranked.new:
            keep(self.connection, self._writer, ranked.new)
        for one in ranked.stronger:
            keep_evidence(self.connection, self._writer, one)
        doubt_readings(self.connection, [one.capture.id for one in ranked.stronger])
        for one in ranked.retold:
            note_teller(self.connection, one.capture.id, one.capture.evidence)
        for one in (*ranked.stronger, *ranked.retold):
            known[one.capture.id] = one.capture.evidence
        self._restore(ranked.again, known)
        redigested = [
            one for one in ranked.again if note_again(self.connection, one.capture.id, one.digest)
        ]
        for one in (*ranked.retold, *redigested):
            self._writer.append(note_of(one, one.capture.evidence))
        if ranked.stronger or ranked.retold or redigested:
            name_written(self.connection, self._writer)
        for one in taken:
            note_arrival(self.connection, one)
        came = [(one.digest, one.capture.url, one.capture.captured_at) for one in taken]
        doubt_originals(self.connection, came)
        self._count(ranked)

    def _known(self, taken: Sequence[Taken]) -> dict[str, Evidence]:
        """Return what evidence there is of those of *taken* that are stored.

        A capture that is made of revisits alone is as good as none.
        """
        known = known_captures(self.connection, [one.capture.id for one in taken])
        return known | dict.fromkeys(made_of_revisits(self.connection, known), NO_EVIDENCE)

    def _count(self, ranked: Ranked) -> None:
        self.tally.stored += len(ranked.new)
        self.tally.known += len(ranked.again)
        for one in ranked.new:
            self.tally.problems += len(one.capture.problems)
            self.doubtful.update({problem.what for problem in one.capture.problems} & _DOUBTFUL)
            self.doubtful[NO_ADDRESS] += one.capture.url is None
        count, newest = newest_withheld(one.capture for one in ranked.new)
        self.tally.withheld += count
        self.withheld = max(filter(None, (self.withheld, newest)), default=None)

    def _restore(self, again: Sequence[Taken], known: dict[str, Evidence]) -> None:
        """Write the raw records of captures whose files are lost, each from its best offer.

        Where that is weaker evidence than the facts rest on, the capture is read again.
        """
        best: dict[str, Taken] = {}
        for one in again:
            name = one.capture.id
            if name in self._lost() and (
                name not in best or one.capture.evidence > best[name].capture.evidence
            ):
                best[name] = one
        if not best:
            return
        restore(self.connection, self._writer, best.values())
        self._lost().difference_update(best)
        for name, one in best.items():
            before = known.get(name, one.capture.evidence)
            if one.capture.evidence.reads_as(before):
                self._writer.append(note_of(one, before))  # who told best is not who restored it
            elif one.capture.evidence < before:
                keep_evidence(self.connection, self._writer, one)
        name_written(self.connection, self._writer)

    def has_lost(self) -> bool:
        """Say whether the raw file of a stored capture is gone."""
        return bool(self._lost())

    def _lost(self) -> set[str]:
        """Return the stored captures whose raw file is gone; looked up when first asked for."""
        if self._lost_ids is None:
            named = [row[0] for row in self.connection.execute("SELECT name FROM _warc_files")]
            missing = [name for name in named if not (self._folder / name).exists()]
            self._lost_ids = captures_in(self.connection, missing)
        return self._lost_ids
