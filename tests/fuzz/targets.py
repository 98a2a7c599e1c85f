"""What is fuzzed: one function for each kind of bytes that strangers hand to the program."""

from __future__ import annotations

import gzip
import io
import re
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import zstandard
from scrapy.http import Headers, Response

from embassy_scraper.archives.cdx import read_pywb, read_wayback
from embassy_scraper.archives.manifest import read_instant, read_list, read_manifest, unread_columns
from embassy_scraper.archives.saved import SavedReader, find_files
from embassy_scraper.archives.wet import TextSearch
from embassy_scraper.config import reading_config
from embassy_scraper.config_text import show_config
from embassy_scraper.crawl_items import Offered, Wanted
from embassy_scraper.errors import CaptureRejected, EmbassyError
from embassy_scraper.fetching.manners import seconds_to_wait
from embassy_scraper.fetching.robots import read_rules, robots_url
from embassy_scraper.intake.offered_page import read_offered_page
from embassy_scraper.items import RawCapture
from embassy_scraper.pages.reading import explain_page
from embassy_scraper.sites import load_profile, read_profile
from embassy_scraper.sites.addresses import read_address
from embassy_scraper.spiders.answers import raw_capture
from pipelines.normalise import normalise
from pipelines.values import instants
from tests.fuzz import words

AT = "2020-11-24T12:30:00Z"
SITE = "https://www.rusemb.org.uk/"
PROFILE = load_profile()
_ADDRESSES = (SITE, f"{SITE}fnapr/6956", f"{SITE}newarh/&start=11&ps=10", None)
_MEDIA_TYPES = ("text/html", "text/plain", "")
_RECORD = re.compile(rb"(?=WARC/[01]\.)")
_HOSTS = frozenset({"www.rusemb.org.uk"})


class Crash(Exception):
    """What a reader told as its own failure, which is a crash as any other."""


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of bytes: what reads it, of which *most* bytes, and its *share* of the time.

    ``words`` are put into what is read; ``is_page``: it has to be done in a hundred times what
    the median page takes, however large it is, while of others that much is allowed for each MB.
    """

    read: Callable[[bytes], object]
    share: int
    most: int
    words: tuple[bytes, ...]
    is_page: bool = False


def read_page(data: bytes) -> None:
    """Read a page as an import or as `probe` does; its first byte says what it is said to be."""
    number = data[0] if data else 0
    raw = RawCapture(
        data[1:],
        _MEDIA_TYPES[number // 4 % 3],
        "html",
        url=_ADDRESSES[number % 4],
        captured_at=AT,
    )
    if number & 64:
        explain_page(raw, PROFILE)
    else:
        normalise(raw, read_offered_page(raw, PROFILE), PROFILE)


def _read_file(data: bytes, name: str) -> None:
    """Read a saved file through the door by which every saved file comes in."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        for saved in find_files([path])[0]:
            for offer in SavedReader(_HOSTS).read(saved):
                if isinstance(offer.found, CaptureRejected) and "please report it" in str(
                    offer.found
                ):
                    raise Crash(offer.found.message.partition("reading it failed ")[2])


def read_warc(data: bytes) -> None:
    """Read records: as they are, in gzip members, zstd frames or a WACZ, by the first byte."""
    way, records = data[:1], data[1:]
    parts = [part for part in _RECORD.split(records) if part]
    if way == b"g":
        _read_file(b"".join(map(_gzipped, parts)), "x.warc.gz")
    elif way == b"z":
        _read_file(b"".join(map(zstandard.ZstdCompressor().compress, parts)), "x.warc.zst")
    elif way == b"w":
        _read_file(_zipped(records), "x.wacz")
    else:
        _read_file(records, "x.warc")


def _gzipped(data: bytes) -> bytes:
    return gzip.compress(data, 1, mtime=0)


def _zipped(data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as bundle:
        bundle.writestr("archive/a.warc.gz", _gzipped(data))
        bundle.writestr("archive/b.warc", data)
        bundle.writestr("datapackage.json", "{}")
    return made.getvalue()


def read_wet(data: bytes) -> None:
    """Look for a text in a WET file that comes in parts."""
    offer = Offered("20201124123000", f"{SITE}fnapr/6956", "text/html", 200, "")
    search = TextSearch([Wanted(1, offer)], "commoncrawl", PROFILE)
    packed = b"".join(_gzipped(part) for part in _RECORD.split(data[1:]) if part)
    packed = packed if data[:1] != b"r" else data[1:]
    for start in range(0, len(packed), 5000):
        for _ in search.feed(packed[start : start + 5000]):
            pass
    search.end()


def read_index(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for read in (read_wayback, read_pywb):
        with suppress(EmbassyError):
            read(text)


def read_robots(data: bytes) -> None:
    text = data.decode("utf-8-sig", "replace")[: 500 * 1024]
    rules = read_rules(200, text)
    for agent in ("embassy-scraper/1.0", "*"):
        rules.allow(f"{SITE}newarh/&start=11&ps=10", agent)
        rules.delay(agent)


def read_head(data: bytes) -> None:
    """Read the head of a live answer."""
    lines: dict[bytes, list[bytes]] = defaultdict(list)
    for line in data.split(b"\n"):
        name, _, value = line.partition(b":")
        lines[name.strip()].append(value.strip())
    head = Headers(lines)
    response = Response(f"{SITE}fnapr/6956", headers=head)
    seconds_to_wait(response)
    raw_capture(response, "server", None)


def read_toml(data: bytes) -> None:
    with suppress(EmbassyError):
        read_profile(data.decode("utf-8", "replace"), "x.toml")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "embassy.toml")
        path.write_bytes(data)
        show_config(reading_config(path))


def read_folder(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "manifest.tsv")
        path.write_bytes(data)
        unread_columns(path)
        for read, place in ((read_manifest, path.parent), (read_list, path)):
            with suppress(EmbassyError):
                read(place)
        for saved in find_files([path])[0]:
            list(SavedReader(_HOSTS).read(saved))


def read_words(data: bytes) -> None:
    """Read short texts: addresses, instants and dates in all their forms."""
    text = data.decode("utf-8", "replace")
    read_address(text, PROFILE)
    with suppress(ValueError):
        robots_url(text)
    with suppress(EmbassyError):
        read_instant(text, "")
    for read in (instants.read_item_date, instants.read_header_date, instants.read_signature):
        with suppress(instants.UnreadableDate):
            read(text, PROFILE)


MB = 1_000_000
TARGETS = {
    "pages": Target(read_page, 4, 8 * MB, words.PAGE, is_page=True),
    "warc": Target(read_warc, 3, 8 * MB, words.WARC),
    "arc": Target(lambda data: _read_file(data, "x.arc"), 1, 8 * MB, words.WARC),
    "wet": Target(read_wet, 1, 8 * MB, words.WARC),
    "files": Target(
        lambda data: _read_file(data, "x"), 2, 8 * MB, (*words.MAIL, *words.WARC, *words.TAGS)
    ),
    "index": Target(read_index, 1, 8 * MB, words.JSON),
    "robots": Target(read_robots, 1, MB, words.ROBOTS),
    "heads": Target(read_head, 1, MB // 10, words.HEAD),
    "toml": Target(read_toml, 1, MB // 10, words.TOML),
    "manifest": Target(read_folder, 1, 8 * MB, words.MANIFEST),
    "words": Target(read_words, 1, MB, words.WORDS),
}
