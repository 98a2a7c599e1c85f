"""A file that is one page: its bytes as a capture, and what the file itself tells of it."""

import os
from dataclasses import replace
from pathlib import Path

from embassy_scraper.archives.answer import read_answer
from embassy_scraper.archives.beginnings import Kind, kind_of_text
from embassy_scraper.archives.http import Body, decode_body
from embassy_scraper.archives.kinds import HEAD
from embassy_scraper.archives.mhtml import read_mhtml
from embassy_scraper.archives.provenance import told_by_page
from embassy_scraper.archives.refusals import why_not_read
from embassy_scraper.archives.told import Told
from embassy_scraper.archives.unpackers import GZIP_MAGIC, is_packed
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import HTML_TYPES, RawCapture
from embassy_scraper.limits import MAX_BYTES


def read_saved_page(path: Path, kind: Kind) -> tuple[RawCapture, list[Told]]:
    """Return the page in the file *path*, which is of *kind*, and what the file tells of it.

    Raises:
        CaptureRejected: it cannot be read, or is larger than any page.
    """
    data = _read_file(path)
    try:
        whole = _unpacked(data)
        raw, told = _read(whole.payload, kind)
    except CaptureRejected as error:
        raise CaptureRejected(error.what, f"{path}: {error}") from error
    if raw.media_type in HTML_TYPES and kind_of_text(raw.payload[:HEAD], "html") == "source view":
        raise CaptureRejected("unknown kind of file", why_not_read(path, "source view"))
    if whole.is_cut:
        raw = replace(raw, announced_bytes_missing=True, body_is_whole=False)
    by_page = told_by_page(raw.payload) if raw.media_type in HTML_TYPES else []
    return raw, [told, *by_page] if told else by_page


def _read(data: bytes, kind: Kind) -> tuple[RawCapture, Told | None]:
    if kind == "MHTML":
        return read_mhtml(data)
    if kind == "HTTP answer":
        return read_answer(data)
    if kind == "html":
        return RawCapture(data, "text/html", "html"), None
    return RawCapture(data, "text/plain", "text", charset=_charset(data)), None


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            data = file.read(MAX_BYTES + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        message = f"{path}: {error.strerror or error}; check the path and its permissions"
        raise CaptureRejected("unreadable file", message) from error
    if len(data) > MAX_BYTES:
        message = f"{path}: over {MAX_BYTES} bytes; no page is that large"
        raise CaptureRejected("too large", message)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        message = f"{path}: it was written to while it was read; ingest it again once it is whole"
        raise CaptureRejected("unreadable file", message)
    if not data:
        raise CaptureRejected("empty file", f"{path}: it is empty; save or copy the page again")
    return data


def _unpacked(data: bytes) -> Body:
    """Return the *data* of a file unpacked, if it is packed."""
    if not is_packed(data):
        return decode_body(data, {}, "")
    encoding = "gzip" if data.startswith(GZIP_MAGIC) else "zstd"
    return decode_body(data, {"Content-Encoding": encoding}, "")


def _charset(data: bytes) -> str | None:
    """Return the encoding that viewers of the raw file must be told: UTF-8, if it is."""
    try:
        return "utf-8" if not data.isascii() and data.decode("utf-8") else None
    except UnicodeDecodeError:
        return None
