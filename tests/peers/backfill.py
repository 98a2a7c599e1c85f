"""A database that is filled from an archive on loopback, by the program as a person runs it."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from embassy_scraper.replica.scenario import Scenario
from tests.live import forked
from tests.live.site import publish, site
from tests.live.story import OPENS
from tests.peers.wet import every_day, write_warc
from tests.world import program

ROOT = Path(__file__).parents[2]
CONFIG = """\
[archives]
wayback = "{url}"
commoncrawl_index = "{url}"
commoncrawl_data = "{url}"
index_delay = 0.0
capture_delay = 0.0
busy_pause = 0.3
index_rows = {rows}
retries = 1
timeout = 60.0
"""


def story() -> Scenario:
    edit = {"at": OPENS + timedelta(hours=30), "do": "edit", "key": "fnapr/9011", "title": "Edited"}
    gone = {"at": OPENS + timedelta(hours=60), "do": "withdraw", "key": "fnapr/9010"}
    return site(12, edit, gone, publish(9050, OPENS + timedelta(hours=40)))


def write_archive(path: Path) -> int:
    """Write a WARC file of a site seen at several moments; return how many captures are in it."""
    return write_warc(path, story(), every_day(OPENS))


class Backfill:
    """A database that is filled from an archive."""

    archive = "wayback"

    def __init__(self, folder: Path, url: str, rows: int = 5, **more: object) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.db = folder / "embassy.db"
        self.config = folder / "embassy.toml"
        told = "".join(f"{name} = {value}\n" for name, value in more.items())
        self.config.write_text(CONFIG.format(url=url, rows=rows) + told)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "embassy_scraper", "backfill", self.archive, *words,
                "--db", str(self.db), "--config", str(self.config)]  # fmt: skip

    def run(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = forked.run(self.folder, *self.command(*words)[3:])
        assert done.returncode == code, done.stderr
        return done

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return program.query(self.db, query)


class FromCommonCrawl(Backfill):
    archive = "commoncrawl"
