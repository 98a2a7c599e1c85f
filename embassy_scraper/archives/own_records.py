"""Our own raw captures: the records in the WARC files of a ``captures/`` folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from embassy_scraper.archives import LeftOut, Revisit
from embassy_scraper.archives.records import differs_from_digest, is_cut_short
from embassy_scraper.archives.unpackers import DICTIONARY, MAGIC
from embassy_scraper.archives.warc import read_warc
from embassy_scraper.captures import OWN_NAME, read_back
from embassy_scraper.errors import CaptureRejected, RawCaptureMissing
from embassy_scraper.items import RawCapture
from embassy_scraper.own_headers import DECLARED, is_own, named_capture


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A record of ours: of which capture, where it begins, what it holds, its declared digest."""

    capture: str
    offset: int
    found: RawCapture | Revisit
    digest: str | None


def is_own_file(path: Path) -> bool:
    """Say whether this program wrote the WARC file *path*: its first capture is one of ours.

    One that bears our name for such files is, for what it begins with may be damaged.
    """
    if OWN_NAME.fullmatch(path.name):
        return True
    try:
        with path.open("rb") as file:
            if file.read(MAGIC) == DICTIONARY:  # none of ours has one, and FastWARC unpacks any
                return False
            file.seek(0)
            for record in islice(ArchiveIterator(file, parse_http=False), 2):  # behind warcinfo
                if is_own(record) or _tells(record):
                    return True
    except OSError:
        return False
    return False


def _tells(record: WarcRecord) -> bool:
    """Say whether *record* tells of a capture of ours: a run that retracts writes nothing else."""
    is_metadata: bool = record.record_type == WarcRecordType.metadata
    return is_metadata and named_capture(record) is not None


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
        capture, where = offer.capture, f"{path} at {offer.where}"
        if capture is None or not offer.where.isdigit():  # each of ours is a gzip member
            told = f"{where}: no raw capture of this program; give it to embassy-scraper ingest"
            yield CaptureRejected("not our own record", told, offer.where)
            continue
        try:
            record = read_back(path.parent, path.name, int(offer.where))
        except RawCaptureMissing as error:
            yield CaptureRejected("damaged record", str(error), offer.where)
            continue
        if is_cut_short(record):
            told = f"{where}: cut off, by a run that was killed or by damage to the file"
            yield CaptureRejected("damaged record", told, offer.where)
        elif differs_from_digest(record):
            told = f"{where}: its bytes are not those that were written; restore the file"
            yield CaptureRejected("damaged record", told, offer.where)
        else:
            yield OwnRecord(capture, int(offer.where), offer.found, record.headers.get(DECLARED))
