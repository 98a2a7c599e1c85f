"""Of which kind a file is: by how it begins; by its name only where that tells nothing.

Mirrors keep pages under names without an extension, and browsers keep MHTML under ``.html``, so a
name proves nothing. It decides where a beginning could be several things: a WARC file whose first
record is damaged, a page without markup, an empty file.
"""

import zlib
from io import BytesIO
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import IO
from zipfile import ZipFile

from zstandard import ZstdDecompressor, ZstdError

from embassy_scraper.archives.beginnings import Kind, kind_of_binary, kind_of_text
from embassy_scraper.archives.side_files import side_of_name
from embassy_scraper.archives.unpackers import DICTIONARY, GZIP_MAGIC, ZSTD, is_packed
from embassy_scraper.archives.zip_bytes import ZipBytes

HEAD = 1 << 14  # bytes; the headers of an MHTML and the first tags of a page are within so many
_ZSTD_HEAD = 1 << 18  # bytes; the first block of a frame, which comes out at once, may have half
_BY_SUFFIX: dict[str, Kind] = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".shtml": "html", ".txt": "text",
}  # fmt: skip
_PACKED, _UNFINISHED = (".gz", ".zst"), ".open"  # a crawler's name of a file until it closes it
_ARCHIVES: dict[str, Kind] = {".warc": "WARC", ".wet": "WARC", ".arc": "ARC", ".wacz": "WACZ"}
_RECORDS: tuple[Kind, ...] = ("WARC", "ARC")
_VAGUE = frozenset({"html", "text", "unknown", "packed file", "zip"})  # an archive's name says more
_MAY_BE_PACKED = frozenset(
    {"WARC", "ARC", "html", "text", "MHTML", "HTTP answer", "source view", "feed", "images",
     "sitemaps", "JSON", "archive indexes", "robots.txt", "logs", "tar"}
)  # fmt: skip
_OFFICE = ("word/document.xml", "content.xml", "xl/workbook.xml", "ppt/presentation.xml")


def kind_of(path: Path) -> Kind:
    """Return of which kind the file *path* is; never raises."""
    try:
        mode = path.stat().st_mode
        if not S_ISREG(mode):
            return "unreadable" if S_ISDIR(mode) else "special"  # a folder that is closed
        with path.open("rb", buffering=0) as file:
            head = read_head(file)
    except OSError:
        return "unreadable"
    name = path.name.lower()
    kind = _content_kind(head, name)
    named = archive_named(name)
    if kind == "zip":
        kind = _kind_of_zip(path)
    return named if named and kind in _VAGUE else kind


def kind_of_member(head: bytes, name: str) -> Kind:
    """Return the kind of what begins with *head* in a zip, where it has a *name*.

    What is named as an archive is read as one, whatever it begins with.
    """
    kind = _content_kind(head, name.lower())
    return kind if kind in _RECORDS else archive_named(name) or kind


def read_head(file: IO[bytes]) -> bytes:
    """Return as much of the beginning of *file* as tells its kind."""
    head = file.read(HEAD)
    return head + file.read(_ZSTD_HEAD - HEAD) if ZSTD.match(head) else head


def archive_named(name: str) -> Kind | None:
    """Return which archive a file is by its *name*, in any letter case; ``None``: none.

    >>> archive_named("a.WARC.gz"), archive_named("a.warc.open"), archive_named("warc.html")
    ('WARC', 'WARC', None)
    """
    name = name.lower()
    for suffix in (_UNFINISHED, *_PACKED):
        name = name.removesuffix(suffix)
    return next((kind for suffix, kind in _ARCHIVES.items() if name.endswith(suffix)), None)


def _content_kind(head: bytes, name: str) -> Kind:
    """Return the kind of what begins with *head*, unpacked where it is packed."""
    if not is_packed(head):
        return _plain_kind(head, name)
    inner = _unpacked(head)
    if head.startswith(DICTIONARY) or (inner == b"" and len(head) == _ZSTD_HEAD):
        return "WARC"  # nothing else is known to begin with a dictionary, or so long a frame
    if inner is None:
        return "packed file"
    for suffix in _PACKED:
        name = name.removesuffix(suffix)
    kind = _plain_kind(inner, name)
    return kind if kind in _MAY_BE_PACKED else "packed file"


def _plain_kind(head: bytes, name: str) -> Kind:
    by_name = next((k for suffix, k in _BY_SUFFIX.items() if name.endswith(suffix)), None)
    if not head:
        return by_name or "text"
    named: Kind | None = by_name or ("text" if side_of_name(name) else None)
    return kind_of_binary(head) or kind_of_text(head, named) or by_name or "unknown"


def _unpacked(head: bytes) -> bytes | None:
    """Return the beginning of what is packed; ``None`` where that is damaged."""
    try:
        if head.startswith(GZIP_MAGIC):
            return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, HEAD)
        with ZstdDecompressor().stream_reader(BytesIO(head)) as reader:
            return reader.read(HEAD)
    except (zlib.error, ZstdError):
        return None


def _kind_of_zip(path: Path) -> Kind:
    try:
        with ZipBytes(path) as file, ZipFile(file) as bundle:
            names = bundle.namelist()
    except Exception:  # noqa: BLE001 - zipfile raises all kinds of them
        return "zip"
    if any(archive_named(name) in _RECORDS for name in names):
        return "WACZ"
    return "office document" if any(name.lower() in _OFFICE for name in names) else "zip"
