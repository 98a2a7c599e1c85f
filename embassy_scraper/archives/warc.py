"""WARC, WET and WACZ files: the captures in their records.

A damaged record is reported with its offset and the next one is looked for; a record that is
cut short is a capture that is cut off.
"""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from embassy_scraper.archives import Offer, Revisit
from embassy_scraper.archives.http import decode_body
from embassy_scraper.archives.manifest import read_instant
from embassy_scraper.captures import NO_URL
from embassy_scraper.errors import CaptureRejected, ManifestError
from embassy_scraper.items import RawCapture

MAX_BYTES = 64_000_000
_WANTED = (
    WarcRecordType.response
    | WarcRecordType.resource
    | WarcRecordType.revisit
    | WarcRecordType.conversion
)
_GZIP_MAGIC, _WARC_MAGIC = b"\x1f\x8b\x08", b"\nWARC/1."


def read_warc(path: Path, name: str) -> Iterator[Offer]:
    """Yield what the records of the WARC or WET file *path* offer."""
    source = "wet" if ".wet" in path.name.lower() else "warc"
    try:
        with path.open("rb") as file:
            yield from _read_stream(file, str(path), name, source, "")
    except OSError as error:
        message = f"{path}: {error.strerror or error}; check the file"
        yield Offer(str(path), name, "", CaptureRejected("unreadable file", message))


def read_wacz(path: Path, name: str) -> Iterator[Offer]:
    """Yield what the WARC files inside the WACZ file *path* offer."""
    try:
        with zipfile.ZipFile(path) as bundle:
            members = [m for m in bundle.namelist() if m.endswith((".warc", ".warc.gz"))]
            for member in sorted(members):
                with bundle.open(member) as file:
                    yield from _read_stream(file, str(path), name, "wacz", f"{member} ")
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        message = f"{path}: {error}; it is no readable WACZ (zip) file"
        yield Offer(str(path), name, "", CaptureRejected("unreadable file", message))


def _read_stream(
    file: "BinaryIO | zipfile.ZipExtFile", path: str, name: str, source: str, member: str
) -> Iterator[Offer]:
    base = 0
    while True:
        last = base
        try:
            for record in ArchiveIterator(file, record_types=_WANTED, parse_http=False):
                last = base + record.stream_pos
                where = f"{member}{last}"
                yield _offer(record, path, name, where, source)
            return
        except OSError as error:
            where = f"{member}{last}"
            message = f"{path} near offset {last}: {error}; the rest of the file is read on"
            yield Offer(path, name, where, CaptureRejected("damaged record", message, where))
        following = _next_record(file, last + 1)
        if following is None:
            return
        file.seek(following)
        base = following


def _next_record(file: "BinaryIO | zipfile.ZipExtFile", start: int) -> int | None:
    """Return where, from *start* on, a gzip member or an uncompressed record begins."""
    file.seek(start)
    overlap = b""
    at = start
    while data := file.read(1 << 20):
        block = overlap + data
        begin = at - len(overlap)
        places = [i for i in (block.find(_GZIP_MAGIC), block.find(_WARC_MAGIC)) if i >= 0]
        if places:
            found = min(places)
            return begin + found + (block[found] == _WARC_MAGIC[0])
        overlap = block[-len(_WARC_MAGIC) :]
        at += len(data)
    return None


def _offer(record: WarcRecord, path: str, name: str, where: str, source: str) -> Offer:
    digest = record.headers.get("WARC-Payload-Digest")
    try:
        found: RawCapture | Revisit | CaptureRejected = read_record(record, source)
    except CaptureRejected as error:
        found = CaptureRejected(error.what, f"{path} at {where}: {error}", where)
    if isinstance(found, Revisit):
        digest = None
    return Offer(path, name, where, found, digest)


def read_record(record: WarcRecord, source: str) -> RawCapture | Revisit:
    """Return the capture in a WARC record whose HTTP part is not parsed yet.

    Raises:
        CaptureRejected: it is too large, or has no readable instant or body.
    """
    announced = record.content_length
    if announced > MAX_BYTES:
        raise CaptureRejected("too large", f"{announced} bytes; no page is so large")
    try:
        record.freeze()
    except OSError as error:
        raise CaptureRejected("damaged record", f"{error}") from error
    is_short = record.content_length < announced
    headers = record.headers
    is_short = is_short or "WARC-Truncated" in headers
    url = (headers.get("WARC-Target-URI") or "").strip("<> \t")
    captured_at = _instant(headers.get("WARC-Date"))
    kind = record.record_type
    if kind in (WarcRecordType.response, WarcRecordType.revisit):
        raw = _read_response(record, source, is_short)
    else:
        raw = _read_resource(record, source, is_short, is_text=kind == WarcRecordType.conversion)
    raw = _placed(raw, None if url == NO_URL or not url else url, captured_at)
    if kind == WarcRecordType.revisit:
        return Revisit(headers.get("WARC-Payload-Digest") or "", raw)
    return raw


def _placed(raw: RawCapture, url: str | None, captured_at: str | None) -> RawCapture:
    return RawCapture(
        raw.payload, raw.media_type, raw.source, url, captured_at, raw.charset, raw.http_status,
        raw.http_head, raw.announced_bytes_missing, raw.body_is_whole, raw.record_type,
    )  # fmt: skip


def _instant(text: str | None) -> str | None:
    if not text:
        return None
    try:
        return read_instant(text.split(".")[0].rstrip("Z") + "Z" if "." in text else text, "")
    except ManifestError:
        raise CaptureRejected("unreadable instant", f"WARC-Date {text!r} is no instant") from None


def _read_response(record: WarcRecord, source: str, is_short: bool) -> RawCapture:
    try:
        record.parse_http()
    except (OSError, ValueError) as error:
        raise CaptureRejected("damaged record", f"its HTTP head cannot be read: {error}") from error
    http = record.http_headers
    body = decode_body(record.reader.read(), http)
    return RawCapture(
        payload=body.payload,
        media_type=(record.http_content_type or "").lower(),
        source=source,
        charset=record.http_charset,
        http_status=http.status_code,
        http_head=http.to_tuples(),
        announced_bytes_missing=is_short or body.is_short,
        body_is_whole=body.is_whole and not is_short,
        record_type="response",
    )


def _read_resource(record: WarcRecord, source: str, is_short: bool, *, is_text: bool) -> RawCapture:
    content_type = record.headers.get("Content-Type") or ""
    media_type, _, parameters = content_type.partition(";")
    charset = parameters.partition("charset=")[2].strip(" \"'") or None
    return RawCapture(
        payload=record.reader.read(),
        media_type=media_type.strip().lower() or ("text/plain" if is_text else ""),
        source=source,
        charset=charset,
        announced_bytes_missing=is_short,
        record_type="conversion" if is_text else "resource",
    )
