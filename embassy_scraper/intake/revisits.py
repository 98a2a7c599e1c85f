"""Resolving revisits: a record that says "the same as before" gets the bytes of before.

What is made of one holds only as long as no better original comes. So its own record is what is
kept, and each capture made of revisits is as the best of them says; an offer with bytes of its own
counts before all of them.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from embassy_scraper.archives import Offer
from embassy_scraper.archives.records import complete, tells_itself
from embassy_scraper.archives.retractions import RetractionRecord, make_retraction
from embassy_scraper.captures import make_record
from embassy_scraper.errors import CaptureRejected, RawCaptureMissing
from embassy_scraper.evidence import Evidence
from embassy_scraper.intake.reading import Found, Reader, Rejected
from embassy_scraper.intake.stored import raw_of, stored_now
from embassy_scraper.items import RawCapture, Taken
from embassy_scraper.revisit import Revisit
from embassy_scraper.sites.addresses import read_address
from embassy_scraper.warc_writer import WarcWriter
from pipelines.state.arrivals import note_arrival
from pipelines.state.evidence import note_evidence
from pipelines.state.waiting import (
    NO_ORIGINAL,
    Known,
    Resolved,
    WaitingRevisit,
    best_revisits,
    doubt_originals,
    doubt_readings,
    known_revisit,
    made_of_revisits,
    move_record,
    note_resolved,
    note_unchanged,
    wait_again,
)
from pipelines.store import name_restored, name_written
from pipelines.tables.facts import RawPlace, store_captures
from pipelines.tables.known import Original, find_repeated, known_captures
from pipelines.tables.retracted import note_retractions, retractions
from pipelines.values.instants import instant_of


@dataclass(slots=True)
class Passed:
    """What became of some revisits.

    ``new`` and ``again`` are captures that they brought, and that were known; ``gone``, those that
    they brought before and no revisit brings any more; ``failed``, by number, why one has to wait.
    ``touched`` are all captures of which a revisit is read differently than before.
    """

    new: list[Taken] = field(default_factory=list)
    again: list[Taken] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    failed: dict[int, Rejected] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)


class Revisits:
    """The revisits of one history; the caller holds the transaction."""

    def __init__(
        self, connection: sqlite3.Connection, folder: Path, reader: Reader, writer: WarcWriter
    ) -> None:
        """Read by *reader* what lies below *folder*, and keep records by *writer*."""
        self._connection, self._folder = connection, folder
        self._reader, self._writer = reader, writer

    def resolve(self, batch: Sequence[Known]) -> Passed:
        """Read revisits with their best originals, and store what comes of it."""
        passed = Passed()
        read: dict[str, list[Taken]] = {}
        touched = passed.touched
        for one in batch:
            found = self._resolve(one, passed)
            if found is None:
                continue
            touched.update(filter(None, (one.capture,)))
            if isinstance(found, Taken):
                touched.add(found.capture.id)
                read.setdefault(found.capture.id, []).append(found)
                passed.again += [found] if one.capture is None else []
                if one.capture not in (None, found.capture.id):
                    self._follow(one.capture, found)
                note_arrival(self._connection, found)
        self._store(read, passed)
        return passed

    def _resolve(self, one: Known, passed: Passed) -> Taken | Rejected | None:
        """Return what *one* says by now, if that is something else than before."""
        original, url = self._original(one.offer.revisit)
        if original is not None and original.capture == one.original and one.is_sound:
            note_unchanged(self._connection, one.number)
            return None
        read, is_lost = self._read(one.offer, original)
        if not isinstance(read, Taken) or original is None:
            assert isinstance(read, Rejected)
            if one.capture is not None and is_lost:  # as before, until the file is back
                return None
            passed.failed[one.number] = read
            if one.capture is None:
                return None
            wait_again(self._connection, one.number)
            return read
        told = read.capture.evidence
        place = one.place or self._keep(one.offer.revisit, read.capture.id)
        made = Resolved(original.capture, url, read.capture.id, told, place)
        note_resolved(self._connection, one.number, made)
        return read if (one.capture, one.evidence) != (read.capture.id, told) else None

    def _original(self, revisit: Revisit) -> tuple[Original | None, str | None]:
        """Return the best original of *revisit*, if there is one, and the address it repeats."""
        own = revisit.raw
        url = read_address(revisit.refers_to or own.url, self._reader.profile, own.mirror).url
        is_earlier = (revisit.refers_at or "") < (own.captured_at or "")
        found = find_repeated(
            self._connection,
            revisit.digest,
            url,
            revisit.refers_at,
            tells_itself=tells_itself(own),
            bars_revisits=not is_earlier,
        )
        return found, url

    def _read(self, offer: WaitingRevisit, original: Original | None) -> tuple[Found, bool]:
        """Return the capture that a revisit stands for, or why not, and if that is a lost file."""
        is_lost = False
        found: RawCapture | CaptureRejected
        if original is None:
            found = _rejected(offer, "is not in this history; ingest it too")
        else:
            try:
                stored = stored_now(self._connection, original.capture)
                before = raw_of(self._folder, stored, self._reader.profile)
                found = complete(offer.revisit.raw, before)
            except RawCaptureMissing as fault:
                found, is_lost = _rejected(offer, f"cannot be read: {fault}"), True
        read = self._reader.read(Offer(offer.path, offer.where, found, name=offer.path))
        return read, is_lost

    def restore(self, number: int, lost: set[str]) -> None:
        """Keep the revisit *number* once more, if the capture that is read from it is *lost*."""
        one = known_revisit(self._connection, number)
        if one.capture is not None and one.capture in lost and one.place is not None:
            move_record(self._connection, one.place, self._keep(one.offer.revisit, one.capture))
            name_restored(self._connection, self._writer)
            lost.discard(one.capture)

    def _keep(self, revisit: Revisit, capture: str) -> tuple[str, int]:
        """Write the record of *revisit* as it was offered, and became; return its place."""
        bare = replace(revisit, raw=replace(revisit.raw, body_is_whole=False))  # it has no body
        return self._writer.append(make_record(bare, capture, instant_of(capture)))

    def _follow(self, before: str, found: Taken) -> None:
        """Let what a revisit is *found* to be be retracted too, where what it was *before* is."""
        capture = found.capture
        if known_captures(self._connection, [capture.id]):
            return
        for one in retractions(self._connection, [before]).values():
            at = datetime.fromisoformat(one.at)
            record = RetractionRecord(capture.id, capture.url, at, one.why, is_undone=False)
            file, _ = self._writer.append(make_retraction(record))
            told = replace(one, capture=capture.id, warc_file=file)
            note_retractions(self._connection, [told])

    def _store(self, read: dict[str, list[Taken]], passed: Passed) -> None:
        """Let each capture that is touched be as the best revisit says that it is made of now."""
        touched = passed.touched
        known = known_captures(self._connection, sorted(touched))
        made = made_of_revisits(self._connection, known)
        best = best_revisits(self._connection, touched)
        for name in sorted(touched):
            if name not in known:
                passed.new += [_told(read[name], best[name][0])]
            elif name in made and name not in best:
                passed.gone.add(name)
            elif name in made and best[name][0] != known[name]:
                note_evidence(self._connection, name, *best[name])
                doubt_readings(self._connection, [name])
        new = set(map(id, passed.new))
        passed.again = [one for one in passed.again if id(one) not in new]
        name_written(self._connection, self._writer)
        rows = [(one.capture, RawPlace(*best[one.capture.id][1], None, True)) for one in passed.new]
        store_captures(self._connection, rows)
        came = [(None, one.capture.url, one.capture.captured_at) for one in passed.new]
        doubt_originals(self._connection, came)
        doubt_readings(self._connection, passed.gone)


def _told(read: list[Taken], evidence: Evidence) -> Taken:
    """Return the one of those *read* that rests on *evidence*."""
    return next(one for one in read if one.capture.evidence == evidence)


def _rejected(offer: WaitingRevisit, why: str) -> CaptureRejected:
    message = f"{offer.path} at {offer.where}: the record that it repeats {why}"
    return CaptureRejected(NO_ORIGINAL, message, offer.where)
