"""One door: whichever way the same captures come in, they give the same history."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.live.site import ROOT, Live, Open, site
from tests.live.story import OPENS
from tests.world import program

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


def crawl(it: Live, db: Path, spider: str) -> None:
    """A live crawl by this program's own verb."""
    done = subprocess.run(
        [sys.executable, "-m", "embassy_scraper", "crawl", "--part", spider,
         "--db", str(db), "--config", str(it.config)],
        cwd=it.folder, text=True, capture_output=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def scrapy_crawl(it: Live, db: Path, spider: str) -> None:
    """The same by Scrapy's own front door."""
    told = ["-s", f"EMBASSY_DB={db}", "-s", f"EMBASSY_CONFIG={it.config}"]
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", spider, *told],
        cwd=ROOT, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


FRONT_DOORS: dict[str, Callable[[Live, Path, str], None]] = {
    "crawl": crawl, "scrapy crawl": scrapy_crawl,
}  # fmt: skip


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
            door(it, db, "homepage")
            shown = program.query(db, "SELECT count(*) FROM captures")
            assert shown == [(7,)], name
            assert program.table(db, "problems") == [], name
            assert program.run("verify", "--db", str(db)).exit_code == 0
            dbs.append(db)
    assert not program.table_differences(*dbs)
    assert program.report(dbs[0]) == program.report(dbs[1])
