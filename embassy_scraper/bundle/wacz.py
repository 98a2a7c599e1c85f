"""A WACZ 1.1.1 of raw records: what ReplayWeb.page and pywb open.

Written after https://specs.webrecorder.net/wacz/1.1.1/.
"""

import json
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from urllib.parse import urlsplit

from embassy_scraper import __version__
from embassy_scraper.bundle.json_text import as_json, as_json_line
from embassy_scraper.bundle.kept import KeptCapture, KeptRecord
from embassy_scraper.bundle.zips import make_zip
from embassy_scraper.visible import one_line

WARC = "archive/data.warc.gz"
_LONGEST_TITLE = 200
_WWW = re.compile(r"^www\d*\.")
_PORTS = {"http": 80, "https": 443}


def make_wacz(captures: Sequence[KeptCapture], title: str, shown: str) -> bytes:
    """Return a WACZ called *title* with the records of *captures*, its pages in their order.

    *shown* is what the pages are about: a statement's title, a counter's event.
    """
    places = place_records(captures)
    files = {
        WARC: b"".join(record.member for record, _ in places),
        "indexes/index.cdx": _index(captures, places),
        "pages/pages.jsonl": _pages(captures, shown),
    }
    package = as_json(_package(files, captures[-1], title)).encode()
    digest = as_json({"path": "datapackage.json", "hash": _hash(package)}).encode()
    members = {
        "datapackage.json": package,
        "datapackage-digest.json": digest,
        **files,
    }
    return make_zip(members.items())


def place_records(captures: Iterable[KeptCapture]) -> list[tuple[KeptRecord, int]]:
    """Return each record of *captures* once, with its offset in the WARC file of the WACZ."""
    records = {one.record_id: one for c in captures for one in (c.holder, c.own)}
    places, offset = [], 0
    for record in sorted(records.values(), key=lambda record: (record.at, record.record_id)):
        places.append((record, offset))
        offset += len(record.member)
    return places


def _index(captures: Sequence[KeptCapture], places: Iterable[tuple[KeptRecord, int]]) -> bytes:
    """Return the CDXJ index of the records: sorted lines of key, timestamp and JSON."""
    by_record = {c.holder.record_id: c for c in captures} | {c.own.record_id: c for c in captures}
    lines = []
    for record, offset in places:
        raw = by_record[record.record_id].raw
        is_revisit = record.kind == "revisit"
        told = {
            "url": record.url,
            "mime": "warc/revisit" if is_revisit else raw.media_type or "unk",
            **({} if is_revisit else {"status": str(raw.http_status or 200)}),
            "digest": f"sha256:{by_record[record.record_id].sha256}",
            "length": str(len(record.member)),
            "offset": str(offset),
            "filename": WARC.rpartition("/")[2],
        }
        lines.append(f"{surt(record.url)} {timestamp(record.at)} {as_json_line(told)}\n")
    return "".join(sorted(lines)).encode()


def _pages(captures: Iterable[KeptCapture], title: str) -> bytes:
    """Return the list of pages: where a server said "not modified", the page that it repeats."""
    head = {"format": "json-pages-1.0", "id": "pages", "title": "The captures"}
    short = one_line(title, _LONGEST_TITLE)
    rows = [
        {
            "id": capture.id,
            "url": capture.holder.url,
            "ts": capture.holder.at,
            "title": f"{capture.role.capitalize()}: {short} ({capture.id})",
        }
        for capture in captures
    ]
    return "".join(f"{as_json_line(row)}\n" for row in (head, *rows)).encode()


def _package(files: dict[str, bytes], main: KeptCapture, title: str) -> dict[str, object]:
    return {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": one_line(title, _LONGEST_TITLE),
        "software": f"embassy-scraper {__version__}",
        "mainPageUrl": main.holder.url,
        "mainPageDate": main.holder.at,
        "resources": [
            {
                "name": path.rpartition("/")[2],
                "path": path,
                "hash": _hash(data),
                "bytes": len(data),
            }
            for path, data in files.items()
        ],
    }


def _hash(data: bytes) -> str:
    return f"sha256:{sha256(data).hexdigest()}"


def timestamp(instant: str) -> str:
    """Return an instant as the fourteen digits by which archives know it.

    >>> timestamp("2021-03-05T09:00:00Z")
    '20210305090000'
    """
    return re.sub(r"\D", "", instant)[:14]


def surt(url: str) -> str:
    """Return the key by which an index sorts *url*: its host turned around, the rest lower case.

    >>> surt("https://www.RusEmb.org.uk/fnapr/1?b=2&a=1")
    'uk,org,rusemb)/fnapr/1?a=1&b=2'
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:  # an address with a port or a bracket that makes no sense
        return json.dumps(url)[1:-1].replace(" ", "%20")
    if host is None:
        return url.replace(" ", "%20")
    labels = ",".join(reversed(_WWW.sub("", host).split(".")))
    shown = f":{port}" if port not in (None, _PORTS.get(parts.scheme)) else ""
    path = re.sub("/+", "/", parts.path).rstrip("/") or "/"
    query = "&".join(sorted(parts.query.split("&")))
    key = f"{labels}{shown}){path}" + (f"?{query}" if query else "")
    return key.lower().replace(" ", "%20")
