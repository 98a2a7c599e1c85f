"""One WARC record: the capture in it, and where it ends."""

import re
import zlib
from dataclasses import replace
from typing import IO

from fastwarc.warc import WarcRecord, WarcRecordType

from embassy_scraper.archives import Revisit
from embassy_scraper.archives.http import decode_body, read_content_type, read_length, whole_body
from embassy_scraper.archives.http_heads import parse_head, status_of
from embassy_scraper.archives.manifest import read_instant
from embassy_scraper.captures import NO_URL
from embassy_scraper.errors import CaptureRejected, ManifestError
from embassy_scraper.evidence import Evidence, as_teller, is_source
from embassy_scraper.items import RawCapture
from embassy_scraper.limits import MAX_BYTES
from embassy_scraper.own_headers import (
    CLOCK,
    INSTANT_FROM,
    OFFERED,
    SOURCE,
    URL_FROM,
    is_own,
    mirror_of,
)
from embassy_scraper.sites.addresses import archive_instant

NEXT_RECORD = re.compile(rb"WARC/[01]\.[0-9]{1,2}\r?\n(?=[A-Za-z-]{4,40}:)")
GZIP_MAGIC = b"\x1f\x8b\x08"
_LENGTH = re.compile(rb"\ncontent-length[ \t]*:[ \t]*([0-9]{1,15})[ \t]*\r*\n", re.I)
_END_OF_HEAD = re.compile(rb"\n\r*\n")
_CUT = ("WARC-Truncated", "WARC-Segment-Number")  # only the beginning is in the record
_ONCE = frozenset({"warc-type", "warc-target-uri", "warc-date", "content-type", "content-length"})
_FRACTION = re.compile(r"\.\d+(?=Z?$)")


def read_record(record: WarcRecord, source: str) -> RawCapture | Revisit:
    """Return the capture in a WARC record whose HTTP part is not parsed yet.

    Raises:
        CaptureRejected: it is too large, or has no readable length, instant or body, or another
            record begins inside it, so it is cut off and what follows is not its own.
    """
    headers, kind = record.headers, record.record_type
    raw = _read_block(record, source)
    url = target_of(record)
    raw = replace(
        raw,
        url=None if url == NO_URL else url or None,
        captured_at=None if _is_by_clock(record) else read_date(headers.get("WARC-Date")),
        mirror=mirror_of(record),
    )
    raw = _told(record, raw)
    if kind == WarcRecordType.revisit:
        refers_at = read_date(headers.get("WARC-Refers-To-Date"))
        refers_to = (headers.get("WARC-Refers-To-Target-URI") or "").strip("<> \t")
        digest = headers.get("WARC-Payload-Digest") or ""
        is_kept = is_own(record) and OFFERED in headers
        return Revisit(digest, raw, refers_to or None, refers_at, is_kept)
    return raw


def _read_block(record: WarcRecord, source: str) -> RawCapture:
    """Return what the block of *record* holds: an answer, a page, a text, or nothing of its own.

    Raises:
        CaptureRejected: as ``read_record``.
    """
    headers = record.headers
    announced = read_length(headers.get("Content-Length"))
    if announced is None:
        length = (headers.get("Content-Length") or "")[:40]
        raise CaptureRejected("damaged record", f"its Content-Length {length!r} is not a number")
    if announced > MAX_BYTES:
        raise CaptureRejected("too large", f"{announced} bytes; no page is that large")
    if not is_own(record) and (name := _told_twice(record)):
        raise CaptureRejected("damaged record", f"its head has two values of {name}")
    kind = record.record_type
    if kind == WarcRecordType.continuation:
        raise CaptureRejected("segmented record", "the end of a record that was cut into several")
    try:
        record.freeze()
    except OSError as error:
        raise CaptureRejected("damaged record", f"{error}") from error
    is_cut = record.content_length < announced or any(name in headers for name in _CUT)
    if kind == WarcRecordType.revisit and announced == 0:
        return RawCapture(b"", "", source, record_type="response")
    if kind in (WarcRecordType.response, WarcRecordType.revisit):
        return _read_response(record, source, is_cut)
    return _read_resource(record, source, is_cut, is_text=kind == WarcRecordType.conversion)


def _told_twice(record: WarcRecord) -> str | None:
    """Return the field that the head of *record* has two values of, if what it is depends on it."""
    values: dict[str, str] = {}
    for name, value in record.headers.to_tuples():
        if values.setdefault(name.lower(), value) != value and name.lower() in _ONCE:
            return str(name)
    return None


def _told(record: WarcRecord, raw: RawCapture) -> RawCapture:
    """Return *raw* with who told its URL and instant; a record of ours says so itself."""
    headers = record.headers
    source = headers.get(SOURCE) or ""
    if not is_own(record):
        return _of_archive(
            replace(raw, url_from="record" if raw.url else None, instant_from="record")
        )
    return replace(
        raw,
        source=source if is_source(source) else raw.source,
        url_from=as_teller(headers.get(URL_FROM)) if raw.url else None,
        instant_from=as_teller(headers.get(INSTANT_FROM)),
    )


def _of_archive(raw: RawCapture) -> RawCapture:
    """Return *raw* with the instant of the archive whose page it is: it was captured then."""
    stamp = archive_instant(raw.url) if raw.url else None
    if stamp is None:
        return raw
    return replace(raw, captured_at=read_instant(stamp, ""), instant_from="archive")


def _is_by_clock(record: WarcRecord) -> bool:
    """Say whether a record of ours has its date from the clock on its page, which is read again."""
    return is_own(record) and record.headers.get(INSTANT_FROM) == CLOCK


def target_of(record: WarcRecord) -> str:
    """Return the URL that *record* is of; some programs write it in angle brackets."""
    url: str = record.headers.get("WARC-Target-URI") or ""
    return url if is_own(record) else url.strip("<> \t")


def complete(own: RawCapture, original: RawCapture) -> RawCapture:
    """Return the capture that a revisit stands for: its *own* head, the *original*'s bytes.

    "Not modified" means the status that it had before.
    """
    kept = original if own.http_status == 304 else own
    return replace(
        original,
        url=own.url,
        captured_at=own.captured_at,
        source=own.source,
        url_from=own.url_from,
        instant_from=own.instant_from,
        mirror=own.mirror,
        http_status=original.http_status if own.http_status in {None, 304} else own.http_status,
        http_head=own.http_head or original.http_head,
        media_type=kept.media_type or original.media_type,
        charset=kept.charset or original.charset,
    )


def as_read(revisit: RawCapture, payload: bytes, told: Evidence) -> RawCapture:
    """Return what a kept *revisit* stands for: the *payload*, and what was *told* when it was read.

    That is what ``complete`` took from its original then, and so says the evidence.
    """
    return replace(
        revisit,
        payload=payload,
        http_status=told.http_status if told.is_answer else None,
        media_type=told.media_type,
        charset=told.charset or None,
        announced_bytes_missing=told.is_cut,
        body_is_whole=told.is_whole,
    )


def tells_itself(revisit: RawCapture) -> bool:
    """Say whether a revisit brought the head of an answer of its own: its status, and of what kind.

    Otherwise ``complete`` takes both from the original.
    """
    return revisit.http_status not in (None, 304) and bool(revisit.media_type)


def is_cut_short(record: WarcRecord) -> bool:
    """Say whether fewer bytes of *record* came than it announces, or it announces no number."""
    announced = read_length(record.headers.get("Content-Length"))
    return announced is None or record.content_length < announced


def differs_from_digest(record: WarcRecord) -> bool:
    """Say whether *record* declares a digest of its block that is not the block's.

    By itself this proves nothing: some programs write wrong digests.
    """
    if record.headers.get("WARC-Block-Digest") is None or record.content_length > MAX_BYTES:
        return False
    try:
        record.freeze()
        return not record.verify_block_digest()
    except OSError:
        return False


def read_date(text: str | None) -> str | None:
    """Return a ``WARC-Date``; WARC 1.1 allows fractions of a second."""
    if not text:
        return None
    try:
        return read_instant(_FRACTION.sub("", text.strip()), "")
    except ManifestError:
        raise CaptureRejected(
            "unreadable instant", f"WARC-Date {text!r} is not an instant"
        ) from None


def _read_response(record: WarcRecord, source: str, is_cut: bool) -> RawCapture:
    http = parse_head(record, is_cut=is_cut)
    block = record.reader.read()
    is_ours = is_own(record)
    if not is_ours:
        _refuse_swallowed(block)
    media_type, charset = read_content_type(http.get("Content-Type") or "")
    body = whole_body(block, http) if is_ours else decode_body(block, http, media_type)
    return RawCapture(
        payload=body.payload,
        media_type=media_type,
        source=source,
        charset=charset,
        http_status=status_of(http),
        http_head=http.to_tuples(),
        announced_bytes_missing=is_cut or body.is_cut,
        body_is_whole=body.is_whole and not is_cut,
        record_type="response",
    )


def _read_resource(record: WarcRecord, source: str, is_cut: bool, *, is_text: bool) -> RawCapture:
    media_type, charset = read_content_type(record.headers.get("Content-Type") or "")
    block = record.reader.read()
    if not is_own(record):
        _refuse_swallowed(block)
    return RawCapture(
        payload=block,
        media_type=media_type or ("text/plain" if is_text else ""),
        source=source,
        charset=charset,
        announced_bytes_missing=is_cut,
        record_type="conversion" if is_text else "resource",
    )


def _refuse_swallowed(block: bytes) -> None:
    if NEXT_RECORD.search(block):
        raise CaptureRejected("damaged record", "it is cut off: another record begins inside it")


def end_of_record(file: IO[bytes], place: int) -> int | None:
    """Return where the record at *place* ends, or the file; ``None`` where it is damaged."""
    file.seek(place)
    head = file.read(1 << 16)
    if head.startswith(GZIP_MAGIC):
        file.seek(place)
        return _end_of_member(file, place)
    end = _END_OF_HEAD.search(head)
    length = _LENGTH.search(head, 0, end.start() + 1) if end else None
    return place + end.end() + int(length[1]) if end and length else None


def is_member_whole(file: IO[bytes], place: int) -> bool:
    """Say whether a whole gzip member, as its checksum says, begins at *place* of *file*.

    Reading *file* goes on where it was.
    """
    before = file.tell()
    file.seek(place)
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        while not inflater.eof and (data := file.read(1 << 16)):
            inflater.decompress(data)
    except zlib.error:
        return False
    finally:
        file.seek(before)
    return inflater.eof


def _end_of_member(file: IO[bytes], place: int) -> int | None:
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    while data := file.read(1 << 16):
        try:
            inflater.decompress(data)
        except zlib.error:
            return None
        place += len(data)
        if inflater.eof:
            return place - len(inflater.unused_data)
    return place
