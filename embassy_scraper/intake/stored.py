"""The same history once more: every stored raw capture is read again.

For ``rebuild`` and ``verify``, and where stronger evidence of a stored capture has come: that too
derives all again, so it takes as long as a rebuild.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

from embassy_scraper.archives import Revisit
from embassy_scraper.archives.records import as_read, complete, read_record
from embassy_scraper.captures import read_back
from embassy_scraper.errors import CaptureRejected, RawCaptureMissing
from embassy_scraper.evidence import Evidence
from embassy_scraper.intake.offered_page import as_told, read_offered_page
from embassy_scraper.items import Capture, RawCapture
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import read_address
from pipelines.dedupe import note_again, note_teller
from pipelines.normalise import normalise
from pipelines.state.evidence import Better, better_evidence, forget_evidence, note_evidence
from pipelines.state.waiting import is_kept_at
from pipelines.tables.derived import derive_pending
from pipelines.tables.facts import RawPlace, forget_everything, store_captures
from pipelines.tables.known import Original, find_originals, known_captures
from pipelines.tables.retracted import forget_retracted, held
from pipelines.tables.take_out import Bodies, take_out
from pipelines.values.headers import read_clock
from pipelines.values.instants import instant_of

_BATCH = 250


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database says of one stored capture."""

    id: str
    evidence: Evidence
    sha256: str
    place: RawPlace
    originals: tuple[Original, ...] = ()


def stored_captures(connection: sqlite3.Connection, *ids: str) -> Iterator[Stored]:
    """Yield every stored capture, or those of *ids*, in the order in which the raw records lie.

    Retracted ones too: they are read like others, and stay beside the history.
    """
    which = f"WHERE id IN ({','.join('?' * len(ids))})" if ids else ""
    rows = connection.execute(
        "SELECT id, evidence, sha256, warc_file, warc_offset, payload_digest, is_revisit"
        f" FROM {held(connection)} {which} ORDER BY warc_file, warc_offset",
        ids,
    )
    for capture, evidence, digest, file, offset, declared, is_revisit in rows:
        originals = find_originals(connection, digest) if is_revisit else ()
        place = RawPlace(file, offset, declared, bool(is_revisit))
        yield Stored(capture, Evidence.read(evidence), digest, place, originals)


def stored_now(connection: sqlite3.Connection, capture: str) -> Stored:
    """Return what is known of one stored *capture*, its better evidence if some waits to count."""
    (stored,) = stored_captures(connection, capture)
    return _moved(connection, stored, better_evidence(connection).get(capture))


def read_again(folder: Path, stored: Stored, profile: Profile) -> Capture:
    """Return a stored capture, read from its raw record by the profile that read it before.

    Raises:
        RawCaptureMissing: the record is not there, or is not the one that was stored.
    """
    capture = read_by(folder, stored, profile)
    if capture.id != stored.id:
        fault = f"it is {capture.id}, not {stored.id}; restore the file"
        raise RawCaptureMissing(f"{_place(folder, stored)}: {fault}")
    return capture


def read_by(folder: Path, stored: Stored, profile: Profile) -> Capture:
    """Return a stored capture, read from its raw record by any *profile*.

    Its id may be another one, for the profile may read another address.

    Raises:
        RawCaptureMissing: the record is not there, or its bytes are not those stored.
    """
    raw = raw_of(folder, stored, profile)
    page = read_offered_page(raw, profile)
    if raw.captured_at is None and read_clock(page.header, profile, [])[0] is None:
        raw = replace(raw, captured_at=instant_of(stored.id))  # what it was taken for stays
    try:
        return normalise(raw, page, profile)
    except CaptureRejected as error:
        raise RawCaptureMissing(f"{_place(folder, stored)}: {error}; restore the file") from error


def raw_of(folder: Path, stored: Stored, profile: Profile) -> RawCapture:
    """Return a stored capture as it was brought, with its bytes.

    Raises:
        RawCaptureMissing: the record is not there, or its bytes are not those stored.
    """
    where = _place(folder, stored)
    record = read_back(folder, stored.place.warc_file, stored.place.warc_offset)
    try:
        raw = read_record(record, stored.evidence.source)
    except CaptureRejected as error:
        raise RawCaptureMissing(f"{where}: {error}; restore the file from a backup") from error
    if isinstance(raw, Revisit):
        raw = _completed(folder, raw, stored, where, profile)
    if sha256(raw.payload).hexdigest() != stored.sha256:
        raise RawCaptureMissing(
            f"{where}: its bytes are not those that were stored; restore the file"
        )
    return as_told(raw, stored.evidence, stored.id)


def _place(folder: Path, stored: Stored) -> str:
    return f"{folder / stored.place.warc_file} at {stored.place.warc_offset}"


def _completed(
    folder: Path, revisit: Revisit, stored: Stored, where: str, profile: Profile
) -> RawCapture:
    """Return what *revisit* stands for: with the bytes of the very capture that it repeats.

    Others may have the same bytes and be of another kind, a saved file for an answer. Of one that
    an archive offered the evidence says what it was read as.
    """
    chosen = _original(revisit, stored, profile)
    original = None
    if chosen is not None:
        original = read_record(read_back(folder, *chosen.place), stored.evidence.source)
    if not isinstance(original, RawCapture):
        raise RawCaptureMissing(f"{where}: the record that it repeats is lost; restore its file")
    if revisit.is_kept:
        return as_read(revisit.raw, original.payload, stored.evidence)
    return complete(revisit.raw, original)


def _original(revisit: Revisit, stored: Stored, profile: Profile) -> Original | None:
    """Return the capture whose bytes *revisit* repeats: the one that it names before others."""
    url = read_address(revisit.refers_to, profile, revisit.raw.mirror).url
    wanted = (url, revisit.refers_at)
    by_likeness = sorted(stored.originals, key=lambda o: (o.url, o.captured_at) != wanted)
    return by_likeness[0] if by_likeness else None


def original_of(folder: Path, stored: Stored, profile: Profile) -> Original | None:
    """Return the capture whose record holds the bytes of *stored*; ``None`` where its own does.

    Raises:
        RawCaptureMissing: the record is not there.
    """
    record = read_back(folder, stored.place.warc_file, stored.place.warc_offset)
    raw = read_record(record, stored.evidence.source)
    return _original(raw, stored, profile) if isinstance(raw, Revisit) else None


def derive_facts(target: sqlite3.Connection, captures: Iterator[tuple[Capture, RawPlace]]) -> None:
    """Write the facts of *captures* into *target*, batch by batch; the caller commits."""
    while batch := list(islice(captures, _BATCH)):
        store_captures(target, batch)


def merge_facts(connection: sqlite3.Connection, read: Sequence[tuple[Capture, RawPlace]]) -> None:
    """Write the facts of what was *read* from raw records; the caller commits.

    Where two records are of one capture the stronger evidence counts, once it is read anew.
    """
    known = known_captures(connection, [capture.id for capture, _ in read])
    new: dict[str, tuple[Capture, RawPlace]] = {}
    for capture, place in read:
        if capture.id not in known:
            known[capture.id] = capture.evidence
            new[capture.id] = capture, place
    store_captures(connection, list(new.values()))
    for capture, place in read:
        name, evidence = capture.id, capture.evidence
        if new.get(name, (None,))[0] is capture:
            continue
        note_again(connection, name, place.digest)
        if evidence > known[name]:
            if evidence.reads_as(known[name]):
                note_teller(connection, name, evidence)
            else:
                note_evidence(connection, name, evidence, (place.warc_file, place.warc_offset))
            known[name] = evidence


def read_anew(
    connection: sqlite3.Connection, folder: Path, profile: Profile, gone: Sequence[str] = ()
) -> None:
    """Let better evidence of stored captures count, where there is any, as if it came first.

    All that was derived is forgotten, and derived from the raw captures. Those that are *gone* are
    left out, as if they had never been. The caller commits.

    Raises:
        RawCaptureMissing: a raw record is lost.
    """
    better = better_evidence(connection)
    if better:
        stored = [
            _moved(connection, one, better.get(one.id)) for one in stored_captures(connection)
        ]
        left = [one for one in stored if one.id not in gone]
        forget_everything(connection)
        derive_facts(connection, ((read_again(folder, one, profile), one.place) for one in left))
        derive_pending(connection)
        forget_evidence(connection)
    elif gone:
        take_out(connection, gone, bodies_by(connection, folder, profile))
        forget_retracted(connection, gone)


def bodies_by(connection: sqlite3.Connection, folder: Path, profile: Profile) -> Bodies:
    """Return what reads a stored capture again, for the bodies that it shows."""

    def bodies(capture: str) -> Mapping[bytes, str | None]:
        (stored,) = stored_captures(connection, capture)
        sightings = read_again(folder, stored, profile).sightings
        return {sighting.wording.digest: sighting.wording.body for sighting in sightings}

    return bodies


def _moved(connection: sqlite3.Connection, stored: Stored, better: Better | None) -> Stored:
    if better is None:
        return stored
    is_revisit = is_kept_at(connection, better.place)
    place = RawPlace(*better.place, digest=stored.place.digest, is_revisit=is_revisit)
    originals = find_originals(connection, stored.sha256) if is_revisit else ()
    return replace(stored, evidence=better.evidence, place=place, originals=originals)
