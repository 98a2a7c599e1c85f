"""Raw captures in WARC files: write, read back, check.

Every run writes a file of its own, so no run ever appends behind what another, killed one, may
have left half written. A record is on disk before the database names it; ``warc_files`` keeps
how many bytes of a file are named and their digest, so that a single flipped bit is found.
"""

import io
import re
from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha1, sha256
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from isal import igzip

from embassy_scraper.archives.http import read_content_type
from embassy_scraper.errors import RawCaptureMissing
from embassy_scraper.items import RawCapture
from embassy_scraper.limits import MAX_KEPT_HEAD
from embassy_scraper.own_headers import (
    CLOCK,
    DECLARED,
    INSTANT_FROM,
    MIRROR,
    OWN,
    SOURCE,
    URL_FROM,
    record_id,
    told_of_repeated,
)
from embassy_scraper.revisit import Revisit

NO_URL = "urn:embassy-scraper:no-url"
_TYPES = {
    "response": WarcRecordType.response,
    "revisit": WarcRecordType.revisit,
    "resource": WarcRecordType.resource,
    "conversion": WarcRecordType.conversion,
}
_ANSWER = "application/http; msgtype=response"
_REASONS = {200: "OK", 304: "Not Modified", 404: "Not Found", 410: "Gone"}
_TELLING = frozenset({"content-type", "date", "etag", "last-modified", "location"})
_LEVEL = 1  # half the time of the densest for a thirtieth more bytes
OWN_NAME = re.compile(r"embassy-[0-9]{14}-[0-9]+-[0-9]{4}\.warc\.gz")  # of the files written here
_OWN_HEADERS = frozenset(
    {"transfer-encoding", "content-encoding", "content-length", "content-md5", "trailer"}
)


@dataclass(frozen=True, slots=True)
class FileState:
    """How many bytes of a WARC file are named, and their SHA-256."""

    name: str
    bytes: int
    sha256: str


def make_record(
    found: RawCapture | Revisit, capture_id: str, captured_at: str, digest: str | None = None
) -> bytes:
    """Return the WARC record of what was *found* as one gzip member, the same each time.

    *digest* is the payload digest that an archive declared.
    """
    record = WarcRecord()
    raw, kind = (found.raw, "revisit") if isinstance(found, Revisit) else (found, found.record_type)
    is_answer = raw.record_type in ("response", "revisit")
    block = _http_block(raw) if is_answer else raw.payload
    record.init_headers(_TYPES[kind], content_length=len(block))
    record.record_id = record_id(capture_id)
    headers = record.headers
    headers["WARC-Date"] = captured_at
    headers[OWN] = capture_id
    for name, value in {**_provenance(raw, digest), **_repeated(found)}.items():
        if value:
            headers[name] = _one_line(value)
    headers["WARC-Target-URI"] = _one_url(raw.url)
    headers["Content-Type"] = _ANSWER if is_answer else _content_type(raw)
    if raw.mirror:
        headers[MIRROR] = _one_line(raw.mirror)
    if raw.announced_bytes_missing:
        headers["WARC-Truncated"] = "unspecified"
    record.set_bytes_content(block)
    return as_member(record)


def _provenance(raw: RawCapture, digest: str | None) -> dict[str, str | None]:
    """Return the headers that say who told of a capture, and what."""
    return {
        SOURCE: raw.source,
        URL_FROM: raw.url_from if raw.url else None,
        INSTANT_FROM: raw.instant_from if raw.captured_at else CLOCK,
        DECLARED: digest,
    }


def _repeated(found: RawCapture | Revisit) -> dict[str, str | None]:
    """Return the headers that say what is repeated."""
    if isinstance(found, Revisit):
        return told_of_repeated(found.refers_to, found.refers_at, found.digest)
    if found.refers_to is None:
        return {}
    return told_of_repeated(*found.refers_to, f"sha1:{sha1_of(found.payload)}", is_offered=False)


def sha1_of(payload: bytes) -> str:
    """Return the digest by which archives know bytes: SHA-1 in base 32.

    >>> sha1_of(b"")
    '3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    return b32encode(sha1(payload, usedforsecurity=False).digest()).decode()


def as_member(record: WarcRecord) -> bytes:
    """Return *record* as one gzip member, the same each time."""
    plain = io.BytesIO()
    record.write(plain, checksum_data=True)
    return igzip.compress(plain.getbuffer(), _LEVEL, mtime=0)


def _content_type(raw: RawCapture) -> str:
    media_type = raw.media_type or "application/octet-stream"
    return f"{media_type}; charset={raw.charset}" if raw.charset else media_type


def _http_block(raw: RawCapture) -> bytes:
    """Return the response as it is kept: its head, less what spoke of encodings, and the bytes."""
    is_revisit = raw.record_type == "revisit"
    lines = [_status_line(304 if is_revisit else raw.http_status)]
    lines += [f"{name}: {value}" for name, value in _kept_head(raw)]
    if raw.body_is_whole and not is_revisit:
        lines.append(f"Content-Length: {len(raw.payload)}")
    head = "\r\n".join(_one_line(line) for line in lines)
    body = b"" if is_revisit else raw.payload
    return head.encode("latin-1", "replace") + b"\r\n\r\n" + body


def _status_line(status: int | None) -> str:
    """Return a line that reads back as *status*, and as none where the answer's was unreadable."""
    return "HTTP/1.1" if status is None else f"HTTP/1.1 {status} {_REASONS.get(status, '')}"


def _kept_head(raw: RawCapture) -> list[tuple[str, str]]:
    """Return the head's fields that are kept: all but a flood, and none that spoke of encodings."""
    own = [(name, value) for name, value in _typed_head(raw) if name.lower() not in _OWN_HEADERS]
    size, kept = 0, []
    for name, value in sorted(own, key=lambda pair: pair[0].lower() not in _TELLING):
        size += len(name) + len(value) + 4
        if size > MAX_KEPT_HEAD:
            break
        kept.append((name, value))
    return own if len(kept) == len(own) else kept


def _typed_head(raw: RawCapture) -> list[tuple[str, str]]:
    """Return the head, with the type that the page was read as: a revisit's is another one's."""
    told = next((value for name, value in raw.http_head if name.lower() == "content-type"), "")
    if raw.record_type == "revisit" or read_content_type(told) == (raw.media_type, raw.charset):
        return list(raw.http_head)
    rest = [(name, value) for name, value in raw.http_head if name.lower() != "content-type"]
    return [*rest, ("Content-Type", _content_type(raw))] if raw.media_type else rest


def _one_url(url: str | None) -> str:
    return (url or NO_URL).replace("\r", "").replace("\n", "")  # as readers of URLs do


def _one_line(text: str) -> str:
    return " ".join(text.split("\r\n")).replace("\n", " ").replace("\r", " ")


def read_back(folder: Path, name: str, offset: int) -> WarcRecord:
    """Return the record at *offset* of the file *name*, its block in memory.

    Raises:
        RawCaptureMissing: the file is missing, or holds no readable record there.
    """
    path = folder / name
    try:
        with path.open("rb") as file:
            file.seek(offset)
            for record in ArchiveIterator(file, parse_http=False):
                record.freeze()
                return record
    except OSError as error:
        told = f"{path} at {offset}: {error.strerror or error}"
        raise RawCaptureMissing(f"{told}; restore the file") from error
    raise RawCaptureMissing(f"{path} at {offset}: no record; restore the file")


def file_states(folder: Path, states: Iterator[FileState]) -> Iterator[str]:
    """Yield a line for every file whose named bytes are not those that were written."""
    for state in states:
        path = folder / state.name
        try:
            found = _digest_of(path, state.bytes)
        except OSError as error:
            yield f"{path}: {error.strerror or error}; restore the file from a backup"
            continue
        if found != state.sha256:
            yield f"{path}: its bytes changed since they were written; restore it from a backup"


def with_unnamed_bytes(paths: Iterable[Path], named: Mapping[str, int]) -> list[Path]:
    """Return those of *paths* that are longer than the bytes of them that are *named*."""
    return [path for path in paths if path.stat().st_size > named.get(path.name, 0)]


def state_of(path: Path) -> FileState:
    """Return how many bytes the file *path* has, and their digest."""
    size = path.stat().st_size
    return FileState(path.name, size, _digest_of(path, size))


def _digest_of(path: Path, length: int) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while length > 0 and (data := file.read(min(length, 1 << 20))):
            digest.update(data)
            length -= len(data)
    return digest.hexdigest() if not length else ""
