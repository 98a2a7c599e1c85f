"""WARC files of a site seen at several moments, and the WET files that belong to them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from embassy_scraper.replica.page_text import Item, PageText
from embassy_scraper.replica.pages import page_at
from embassy_scraper.replica.scenario import Scenario

HOST = "https://www.rusemb.org.uk"
ADDRESSES = ("/", "/newarh/&start=1&ps=10&ppp=15", "/fnapr/9010", "/fnapr/9011")
NBSP = "\u00a0"


def visible_text(page: PageText, *, form_a: bool = False) -> str:
    """The text of a page, without links and markup, in one of the two forms of site.md."""
    head = [page.date, f"Moscow: {page.other_time}", f"London: {page.local_time}", "",
            page.label + ":" + 2 * NBSP, page.phone + 2 * NBSP]  # fmt: skip
    parts = ["\n".join([*head, page.email] if form_a else head)]
    if page.counters:
        parts.append((341 * NBSP).join(page.counters))
    if form_a and page.heading:
        parts.append(page.heading)
    parts += [page.pager_text] if page.pager else []
    parts += map(_item_text, page.items)
    if page.title:
        own = f"{page.own_date}\n{page.title}" if form_a else page.title
        parts += [own, page.body, *([page.signature] if page.signature else [])]
    parts += ["LATEST EVENTS"] if form_a and not page.is_home else []
    parts += map(_item_text, page.latest)
    return "\n\n".join([*parts, "all messages"])


def _item_text(item: Item) -> str:
    return f"{item.date} - {item.title}\n\n{item.lead}"


def seen(scenario: Scenario, moments: list[datetime]) -> Iterator[tuple[datetime, str, Any]]:
    """What is seen at *moments* at every address: a page, or ``None`` for a 404."""
    for now in moments:
        for address in ADDRESSES:
            yield now, address, page_at(scenario, address, now)


def every_day(opens: datetime, days: int = 4) -> list[datetime]:
    return [opens + timedelta(days=day) for day in range(days)]


def write_warc(path: Path, scenario: Scenario, moments: list[datetime]) -> int:
    """Write a WARC file; return how many captures are in it."""
    count = 0
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for now, address, page in seen(scenario, moments):
            status, text = "404 Not Found", "<h1>No</h1>"
            if page is not None:
                status, text = "200 OK", scenario.markup(page, scenario.names)
            head = [("Content-Type", "text/html; charset=utf-8")]
            writer.write_record(writer.create_warc_record(
                HOST + address, "response", payload=io.BytesIO(text.encode()),
                http_headers=StatusAndHeaders(status, head, protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": f"{now:%Y-%m-%dT%H:%M:%SZ}"},
            ))  # fmt: skip
            count += 1
    return count


def write_wet(path: Path, scenario: Scenario, moments: list[datetime], padding: int = 0) -> int:
    """Write the WET file of the same; return how many texts are in it.

    The forms A and B take turns; pages of other sites, *padding* bytes each, stand between.
    """
    count = 0
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a test"}))
        for number, (now, address, page) in enumerate(seen(scenario, moments)):
            if padding:
                _write(writer, f"https://www.example.com/{number}", "x" * padding, now)
            if page is not None:
                text = visible_text(page, form_a=bool(number % 3))
                _write(writer, HOST + address, text, now)
                count += 1
    return count


def _write(writer: WARCWriter, url: str, text: str, now: datetime) -> None:
    writer.write_record(writer.create_warc_record(
        url, "conversion", payload=io.BytesIO(text.encode()), warc_content_type="text/plain",
        warc_headers_dict={"WARC-Date": f"{now:%Y-%m-%dT%H:%M:%SZ}",
                           "WARC-Refers-To": f"<urn:uuid:{uuid4()}>"},
    ))  # fmt: skip
