"""Captures for the benchmarks: a site that publishes now and then, seen over and over."""

import io
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from embassy_scraper.replica.boxes import box, closing, entry
from embassy_scraper.replica.chrome import Around, whole_page
from embassy_scraper.replica.sections import SHIPPED

_WORDS = [
    "embassy",
    "comment",
    "statement",
    "ministry",
    "foreign",
    "press",
    "release",
    "visit",
    "talks",
    "agreement",
    "regarding",
    "question",
    "answer",
    "meeting",
    "minister",
    "ambassador",
    "council",
    "region",
    "treaty",
    "cooperation",
    "report",
    "media",
    "interview",
    "article",
    "position",
    "partners",
    "measures",
    "security",
    "economic",
    "cultural",
    "exchange",
    "programme",
]
START = datetime(2018, 6, 1, 9, tzinfo=UTC)


def words(seed: object, count: int) -> str:
    """Return *count* words, the same for the same seed."""
    return " ".join(random.Random(str(seed)).choices(_WORDS, k=count))


@lru_cache(maxsize=64)
def _entry(number: int) -> tuple[str, str, str]:
    day = date(2018, 3, 4) + timedelta(days=number // 3)
    return f"{day:%d.%m.%Y}", f"Statement {number} {words(number, 8)}", words((number, "lead"), 40)


def page(at: datetime, newest: int, own: int) -> bytes:
    """Return the page of statement *own* as seen at *at*, when *newest* was the newest."""
    days = (at.date() - date(2018, 3, 4)).days
    gap = "&nbsp;" * 341
    block = "".join(
        f"<div><span>{d}</span> - <a href='/fnapr/{n}'><b>{t}</b></a><p>{lead}</p></div>"
        for n in range(newest, newest - 10, -1)
        for d, t, lead in [_entry(n)]
    )
    day, title, lead = _entry(own)
    head = (
        f"<html><head><meta charset='utf-8'><title>Embassy</title><script>var a=1;</script></head>"
        f"<body><div>{at.day} {at:%B %Y}<br>Moscow: {at + timedelta(hours=3):%H:%M}<br>"
        f"London: {at:%H:%M}</div><div>Consular queries:&nbsp;&nbsp;<br>+44 (0) 203 668 7474</div>"
        f"<div>{days} days have passed since the A incident - no answer{gap}"
        f"{days - 8} days have passed since the B incident - no answer</div>"
        f"<div>PRESS RELEASES AND NEWS</div><div>{day}</div><h1>{title}</h1><p>{lead}</p>"
    )
    tail = f"<h3>LATEST EVENTS</h3>{block}<a href='/newarh/'>all messages</a></body></html>"
    return "".join([head, *_body(own, 20_000), tail]).encode()


def frame_page(at: datetime, newest: int, own: int) -> bytes:
    """Return the same page in the site's real frame, which its layout reads."""
    days = (at.date() - date(2018, 3, 4)).days
    gap = "&nbsp;" * 341
    around = Around(
        clock=(f"{at.day} {at:%B %Y}", f"Moscow: {at + timedelta(hours=3):%H:%M}",
               f"London: {at:%H:%M}"),
        contacts=("Consular queries:", "+44 (0) 203 668 7474"),
        counters=f"{days} days have passed since the A incident - no answer{gap}"
        f"{days - 8} days have passed since the B incident - no answer",
        path=f"/fnapr/{own}",
    )  # fmt: skip
    day, title, lead = _entry(own)
    text = f"<h2>{day}</h2>\n<h3>{title}</h3><p>{lead}</p>{''.join(_body(own, 14_000))}"
    block = "".join(_framed_entry(n) for n in range(newest, newest - 10, -1))
    latest = box(SHIPPED.latest, block + closing("/newarh/", SHIPPED.closing))
    return whole_page(around, SHIPPED, box("PRESS RELEASES AND NEWS", text) + latest).encode()


@lru_cache(maxsize=64)
def _framed_entry(number: int) -> str:
    day, title, lead = _entry(number)
    return entry(day, f"/fnapr/{number}", title, lead)


DRESSES: dict[str, Callable[[datetime, int, int], bytes]] = {"plain": page, "frame": frame_page}


@lru_cache(maxsize=64)
def _body(own: int, size: int) -> list[str]:
    """Return signed paragraphs of *size* bytes: so many that the page has about 30 kB."""
    body: list[str] = []
    while sum(map(len, body)) < size:
        body.append(f"<p>{words((own, len(body)), 60)} <i>{words((own, 'i'), 3)}</i>.</p>")
    day = date(2018, 3, 4) + timedelta(days=own // 3)
    return [*body, f"<p>{day.day} {day:%B %Y}, 18:05</p>"]


def captures(
    count: int, first: int = 0, dress: str = "frame", every: int = 3
) -> Iterator[tuple[str, str, bytes]]:
    """Yield URL, instant and payload of *count* captures, one an hour, from number *first* on.

    *dress* is "frame", the site's own markup, or "plain", which has to prove what it shows. One
    capture in *every* few finds one statement more; each is of the page of a recent statement.
    """
    for number in range(first, first + count):
        at = (START + timedelta(hours=number)).replace(tzinfo=UTC)
        newest = 20 + number // every
        own = newest - number % 15
        yield (
            f"https://www.rusemb.org.uk/fnapr/{own}",
            f"{at:%Y-%m-%dT%H:%M:%SZ}",
            DRESSES[dress](at, newest, own),
        )


def write_warc(path: Path, rows: Iterator[tuple[str, str, bytes]]) -> None:
    """Write *rows* as response records of a ``.warc.gz``."""
    with path.open("wb") as file:
        for url, at, payload in rows:
            file.write(record(url, at, payload))


def record(url: str, at: str, payload: bytes) -> bytes:
    """Return one response record as a gzip member."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(payload)}\r\n\r\n"
    block = head.encode() + payload
    warc = WarcRecord()
    warc.init_headers(WarcRecordType.response, content_length=len(block))
    warc.headers["WARC-Target-URI"] = url
    warc.headers["WARC-Date"] = at
    warc.headers["Content-Type"] = "application/http; msgtype=response"
    warc.set_bytes_content(block)
    buffer = io.BytesIO()
    member = GzipWriter(buffer, 6)
    warc.write(member, checksum_data=True)
    member.close()
    return buffer.getvalue()
