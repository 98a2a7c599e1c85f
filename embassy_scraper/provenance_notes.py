"""Records that say who told the URL and the instant of a capture, beside its own record.

They stand in the WARC files of our raw captures, as metadata: where a manifest told, so that its
word is kept, and where a capture was offered again by who knows better.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fastwarc.warc import WarcRecord, WarcRecordType

from embassy_scraper.captures import NO_URL, as_member
from embassy_scraper.evidence import Evidence
from embassy_scraper.own_headers import OWN, record_id

_FIELDS = "application/warc-fields"
_EVIDENCE, _DIGEST = "evidence", "declared-digest"


@dataclass(frozen=True, slots=True)
class ProvenanceNote:
    """What was told of a capture: on what evidence, and the digest that its archive declared."""

    capture: str
    url: str | None
    captured_at: str
    evidence: Evidence
    digest: str | None = None


def make_note(note: ProvenanceNote) -> bytes:
    """Return the WARC record that says so, as one gzip member."""
    told = note.evidence
    fields = {
        "url": note.url,
        "url-from": told.url_from,
        "captured-at": note.captured_at,
        "instant-from": told.instant_from,
        "source": told.source,
        _DIGEST: note.digest,
        _EVIDENCE: str(told),
    }
    lines = (f"{name}: {' '.join(text.split())}\r\n" for name, text in fields.items() if text)
    block = "".join(lines).encode()
    record = WarcRecord()
    record.init_headers(WarcRecordType.metadata, content_length=len(block))
    record.record_id = record_id(f"{note.capture} {told} {note.digest}")
    headers = record.headers
    headers["WARC-Date"] = note.captured_at
    headers["WARC-Target-URI"] = (note.url or NO_URL).replace("\r", "").replace("\n", "")
    headers["WARC-Refers-To"] = record_id(note.capture)
    headers[OWN] = note.capture
    headers["Content-Type"] = _FIELDS
    record.set_bytes_content(block)
    return as_member(record)


def strongest(own: Evidence, notes: Iterable[ProvenanceNote]) -> Evidence:
    """Return the evidence of a record, its *own*, with who told best of its capture."""
    return max([own, *(note.evidence for note in notes if note.evidence.reads_as(own))])


def read_note(capture: str, at: str, block: str) -> ProvenanceNote | None:
    """Return what a metadata record says of *capture*; ``None`` where it tells no evidence.

    *at* is its date, *block* what stands in it.

    Raises:
        ValueError: the evidence is none that this program writes.
    """
    lines = (line.partition(":") for line in block.splitlines())
    fields = {name: text.strip() for name, _, text in lines}
    if _EVIDENCE not in fields:
        return None
    evidence = Evidence.read_any(fields[_EVIDENCE])
    return ProvenanceNote(capture, fields.get("url"), at, evidence, fields.get(_DIGEST))
