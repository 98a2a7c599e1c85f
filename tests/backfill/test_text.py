"""Common Crawl's texts: pywb as the index, nginx with the WET files, and what spoils them."""

from __future__ import annotations

import gzip
import io
import os
import random
import re
import signal
import subprocess
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from embassy_scraper.archives.wet import Members, TextSearch, has_text, wet_file
from embassy_scraper.crawl_items import Offered, Wanted
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.sites import load_profile
from tests.live.story import OPENS
from tests.peers.backfill import ROOT, Backfill, story
from tests.peers.meddler import Meddler
from tests.peers.servers import common_crawl, needs_nginx, needs_pywb, segment
from tests.peers.wet import HOST, every_day, write_warc, write_wet
from tests.world import program

pytestmark = [needs_pywb, needs_nginx, pytest.mark.peer]
DAYS = {"one": every_day(OPENS, 2), "two": every_day(OPENS + timedelta(days=2), 2)}


class FromTexts(Backfill):
    archive = "commoncrawl"

    def command(self, *words: str) -> list[str]:
        return super().command("--text", *words)

    def history(self) -> set[str]:
        return history(self.db)

    def take_files_from(self, url: str) -> None:
        told = self.config.read_text()
        told = re.sub(r'(commoncrawl_data = ")[^"]*', rf"\g<1>{url}", told)
        self.config.write_text(told)


def history(db: Path) -> set[str]:
    """The rows of all tables, and the lines of the report; of captures all but who brought them."""
    tables = program.tables(db)
    column = program.TABLES["captures"].split().index("source")
    tables["captures"] = [row[:column] + row[column + 1 :] for row in tables["captures"]]
    rows = [f"{name} {row}" for name, table in tables.items() for row in table]
    assert len(set(rows)) == len(rows)
    return {*rows, *program.report(db).splitlines()}


@dataclass
class Served:
    """Common Crawl on loopback: where it is, the files it was made of, what is in them."""

    url: str
    folder: Path
    warcs: list[Path]
    wets: list[Path]
    own: list[Path]  # the same WET files without the pages of other sites
    texts: int

    def served(self, name: str) -> Path:
        place = self.folder / "files" / segment("CC-1", "wet")
        return place / f"{name}.warc.wet.gz"

    def asked(self) -> list[str]:
        """The paths asked for since the last time."""
        log = self.folder / "access.log"
        found = [line.split()[6] for line in log.read_text().splitlines()]
        log.write_text("")
        return found


@pytest.fixture(scope="module")
def common(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("commoncrawl")
    warcs = [folder / f"{name}.warc.gz" for name in DAYS]
    wets = [folder / f"{name}.warc.wet.gz" for name in DAYS]
    own = [folder / f"own-{wet.name}" for wet in wets]
    texts = 0
    for file, days in zip(own, DAYS.values(), strict=True):
        write_wet(file, story(), days)
    for warc, wet, days in zip(warcs, wets, DAYS.values(), strict=True):
        write_warc(warc, story(), days)
        texts += write_wet(wet, story(), days, padding=3000)
    with common_crawl(folder / "served", {"CC-1": warcs}, wets=wets) as url:
        yield Served(url, folder / "served", warcs, wets, own, texts)


@pytest.fixture
def served(common: Served) -> Iterator[Served]:
    """Common Crawl, with its WET files as they should be."""
    common.asked()
    yield common
    for wet, name in zip(common.wets, DAYS, strict=True):
        common.served(name).write_bytes(wet.read_bytes())


@pytest.fixture(scope="module")
def ingested(common: Served, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    db = tmp_path_factory.mktemp("ingested") / "embassy.db"
    assert program.ingest(db, *common.own).exit_code == 0
    return history(db)


def verified(db: Path) -> bool:
    return program.run("verify", "--db", str(db)).exit_code == 0


@pytest.mark.parametrize("part_bytes", [8_000_000, 997, 64])
def test_a_backfill_gives_the_history_of_the_wet_files(
    tmp_path, served, ingested, part_bytes
) -> None:
    fill = FromTexts(tmp_path / "fill", served.url, part_bytes=part_bytes)
    said = fill.run().stderr
    assert f"captures: {served.texts} stored, 0 taken without a download, 0 failed" in said
    assert fill.history() ^ ingested == set()
    assert verified(fill.db)
    shown = fill.rows("SELECT archive, state, count(*), count(DISTINCT capture) FROM _offers")
    assert shown == [("commoncrawl-text", "stored", served.texts, served.texts)]
    assert fill.rows("SELECT DISTINCT source FROM captures") == [("commoncrawl-text",)]
    assert fill.rows("SELECT command, outcome FROM runs") == [
        ("backfill commoncrawl --text", "complete")
    ]
    served.asked()
    assert "captures: 0 stored" in fill.run().stderr
    assert served.asked() == ["/collinfo.json"]


def test_texts_that_are_there_already_are_the_same_captures(tmp_path, served, ingested) -> None:
    fill = FromTexts(tmp_path / "fill", served.url)
    fill.run("--limit", "5")
    assert f"{served.texts - 5} stored, 5 known" in program.ingest(fill.db, *served.own).err
    assert "captures: 0 stored" in fill.run().stderr
    assert fill.history() ^ ingested == set()
    assert fill.rows("SELECT count(capture) FROM _offers") == [(served.texts,)]
    assert verified(fill.db)


def test_a_dry_run_says_how_many_files_and_asks_for_none(tmp_path, served) -> None:
    fill = FromTexts(tmp_path / "fill", served.url)
    said = fill.run("--dry-run").stdout
    assert said.startswith(f"captures: {served.texts}; WET files: 2; bytes: not known; ")
    assert not any(path.endswith(".gz") for path in served.asked())


def test_a_part_is_fetched_when_a_part_is_wanted(tmp_path, served) -> None:
    fill = FromTexts(tmp_path / "fill", served.url, part_bytes=500)
    fill.run("--family", "fnapr", "--from", "2021-03-02", "--to", "2021-03-03")
    kept = fill.rows("SELECT substr(url, 25), captured_at FROM captures")
    assert len(kept) == 4
    assert all("fnapr" in url and at[:10] in {"2021-03-02", "2021-03-03"} for url, at in kept)
    served.asked()
    fill.run("--limit", "3")
    assert fill.rows("SELECT count(*) FROM captures") == [(7,)]


def test_a_file_is_left_when_all_that_is_wanted_was_met(tmp_path, served) -> None:
    fill = FromTexts(tmp_path / "fill", served.url, part_bytes=500)
    fill.run("--limit", "1")
    asked = served.asked()
    size = served.served("one").stat().st_size
    assert 1 <= sum(path.endswith("one.warc.wet.gz") for path in asked) < size / 500 / 2
    assert not any(path.endswith("two.warc.wet.gz") for path in asked)


def test_a_text_with_the_wayback_machine_is_wrong_usage(tmp_path) -> None:
    fill = Backfill(tmp_path / "fill", "http://127.0.0.1:9")
    said = fill.run("--text", code=2).stderr
    assert said.splitlines()[-1].startswith("Error: --text works only with commoncrawl")
    assert not fill.db.exists()


def without(served: Served, name: str, lost: str) -> None:
    """Take the records whose address ends so out of a WET file."""
    source = next(wet for wet in served.wets if wet.name.startswith(name))
    with source.open("rb") as file, served.served(name).open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for record in ArchiveIterator(file):
            if not (record.rec_headers.get_header("WARC-Target-URI") or "").endswith(lost):
                writer.write_record(record)


def test_a_text_that_is_not_in_its_file_is_given_up_in_the_end(tmp_path, served) -> None:
    without(served, "one", "/fnapr/9011")
    fill = FromTexts(tmp_path / "fill", served.url)
    for _ in range(3):
        said = fill.run(code=3).stderr
        assert said.count("its WET file was read to the end and does not contain its text") == 2
    assert fill.rows("SELECT count(*) FROM captures") == [(served.texts - 2,)]
    assert fill.rows("SELECT count(*), min(tries) FROM _offers WHERE state = 'given up'") == [
        (2, 3)
    ]
    assert fill.rows("SELECT count(*) FROM problems WHERE what LIKE 'not to be had%'") == [(2,)]
    served.asked()
    fill.run()
    assert served.asked() == ["/collinfo.json"]


def cut(packed: bytes) -> bytes:
    return packed[: len(packed) * 2 // 3]


def flip(packed: bytes) -> bytes:
    middle = len(packed) // 2
    return packed[:middle] + bytes([packed[middle] ^ 0x55]) + packed[middle + 1 :]


SPOILT = {
    "cut": (cut, "its WET file ends inside a record"),
    "damaged": (flip, "its compressed data: "),
    "rubbish": (lambda packed: b"<html>" + packed, "its compressed data: "),
    "not packed": (lambda packed: b"WARC/1.0\r\nWARC-Type: conversion\r\n", "its compressed data"),
    "empty": (lambda packed: b"", "not a part of the file"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_file_is_told_and_the_rest_goes_on(tmp_path, served, ingested, name) -> None:
    spoil, reason = SPOILT[name]
    whole = served.served("one").read_bytes()
    served.served("one").write_bytes(spoil(whole))
    fill = FromTexts(tmp_path / "fill", served.url, part_bytes=700)
    said = fill.run(code=3).stderr
    assert "Traceback" not in said
    failed = fill.rows("SELECT count(*), count(reason) FROM _offers WHERE state = 'waiting'")[0]
    assert failed[0] == failed[1] == said.count(reason) > 0
    assert fill.rows("SELECT count(*) FROM captures WHERE captured_at > '2021-03-03'") == [
        (served.texts - 8,)
    ]
    assert fill.rows("SELECT outcome FROM runs") == [("partial",)]
    assert verified(fill.db)
    served.served("one").write_bytes(whole)
    fill.run()
    assert fill.history() ^ ingested == set()


def test_a_file_that_is_not_there_is_told_and_the_rest_goes_on(tmp_path, served, ingested) -> None:
    whole = served.served("two").read_bytes()
    served.served("two").unlink()
    fill = FromTexts(tmp_path / "fill", served.url)
    said = fill.run(code=3).stderr
    assert said.count("answered 404, not a part of the file") == served.texts - 8
    assert fill.rows("SELECT count(*) FROM captures") == [(8,)]
    served.served("two").write_bytes(whole)
    fill.run()
    assert fill.history() ^ ingested == set()


MEDDLED = {
    "reset": "the connection broke off",
    "short": "the part is cut off",
    "less": "the part is cut off",
    "flipped": "its compressed data: ",
    "whole": "answered 200, not a part of the file",
    "elsewhere": "sent another part of the file",
    "unnamed": "sent another part of the file, unnamed",
    "grown": "the file was replaced while it was read",
}


@pytest.mark.parametrize("way", MEDDLED)
def test_a_part_that_is_spoilt_on_its_way_is_told(tmp_path, served, ingested, way) -> None:
    with Meddler(served.url) as host:
        fill = FromTexts(tmp_path / "fill", served.url, part_bytes=900)
        fill.take_files_from(host.url)
        host.spoil = lambda path, span: way if "one" in path and "=1800-" in span else None
        said = fill.run(code=3).stderr
        assert "Traceback" not in said
        waiting = fill.rows("SELECT count(*) FROM _offers WHERE state = 'waiting'")[0][0]
        assert 0 < waiting == said.count(MEDDLED[way])
        assert fill.rows("SELECT count(*) FROM captures") == [(served.texts - waiting,)]
        host.spoil = lambda path, span: None
        fill.run()
    assert fill.history() ^ ingested == set()


def test_a_host_that_resets_once_is_asked_again(tmp_path, served, ingested) -> None:
    with Meddler(served.url) as host:
        fill = FromTexts(tmp_path / "fill", served.url, part_bytes=900)
        fill.take_files_from(host.url)
        left = iter(["reset"])
        host.spoil = lambda path, span: next(left, None) if "=1800-" in span else None
        fill.run()
        begins = [int(span[6:].partition("-")[0]) for path, span in host.spans if "one" in path]
        assert begins == sorted(begins) and begins.count(1800) == 2
    assert fill.history() ^ ingested == set()


def test_a_host_that_asks_for_hours_is_left_alone(tmp_path, served, ingested) -> None:
    with Meddler(served.url) as host:
        fill = FromTexts(tmp_path / "fill", served.url, part_bytes=900)
        fill.take_files_from(host.url)
        host.spoil = lambda path, span: "busy" if "=1800-" in span else None
        said = fill.run(code=3).stderr
        assert "partial (the server asks to wait 7200 s)" in said
        assert not any("two" in path for path, _ in host.spans)
        tried = fill.rows("SELECT count(*) FROM _offers WHERE tries > 0")[0][0]
        assert 0 < tried == said.count("answered 429, not a part of the file") < 8
        host.spoil = lambda path, span: None
        fill.run()
    assert fill.history() ^ ingested == set()


def test_killed_at_any_moment_it_goes_on(tmp_path, served, ingested) -> None:
    fill = FromTexts(tmp_path / "fill", served.url, part_bytes=300)
    chance = random.Random(5)
    for _ in range(6):
        run = subprocess.Popen(
            fill.command(), cwd=fill.folder, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        served.asked()
        until = time.monotonic() + 20
        while not served.asked() and run.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.5))
        run.send_signal(signal.SIGKILL)
        run.wait()
    fill.run()
    assert fill.history() ^ ingested == set()
    assert verified(fill.db)


@pytest.mark.parametrize("order", ["pages first", "texts first"])
def test_pages_and_texts_are_one_history(tmp_path, served, order) -> None:
    """What a text says is what its page says: nothing is edited, added or withdrawn by it."""
    pages = tmp_path / "pages" / "embassy.db"
    assert program.ingest(pages, *served.warcs).exit_code == 0
    fill = FromTexts(tmp_path / "fill", served.url)
    words = [[], ["--text"]] if order == "pages first" else [["--text"], []]
    for more in words:
        command = [word for word in fill.command() if word != "--text"]
        subprocess.run([*command, *more], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert fill.rows("SELECT archive, count(*) FROM _offers GROUP BY archive") == [
        ("commoncrawl", 16), ("commoncrawl-text", served.texts),
    ]  # fmt: skip
    told = ["kind", "subject", "field", "before", "after", "observed_after", "observed_by"]
    changes = [[row[name] for name in told] for row in program.report_rows(fill.db)]
    assert changes == [[row[name] for name in told] for row in program.report_rows(pages)]
    assert verified(fill.db)
    both = tmp_path / "both" / "embassy.db"
    assert program.ingest(both, *served.own, *served.warcs).exit_code == 0
    assert history(both) ^ fill.history() == set()


def offer(url: str, timestamp: str = "20210301060000", **more: Any) -> Offered:
    told = {"mime": "text/html", "status": 200, "digest": "", "file": "a/warc/b.warc.gz"}
    return Offered(timestamp, url, **{**told, **more})


@pytest.mark.parametrize(
    "more, may",
    [
        ({}, True),
        ({"mime": "application/xhtml+xml"}, True),
        ({"status": 404}, False),
        ({"status": None}, False),
        ({"mime": "application/pdf"}, False),
        ({"mime": "warc/revisit"}, False),
        ({"file": "crawl-data/CC-1/segments/1/crawldiagnostics/b.warc.gz"}, False),
        ({"file": "crawl-data/CC-1/segments/1/robotstxt/b.warc.gz"}, False),
        ({"file": None}, False),
    ],
)
def test_only_pages_have_a_text(more, may) -> None:
    assert has_text(offer(HOST, **more)) is may


def test_the_name_of_a_wet_file_follows_from_its_warc_files() -> None:
    warc = "crawl-data/CC-MAIN-2020-05/segments/1579250589560.16/warc/CC-MAIN-1-00000.warc.gz"
    assert wet_file(warc) == warc.replace("/warc/", "/wet/").replace(".warc.gz", ".warc.wet.gz")


def test_two_spellings_of_one_address_are_each_found(tmp_path) -> None:
    """At one instant: each offer gets the text of its own spelling, in whatever order they lie."""
    spellings = ["http://rusemb.org.uk/fnapr/1", "https://www.rusemb.org.uk/fnapr/1"]
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    for url in spellings:
        writer.write_record(writer.create_warc_record(
            url, "conversion", payload=io.BytesIO(url.encode()), warc_content_type="text/plain",
            warc_headers_dict={"WARC-Date": "2021-03-01T06:00:00Z"},
        ))  # fmt: skip
    for order in (spellings, spellings[::-1]):
        search = TextSearch([Wanted(0, offer(url)) for url in order], "test", load_profile())
        found = {one.offer.url: raw.payload for one, raw in search.feed(file.getvalue())}
        assert found == {url: url.encode() for url in spellings}
        assert search.missing == []


def test_a_huge_member_is_passed_over_in_little_memory() -> None:
    flood, small = gzip.compress(bytes(200_000_000), 1), gzip.compress(b"small")
    tracemalloc.start()
    members = Members()
    sizes = [len(member) for member in members.feed(flood + small)]
    members.end()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sizes[0] < 70_000_000 and sizes[1] == 5
    assert peak < 150_000_000


def test_members_are_the_same_wherever_the_seams_are() -> None:
    texts = [b"", b"a", random.Random(1).randbytes(70_000), b"b" * 300_000, b"c"]
    packed = b"".join(map(gzip.compress, texts))
    for step in (1, 7, 1000, len(packed)):
        members = Members()
        parts = [packed[at : at + step] for at in range(0, len(packed), step)]
        assert [one for part in parts for one in members.feed(part)] == texts
        members.end()
    members = Members()
    assert list(members.feed(packed[:-1])) == texts[:-1]
    with pytest.raises(CaptureRejected, match="ends inside a record"):
        members.end()


def test_members_of_blanks_alone_are_passed_over_at_once() -> None:
    member = gzip.compress(b"\r\n" * 15_000_000, 1)
    search = TextSearch([], "commoncrawl-text", load_profile())
    begun = time.monotonic()
    assert list(search.feed(member * 20)) == []
    search.end()
    assert time.monotonic() - begun < 5
