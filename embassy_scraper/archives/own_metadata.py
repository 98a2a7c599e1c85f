"""What our WARC files tell of captures beside their own records: who told, what is retracted.

Both stand in metadata records, anywhere in a folder, and those behind damage count too.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from fastwarc.warc import WarcRecord, WarcRecordType

from embassy_scraper.archives import Offer, shown
from embassy_scraper.archives.folders import leads_out, why_unreadable
from embassy_scraper.archives.record_reader import RecordReader
from embassy_scraper.archives.records import differs_from_digest, is_cut_short
from embassy_scraper.archives.refusals import why_not_read
from embassy_scraper.archives.retractions import RetractionRecord, read_retraction
from embassy_scraper.archives.soundness import is_packed, is_unsound
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.limits import MAX_NOTE
from embassy_scraper.own_headers import OWN, named_capture
from embassy_scraper.provenance_notes import ProvenanceNote, read_note

WARCS = "*.warc.gz"  # how our files are named


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a folder of WARC files tells of captures, and what cannot be read, with its file.

    Of retractions what is said last, and in which file.
    """

    notes: dict[str, list[ProvenanceNote]] = field(default_factory=lambda: defaultdict(list))
    retractions: dict[str, tuple[RetractionRecord, str]] = field(default_factory=dict)
    rejected: list[tuple[str, CaptureRejected]] = field(default_factory=list)


def warc_files(folder: Path) -> list[Path]:
    """Return the WARC files of *folder* that may be read, by name."""
    return [path for path in sorted(folder.glob(WARCS)) if _why_not(path) is None]


def not_followed(folder: Path) -> Iterator[tuple[str, CaptureRejected]]:
    """Yield what is named like a WARC file of *folder* and is not read, and why."""
    for path in sorted(folder.glob(WARCS)):
        if why := _why_not(path):
            yield shown(path.name), CaptureRejected("unreadable file", shown(why))


def _why_not(path: Path) -> str | None:
    if leads_out(path, os.path.realpath(path.parent)):
        return why_not_read(path, "link")
    if path.is_file():
        return None
    if path.exists() and not path.is_dir():
        return why_not_read(path, "special")
    return f"{path}: no file ({why_unreadable(path)}); remove it from this folder"


def metadata_in(folder: Path) -> Metadata:
    """Return what the WARC files of *folder* tell.

    Damage is passed over: who reads the captures tells of it.
    """
    told = Metadata()
    for path in warc_files(folder):
        for one in _told_in(path):
            if isinstance(one, CaptureRejected):
                told.rejected.append((path.name, one))
            elif isinstance(one, ProvenanceNote):
                told.notes[one.capture].append(one)
            elif (last := told.retractions.get(one.capture)) is None or last[0].at < one.at:
                told.retractions[one.capture] = one, path.name
    return told


_Told = ProvenanceNote | RetractionRecord | CaptureRejected


def _told_in(path: Path) -> Iterator[_Told]:
    try:
        with path.open("rb") as file:
            yield from _MetadataReader(file, shown(path)).told()
    except OSError:
        return


class _MetadataReader(RecordReader):
    """Reads the metadata records of one file that are ours and sound."""

    _kinds = (WarcRecordType.metadata,)
    _looks_inside = False  # each of ours has a gzip member of its own

    def __init__(self, file: IO[bytes], path: str) -> None:
        super().__init__(file, path, "warc", "", None)
        self._found: list[_Told] = []

    def told(self) -> Iterator[_Told]:
        """Yield what they say; of one that says nothing that we write, why it does not count."""
        for _ in self._read(0):
            pass
        yield from self._found

    def _takes(self, record: WarcRecord) -> bool:
        return record.headers.get(OWN) is not None

    def _offer(self, record: WarcRecord) -> Offer | None:
        is_sound = is_packed(self._file, self._last) and not is_unsound(self._file, self._last)
        if not is_sound or is_cut_short(record) or differs_from_digest(record):
            return None
        try:
            self._found.append(_read(record))
        except ValueError as error:
            where = str(self._last)
            told = f"{self._path} at {where}: {error}; it does not count; restore the file"
            self._found.append(CaptureRejected("damaged record", told, where, str(error)))
        return None


def _read(record: WarcRecord) -> ProvenanceNote | RetractionRecord:
    """Return what a metadata record with our header says.

    Raises:
        ValueError: nothing that this program writes.
    """
    capture, at = named_capture(record), record.headers.get("WARC-Date") or ""
    if capture is None:
        raise ValueError(f"it names no capture in {OWN}")
    if record.content_length > MAX_NOTE:
        raise ValueError(f"it is longer than {MAX_NOTE} bytes")
    block = record.reader.read().decode("utf-8", "replace")
    url = record.headers.get("WARC-Target-URI")
    found = read_retraction(capture, at, block, url) or read_note(capture, at, block)
    if found is None:
        raise ValueError("it says nothing that this program writes of a capture")
    return found
