"""Archives that misbehave: nothing is lost, nothing comes twice, and the next run completes it.

Every fault strikes some answers only; the rest goes on. Each offer ends as stored, waiting with a
problem, or given up with a reason; a second run against the healthy archive asks for what is
missing and no more, and then the history is that of the archive's own WARC file.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.archives.test_files import brotli, chunked
from tests.peers.adapter import Wayback
from tests.peers.backfill import Backfill, FromCommonCrawl, write_archive
from tests.peers.front import Answer, Front, Mood, Raw, head_of
from tests.peers.holdings import Holdings
from tests.peers.servers import common_crawl, needs_nginx, needs_pywb, pywb
from tests.world import program

pytestmark = pytest.mark.peer

Spoil = Callable[[Answer], "Answer | Raw"]
HIT = "/fnapr/9011"  # of this page three captures are struck, thirteen others are not
SPARED = "20210304"
STRUCK = 3


@dataclass(frozen=True)
class World:
    """An archive, its WARC file, and the history that must come of either."""

    collection: str
    warc: Path
    count: int
    history: Path


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("archive")
    warc, history = folder / "archive.warc.gz", folder / "history" / "embassy.db"
    count = write_archive(warc)
    assert program.ingest(history, warc).exit_code == 0
    with pywb(folder / "pywb", [warc]) as collection:
        yield World(collection, warc, count, history)


@pytest.fixture
def machine(world: World) -> Iterator[Wayback]:
    with Wayback(world.collection) as one:
        yield one


def spoil(machine: Front, how: Spoil, part: str = HIT) -> Mood:
    """Let *how* spoil every playback whose address has *part* in it."""

    def mood(path: str) -> Answer | Raw | None:
        is_struck = path.startswith("/web/") and part in path and (not part or SPARED not in path)
        return how(machine.answer(path)) if is_struck else None

    return mood


def is_settled(fill: Backfill, count: int) -> None:
    """Every offer is where it can be found again; what is stored is whole."""
    states = dict(fill.rows("SELECT state, count(*) FROM _offers GROUP BY state"))
    assert sum(states.values()) == count
    untold = "SELECT count(*) FROM _offers WHERE state != 'stored' AND reason IS NULL"
    assert fill.rows(untold) == [(0,)]
    missing = "SELECT count(*) FROM problems WHERE what LIKE 'not to be had%'"
    waiting = count - states.get("stored", 0)
    assert fill.rows(missing) == [(waiting,)]
    assert fill.rows("SELECT count(*) FROM captures") == [(states.get("stored", 0),)]


def completes(fill: Backfill, machine: Wayback, world: World, missing: int) -> None:
    """Another run, against the archive as it should be, makes the history whole."""
    machine.moods.clear()
    machine.captures_asked()
    fill.run()
    assert len(machine.captures_asked()) == missing
    is_whole(fill, world)


def is_whole(fill: Backfill, world: World) -> None:
    assert fill.rows("SELECT DISTINCT state FROM _offers") == [("stored",)]
    assert program.report(fill.db) == program.report(world.history)
    names = [name for name in program.TABLES if name != "captures"]
    assert not program.table_differences(fill.db, world.history, names)
    same = "SELECT id, url, captured_at, http_status, sha256 FROM captures ORDER BY id"
    assert fill.rows(same) == program.query(world.history, same)
    assert program.run("verify", "--db", str(fill.db)).exit_code == 0


def half(answer: Answer) -> bytes:
    return answer[2][: len(answer[2]) // 2]


def in_chunks(answer: Answer, end: bytes) -> Raw:
    head = head_of((answer[0], {**answer[1], "Transfer-Encoding": "chunked"}, b""), length=-1)
    return Raw(head + chunked(answer[2], end))


def packed(answer: Answer, encoding: str, body: bytes, also: str = "") -> Answer:
    status, headers, _ = answer
    more = {"content-encoding": also} if also != encoding and also else {}
    return status, {**headers, "Content-Encoding": encoding, **more}, body


BROKEN: dict[str, tuple[Spoil, str]] = {
    "reset in mid-body": (lambda a: Raw(head_of(a) + half(a), is_reset=True), ""),
    "closed in mid-body": (lambda a: Raw(head_of(a) + half(a)), "cut off after"),
    "closed in mid-head": (lambda a: Raw(head_of(a)[:40]), ""),
    "reset at once": (lambda a: Raw(b"", is_reset=True), ""),
    "a length longer than what comes": (
        lambda a: Raw(head_of(a, len(a[2]) + 9) + a[2]), "cut off after"
    ),
    "no last chunk": (lambda a: in_chunks(a, b""), "cut off after"),
    "a chunk cut off": (lambda a: in_chunks(a, b"ffff\r\n<p>"), "cut off after"),
    "no size of a chunk": (lambda a: in_chunks(a, b"xyz\r\n"), ""),
    "gzip cut off": (lambda a: packed(a, "gzip", gzip.compress(a[2])[:-90]), "cut off after"),
    "damaged gzip": (lambda a: packed(a, "gzip", gzip.compress(a[2])[:-8] + bytes(8)), ""),
    "brotli cut off": (lambda a: packed(a, "br", brotli(a[2])[:-9]), ""),
    "an empty body": (lambda a: (200, a[1], b""), "sent an empty page"),
    "no page of the archive": (
        lambda a: (200, {"Content-Type": "text/html"}, b"<h1>Too many requests"),
        "the archive answered with its own page: 200",
    ),
    "another status": (lambda a: (404, a[1], a[2]), "sent status 404 instead of 200"),
    "an error of its own": (lambda a: (502, {}, b"Bad Gateway"), "own page: 502"),
}  # fmt: skip


@needs_pywb
@pytest.mark.parametrize("name", BROKEN)
def test_a_playback_that_breaks_is_asked_for_again(tmp_path, world, machine, name) -> None:
    how, said = BROKEN[name]
    machine.moods.append(spoil(machine, how))
    fill = Backfill(tmp_path / "fill", machine.url)
    told = fill.run(code=3).stderr
    assert told.count("failed: ") == STRUCK and told.count(said) >= STRUCK
    assert fill.rows("SELECT count(*) FROM captures") == [(world.count - STRUCK,)]
    is_settled(fill, world.count)
    completes(fill, machine, world, STRUCK)


SOUND: dict[str, Spoil] = {
    "gzip": lambda a: packed(a, "gzip", gzip.compress(a[2])),
    "brotli": lambda a: packed(a, "br", brotli(a[2])),
    "gzip in members": lambda a: packed(
        a, "gzip", gzip.compress(half(a)) + gzip.compress(a[2][len(half(a)) :])
    ),
    "chunks": lambda a: in_chunks(a, b"0\r\n\r\n"),
    "no length": lambda a: Raw(head_of(a, -1) + a[2]),
    "an encoding that was undone": lambda a: packed(a, "gzip", a[2]),
    "gzip said twice": lambda a: packed(a, "gzip", gzip.compress(a[2]), also=" "),
}


@needs_pywb
@pytest.mark.parametrize("name", SOUND)
def test_a_playback_in_any_coding_is_the_capture(tmp_path, world, machine, name) -> None:
    machine.moods.append(spoil(machine, SOUND[name], part=""))
    fill = Backfill(tmp_path / "fill", machine.url)
    fill.run()
    is_whole(fill, world)


@needs_pywb
@pytest.mark.parametrize("headers", [{}, {"Retry-After": "1"}])
def test_a_storm_of_429_ends_the_run_and_loses_nothing(tmp_path, world, machine, headers) -> None:
    """The whole host is left in peace; and a storm of any length gives no capture up."""
    fill = Backfill(tmp_path / "fill", machine.url)
    fill.run("--limit", "3")
    machine.moods.append(lambda path: (429, headers, b"slow") if "/web/" in path else None)
    for _ in range(1 if headers else 4):
        machine.asked.clear()
        machine.asked_at.clear()
        said = fill.run(code=3).stderr
        said_at = zip(machine.asked_at, machine.asked, strict=True)
        storm = [at for at, path in said_at if "/web/" in path]
        assert len(storm) < 12 and "times in a row" in said  # eight, and what was under way
        waits = [b - a for a, b in pairwise(storm)]  # of the first, several were under way
        assert min(waits[4:]) > 0.29 and (max(waits) > 0.9 or not headers)
    assert fill.rows("SELECT outcome FROM runs ORDER BY rowid DESC LIMIT 1") == [("partial",)]
    assert fill.rows("SELECT count(*) FROM _offers WHERE state = 'given up'") == [(0,)]
    completes(fill, machine, world, world.count - 3)


@needs_pywb
def test_a_storm_of_429_over_the_index(tmp_path, world, machine) -> None:
    fill = Backfill(tmp_path / "fill", machine.url)
    machine.moods.append(lambda path: (429, {}, b"slow") if "resumeKey=10" in path else None)
    assert "answered 429" in fill.run(code=3).stderr
    assert fill.rows("SELECT count(*) FROM _offers WHERE state = 'stored'") == [(10,)]
    completes(fill, machine, world, world.count - 10)


@needs_pywb
def test_a_host_that_is_down_gives_nothing_up(tmp_path, world, machine) -> None:
    fill = Backfill(tmp_path / "fill", machine.url)
    fill.run("--dry-run")
    for status in (None, None, 500, 502, 504):
        gone = Raw(b"", is_reset=True) if status is None else (status, {}, b"down")
        machine.moods[:] = [lambda path, gone=gone: gone if "/web/" in path else None]
        fill.run(code=3)
        assert fill.rows("SELECT DISTINCT state FROM _offers") == [("waiting",)]
    completes(fill, machine, world, world.count)


INDEX: dict[str, Answer | Raw] = {
    "HTML": (200, {"Content-Type": "text/html"}, b"<html><p>Sorry"),
    "an error page": (500, {}, b"<html>oh"),
    "half of it": Raw(head_of((200, {}, b"x" * 99)) + b'[["timestamp","original"],["2021'),
    "an object": (200, {}, b'{"error": "no"}'),
    "no UTF-8": (200, {}, b'[["\xff\xfe'),
    "nothing at all": Raw(b""),
    "a reset": Raw(b"HTTP/1.1 200 OK\r\n", is_reset=True),
}


@needs_pywb
@pytest.mark.parametrize("key, name", [("limit", "HTML"), *(("resumeKey=5", n) for n in INDEX)])
def test_an_index_that_answers_nonsense(tmp_path, world, machine, key, name) -> None:
    """What was read before it is fetched; the next run goes on where it was left."""
    fill = Backfill(tmp_path / "fill", machine.url)
    machine.moods.append(lambda path: INDEX[name] if "/cdx/" in path and key in path else None)
    fill.run(code=3)
    stored = 0 if key == "limit" else 5
    assert fill.rows("SELECT count(*) FROM captures") == [(stored,)]
    assert fill.rows("SELECT outcome FROM runs ORDER BY rowid DESC LIMIT 1") == [("partial",)]
    completes(fill, machine, world, world.count - stored)


@needs_pywb
@pytest.mark.parametrize("body", [b"", b"[]", b"\n", b'[["timestamp","original"]]'])
def test_an_index_that_has_nothing(tmp_path, world, machine, body) -> None:
    fill = Backfill(tmp_path / "fill", machine.url)
    machine.moods.append(lambda path: (200, {}, body))
    assert "captures: 0 stored" in fill.run().stderr
    assert fill.rows("SELECT count(*) FROM _offers") == [(0,)]
    completes(fill, machine, world, world.count)


BROKEN_ROWS: list[Any] = [
    ["20210310250000", "https://www.rusemb.org.uk/fnapr/8000", "text/html", "200", "AAAA", "10"],
    ["2021", "?"],
    ["20210310"],
    "x",
    None,
    7,
]  # fmt: skip
UNREAD = """SELECT path, "where", text FROM problems WHERE what = 'unreadable index row'"""


@needs_pywb
@pytest.mark.parametrize("broken", BROKEN_ROWS, ids=str)
def test_a_row_of_the_index_that_is_none(tmp_path, world, machine, broken) -> None:
    """The others are fetched and the run is complete; met on every page and in every run, one row.

    An index that is mended is read as it is then.
    """
    fill = Backfill(tmp_path / "fill", machine.url)
    machine.edit_table = lambda table: [table[0], broken, *table[2:]]
    pages = -(-world.count // 5)
    for left in (world.count - pages, 0, 0):
        said = fill.run().stderr
        assert f"unreadable index rows: {pages} (see problems)" in said
        assert f"captures: {left} stored" in said and "0 failed, 0 still to be fetched" in said
        assert fill.rows(UNREAD) == [("wayback", "index", str(broken))]
    assert fill.rows("SELECT DISTINCT outcome FROM runs") == [("complete",)]
    machine.edit_table = lambda table: table
    machine.captures_asked()
    fill.run()
    assert len(machine.captures_asked()) == pages
    assert fill.rows("SELECT DISTINCT state FROM _offers") == [("stored",)]
    assert program.report(fill.db) == program.report(world.history)


@needs_pywb
def test_an_index_of_one_row_that_is_none(tmp_path, machine) -> None:
    machine.edit_table = lambda table: [table[0], BROKEN_ROWS[0]]
    fill = Backfill(tmp_path / "fill", machine.url)
    for _ in range(2):
        assert "captures: 0 stored" in fill.run().stderr
    assert fill.rows("SELECT count(*) FROM problems") == [(1,)]


@needs_pywb
def test_errors_of_long_ago_are_captures_like_others(tmp_path: Path) -> None:
    """Played back, 429 and 503 are what the site answered then; the archive itself is well."""
    warc, other = tmp_path / "holdings.warc.gz", tmp_path / "other" / "embassy.db"
    Holdings(warc).write()
    program.ingest(other, warc)
    with pywb(tmp_path / "pywb", [warc]) as collection, Wayback(collection) as machine:
        fill = Backfill(tmp_path / "fill", machine.url, rows=50)
        begun = time.monotonic()
        said = fill.run(code=3).stderr
        assert time.monotonic() - begun < 30
        asked = machine.captures_asked()
        assert "sent status 200 instead of 302" in said  # of two of one second
        assert said.count("failed: ") == 1 + said.count("with its own page: 500")
        counted = fill.rows("SELECT count(*) FROM _offers")[0][0]
        assert len(asked) <= counted + 2  # pywb itself breaks over two odd URLs, asked for twice
        errors = fill.rows("SELECT count(*) FROM captures WHERE http_status IN (429, 500, 503)")
        assert errors == [(9,)]
    same = (
        "SELECT url, captured_at, http_status, sha256 FROM captures"
        " WHERE url LIKE '%/fnapr/9%' AND url NOT LIKE '%9004' ORDER BY 1, 2, 3"
    )
    assert fill.rows(same) == program.query(other, same)
    assert program.run("verify", "--db", str(fill.db)).exit_code == 0


@needs_pywb
def test_a_digest_that_is_not_that_of_the_bytes(tmp_path, world, machine) -> None:
    """All captures of a page have one digest in the index, wrongly: each is fetched nevertheless.

    A digest that the bytes do not have is no fault (archives count it over encoded bytes), but
    no other capture is taken for the same by it.
    """

    def lie(table: list[list[str]]) -> list[list[str]]:
        at = table[0].index("digest")
        return [[*row[:at], "LIE", *row[at + 1 :]] if len(row) > at and HIT in row[1] else row
                for row in table]  # fmt: skip

    machine.edit_table = lie
    fill = Backfill(tmp_path / "fill", machine.url)
    fill.run("--family", "fnapr", "--limit", "5")
    stored = f"SELECT count(*) FROM _offers WHERE state = 'stored' AND url LIKE '%{HIT}'"
    assert fill.rows(stored) == [(1,)]
    fill.run()
    is_whole(fill, world)


@needs_pywb
def test_a_page_that_the_archive_itself_has_cut_off(tmp_path, world, machine) -> None:
    """Cut off alike in three runs, it is what the archive holds: a capture that is cut off."""
    machine.moods.append(spoil(machine, lambda a: Raw(head_of(a) + half(a)), "20210301060000id_/"))
    fill = Backfill(tmp_path / "fill", machine.url)
    fill.run(code=3)
    fill.run(code=3)
    assert fill.rows("SELECT count(*) FROM captures WHERE is_cut") == [(0,)]
    fill.run()
    assert fill.rows("SELECT DISTINCT state FROM _offers") == [("stored",)]
    assert fill.rows("SELECT count(*) FROM captures WHERE is_cut")[0][0] > 0
    assert program.run("verify", "--db", str(fill.db)).exit_code == 0


@pytest.fixture(scope="module")
def served(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two crawls that have the same file; the index of each has several pages."""
    other = tmp_path_factory.mktemp("other") / "other.warc.gz"
    other.write_bytes(world.warc.read_bytes())
    crawls = {"CC-1": [world.warc], "CC-2": [other]}
    with common_crawl(tmp_path_factory.mktemp("common") / "served", crawls) as url:
        yield url


@pytest.fixture
def front(served: str) -> Iterator[Front]:
    with Front(served) as one:
        yield one


FILES: dict[str, tuple[Spoil, str]] = {
    "reset in mid-body": (lambda a: Raw(head_of(a) + half(a), is_reset=True), ""),
    "a length longer than what comes": (lambda a: Raw(head_of(a, len(a[2]) + 9) + a[2]), ""),
    "half of the range": (lambda a: (206, a[1], half(a)), "the part is cut off"),
    "nothing of it": (lambda a: (206, a[1], b""), "the part is cut off"),
    "other bytes": (lambda a: (206, a[1], b"x" * len(a[2])), ""),
    "the whole file": (lambda a: (200, a[1], a[2] * 3), "answered 200, not a part of the file"),
    "not there": (lambda a: (404, {}, b"NoSuchKey"), "answered 404"),
    "slow down": (lambda a: (503, {}, b"SlowDown"), "answered 503"),
}


@needs_pywb
@needs_nginx
@pytest.mark.parametrize("name", FILES)
def test_a_record_of_common_crawl_that_breaks(tmp_path, world, front, name) -> None:
    how, said = FILES[name]
    fill = FromCommonCrawl(tmp_path / "fill", front.url)
    fill.run("--dry-run")
    asked: list[str] = []

    def answer(path: str, headers: dict[str, str] | None = None) -> Answer | Raw:
        whole = Front.answer(front, path, headers)
        if ".warc.gz" not in path:
            return whole
        asked.append(path)
        return how(whole) if len(asked) <= 5 else whole

    front.answer = answer
    told = fill.run(code=3).stderr
    assert said in told and "failed: " in told
    is_settled(fill, world.count)
    assert 0 < fill.rows("SELECT count(*) FROM captures")[0][0] < world.count
    del front.answer
    fill.run()
    is_whole(fill, world)


FIRST = "SELECT is_done FROM _queries WHERE query LIKE 'CC-1%'"
CRAWLS = [
    *(("page=1", name) for name in (*INDEX, "an empty page")),
    ("page=0", "HTML"),
    *(("showNumPages", name) for name in ("HTML", "a reset", "an empty page")),
    *(("collinfo", name) for name in ("HTML", "an empty page")),
]


def a_line_is_none(body: bytes) -> bytes:
    return b'rusemb)/ 2021 {"half": \n' + body.partition(b"\n")[2]


@needs_pywb
@needs_nginx
@pytest.mark.parametrize("part, name", CRAWLS)
def test_an_index_of_common_crawl_that_answers_nonsense(tmp_path, world, front, name, part) -> None:
    """A crawl counts as read when all of it was; until then the next run goes on with it."""

    def mood(path: str) -> Answer | Raw | None:
        if part not in path or "CC-2" in path:
            return None
        return INDEX.get(name, (200, {}, b""))

    fill = FromCommonCrawl(tmp_path / "fill", front.url)
    front.moods.append(mood)
    said = fill.run("--dry-run", code=3).stderr
    assert "failed: " in said or "partial" in said
    offers = fill.rows("SELECT count(*) FROM _offers")[0][0]
    assert offers == (0 if part == "collinfo" else world.count)  # the other crawl has them all
    assert (1,) not in fill.rows(FIRST)
    front.moods.clear()
    fill.run()
    assert fill.rows(FIRST) == [(1,)]
    is_whole(fill, world)


@needs_pywb
@needs_nginx
@pytest.mark.parametrize("part", ["page=0", "page=1"])
def test_a_row_of_common_crawls_index_that_is_none(tmp_path, world, front, part) -> None:
    """The run is complete; the crawl is asked again, as it may have been broken on the way."""

    def mood(path: str) -> Answer | Raw | None:
        if part not in path:
            return None
        status, headers, body = front.answer(path)
        return status, headers, a_line_is_none(body + b"\n")

    fill = FromCommonCrawl(tmp_path / "fill", front.url)
    front.moods.append(mood)
    for _ in range(2):
        assert "unreadable index rows: 2 (see problems)" in fill.run().stderr
        assert fill.rows(UNREAD) == [("commoncrawl", "index", 'rusemb)/ 2021 {"half": ')]
    assert fill.rows("SELECT DISTINCT outcome FROM runs") == [("complete",)]
    front.moods.clear()
    fill.run()
    assert fill.rows(FIRST) == [(1,)]
    assert fill.rows("SELECT DISTINCT state FROM _offers") == [("stored",)]
    assert program.report(fill.db) == program.report(world.history)


@needs_pywb
@needs_nginx
def test_all_that_common_crawl_may_hold(tmp_path: Path) -> None:
    """Every status, revisits, two captures of one second: what comes of the file comes of it."""
    warc, other = tmp_path / "holdings.warc.gz", tmp_path / "other" / "embassy.db"
    Holdings(warc).write()
    program.ingest(other, warc)
    with common_crawl(tmp_path / "served", {"CC-1": [warc]}) as url:
        fill = FromCommonCrawl(tmp_path / "fill", url)
        said = fill.run(code=3).stderr
        assert said.count("failed: ") == said.count("that it repeats is not here yet") == 4
        fill.run()
    assert fill.rows("SELECT DISTINCT state FROM _offers") == [("stored",)]
    same = (
        "SELECT id, url, captured_at, http_status, sha256 FROM captures"
        " WHERE page_kind != 'foreign' ORDER BY 1"
    )
    assert fill.rows(same) == program.query(other, same)
    assert program.report(fill.db) == program.report(other)
    assert program.run("verify", "--db", str(fill.db)).exit_code == 0
