"""Our own raw captures: the records in the WARC files of a ``captures/`` folder."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

from embassy_scraper.archives import LeftOut, Revisit
from embassy_scraper.archives.records import differs_from_digest
from embassy_scraper.archives.warc import read_warc
from embassy_scraper.captures import DECLARED, OWN, read_back
from embassy_scraper.errors import CaptureRejected, RawCaptureMissing
from embassy_scraper.items import RawCapture
from embassy_scraper.provenance_notes import ProvenanceNote, read_note


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A record of ours: of which capture, where it begins, what it holds, its declared digest."""

    capture: str
    offset: int
    found: RawCapture | Revisit
    digest: str | None


def own_records(path: Path) -> Iterator[OwnRecord | CaptureRejected]:
    """Yield the records of the file *path* that hold captures of ours, and what cannot be read.

    Records of others are rejected. The last one, if only its beginning is there, was left by a run
    that was killed before any database named it: it is passed over.
    """
    size = path.stat().st_size
    for offer in read_warc(path):
        if isinstance(offer.found, LeftOut):
            continue
        if isinstance(offer.found, CaptureRejected):
            yield offer.found
            continue
        try:
            record = read_back(path.parent, path.name, int(offer.where))
        except RawCaptureMissing as error:
            yield CaptureRejected("damaged record", str(error), offer.where)
            continue
        capture, where = record.headers.get(OWN), f"{path} at {offer.where}"
        is_cut = record.content_length < int(record.headers.get("Content-Length") or 0)
        if capture is None:
            told = (
                f"{where}: it is no raw capture of this program; give it to embassy-scraper ingest"
            )
            yield CaptureRejected("not our own record", told, offer.where)
        elif is_cut and _is_last(path, int(offer.where), size):
            continue
        elif is_cut or differs_from_digest(record):
            told = f"{where}: its bytes are not those that were written; restore the file"
            yield CaptureRejected("damaged record", told, offer.where)
        else:
            yield OwnRecord(capture, int(offer.where), offer.found, record.headers.get(DECLARED))


def _is_last(path: Path, offset: int, size: int) -> bool:
    """Say whether nothing that can be read follows the record at *offset*."""
    with path.open("rb") as file:
        file.seek(offset)
        try:
            return sum(1 for _ in ArchiveIterator(file, parse_http=False)) <= 1
        except OSError:
            return True


def notes_in(folder: Path) -> dict[str, list[ProvenanceNote]]:
    """Return what the WARC files of *folder* note of who told, by capture.

    A file that is damaged is read as far as it goes.
    """
    notes: dict[str, list[ProvenanceNote]] = defaultdict(list)
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            records = ArchiveIterator(file, record_types=WarcRecordType.metadata, parse_http=False)
            try:
                for note in filter(None, map(read_note, records)):
                    notes[note.capture].append(note)
            except OSError:
                continue
    return notes
