"""What fuzzing begins with: sound bytes of every kind, made here; what lies in ``../shared``."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from embassy_scraper.captures import make_record
from embassy_scraper.config import read_config
from embassy_scraper.config_text import show_config
from embassy_scraper.items import RawCapture
from embassy_scraper.replica import load_scenario
from embassy_scraper.replica.pages import render
from tests.archive_markups import DRESSES
from tests.fuzz.targets import AT, SITE
from tests.markups import renderings
from tests.pages.test_markups import LISTING, MODELS, STATEMENT

SHARED = Path(__file__).parents[3] / "shared"
_PATHS = ("/", "/fnapr/7003", "/newarh/", "/newarh/&start=11&ps=10&ppp=15", "/embassy")
_URL = f"{SITE}fnapr/6956"
_HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


@cache
def _replica() -> dict[str, bytes]:
    """Pages of the replica of the site, in the real one's frame."""
    story = load_scenario(Path(str(files("embassy_scraper.replica").joinpath("story.toml"))))
    made = {path: render(story, path, story.events[-1]["at"]) for path in _PATHS}
    return {path: page[0].encode() for path, page in made.items() if page}


def _pages() -> Iterator[bytes]:
    """Yield pages, each behind the byte by which `read_page` knows what it is said to be."""
    for path, page in _replica().items():
        yield (b"0" if path == "/" else b"2" if "newarh" in path else b"1") + page
    for model, head in ((STATEMENT, 1), (LISTING, 2)):
        for page, media_type in renderings(model).values():
            yield b"%d" % (head if media_type == "text/html" else head + 4) + page
    for model in MODELS.values():
        yield b"1" + renderings(model)["divs"][0]
    shown = renderings(STATEMENT)["frame"][0].decode()
    for dress in DRESSES.values():
        yield b"1" + dress.put_on(shown, _URL).encode()
    yield b"q" + shown.encode()
    yield b"1" + shown.encode("cp1251", "replace")
    yield b"1" + shown.encode("utf-16")


def _records() -> Iterator[bytes]:
    """Yield records of all types, one behind another."""
    page = renderings(STATEMENT)["divs"][0]
    raw = RawCapture(
        page, "text/html", "html", url=_URL, captured_at=AT, http_status=200,
        http_head=(("Content-Type", "text/html"),),
    )  # fmt: skip
    for one in (raw, replace(raw, record_type="response"), replace(raw, record_type="conversion")):
        yield gzip.decompress(make_record(one, "20201124T123000Z-0123456789abcdef", AT))
    yield _record("response", _HTTP + b"Content-Length: 12\r\n\r\n<p>x</p>1234")
    yield _record("response", _HTTP + b"Transfer-Encoding: chunked\r\n\r\n4\r\n<p>x\r\n0\r\n\r\n")
    packed = gzip.compress(b"<p>x</p>", mtime=0)
    yield _record("response", _HTTP + b"Content-Encoding: gzip\r\n\r\n" + packed)
    yield _record("revisit", _HTTP + b"\r\n", "WARC-Refers-To-Date: 2020-11-24T12:22:00Z\r\n")
    yield _record("revisit", b"HTTP/1.1 304 Not Modified\r\n\r\n").replace(b"\r\n", b"\n")
    yield _record("warcinfo", b"software: x\r\n").replace(b"WARC-Type", b"warc-type")


def _record(record_type: str, block: bytes, more: str = "") -> bytes:
    return (
        f"WARC/1.0\r\nWARC-Type: {record_type}\r\nWARC-Target-URI: {_URL}\r\nWARC-Date: {AT}\r\n"
        f"{more}Content-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
    ).encode() + block + b"\r\n\r\n"  # fmt: skip


def _warcs() -> Iterator[bytes]:
    records = list(_records())
    for way in b"pgzw":
        yield bytes([way]) + b"".join(records)
    for record in records:
        yield b"p" + record
    yield b"p" + gzip.compress(records[0], mtime=0)


def _arcs() -> Iterator[bytes]:
    about = b"1 0 Some Crawler\nURL IP-address Archive-date Content-type Archive-length\n\n"
    parts = [
        _arc("filedesc://x.arc", about),
        _arc(_URL, _HTTP + b"\r\n<p>x</p>"),
        _arc("dns:x", b"1"),
    ]
    yield b"".join(parts)
    yield b"".join(gzip.compress(part, mtime=0) for part in parts)


def _arc(url: str, block: bytes) -> bytes:
    return f"{url} 192.0.2.1 20201124123000 text/html {len(block)}\n".encode() + block + b"\n"


def _wets() -> Iterator[bytes]:
    texts = renderings(STATEMENT)["form A"][0]
    records = [_record("warcinfo", b"a: b\r\n"), _record("conversion", texts)]
    yield b"p" + b"".join(records)
    yield b"r" + b"".join(gzip.compress(one, mtime=0) for one in records)


def _files() -> Iterator[bytes]:
    page = _replica()["/"]
    yield page
    yield gzip.compress(page, mtime=0)
    yield _HTTP + b"Date: Tue, 24 Nov 2020 12:30:00 GMT\r\n\r\n" + page
    yield from (data[1:] for data in _warcs())
    yield from _arcs()


def _tomls() -> Iterator[bytes]:
    yield show_config(read_config(None)).encode()
    yield files("embassy_scraper.sites").joinpath("rusemb.toml").read_bytes()


_MADE = {
    "pages": _pages, "warc": _warcs, "arc": _arcs, "wet": _wets, "files": _files, "toml": _tomls
}  # fmt: skip


@cache
def made(target: str) -> tuple[bytes, ...]:
    """The seeds of *target* that are made here; others lie in ``corpus``."""
    return tuple(_MADE[target]()) if target in _MADE else ()


def found(target: str) -> Iterator[bytes]:
    """Yield what else there is for *target* in ``../shared``, which is not part of the project."""
    if target == "pages":
        for path in [
            path
            for place in ("frames/*", "html/*", "cases/*/in/**/*")
            for path in sorted(SHARED.glob(f"{place}.html"))
        ]:
            yield b"1" + path.read_bytes()
        for path in sorted(SHARED.glob("captures/*.txt")):
            yield b"5" + path.read_bytes()
    elif target in ("warc", "files"):
        for path in sorted(SHARED.glob("cases/*/in/*.warc*")):
            yield (b"p" if target == "warc" else b"") + path.read_bytes()
    elif target == "manifest":
        yield from (path.read_bytes() for path in sorted(SHARED.glob("cases/*/in/**/manifest.tsv")))
