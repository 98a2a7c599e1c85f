"""Headers of our own in WARC records, and whether a record with them is one of ours.

Anybody can write them, so what they tell counts only where it has the form that we write.
"""

import re
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from fastwarc.warc import WarcRecord, WarcRecordType

MIRROR = "Embassy-Mirror"  # the base address that stood in for the site's
OWN = "Embassy-Capture"  # the capture's id; the record's block is as it was read
SOURCE = "Embassy-Source"  # where it is from, who told URL and instant,
URL_FROM, INSTANT_FROM = "Embassy-URL-From", "Embassy-Instant-From"
DECLARED = "Embassy-Declared-Digest"  # and the payload digest that its archive declared
OFFERED = "Embassy-Revisit"  # that it is a revisit as an archive offered it: "as offered"
CLOCK = "clock"
_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{16}")


def record_id(capture_id: str) -> str:
    """Return the id of the record in which a capture is kept."""
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, capture_id)}>"


def told_of_repeated(
    url: str | None, at: str | None, digest: str, *, is_offered: bool = True
) -> dict[str, str | None]:
    """Return the headers that say which record another one repeats, as far as that is told.

    One that *is offered* is as an archive wrote it; the others are our own.
    """
    profile = "identical-payload-digest" if is_offered else "server-not-modified"
    return {
        OFFERED: "as offered" if is_offered else None,
        "WARC-Profile": f"http://netpreserve.org/warc/1.1/revisit/{profile}",
        "WARC-Refers-To-Target-URI": url,
        "WARC-Refers-To-Date": at,
        "WARC-Payload-Digest": digest,
    }


def named_capture(record: WarcRecord) -> str | None:
    """Return the id of the capture that a record names; ``None`` where that is not one."""
    found: str = record.headers.get(OWN) or ""
    return found if _ID.fullmatch(found) else None


def is_own(record: WarcRecord) -> bool:
    """Say whether *record* holds a capture as this program writes it.

    Its own id and its date then follow from the id of the capture. A record that only has our
    headers is read as anybody's.
    """
    capture = named_capture(record)
    if capture is None or record.record_type == WarcRecordType.metadata:
        return False
    at = (record.headers.get("WARC-Date") or "").replace("-", "").replace(":", "")
    is_named_so: bool = record.headers.get("WARC-Record-ID") == record_id(capture)
    return is_named_so and capture.startswith(f"{at}-")


def mirror_of(record: WarcRecord) -> str | None:
    """Return the base address that stood in for the site's, as a *record* of ours tells it.

    ``None`` where it tells none, or what is no address of a web server.
    """
    text: str | None = record.headers.get(MIRROR) if is_own(record) else None
    try:
        parts = urlsplit(text or "")
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None
