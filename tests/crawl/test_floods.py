"""Answers without end or measure: a problem of that page each, little memory, and the run goes on.

The servers are real and send as fast as they are read; each counts what it got rid of.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator

import pytest
import zstandard
from scrapy.http import Response

from embassy_scraper.fetching.manners import seconds_to_wait
from embassy_scraper.limits import MAX_HEAD_BYTES
from tests.archives.test_files import brotli
from tests.live import forked
from tests.live.site import Live, Open, site

pytestmark = pytest.mark.peer

PIECE, END = 1 << 16, 60_000_000  # bytes; a flood ends somewhere, or a test that fails never would
OK, HTML = b"HTTP/1.1 200 OK\r\n", b"Content-Type: text/html\r\n"
CHUNKED = OK + HTML + b"Transfer-Encoding: chunked\r\n\r\n"
BOMB = b"<p>" + b" " * 80_000_000  # bytes that unpack from a few thousand
MORE_MEMORY = 70  # MB, than a crawl of the same site without floods


class Flood:
    """Pieces of one answer; ``sent`` is how many bytes of it were taken."""

    def __init__(self, head: bytes, again: bytes, pause: float = 0.0) -> None:
        self.head, self.again, self.pause, self.sent = head, again, pause, 0

    def __call__(self) -> Iterator[bytes]:
        yield self.head
        piece = self.again if self.pause else self.again * (PIECE // len(self.again) + 1)
        while self.sent < END:
            self.sent += len(piece)
            yield piece
            time.sleep(self.pause)


def packed(encoding: bytes, body: bytes) -> bytes:
    length = b"Content-Length: %d\r\n" % len(body)
    return OK + HTML + b"Content-Encoding: " + encoding + b"\r\n" + length + b"\r\n" + body


HEAD_TOO_LARGE = f"the head of its answer does not end in {MAX_HEAD_BYTES} bytes"
FLOODS: dict[str, tuple[Flood | bytes, str]] = {
    "a folded field": (Flood(OK + b"X-A: b\r\n", b" more of it\r\n"), HEAD_TOO_LARGE),
    "fields": (Flood(OK, b"X-A: b\r\n"), HEAD_TOO_LARGE),
    "lines that are no fields": (Flood(OK, b"no field\n"), HEAD_TOO_LARGE),
    "a status line": (Flood(b"HTTP/1.1 200 ", b"O"), "the connection broke off"),
    "answers 1xx": (Flood(b"", b"HTTP/1.1 102 Processing\r\n\r\n"), HEAD_TOO_LARGE),
    "what follows a chunk's size": (Flood(CHUNKED + b"5;", b"a"), ""),
    "trailers": (Flood(CHUNKED + b"0\r\n", b"X-A: b\r\n"), ""),
    "a body": (Flood(OK + HTML + b"\r\n", b"<p>more"), "larger than any page"),
    "chunks": (Flood(CHUNKED, b"1;aaaa=bbbb\r\n<\r\n"), ""),
    "a length": (OK + HTML + b"Content-Length: " + b"9" * 4000 + b"\r\n\r\n", "larger than any"),
    "a length that is no number": (OK + b"Content-Length: " + b"9" * 9000 + b"\r\n\r\n", ""),
    "gzip": (packed(b"gzip", gzip.compress(BOMB)), "decodes to over 1000000 bytes"),
    "deflate": (packed(b"deflate", zlib.compress(BOMB)), "decodes to over 1000000 bytes"),
    "br": (packed(b"br", brotli(BOMB)), "decodes to over 1000000 bytes"),
    "zstd": (packed(b"zstd", zstandard.compress(BOMB)), "decodes to over 1000000 bytes"),
    "gzip in gzip": (
        packed(b"gzip, gzip", gzip.compress(gzip.compress(BOMB))), "decodes to over 1000000 bytes"
    ),
    "encodings": (packed(b"gzip, " * 2000 + b"gzip", gzip.compress(b"<p>")), "over 5 encodings"),
    "redirects": (b"HTTP/1.1 302 Found\r\nLocation: ?\r\nContent-Length: 0\r\n\r\n", "302"),
}  # fmt: skip


PEAK = (  # of its child: a process that a large one forks would begin with that one's peak
    "import resource, subprocess, sys\n"
    "status = subprocess.call(sys.argv[1:])\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)\n"
    "sys.exit(status)"
)


def crawl(it: Live) -> tuple[int, str, int]:
    """Crawl in a process of its own; return its exit status, what it said, and its peak in MB."""
    command = [sys.executable, "-c", PEAK, *it.command("crawl")]
    done = subprocess.run(command, cwd=it.folder, capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr, int(done.stdout)


def problems(it: Live, path: str) -> list[str]:
    query = (
        "SELECT p.what FROM problems p LEFT JOIN captures c ON c.id = p.capture"
        f" WHERE coalesce(p.path, c.url) LIKE '%{path}'"
    )
    return [row[0] for row in it.rows(query)]


def test_floods_are_problems_of_their_pages_and_the_run_goes_on(live: Open) -> None:
    size = len(FLOODS) + 6
    with live(site(size), max_bytes=1_000_000, retries=0, concurrency=8) as it:
        paths = {name: f"/fnapr/{9000 + number}" for number, name in enumerate(FLOODS)}
        it.replica.raw.update({paths[name]: flood for name, (flood, _) in FLOODS.items()})
        status, said, peak = crawl(it)
        assert status == 3, said
        for name, (flood, expected) in FLOODS.items():
            told = [line for line in said.splitlines() if f"{paths[name]}: " in line]
            assert len(told) == 1 and expected in told[0], (name, told)
            assert name == "redirects" or problems(it, paths[name]), name
            if isinstance(flood, Flood):
                assert flood.sent < END // 2, name
        stored = "SELECT count(*) FROM captures WHERE page_kind = 'statement'"
        assert it.rows(stored) == [(size - len(FLOODS),)]
        plain = it.folder / "plain"
        plain.mkdir()
        with live(site(size), concurrency=8) as other:
            other.folder = plain
            assert crawl(other)[0] == 0
            assert peak < crawl(other)[2] + MORE_MEMORY


def test_an_answer_that_comes_slowly_for_ever_is_a_problem(live: Open) -> None:
    with live(site(3), timeout=3.0, retries=0) as it:
        it.replica.raw["/fnapr/9000"] = Flood(OK, b"X-A: b\r\n", pause=0.2)
        it.replica.raw["/fnapr/9001"] = Flood(OK + HTML + b"\r\n", b"<p>", pause=0.2)
        said = it.crawl(code=3)
        for number in (9000, 9001):
            assert f"/fnapr/{number}: no answer in time" in said


LONG = b"".join(b"Disallow: /x%06d/\n" % n for n in range(40_000))  # 680,000 bytes
MANY = 9_000_000  # bytes
TEXT = b"Content-Type: text/plain\r\n"
ROBOTS: dict[str, Callable[[bytes], Flood | bytes]] = {
    "without end": lambda rules: Flood(OK + TEXT + b"\r\n" + rules, b"# more\n"),
    "over the bytes that a page may have": lambda rules: (
        OK + TEXT + b"Content-Length: %d\r\n\r\n" % (len(rules) + MANY) + rules + b"#" * MANY
    ),
    "packed": lambda rules: packed(b"gzip", gzip.compress(rules + LONG + b"#" * 80_000_000)),
    "packed without end": lambda rules: Flood(
        OK + TEXT + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(rules), gzip.compress(LONG)
    ),
}


@pytest.mark.parametrize("name", ROBOTS)
def test_of_a_long_robots_txt_its_beginning_counts(live: Open, name: str) -> None:
    with live(site(3), timeout=20.0) as it:
        flood = ROBOTS[name](b"User-agent: *\nDisallow: /fnapr/\n")
        it.replica.raw["/robots.txt"] = flood
        status, said, peak = crawl(it)
        assert status == 0, said
        asked = {path for path, _ in it.asked()}
        assert "/" in asked and not any(path.startswith("/fnapr") for path in asked)
        assert peak < 200
        if isinstance(flood, Flood):
            assert flood.sent < 5_000_000


def test_a_rule_that_is_cut_by_the_bound_is_none(live: Open) -> None:
    """A "Disallow: /fnapr" of which "Disallow: /" is left would forbid everything."""
    with live(site(3)) as it:
        rules = b"User-agent: *\n".ljust(500 * 1024 - len("Disallow: /") - 1, b"#") + b"\n"
        it.replica.raw["/robots.txt"] = (
            OK + TEXT + b"\r\n" + rules + b"Disallow: /fnapr/\n" + b"#" * 10_000_000
        )
        assert crawl(it)[0] == 0
        assert any(path.startswith("/fnapr") for path, _ in it.asked())


def test_a_head_without_end_of_robots_txt_forbids_and_says_so(live: Open) -> None:
    with live(site(3)) as it:
        it.replica.raw["/robots.txt"] = Flood(OK + b"X-A: b\r\n", b" more\r\n")
        status, said, peak = crawl(it)
        assert status == 1 and HEAD_TOO_LARGE in said, said
        assert peak < 200


LONG_NAME, AGAIN = b"h" * 9000, ("/robots.txt",)
PLACES: dict[bytes, tuple[str, ...] | None] = {  # what is asked for as robots.txt; none: nowhere
    b"http://[::1": None, b"http://a:99999/": None, b"//[": None, b"http://user:pw@[x]/": None,
    b"file:///etc/passwd": None, b"javascript:x": None, b"mailto:": None,
    b"http://127.0.0.1:0/": None, b"https://\xe9\xff.example/": None, b"http://%00/": None,
    b"http://a b/": None, b"http://" + b"a" * 300 + b"/": None,
    b"//": AGAIN * 5, b"http://": AGAIN * 5,  # without a host they are addresses of the same one
    b"http:///x": ("/x",), b"\xff\xfe": ("/\xff\xfe",), LONG_NAME: (f"/{LONG_NAME.decode()}",),
}  # fmt: skip


def moved(place: bytes) -> bytes:
    return b"HTTP/1.1 301 Moved\r\nLocation: " + place + b"\r\nContent-Length: 0\r\n\r\n"


def test_no_redirect_harms_more_than_its_own_page(live: Open) -> None:
    with live(site(len(PLACES) + 4)) as it:
        it.replica.raw.update({f"/fnapr/{9000 + n}": moved(one) for n, one in enumerate(PLACES)})
        said = it.crawl()
        assert said.count("answered 301") == len(PLACES) + 1, said
        statements = "SELECT count(*) FROM captures WHERE page_kind = 'statement'"
        assert it.rows(statements) == [(4,)]


@pytest.mark.parametrize("place", PLACES)
def test_a_redirect_of_robots_txt_to_nowhere_forbids_and_says_so(live: Open, place: bytes) -> None:
    """Where it leads to what is not there (404), or in a circle, all is allowed (RFC 9309)."""
    with live(site(1)) as it:
        it.replica.raw["/robots.txt"] = moved(place)
        done = forked.run(it.folder, *it.command("crawl", "--part", "homepage")[3:])
        led_to, last = PLACES[place], done.stderr.splitlines()[-1]
        asked = [path for _, path, _ in it.replica.asked]
        assert "Traceback" not in done.stderr
        if led_to is None:
            assert (done.returncode, asked) == (1, [*AGAIN]), last
            assert "robots.txt has moved" in last
        else:
            assert done.returncode == 0, last
            assert asked == [*AGAIN, *led_to, "/", "/fnapr/9000"]


WAITS: dict[bytes, float | None] = {  # seconds; none: very long
    b"7": 7, b"0" * 5000 + b"7": 7,
    b"9" * 5000: None, b"-5": 60, b"1e400": 60, b"nan": 60, b"1.5": 60, b"\xb2": 60,
    b"(": 60, b"": 0, b"Fri, 31 Dec 9999 23:59:59 GMT": 0,
    b"Fri, 31 Dec 99999999999 23:59:59 GMT": 60, b"Mon, 01 Jan 0001 00:00:00 GMT": 0,
    b"Fri, 31 Dec 2021 23:59:59 +99999999999999": 60,
}  # fmt: skip


@pytest.mark.parametrize("asked", WAITS)
def test_whatever_wait_a_server_asks_for_is_a_number_of_seconds(asked: bytes) -> None:
    headers = {"Date": "Fri, 31 Dec 9999 23:59:59 GMT", "Retry-After": asked}
    response = Response("http://a.example/", status=503, headers=headers)
    seconds = seconds_to_wait(response)
    assert seconds <= 1e9
    assert seconds == WAITS[asked] if WAITS[asked] is not None else seconds > 1e7


def test_a_page_that_asks_to_wait_for_ages_is_stored_and_ends_the_run(live: Open) -> None:
    wait = b"Retry-After: " + b"9" * 5000 + b"\r\n"
    with live(site(3), retries=0) as it:
        it.replica.raw["/"] = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n" + wait + b"\r\n"
        assert "the server asks to wait 1000000000 s" in it.crawl(code=1)
        assert it.rows("SELECT http_status FROM captures") == [(503,)]
