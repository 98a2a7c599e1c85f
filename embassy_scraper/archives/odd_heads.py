"""WARC records with a head that not every reader takes, and where in a file records really begin.

Names of fields may be written in any letter case, lines may end in a bare line feed, and one gzip
member may hold several records. The fast reader silently loses such records; here they are
read in plain Python, to the end of a file.
"""

import io
import re
from collections.abc import Iterator
from typing import IO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from embassy_scraper.archives.http import read_length
from embassy_scraper.archives.record_bytes import NO_HEAD, EndsInside, RecordBytes
from embassy_scraper.limits import MAX_BYTES

UNKNOWN = (WarcRecordType.unknown, WarcRecordType.no_type)
_KINDS = frozenset(
    "warcinfo request response resource revisit conversion continuation metadata".split()
)
_ONCE = frozenset({"WARC-Type", "WARC-Target-URI", "Content-Type", "Content-Length"})
_KIND = re.compile(r"[\w.+-]{1,40}")


def is_usual(record: WarcRecord) -> bool:
    """Say whether the fast reader has read the head of *record* rightly, so that it can go on.

    It puts lines together that end in a bare line feed, and the heads of two records where one is
    cut off.
    """
    once: dict[str, str] = {}
    for name, value in record.headers.to_tuples():
        if "\n" in value or name in once:
            return False
        if name in _ONCE:
            once[name] = value
    length = once.get("Content-Length")
    if length is None or record.content_length != read_length(length):
        return False
    if record.record_type not in UNKNOWN:
        return True
    kind = once.get("WARC-Type", "")
    return _KIND.fullmatch(kind) is not None and kind.lower() not in _KINDS


def begins_at(file: IO[bytes], place: int, record: WarcRecord) -> bool:
    """Say whether *record* begins at *place*, which may also be the end of its gzip member.

    Reading *file* goes on where it was.
    """
    before = file.tell()
    try:
        head = RecordBytes(file, place).head()
        return head is not None and _fields(_made(head[0], None)) == _fields(record)
    except OSError:
        return False
    finally:
        file.seek(before)


def _fields(record: WarcRecord) -> list[tuple[str, str]]:
    return [(name.lower(), value) for name, value in record.headers.to_tuples()]


def read_odd(file: IO[bytes], place: int, skip: int = 0) -> Iterator[tuple[int, WarcRecord]]:
    """Yield the records of *file* from *place* on, each with where it or its gzip member begins.

    The first *skip* ones are passed over. A record that ends with its gzip member, before all the
    bytes came that it announces, is cut off.

    Raises:
        UnreadableRecord: what follows is no record, or is damaged; or the file ends inside one.
    """
    unpacked = RecordBytes(file, place)
    while (found := unpacked.head()) is not None:
        head, length = found
        begin = unpacked.begin
        block = unpacked.block(length)
        if skip <= 0:
            yield begin, _made(head, block if length <= MAX_BYTES else None)
        skip -= 1
    if unpacked.ends_inside:
        raise EndsInside("the file ends inside a record", unpacked.begin)


def _made(head: bytes, block: bytes | None) -> WarcRecord:
    """Return the record of a *head* in the usual form; without a *block*, to look at its head."""
    for record in ArchiveIterator(io.BytesIO(head + (block or b"")), parse_http=False):
        if block is not None:  # the library makes room for all that is announced, however much
            record.freeze()
        return record
    raise OSError(NO_HEAD)
