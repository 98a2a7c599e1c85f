"""Indexes without end or sense: the run says so and keeps what was offered; the next goes on."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from embassy_scraper.limits import MAX_TRIES
from tests.peers.backfill import Backfill, FromCommonCrawl
from tests.peers.front import Answer, Front, Raw

pytestmark = pytest.mark.peer

PAGES = 40  # of an index in one run of these tests
FEWER = f"import embassy_scraper.spiders.backfill as b; b.MAX_INDEX_PAGES = {PAGES}\n"
MAIN = "from embassy_scraper.commands import main; main()"
NAMES = ["timestamp", "original", "mimetype", "statuscode", "digest", "length"]
SITE = "https://www.rusemb.org.uk/fnapr"


@pytest.fixture
def front() -> Iterator[Front]:
    with Front("http://127.0.0.1:1") as one:
        yield one


def run(fill: Backfill) -> str:
    """Run it with a lower bound; ten thousand answers would take a minute."""
    command = [sys.executable, "-c", FEWER + MAIN, *fill.command("--dry-run")[3:]]
    done = subprocess.run(command, cwd=fill.folder, capture_output=True, text=True)
    assert done.returncode == 3 and "Traceback" not in done.stderr, done.stderr
    return done.stderr


def row(number: int, length: object = "900") -> list[object]:
    return ["20210304100000", f"{SITE}/{number}", "text/html", "200", f"{number:032}", length]


def wayback(rows: Callable[[int], list[Any]], key: Callable[[int], str | None]) -> Any:
    """An answer to every query of the CDX server, each with another number."""
    numbers = count()

    def mood(path: str) -> Answer | None:
        if "/cdx/" not in path:
            return None
        number = next(numbers)
        following = key(number)
        table = [NAMES, *rows(number), *([[], [following]] if following is not None else [])]
        return 200, {"Content-Type": "application/json"}, json.dumps(table).encode()

    return mood


def offers(fill: Backfill) -> int:
    found: int = fill.rows("SELECT count(*) FROM _offers")[0][0]
    return found


@pytest.mark.parametrize("is_new", [True, False])
def test_an_index_with_ever_new_resume_keys(tmp_path: Path, front: Front, is_new: bool) -> None:
    front.moods.append(wayback(lambda n: [row(n if is_new else 1)], lambda n: f"key {n}"))
    fill = Backfill(tmp_path / "fill", front.url)
    said = run(fill)
    assert f"over {PAGES} pages of an index" in said
    assert len(front.asked) == PAGES
    assert offers(fill) == (PAGES if is_new else 1)
    last = parse_qs(urlsplit(front.asked[-1]).query)["resumeKey"]
    front.asked.clear()
    run(fill)
    assert parse_qs(urlsplit(front.asked[0]).query)["resumeKey"] != last
    assert offers(fill) == (2 * PAGES if is_new else 1)


@pytest.mark.parametrize("key", ["k" * 6001, "\ud800", "a\nb", "\x1b[2J", ""])
def test_a_resume_key_that_cannot_be_sent_back(tmp_path: Path, front: Front, key: str) -> None:
    front.moods.append(wayback(lambda n: [row(n)], lambda n: key))
    fill = Backfill(tmp_path / "fill", front.url)
    assert "resume key" in fill.run("--dry-run", code=3).stderr
    assert offers(fill) >= 1


ODD_ROWS: list[Any] = [
    "\ud800", ["\ud800"] * 6, ["x" * 7000] * 6, row(1, "9" * 5000), row(2, 10**400),
    row(3, -1), row(4, 1e308), row(5, None), row(6, [1] * 9000), row(7, "x" * 7000), {}, [[[]]],
    ["20210304100000", f"{SITE}/8\ud800", "text/html", "200", "A", "1"],
    ["99991231235959", f"{SITE}/9", "text/html", "200", "A", "1"],
    ["00010101000000", f"{SITE}/10", "text/html", "200", "A", "1"],
    ["00000000000000", f"{SITE}/11", "text/html", "200", "A", "1"],
    ["20210304100000", "http://[::1", "text/html", "200", "A", "1"],
    ["20210304100000", "http://a:99999/", "text/html", "9" * 18, "A", "1"],
    *(row(number, "9" * 18) for number in range(100, 120)),
]  # fmt: skip


def test_no_row_of_an_index_harms_the_others(tmp_path: Path, front: Front) -> None:
    front.moods.append(wayback(lambda _: [*ODD_ROWS, row(999)], lambda _: None))
    fill = Backfill(tmp_path / "fill", front.url)
    front.moods.append(lambda path: (404, {}, b"") if path.startswith("/web/") else None)
    fill.run(code=3)
    unread = "SELECT count(*) FROM problems WHERE what = 'unreadable index row'"
    assert fill.rows(unread) == [(9,)]
    assert fill.rows("SELECT count(*) FROM _offers WHERE reason IS NULL") == [(0,)]
    assert fill.rows(f"SELECT count(*) FROM _offers WHERE url = '{SITE}/999'") == [(1,)]


def test_a_capture_that_is_too_large_is_given_up_in_the_end(tmp_path: Path, front: Front) -> None:
    flood = Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    front.moods.append(wayback(lambda _: [row(1)], lambda _: None))
    front.moods.append(lambda path: flood if path.startswith("/web/") else None)
    fill = Backfill(tmp_path / "fill", front.url)
    for tries in range(1, MAX_TRIES + 1):
        assert "its answer is larger than any page" in fill.run(code=3).stderr
        assert fill.rows("SELECT tries FROM _offers") == [(tries,)]
        assert len([path for path in front.asked if path.startswith("/web/")]) == tries
    assert fill.rows("SELECT state FROM _offers") == [("given up",)]


def common_crawl(crawls: object, pages: object) -> Any:
    def mood(path: str) -> Answer | None:
        if path.startswith("/collinfo"):
            return 200, {}, json.dumps(crawls).encode()
        query = parse_qs(urlsplit(path).query)
        if "showNumPages" in query:
            return 200, {}, pages if isinstance(pages, bytes) else json.dumps(pages).encode()
        crawl, page = path.split("/")[1].partition("-index")[0], query["page"][0]
        told = {"timestamp": "20210304100000", "url": f"{SITE}/{page}", "status": "200",
                "mime": "text/html", "digest": "A" * 32, "filename": f"{crawl}.gz", "length": "9",
                "offset": "0"}  # fmt: skip
        return 200, {}, json.dumps(told).encode() + b"\n"

    return mood


ENDLESS = [10**18, {"pages": 10**9}]
NO_NUMBERS = [b"9" * 5000, b"1e400", b'"x"', b"null", b"[]", b"{}", b"[" * 99_999]


@pytest.mark.parametrize("pages", [*ENDLESS, *NO_NUMBERS, -3])
def test_an_index_of_common_crawl_with_any_number_of_pages(
    tmp_path: Path, front: Front, pages: object
) -> None:
    front.moods.append(common_crawl([{"id": "CC-1"}, {"id": "CC-2"}], pages))
    fill = FromCommonCrawl(tmp_path / "fill", front.url)
    if pages not in ENDLESS:
        fill.run("--dry-run", code=0 if pages == -3 else 3)
    else:
        said = run(fill)
        assert f"over {PAGES} pages of an index" in said
        assert len(front.asked) == PAGES and offers(fill) == PAGES - 2
        front.asked.clear()
        run(fill)
        (first,) = parse_qs(urlsplit(front.asked[2]).query)["page"]
        assert int(first) > 0


@pytest.mark.parametrize(
    "names, told",
    [
        ([f"CC-{n}" for n in range(1001)], "1001 crawls, of which 1000 are read"),
        (["CC-1", "../../x", "a\nb", "\ud800", "c" * 61, ""], "6 crawls, of which 1 are read"),
    ],
)
def test_a_list_of_crawls_without_measure(
    tmp_path: Path, front: Front, names: list[str], told: str
) -> None:
    front.moods.append(common_crawl([{"id": name} for name in names], 1))
    fill = FromCommonCrawl(tmp_path / "fill", front.url)
    assert told in fill.run("--dry-run", code=3).stderr
    asked = {path.partition("-index")[0] for path in front.asked[1:]}
    assert all(re.fullmatch(r"/CC-[0-9]+", path) for path in asked)


@pytest.mark.parametrize("blank", [b"\r\n", b" ", b"\n"])
def test_records_of_blanks_alone_are_refused_at_once(
    tmp_path: Path, front: Front, blank: bytes
) -> None:
    """A hundred megabytes of them fit into one: read line by line, each record took seconds."""
    member = gzip.compress(blank * (100_000_000 // len(blank)))
    crawl: Callable[[str], Answer] = common_crawl([{"id": "CC-1"}], 3)

    def mood(path: str) -> Answer:
        if ".gz" not in path:
            status, head, body = crawl(path)
            return status, head, body.replace(b'"9"', b'"%d"' % len(member))
        told = f"bytes 0-{len(member) - 1}/{len(member)}"
        return 206, {"Content-Range": told}, member

    front.moods.append(mood)
    fill = FromCommonCrawl(tmp_path / "fill", front.url)
    fill.run("--dry-run")
    begun = time.monotonic()
    assert fill.run(code=3).stderr.count("no WARC record is there") == 3
    assert time.monotonic() - begun < 8
