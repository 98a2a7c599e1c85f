"""The stages behind a real crawl over real HTTP: the same functions, the same history."""

import http.server
import os
import subprocess
import sys
import threading
from pathlib import Path

SPIDER = """
import scrapy
from embassy_scraper.items import Fetched, RawCapture
from embassy_scraper.pages import read_page

class Saved(scrapy.Spider):
    name = "saved"

    async def start(self):
        for line in open(self.manifest, encoding="utf-8").read().splitlines()[1:]:
            name, url, at = line.split("\\t")
            yield scrapy.Request(self.base + name, meta={"url": url, "at": at})

    def parse(self, response):
        media_type = "text/html" if response.url.endswith(".html") else "text/plain"
        raw = RawCapture(response.body, media_type, "live", url=response.meta["url"],
                         captured_at=response.meta["at"])
        yield Fetched(raw, read_page(raw))
"""
RUN = """
import sys
from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings
from spider import Saved

settings = Settings()
settings.setmodule("embassy_scraper.settings", priority="project")
settings.setdict({"EMBASSY_DB": sys.argv[1], "ROBOTSTXT_OBEY": False, "DOWNLOAD_DELAY": 0,
                  "SPIDER_MODULES": [], "LOG_LEVEL": "ERROR"}, priority="cmdline")
process = CrawlerProcess(settings)
process.crawl(Saved, base=sys.argv[2], manifest=sys.argv[3])
process.start()
"""


def test_a_crawl_through_the_stages_gives_what_ingest_gives(
    run, db, rows, tmp_path, demo_captures
) -> None:
    run("ingest", demo_captures)
    expected = rows("SELECT * FROM changes ORDER BY change_id")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(demo_captures))

        def log_message(self, *arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "spider.py").write_text(SPIDER)
    (tmp_path / "run.py").write_text(RUN)
    other = tmp_path / "crawl" / "embassy.db"
    base = f"http://127.0.0.1:{server.server_port}/"
    root = Path(__file__).parents[1]
    for _ in range(2):  # the second crawl finds everything known
        done = subprocess.run(
            [sys.executable, "run.py", other, base, demo_captures / "manifest.tsv"],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(root)}, text=True,
            capture_output=True, check=True,
        )  # fmt: skip
        assert done.stderr == ""
    server.shutdown()
    import sqlite3

    connection = sqlite3.connect(other)
    found = connection.execute("SELECT * FROM changes ORDER BY change_id").fetchall()
    assert connection.execute("SELECT count(*) FROM captures").fetchone() == (6,)
    assert found == expected
