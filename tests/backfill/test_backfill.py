"""Captures from the web archives, on loopback: real pywb, a thin adapter, nginx for ranges."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from embassy_scraper.archives.cdx import read_pywb, read_wayback
from embassy_scraper.archives.warc import read_warc
from embassy_scraper.errors import ArchiveAnswerError
from embassy_scraper.items import RawCapture
from tests.peers.adapter import Wayback
from tests.peers.backfill import ROOT, Backfill, FromCommonCrawl, write_archive
from tests.peers.front import Answer
from tests.peers.servers import common_crawl, needs_nginx, needs_pywb, pywb, segment
from tests.peers.wet import HOST
from tests.world import program

pytestmark = pytest.mark.peer


@needs_pywb
def test_a_backfill_gives_the_history_of_the_files(tmp_path, archive, machine) -> None:
    fill = Backfill(tmp_path / "fill", machine.url)
    said = fill.run().stderr
    assert f"captures: {archive[2]} stored" in said
    assert "0 failed, 0 still to be fetched" in said
    other = tmp_path / "other" / "embassy.db"
    assert program.ingest(other, archive[1]).exit_code == 0
    assert program.report(other) == program.report(fill.db)
    names = [name for name in program.TABLES if name != "captures"]
    assert not program.table_differences(fill.db, other, names)
    assert program.run("verify", "--db", str(fill.db)).exit_code == 0
    machine.captures_asked()
    again = fill.run().stderr
    assert "captures: 0 stored" in again
    assert machine.captures_asked() == []
    assert fill.rows("SELECT outcome FROM runs LIMIT 2") == [("complete",)] * 2
    shown = fill.rows("SELECT count(*), count(capture), min(length(digest)) FROM _offers")
    assert shown == [(archive[2], archive[2], 32)]


@needs_pywb
def test_what_is_retracted_stays_out_when_an_archive_offers_it(tmp_path, machine) -> None:
    fill = Backfill(tmp_path / "fill", machine.url)
    fill.run()
    ((out,),) = fill.rows("SELECT id FROM captures ORDER BY id LIMIT 1 OFFSET 2")
    place = ("--db", str(fill.db), "--config", str(fill.config))
    assert program.run("retract", out, "--why", "a wrong date", *place).exit_code == 0
    tables = program.tables(fill.db)
    machine.captures_asked()
    assert "captures: 0 stored" in fill.run().stderr
    assert machine.captures_asked() == []  # it was taken once, and is not asked for again
    with sqlite3.connect(fill.db) as connection:
        connection.execute("DELETE FROM _offers")
        connection.execute("DELETE FROM _queries")
    assert "captures: 0 stored" in fill.run().stderr
    assert program.tables(fill.db) == tables
    assert program.run("verify", "--db", str(fill.db)).exit_code == 0


@needs_pywb
def test_a_dry_run_fetches_nothing(tmp_path, archive, machine) -> None:
    fill = Backfill(tmp_path / "fill", machine.url)
    said = fill.run("--dry-run").stdout
    assert said.startswith(f"captures: {archive[2]}; bytes: ")
    assert machine.captures_asked() == []


@needs_pywb
def test_a_part_is_fetched_when_a_part_is_wanted(tmp_path, archive, machine) -> None:
    fill = Backfill(tmp_path / "fill", machine.url)
    fill.run("--family", "fnapr", "--from", "2021-03-02", "--to", "2021-03-03")
    asked = machine.captures_asked()
    assert len(asked) == 4
    assert all("/fnapr/" in path and path[5:13] in {"20210302", "20210303"} for path in asked)
    fill.run("--limit", "3")
    assert len(machine.captures_asked()) == 3


@needs_pywb
def test_bytes_that_are_held_are_not_fetched_again(tmp_path, archive, machine) -> None:
    """Two captures of one digest: the second is a sighting without a download."""
    warc = tmp_path / "same.warc.gz"
    page = (ROOT / "tests/captures/3-statement.html").read_bytes()
    with warc.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for day in (1, 2, 3):
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(
                f"{HOST}/fnapr/9005", "response", payload=io.BytesIO(page), http_headers=http,
                warc_headers_dict={"WARC-Date": f"2021-05-0{day}T10:00:00Z"},
            ))  # fmt: skip
    with pywb(tmp_path / "pywb", [warc]) as collection, Wayback(collection) as other:
        fill = Backfill(tmp_path / "fill", other.url)
        fill.run("--limit", "1")
        other.captures_asked()
        said = fill.run().stderr
        assert "captures: 2 stored, 2 taken without a download" in said
        assert other.captures_asked() == []
    assert fill.rows("SELECT count(*), sum(is_revisit) FROM captures") == [(3, 2)]
    again = tmp_path / "again" / "embassy.db"
    program.ingest(again, warc)
    assert program.report(again) == program.report(fill.db)
    assert program.run("verify", "--db", str(fill.db)).exit_code == 0


@needs_pywb
def test_held_bytes_are_those_of_the_same_page_and_status(tmp_path) -> None:
    """The same bytes as two pages, one of them "not found": each keeps its kind and its status."""
    page = (ROOT / "tests/captures/3-statement.html").read_bytes()
    kinds = [("/fnapr/9005", "200 OK", "text/html"), ("/fnapr/9006", "404 Not Found", "text/html"),
             ("/fnapr/9007", "200 OK", "text/plain")]  # fmt: skip
    warc = tmp_path / "same.warc.gz"
    with warc.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for day in (1, 2, 3):
            for path, status, kind in kinds:
                http = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
                writer.write_record(writer.create_warc_record(
                    HOST + path, "response", payload=io.BytesIO(page), http_headers=http,
                    warc_headers_dict={"WARC-Date": f"2021-05-0{day}T10:00:00Z"},
                ))  # fmt: skip
    with pywb(tmp_path / "pywb", [warc]) as collection, Wayback(collection) as other:
        fill = Backfill(tmp_path / "fill", other.url)
        fill.run("--to", "2021-05-01")
        assert len(other.captures_asked()) == 3
        fill.run()
        assert other.captures_asked() == []
    query = "SELECT url, captured_at, http_status, media_type, page_kind FROM captures ORDER BY id"
    again = tmp_path / "again" / "embassy.db"
    program.ingest(again, warc)
    assert fill.rows(query) == program.query(again, query)
    assert program.run("verify", "--db", str(fill.db)).exit_code == 0


@needs_pywb
def test_a_busy_archive_is_waited_for(tmp_path, archive, machine) -> None:
    hits = iter([(429, {"Retry-After": "1"}, b"slow down"), (503, {}, b"")])
    machine.moods.append(lambda path: next(hits, None) if path.startswith("/web/") else None)
    fill = Backfill(tmp_path / "fill", machine.url)
    begun = time.monotonic()
    said = fill.run().stderr
    assert time.monotonic() - begun > 1.3
    assert f"captures: {archive[2]} stored" in said


def _bad(path: str) -> Answer | None:
    """Answers that are not the record asked for, each to another address."""
    if "/fnapr/9011" in path and "20210301" in path:
        return 302, {"Location": "/web/20200101000000id_/x"}, b""
    if "/fnapr/9011" in path and "20210302" in path:
        return 200, {"Memento-Datetime": "Mon, 01 Mar 2021 06:00:00 GMT"}, b"<p>another"
    if "/fnapr/9011" in path and "20210303" in path:
        when = {"Memento-Datetime": "Wed, 03 Mar 2021 06:00:00 GMT"}
        return 200, when, b"<html><!-- BEGIN WAYBACK TOOLBAR INSERT --></html>"
    if "/fnapr/9010" in path and "20210301" in path:
        return 404, {}, b"Hrm. The Wayback Machine has not archived that URL."
    return None


@needs_pywb
def test_playback_that_differs_is_a_problem_and_no_capture(tmp_path, archive, machine) -> None:
    machine.moods.append(_bad)
    fill = Backfill(tmp_path / "fill", machine.url)
    said = fill.run(code=3).stderr
    for reason in ("own page: 302", "sent another instant", "a rewritten page", "own page: 404"):
        assert reason in said, reason
    assert fill.rows("SELECT count(*) FROM captures") == [(archive[2] - 4,)]
    assert fill.rows("SELECT count(*) FROM problems") == [(4,)]
    machine.moods.clear()
    machine.captures_asked()
    fill.run()
    assert len(machine.captures_asked()) == 4
    assert fill.rows("SELECT count(*) FROM captures") == [(archive[2],)]


@needs_pywb
def test_what_never_comes_is_given_up_with_its_reason(tmp_path, archive, machine) -> None:
    machine.moods.append(_bad)
    fill = Backfill(tmp_path / "fill", machine.url)
    for _ in range(3):
        fill.run(code=3)
    machine.captures_asked()
    fill.run()
    assert machine.captures_asked() == []
    given_up = fill.rows("SELECT count(*), count(reason) FROM _offers WHERE state = 'given up'")
    assert given_up == [(4, 4)]


@needs_pywb
@pytest.mark.parametrize(
    "edit, said",
    [
        (lambda table: ["x", *table[1:]], "not an array of arrays"),
        (lambda table: [["timestamp", "address"], *table[1:]], "does not name columns"),
        (lambda table: [*table, [], ["0"]] if len(table[-1]) > 1 else table, "repeats"),
    ],
)
def test_a_broken_index_is_told_and_the_rest_goes_on(tmp_path, machine, edit, said) -> None:
    machine.edit_table = edit
    fill = Backfill(tmp_path / "fill", machine.url)
    assert said in fill.run(code=3).stderr
    assert fill.rows("SELECT outcome FROM runs") == [("partial",)]


@needs_pywb
def test_killed_at_any_moment_it_goes_on(tmp_path, archive, machine) -> None:
    fill = Backfill(tmp_path / "fill", machine.url, rows=2)
    for wait in (0.0, 0.05, 0.1, 0.2):
        run = subprocess.Popen(
            fill.command(), cwd=fill.folder, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        begun = len(machine.asked)
        while len(machine.asked) < begun + 3 and run.poll() is None:
            time.sleep(0.005)
        time.sleep(wait)
        run.send_signal(signal.SIGKILL)
        run.wait()
    fill.run()
    assert fill.rows("SELECT count(*) FROM captures") == [(archive[2],)]
    assert program.run("verify", "--db", str(fill.db)).exit_code == 0


@needs_pywb
@needs_nginx
def test_common_crawl_gives_the_history_of_its_files(tmp_path: Path) -> None:
    first, second = tmp_path / "one.warc.gz", tmp_path / "two.warc.gz"
    count = write_archive(first)
    write_archive(second)
    with common_crawl(tmp_path / "served", {"CC-1": [first], "CC-2": [second]}) as url:
        fill = FromCommonCrawl(tmp_path / "fill", url)
        assert fill.run("--dry-run").stdout.startswith(f"captures: {count}; bytes: ")
        said = fill.run().stderr
        assert f"captures: {count} stored" in said  # the second crawl has the same captures
        log = tmp_path / "served" / "access.log"
        log.write_text("")
        again = fill.run().stderr
        assert "captures: 0 stored" in again
        assert [line.split()[6] for line in log.read_text().splitlines()] == ["/collinfo.json"]
    other = tmp_path / "other" / "embassy.db"
    assert program.ingest(other, first).exit_code == 0
    assert program.report(other) == program.report(fill.db)
    assert program.run("verify", "--db", str(fill.db)).exit_code == 0


@needs_pywb
@needs_nginx
def test_a_file_of_common_crawl_that_is_cut_short_is_told(tmp_path: Path) -> None:
    warc = tmp_path / "one.warc.gz"
    count = write_archive(warc)
    with common_crawl(tmp_path / "served", {"CC-1": [warc]}) as url:
        served = tmp_path / "served" / "files" / segment("CC-1") / "one.warc.gz"
        whole = served.read_bytes()
        served.write_bytes(whole[: len(whole) // 2])
        fill = FromCommonCrawl(tmp_path / "fill", url)
        said = fill.run(code=3).stderr
        assert "answered 416, not a part of the file" in said or "cut off" in said
        kept = fill.rows("SELECT count(*) FROM captures")[0][0]
        assert 0 < kept < count
        served.write_bytes(whole)
        fill.run()
        assert fill.rows("SELECT count(*) FROM captures") == [(count,)]


@needs_pywb
def test_both_archives_and_the_files_are_one_history(tmp_path, archive, machine) -> None:
    """Whatever source a capture comes from, and how often: it is one."""
    fill = Backfill(tmp_path / "fill", machine.url)
    fill.run("--limit", "7")
    assert program.ingest(fill.db, archive[1]).exit_code == 0
    fill.run()
    other = tmp_path / "other" / "embassy.db"
    program.ingest(other, archive[1])
    assert program.report(other) == program.report(fill.db)
    assert fill.rows("SELECT count(*) FROM captures") == [(archive[2],)]
    assert program.run("verify", "--db", str(fill.db)).exit_code == 0


def test_answers_of_the_indexes_are_read_line_by_line() -> None:
    page = read_wayback(json.dumps([
        ["timestamp", "original", "mimetype", "statuscode", "digest", "length"],
        ["20210301060000", "http://rusemb.org.uk/", "warc/revisit", "-", "ABC", "500"],
        ["20211301060000", "http://rusemb.org.uk/", "text/html", "200", "ABC", "500"],
        [], ["uk,org,rusemb)/ 20210301060001"],
    ]))  # fmt: skip
    assert [row.status for row in page.rows] == [None]
    assert len(page.unread) == 1
    assert page.resume_key == "uk,org,rusemb)/ 20210301060001"
    assert read_wayback("[]").rows == () and read_wayback("").rows == ()
    line = '{"timestamp": "20210301060000", "url": "http://a.example/", "status": "200"}'
    found = read_pywb(f"{line}\nrubbish\n")
    assert len(found.rows) == 1 and len(found.unread) == 1
    odd = [
        '"url": "http://a.example/\\ud800"',  # half a pair, which no database keeps
        '"url": "http://a.example/", "filename": "\\udfff"',
        '"url": ["http://a.example/"]',
    ]
    told = "\n".join(f'{{"timestamp": "20210301060000", {fields}}}' for fields in odd)
    assert len(read_pywb(f"{line}\n{told}\n").unread) == 3
    huge = read_pywb(line.replace('"200"', f'"200", "length": {"9" * 30}'))
    assert [row.length for row in huge.rows] == [None]
    for text in ("<html>", "{}", "[1]", "[" * 100_000):
        with pytest.raises(ArchiveAnswerError):
            read_wayback(text)
    with pytest.raises(ArchiveAnswerError):
        read_pywb("<html>\n<p>")
    nested = '{"a":' * 50_000
    assert read_pywb(f"{line}\n{nested}\n").unread != ()


def save_pages(folder: Path, warc: Path) -> Path:
    """Save the pages of *warc* as files, with the archive's instants, but without its answers."""
    folder.mkdir()
    lines = ["file\turl\tcaptured_at"]
    for number, offer in enumerate(read_warc(warc)):
        assert isinstance(offer.found, RawCapture)
        (folder / f"{number}.html").write_bytes(offer.found.payload)
        lines.append(f"{number}.html\t{offer.found.url}\t{offer.found.captured_at}")
    (folder / "manifest.tsv").write_text("\n".join(lines) + "\n")
    return folder


@needs_pywb
def test_saved_copies_of_what_the_archive_has_come_before_or_after(
    tmp_path, archive, machine
) -> None:
    """An answer, its status among it, outweighs a file of the same bytes, whichever came first."""
    pages = save_pages(tmp_path / "pages", archive[1])
    fills = []
    for name, *steps in (("before", "files", "archive"), ("after", "archive", "files")):
        fill = Backfill(tmp_path / name, machine.url)
        for step in steps:
            if step == "files":
                assert program.ingest(fill.db, pages).exit_code == 0
            else:
                fill.run()
        fills.append(fill.db)
        assert fill.rows("SELECT count(http_status) FROM captures") == [(archive[2],)]
        assert fill.rows("SELECT * FROM _evidence") == []
        assert program.run("verify", "--db", str(fill.db)).exit_code == 0
    assert not program.table_differences(*fills)
    assert program.report(fills[0]) == program.report(fills[1])
