"""Our own raw captures: the records in the WARC files of a ``captures/`` folder."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from embassy_scraper.archives import LeftOut, Revisit
from embassy_scraper.archives.http import read_length
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


def is_own_file(path: Path) -> bool:
    """Say whether this program wrote the WARC file *path*: its first capture is one of ours."""
    try:
        with path.open("rb") as file:
            for record in islice(ArchiveIterator(file, parse_http=False), 2):  # behind warcinfo
                if record.headers.get(OWN) is not None:
                    return True
    except OSError:
        return False
    return False


def own_records(path: Path) -> Iterator[OwnRecord | CaptureRejected]:
    """Yield the records of the file *path* that hold captures of ours, and what cannot be read.

    Records of others are rejected.
    """
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
        if capture is None:
            told = f"{where}: no raw capture of this program; give it to embassy-scraper ingest"
            yield CaptureRejected("not our own record", told, offer.where)
        elif _is_cut(record):
            told = f"{where}: cut off, by a run that was killed or by damage to the file"
            yield CaptureRejected("damaged record", told, offer.where)
        elif differs_from_digest(record):
            told = f"{where}: its bytes are not those that were written; restore the file"
            yield CaptureRejected("damaged record", told, offer.where)
        else:
            yield OwnRecord(capture, int(offer.where), offer.found, record.headers.get(DECLARED))


def _is_cut(record: WarcRecord) -> bool:
    announced = read_length(record.headers.get("Content-Length"))
    return announced is None or record.content_length < announced


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
