"""What one file shows of a URL at earlier instants: of which capture "not modified" is said.

Many programs write that a page is unchanged without naming the record that it repeats. A crawler
asks so only for a page that it has: the newest one it got, which often lies in the same file.
"""

import hashlib
from base64 import b32encode
from bisect import bisect_right, insort
from collections import defaultdict
from dataclasses import dataclass, field

from fastwarc.warc import WarcRecord, WarcRecordType

from embassy_scraper.archives import Revisit
from embassy_scraper.archives.http_heads import parse_head, status_of
from embassy_scraper.archives.records import read_date, target_of
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import RawCapture
from embassy_scraper.limits import MAX_BYTES
from embassy_scraper.own_headers import is_own

_OK, _NOT_MODIFIED = 200, 304
_BARE = [hashlib.new(name, b"", usedforsecurity=False) for name in ("md5", "sha1", "sha256")]
_OF_NOTHING = frozenset(
    {one.hexdigest() for one in _BARE} | {b32encode(one.digest()).decode().lower() for one in _BARE}
)
_VALIDATORS = ("etag", "last-modified")


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """A capture in the file: instant and URL, and how its server tells it from another version."""

    at: str
    url: str
    validators: tuple[str | None, ...] = field(default=(), compare=False)


class Earlier:
    """The captures of a file that a later record may say to be unchanged."""

    def __init__(self) -> None:
        """Begin with none."""
        self._by_url: defaultdict[str, list[Seen]] = defaultdict(list)
        self._by_id: dict[str, Seen] = {}

    def note(self, record: WarcRecord) -> None:
        """Note what *record* shows: an answer with a page, or a revisit of one that it names."""
        if record.content_length > MAX_BYTES:
            return
        try:
            record.freeze()
            at = read_date(record.headers.get("WARC-Date"))
            if at is None or not _shows_page(record):
                return
            url = target_of(record)
            head = () if record.http_headers is None else record.http_headers.to_tuples()
        except (CaptureRejected, OSError):
            return
        seen = Seen(at, url, _validators(head))
        insort(self._by_url[url], seen)
        self._by_id.setdefault(_id(record, "WARC-Record-ID"), seen)

    def repeated_by(self, record: WarcRecord, own: RawCapture) -> Seen | None:
        """Return the capture that *record* says to be unchanged; ``None`` where it is not here.

        It is the one whose id the record gives, else the newest of its URL. That one it is not
        where the server's marks tell the two apart.
        """
        if named := _id(record, "WARC-Refers-To"):
            return self._by_id.get(named)
        seen = self._by_url.get(target_of(record), [])
        count = bisect_right(seen, own.captured_at or "", key=lambda one: one.at)
        newest = seen[count - 1] if count else None
        if newest is None or _differ(newest.validators, _validators(own.http_head)):
            return None
        return newest


def lacks_original(record: WarcRecord, found: RawCapture | Revisit) -> bool:
    """Say whether *record* says "not modified" without telling of what."""
    if is_own(record):
        return False
    if isinstance(found, RawCapture):
        return found.http_status == _NOT_MODIFIED and not found.payload
    if _names_original(record):
        return False
    says = record.headers.get("WARC-Profile") or ""
    return found.raw.http_status == _NOT_MODIFIED or "not-modified" in says.lower()


def of_capture(found: RawCapture | Revisit, seen: Seen) -> Revisit:
    """Return what was *found* as the revisit of a capture that was *seen*."""
    raw = found if isinstance(found, RawCapture) else found.raw
    return Revisit("", raw, seen.url, seen.at)


def _names_original(record: WarcRecord) -> bool:
    digest = (record.headers.get("WARC-Payload-Digest") or "").rpartition(":")[2].strip("= ")
    has_digest = bool(digest) and digest.lower() not in _OF_NOTHING
    return has_digest or bool(record.headers.get("WARC-Refers-To-Date"))


def _shows_page(record: WarcRecord) -> bool:
    """Say whether *record* holds a page, or repeats one that it names; its HTTP head is read."""
    if record.record_type == WarcRecordType.revisit:
        is_bare = (record.headers.get("Content-Length") or "").strip() == "0"
        status = None if is_bare else status_of(parse_head(record, is_cut=False))
        return status in (None, _OK, _NOT_MODIFIED) and _names_original(record)
    if record.record_type != WarcRecordType.response:
        return False
    status = status_of(parse_head(record, is_cut=False))
    return status == _OK and bool(record.content_length)


def _id(record: WarcRecord, name: str) -> str:
    return (record.headers.get(name) or "").strip("<> \t")


def _validators(head: tuple[tuple[str, str], ...]) -> tuple[str | None, ...]:
    values = {name.lower(): value.strip().removeprefix("W/") for name, value in head}
    return tuple(values.get(name) for name in _VALIDATORS)


def _differ(one: tuple[str | None, ...], other: tuple[str | None, ...]) -> bool:
    return any(a and b and a != b for a, b in zip(one, other, strict=True))
