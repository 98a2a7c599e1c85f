"""One door: whichever way the same captures come in, they give the same history."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from embassy_scraper.evidence import Evidence
from embassy_scraper.items import Page, RawCapture, Taken
from embassy_scraper.sites import load_profile
from pipelines.dedupe import rank
from pipelines.normalise import evidence_of, normalise
from tests.live.many import write_config
from tests.live.site import ROOT, Open, site
from tests.live.story import OPENS
from tests.live.world_site import WorldSite, moments
from tests.peers.adapter import Wayback
from tests.peers.backfill import Backfill
from tests.peers.servers import needs_pywb, pywb
from tests.world import program
from tests.world.files import write_world
from tests.world.generate import make_world
from tests.world.model import World

AT_FIRST = f"{OPENS:%Y-%m-%dT%H:%M:%SZ}"


def write_waiting(path: Path, url: str, refers_at: str) -> Path:
    """A revisit, a day later, of the answer that *url* gave at another instant."""
    http = StatusAndHeaders("304 Not Modified", [], protocol="HTTP/1.1")
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_revisit_record(
            url, "sha1:AAAA", url, refers_at, http_headers=http,
            warc_headers_dict={"WARC-Date": "2021-03-02T06:00:00Z"},
        ))  # fmt: skip
    return path


def crawl(db: Path, config: Path, part: str) -> None:
    """A live crawl by this program's own verb."""
    finish(["embassy_scraper", "crawl", "--part", part, "--db", str(db), "--config", str(config)])


def scrapy_crawl(db: Path, config: Path, part: str) -> None:
    """The same by Scrapy's own front door."""
    spider = "round" if part == "all" else part
    told = ["-s", f"EMBASSY_DB={db}", "-s", f"EMBASSY_CONFIG={config}"]
    assert finish(["scrapy", "crawl", spider, *told]) == ""


def finish(words: list[str]) -> str:
    """Run a module to its end in a process of its own; return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


FRONT_DOORS: dict[str, Callable[[Path, Path, str], None]] = {
    "crawl": crawl,
    "scrapy crawl": scrapy_crawl,
}


def test_a_live_crawl_brings_what_a_revisit_waits_for(live: Open, tmp_path: Path) -> None:
    """By either front door: the revisit is stored, and is a problem no more."""
    dbs = []
    with live(site(5)) as it:
        revisit = write_waiting(tmp_path / "revisit.warc.gz", it.replica.url, AT_FIRST)
        for number, (name, door) in enumerate(FRONT_DOORS.items()):
            db = tmp_path / f"door{number}" / "embassy.db"
            told = program.run("ingest", str(revisit), "--db", str(db), "--config", str(it.config))
            assert told.exit_code == 3, told.err
            assert program.count(db, "problems") == 1
            door(db, it.config, "homepage")
            shown = program.query(db, "SELECT count(*) FROM captures")
            assert shown == [(7,)], name
            assert program.table(db, "problems") == [], name
            assert program.run("verify", "--db", str(db)).exit_code == 0
            dbs.append(db)
    assert not program.table_differences(*dbs)
    assert program.report(dbs[0]) == program.report(dbs[1])


# -- which of several offers counts ---------------------------------------------------------------

SAVED = evidence_of(RawCapture(b"", "text/html", "file"))
WHOLE = evidence_of(RawCapture(b"", "text/html", "warc", http_status=200, body_is_whole=True))
SHORT = evidence_of(
    RawCapture(b"", "text/html", "warc", http_status=200, announced_bytes_missing=True)
)


def test_an_answer_outweighs_a_file_and_a_known_cut_a_whole_page() -> None:
    assert SAVED < WHOLE < SHORT


@pytest.mark.parametrize(
    ("known", "offered", "new", "again", "stronger"),
    [
        (None, [SAVED], [SAVED], [], []),
        (None, [SAVED, WHOLE], [WHOLE], [SAVED], []),
        (None, [SHORT, SAVED, WHOLE], [SHORT], [SAVED, WHOLE], []),
        (None, [SAVED, SAVED], [SAVED], [SAVED], []),
        (SAVED, [SAVED], [], [SAVED], []),
        (SAVED, [WHOLE, SHORT], [], [WHOLE, SHORT], [SHORT]),
        (SHORT, [SAVED, WHOLE], [], [SAVED, WHOLE], []),
    ],
)
def test_the_strongest_of_several_offers_counts(
    known: Evidence | None,
    offered: list[Evidence],
    new: list[Evidence],
    again: list[Evidence],
    stronger: list[Evidence],
) -> None:
    raw = RawCapture(b"bytes", "text/html", "file", None, "2021-03-01T06:00:00Z")
    capture = normalise(raw, Page("other"), load_profile())
    taken = [Taken(replace(capture, evidence=one), raw) for one in offered]
    ranked = rank(taken, {capture.id: known} if known else {})
    found = (ranked.new, ranked.again, ranked.stronger)
    assert [[one.capture.evidence for one in part] for part in found] == [new, again, stronger]


# -- the law: a world through every door --------------------------------------------------------

WORLDS = (3, 11, 26)


def answers(seed: int) -> World:
    """A world of which every capture is a whole answer of the site, as an archive plays it."""
    world = make_world(seed, "warc")
    captures = [
        replace(one, dress=replace(one.dress, medium="response"))
        for one in world.captures
        if one.fault in ("", "blocked", "403", "503")
    ]
    return replace(world, captures=tuple(captures))


def written(world: World, folder: Path) -> Path:
    """The world as one WARC file."""
    (group,) = write_world(world, folder, [range(len(world.captures))])
    return group / "part.warc.gz"


def assert_same(a: Path, b: Path, *, is_one_source: bool) -> None:
    """All public tables are equal; of two sources without what tells or follows from the source."""
    shown = program.tables if is_one_source else without_source
    left, right = shown(a), shown(b)
    for name in program.TABLES:
        assert left[name] == right[name], name
    assert program.report(a) == program.report(b)


def without_source(db: Path) -> dict[str, list[tuple[object, ...]]]:
    """The tables without the source of a capture, who told it, and what follows from these."""
    tables = program.tables(db)
    at = program.TABLES["captures"].split().index("source")  # url_from, instant_from behind it
    tables["captures"] = [(*row[:at], *row[at + 3 :]) for row in tables["captures"]]
    tables["problems"] = [row for row in tables["problems"] if row[2] != "clock disagrees"]
    return tables


@pytest.fixture(params=WORLDS)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    """A world as a WARC file, and the history that one process makes of it."""
    warc = written(answers(request.param), tmp_path / "world")
    db = tmp_path / "files" / "embassy.db"
    assert program.ingest(db, warc).exit_code == 0
    assert program.count(db, "captures") > 5
    assert program.count(db, "changes") > 5
    return warc, db


@pytest.mark.peer
@pytest.mark.parametrize("more", [("--jobs", "2"), ("--engine", "dask", "--jobs", "2")])
def test_other_readers_of_files_give_the_same_history(
    files: tuple[Path, Path], tmp_path: Path, more: tuple[str, ...]
) -> None:
    warc, one_process = files
    db = tmp_path / "other" / "embassy.db"
    finish(["embassy_scraper", "ingest", str(warc), "--db", str(db), *more])
    assert_same(one_process, db, is_one_source=True)


@needs_pywb
@pytest.mark.slow
def test_an_archive_gives_the_same_history(files: tuple[Path, Path], tmp_path: Path) -> None:
    warc, from_file = files
    with pywb(tmp_path / "pywb", [warc]) as collection, Wayback(collection) as machine:
        fill = Backfill(tmp_path / "fill", machine.url)
        fill.run()
    assert_same(from_file, fill.db, is_one_source=False)


@needs_pywb
@pytest.mark.slow
def test_two_doors_in_either_order_give_one_history(tmp_path: Path) -> None:
    """Some captures come through both: of those the strongest offer tells the source."""
    world = answers(WORLDS[0])
    count = len(world.captures)
    groups = [range(count * 2 // 3), range(count // 3, count)]
    ours, theirs = (
        group / "part.warc.gz" for group in write_world(world, tmp_path / "world", groups)
    )
    with pywb(tmp_path / "pywb", [theirs]) as collection, Wayback(collection) as machine:
        fills = [Backfill(tmp_path / f"fill{number}", machine.url) for number in range(2)]
        assert program.ingest(fills[0].db, ours).exit_code == 0
        for fill in fills:
            fill.run()
        assert program.ingest(fills[1].db, ours).exit_code == 0
    assert program.count(fills[0].db, "captures") == count
    assert_same(fills[0].db, fills[1].db, is_one_source=True)
    for fill in fills:
        assert program.run("verify", "--db", str(fill.db)).exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", WORLDS)
def test_live_crawls_give_the_same_history(tmp_path: Path, seed: int) -> None:
    """By either front door, and as the files that they wrote give it."""
    world = answers(seed)
    dbs = []
    with WorldSite(world) as it:
        config = write_config(tmp_path, it.url)
        for number, door in enumerate(FRONT_DOORS.values()):
            db = tmp_path / f"door{number}" / "embassy.db"
            for moment in moments(world, 3):
                it.now = moment
                door(db, config, "all")
            dbs.append(db)
    assert_same(*dbs, is_one_source=True)
    files = tmp_path / "files" / "embassy.db"
    captures = dbs[0].parent / "captures"
    told = program.run("ingest", str(captures), "--db", str(files), "--config", str(config))
    assert told.exit_code == 0, told.err
    assert_same(dbs[0], files, is_one_source=False)
    assert program.query(dbs[0], "SELECT sum(is_revisit) > 0 FROM captures") == [(1,)]
