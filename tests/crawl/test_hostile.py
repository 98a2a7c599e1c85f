"""Answers that no server should give: a clear end, nothing invented, and all of it reads back."""

from __future__ import annotations

import gzip
import sqlite3
from datetime import timedelta

import pytest

from embassy_scraper.items import Capture, RawCapture
from embassy_scraper.replica import Replica
from embassy_scraper.replica.pages import render
from embassy_scraper.replica.scenario import Fault
from embassy_scraper.sites import load_profile
from pipelines.normalise import evidence_of
from pipelines.state.arrivals import note_visit
from pipelines.state.crawl_history import CrawlHistory, due_at
from pipelines.tables.database import open_database
from tests.live import forked
from tests.live.site import site
from tests.live.story import OPENS
from tests.world import program

HTML = b"Content-Type: text/html; charset=utf-8\r\n"
PAGE = b"<html><body><h1>A title</h1><p>And a text.</p></body></html>"
INVENTED = {"statement_withdrawn", "statement_added", "statement_edited", "page_gone"}


def answer(body: bytes, *heads: bytes, status: bytes = b"200 OK", length: int | None = None):
    size = len(body) if length is None else length
    head = b"".join(heads) + b"Content-Length: %d\r\n" % size
    return b"HTTP/1.1 " + status + b"\r\n" + head + b"\r\n" + body


HOSTILE = {
    "unasked 304": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "304 as a picture": b"HTTP/1.1 304 Not Modified\r\nContent-Type: image/png\r\n\r\n",
    "status 000": answer(PAGE, HTML, status=b"000 Nothing"),
    "status 999": answer(PAGE, HTML, status=b"999 Go away"),
    "two types": answer(PAGE, HTML, b"Content-Type: image/png\r\n"),
    "odd type": answer(PAGE, b"Content-Type: t\xe9xt/html\x85;\xff\r\n"),
    "no type": answer(PAGE),
    "gzip unsaid": answer(gzip.compress(PAGE * 20), HTML),
    "gzip twice": answer(gzip.compress(gzip.compress(PAGE)), HTML, b"Content-Encoding: gzip\r\n"),
    "gzip rubbish": answer(b"\x1f\x8b\x08rubbish", HTML, b"Content-Encoding: gzip\r\n"),
    "brotli rubbish": answer(b"\x00\x01\x02" * 90, HTML, b"Content-Encoding: br\r\n"),
    "a WARC record": answer(PAGE + b"WARC/1.0\r\nWARC-Type: response\r\n", HTML),
    "many heads": answer(PAGE, HTML, b"".join(b"X-%d: %d\r\n" % (n, n) for n in range(3000))),
    "empty": answer(b"", HTML),
    "bad place": answer(b"", b"Location: http://[::1\r\n", status=b"302 Found"),
    "file place": answer(b"", b"Location: file:///etc/passwd\r\n", status=b"302 Found"),
    "no HTTP": b"\x16\x03\x01rubbish\r\n\r\n",
    "odd waits": answer(b"", b"Retry-After: \xb2\r\n", status=b"503 Busy"),
    "odd tag": answer(PAGE, HTML, b'ETag: "\xe9\xff"\r\n'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_one_hostile_page_harms_nothing_else(live, name: str) -> None:
    with live(site(6), retries=0, longest_wait=0.5) as it:
        it.replica.raw["/fnapr/9003"] = HOSTILE[name]
        for _ in range(2):
            command = ["crawl", "--deep"]
            outcome = program_run(it, command)
            assert outcome[0] in (0, 3), outcome[1]
            assert "Traceback" not in outcome[1]
            it.later(days=3)
        assert INVENTED.isdisjoint(it.kinds())
        asked = [path for _, path, _ in it.replica.asked]
        assert asked.count("/fnapr/9003") <= 4
        for verb in ("verify", "rebuild", "verify"):
            assert program.run(verb, "--db", str(it.db)).exit_code == 0, verb


def program_run(it, command: list[str]) -> tuple[int, str]:
    done = forked.run(it.folder, *it.command(*command)[3:])
    return done.returncode, done.stderr


@pytest.mark.parametrize("cut", ["gzip", "length"])
def test_a_page_cut_short_behind_the_server_covers_nothing(live, cut: str) -> None:
    """The length is in order, but the page, or its gzip stream, has no end."""
    scenario = site(12)
    with live(scenario) as it:
        it.crawl()
        before = it.kinds()
        it.later(hours=2)
        for path in ("/", "/newarh/&start=1&ps=10&ppp=15"):
            found = render(scenario, path, it.replica.now)
            assert found is not None
            text = found[0].encode()
            short = text[: text.index(b"Statement 9006")]
            packed = gzip.compress(text)
            it.replica.raw[path] = (
                answer(short, HTML) if cut == "length"
                else answer(packed[: len(packed) // 2], HTML, b"Content-Encoding: gzip\r\n")
            )  # fmt: skip
        it.crawl()
        it.replica.raw.clear()
        it.later(hours=2)
        it.crawl()
        assert it.kinds() == before


def test_a_site_that_is_not_there_is_no_complete_run(live) -> None:
    with live(site(2, faults=(Fault("*", "404"),))) as it:
        said = it.crawl(code=1)
        assert it.outcomes() == ["failed"]
        assert "could not be read: " in said
    with live(site(2), lists=["newarh", "nope"]) as it:
        it.db.unlink()
        said = it.crawl()
        assert "/nope/&start=1" in said
        assert it.outcomes() == ["partial"]


@pytest.mark.parametrize(
    "robots, may",
    [
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /fnapr/\n", False),
        (b"User-agent: embassy-scraper\nDisallow: /fnapr/\n", False),
        (b"User-agent: another\nDisallow: /\n", True),
    ],
)
def test_robots_are_read_with_care(live, robots: bytes, may: bool) -> None:
    with live(site(3)) as it:
        it.replica.raw["/robots.txt"] = answer(robots, b"Content-Type: text/plain\r\n")
        it.crawl()
        assert any(path.startswith("/fnapr") for path, _ in it.asked()) is may


def test_robots_that_moved_are_followed_and_cut_ones_forbid(live) -> None:
    with live(site(3), retries=0) as it:
        it.replica.raw["/robots.txt"] = answer(
            b"", b"Location: /r.txt\r\n", status=b"301 Moved"
        )  # fmt: skip
        it.replica.raw["/r.txt"] = answer(b"User-agent: *\nDisallow: /\n")
        it.crawl(code=1)
        assert [path for _, path, _ in it.replica.asked] == ["/robots.txt", "/r.txt"]
        it.db.unlink()
        it.replica.raw["/robots.txt"] = answer(b"User-agent: *\n", length=100)
        assert "it was cut off" in it.crawl(code=1)


def test_a_pause_too_long_for_a_run_ends_it(live) -> None:
    with live(site(3), robots="User-agent: *\nCrawl-delay: 1000000\n") as it:
        assert "robots.txt asks to wait 1000000 s" in it.crawl(code=1)


def _capture(raw: RawCapture, digest: str, kind: str = "statement") -> Capture:
    return Capture(
        id=f"20210301T060000Z-{digest}", url="https://www.rusemb.org.uk/fnapr/1", key="fnapr/1",
        page_kind=kind, captured_at=raw.captured_at or "", page_clock=None, clock_deviation=None,
        http_status=raw.http_status, sha256=digest, media_type="text/html",
        payload_bytes=1, is_cut=False, evidence=evidence_of(raw), reader="", header=None,
    )  # fmt: skip


def _told(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT fetched_at, http_status, etag, capture FROM _visits"
    ).fetchall()


def test_only_what_tells_how_a_page_stands_is_a_visit(tmp_path) -> None:
    connection = open_database(tmp_path / "embassy.db")

    def visit(at: str, status: int, digest: str, etag: str | None, **more: object) -> None:
        head = (("ETag", etag),) if etag else ()
        told = {"source": "live", "record_type": "response", **more}
        raw = RawCapture(b"x", "text/html", captured_at=at, http_status=status, http_head=head,
                         **told)  # type: ignore[arg-type]  # fmt: skip
        note_visit(connection, raw, _capture(raw, digest))

    visit("2021-03-01T06:00:00Z", 200, "a" * 16, '"A"')
    visit("2019-03-01T06:00:00Z", 200, "b" * 16, None, source="wayback")
    visit("2021-03-02T06:00:00Z", 500, "c" * 16, None)
    first = ("2021-03-01T06:00:00Z", 200, '"A"', f"20210301T060000Z-{'a' * 16}")
    assert _told(connection) == [first]
    visit("2021-03-03T06:00:00Z", 200, "a" * 16, None, record_type="revisit")
    assert _told(connection) == [("2021-03-03T06:00:00Z", *first[1:])]
    visit("2021-03-04T06:00:00Z", 200, "d" * 16, None)  # a new page without a validator
    assert _told(connection)[0][2] is None
    connection.commit()
    history = CrawlHistory(tmp_path / "embassy.db", load_profile())
    assert history.previous("https://www.rusemb.org.uk/fnapr/1") is None


def test_a_changed_statement_is_due_soon_and_an_old_one_late() -> None:
    from embassy_scraper.crawl_items import Recheck

    recheck = Recheck(first=24, growth=0.5, longest=90)
    for age, pause in ((0, 1), (1, 1), (10, 5), (1000, 90)):
        fetched = OPENS + timedelta(days=age)
        assert due_at(recheck, fetched, OPENS) - fetched == timedelta(days=pause)


def test_a_replica_gives_raw_answers() -> None:
    import urllib.request

    with Replica(site(1)) as replica:
        replica.raw["/x"] = answer(b"as it stands")
        with urllib.request.urlopen(replica.url + "x") as found:
            assert found.read() == b"as it stands"


def test_a_saved_copy_of_the_same_bytes_changes_no_revisit(live, tmp_path) -> None:
    """What "not modified" repeats is the answer, not a file with the same bytes saved later."""
    with live(site(3)) as it:
        it.crawl()
        it.later(hours=1)
        it.crawl()
        found = render(it.replica.scenario, "/", OPENS)
        assert found is not None
        folder = tmp_path / "saved"
        folder.mkdir()
        (folder / "home.txt").write_text(found[0])
        (folder / "manifest.tsv").write_text(
            "file\turl\tcaptured_at\nhome.txt\thttps://www.rusemb.org.uk/\t2022-01-01T00:00:00Z\n"
        )
        assert program.ingest(it.db, folder).exit_code == 0
        shas = it.rows("SELECT count(DISTINCT sha256), count(*) FROM captures WHERE url LIKE '%/'")
        assert shas == [(1, 3)]
        for verb in ("verify", "rebuild", "verify"):
            assert program.run(verb, "--db", str(it.db)).exit_code == 0, verb
