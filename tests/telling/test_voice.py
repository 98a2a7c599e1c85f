"""``--quiet``, ``-v`` and the log: cron is silent without news, and all is in the log."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from embassy_scraper.replica.scenario import Fault
from tests.live.site import Open, site
from tests.telling.test_alerts import Desk
from tests.world import program


@pytest.fixture
def desk(tmp_path: Path, demo_captures: Path) -> Desk:
    desk = Desk(tmp_path, demo_captures)
    desk.config.write_text("")
    return desk


def test_a_quiet_import_says_what_is_new_and_then_nothing(desk: Desk) -> None:
    said = desk.run("ingest", "--quiet", desk.part(0, 1))
    for row in program.report_rows(desk.db):
        assert f"change {row['change_id']}" in said
    assert "captures: " not in said
    assert desk.run("ingest", "--quiet", desk.part(0, 1)) == ""
    (desk.part(0, 1) / "bad.warc.gz").write_bytes(b"\x1f\x8b nothing")
    said = desk.run("ingest", "--quiet", desk.part(0, 1), code=3)
    assert "bad.warc.gz" in said and "1 rejected" in said


@pytest.mark.peer
def test_a_quiet_crawl(live: Open) -> None:
    with live(site(3)) as it:
        assert "First seen, on " in it.crawl("--quiet")
        it.later(minutes=10)
        assert it.crawl("--quiet") == ""
        assert it.crawl("--quiet", "-v").count("304 http://127.0.0.1") == 4


@pytest.mark.peer
def test_a_quiet_crawl_that_fails_says_so(live: Open) -> None:
    with live(site(3, faults=(Fault("*", "reset"),)), retries=0) as it:
        said = it.crawl("--quiet", code=1)
        assert "the crawl failed" in said.splitlines()[-1]


@pytest.mark.peer
def test_verbose_says_each_request(live: Open) -> None:
    with live(site(1)) as it:
        said = it.crawl("-v")
        for path, status in it.asked():
            assert f"{status} {it.replica.url[:-1]}{path}\n" in said


def test_the_log_has_all_that_was_said_in_lines_with_an_instant(desk: Desk) -> None:
    log = desk.folder / "logs" / "runs.log"
    desk.config.write_text(f"[log]\nfile = '{log}'\n")
    desk.run("ingest", "--quiet", desk.part(0, 1))
    desk.run("ingest", desk.part(2))
    lines = log.read_text().splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [A-Z]+ \S", line) for line in lines)
    assert sum("INFO captures: " in line for line in lines) == 2
    before = len(lines)
    desk.config.write_text(f"[log]\nfile = '{log}'\nlevel = 'warning'\n")
    desk.run("ingest", desk.part(0, 1))
    assert len(log.read_text().splitlines()) == before


def test_a_log_that_cannot_be_written_is_one_line(desk: Desk) -> None:
    desk.config.write_text("[log]\nfile = '/dev/null/a.log'\n")
    said = desk.run("ingest", desk.part(0, 1), code=1)
    assert said.count("\n") == 1 and "[log]" in said and "/dev/null/a.log" in said
