"""Raw captures of a colleague, offered with who told best of them: notes beside them say it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from embassy_scraper.archives import Offer, Revisit
from embassy_scraper.archives.own_metadata import metadata_in, warc_files
from embassy_scraper.archives.own_records import is_own_file
from embassy_scraper.intake.offered_page import as_told
from embassy_scraper.items import RawCapture
from embassy_scraper.provenance_notes import ProvenanceNote, strongest
from pipelines.normalise import evidence_of

_Notes = Mapping[str, list[ProvenanceNote]]


def with_notes(offers: Iterator[Offer], path: Path) -> Iterator[Offer]:
    """Yield the *offers* of the WARC file *path*; captures of ours as the notes beside it tell.

    What is retracted there is not here: that is for each history to say.
    """
    notes: _Notes = _notes_beside(path) if is_own_file(path) else {}
    for offer in offers:
        found, said = offer.found, notes.get(offer.capture or "", [])
        if said and isinstance(found, RawCapture):
            yield replace(offer, found=_told(found, offer.capture or "", said))
        elif said and isinstance(found, Revisit):
            raw = _told(found.raw, offer.capture or "", said)
            yield replace(offer, found=replace(found, raw=raw))
        else:
            yield offer


def _told(raw: RawCapture, capture: str, notes: list[ProvenanceNote]) -> RawCapture:
    """Return *raw* with who told best of it."""
    return as_told(raw, strongest(evidence_of(raw), notes), capture)


def _notes_beside(path: Path) -> _Notes:
    folder = path.parent
    states = ((one.name, one.stat()) for one in warc_files(folder))
    return _notes_in(folder, tuple((name, at.st_size, at.st_mtime_ns) for name, at in states))


@lru_cache(maxsize=4)  # a file is read in many parts, and a folder has many files
def _notes_in(folder: Path, _states: tuple[tuple[str, int, int], ...]) -> _Notes:
    return metadata_in(folder).notes
