"""A live crawl against a bare spider: the same pages from nginx on loopback, at no delay."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from benchmarks.world import words
from embassy_scraper.replica.frame import frame
from embassy_scraper.replica.page_text import Item, PagerLink, PageText

_FIRST = date(2015, 1, 1)
_PAGER = tuple(PagerLink(number) for number in range(1, 16))
_NGINX = """
{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off; default_type text/html; charset utf-8;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/site; index index.html;
    location = /robots.txt {{ return 404; }} etag off; if_modified_since off; }}
}}
"""
_BARE = """
import scrapy
class Bare(scrapy.Spider):
    name = "bare"
    custom_settings = {"CONCURRENT_REQUESTS_PER_DOMAIN": 8, "COOKIES_ENABLED": False,
                       "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False,
                       "REMOTE_CONTROL_ENABLED": False}
    async def start(self):
        with open("urls.txt") as urls:
            for url in urls:
                yield scrapy.Request(url.strip())
    def parse(self, response):
        pass
"""


def write_site(folder: Path, statements: int) -> None:
    """Write a site of so many statements, listings included, as files that nginx serves."""
    items = [_item(number) for number in range(statements, 0, -1)]
    header = PageText(
        "24 November 2020", "15:22", "12:22", "Consular queries", "+44 (0) 20 7946 0123", "",
        ("996 days have passed since the A incident - no answer",),
        latest=tuple(items[:10]),
    )  # fmt: skip
    for name in ("fnapr", "newarh"):
        (folder / name).mkdir(parents=True)
    home = _with(header, path="/", heading="EMBASSY INFORMS", items=items[:15], latest=())
    (folder / "index.html").write_text(frame(home), encoding="utf-8")
    for item in items:
        page = _with(header, heading="PRESS RELEASES AND NEWS", own_date=item.date,
                     title=item.title, body=_body(item))  # fmt: skip
        (folder / item.key).write_text(frame(page), encoding="utf-8")
    for start in range(1, statements + 11, 10):
        page = _with(header, heading="EMBASSY INFORMS", pager=_PAGER,
                     items=items[start - 1 : start + 9])  # fmt: skip
        name = f"newarh/&start={start}&ps=10&ppp=15"
        (folder / name).write_text(frame(page), encoding="utf-8")


def _with(header: PageText, **told: object) -> PageText:
    return replace(header, **{k: tuple(v) if isinstance(v, list) else v for k, v in told.items()})


def _item(number: int) -> Item:
    day = _FIRST + timedelta(days=number // 10)
    title = f"Statement {number} {words(number, 8)}"
    return Item(f"fnapr/{number}", f"{day:%d.%m.%Y}", title, words((number, "lead"), 40))


def _body(item: Item) -> str:
    return "\n\n".join([item.lead, *(words((item.key, n), 60) for n in range(20))])


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve ``folder/site`` by nginx; yield the base address."""
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(nginx).exists():
        raise SystemExit("the crawl is measured against nginx: apt-get install nginx-light")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    conf = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""  # else its worker may not read the folder
    conf.write_text(_NGINX.format(folder=folder, port=port, user=user))
    server = subprocess.Popen([nginx, "-c", str(conf), "-p", str(folder)])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()


def write_settings(folder: Path, url: str) -> Path:
    """Write an ``embassy.toml`` for a crawl at full speed."""
    path = folder / "embassy.toml"
    told = {"delay": 0.0, "concurrency": 8, "budget": 100_000, "lists": ["newarh"]}
    lines = [f"{name} = {json.dumps(value)}" for name, value in told.items()]
    path.write_text("\n".join([f'[site]\nbase_url = "{url}"', "[crawl]", *lines]) + "\n")
    return path


def crawl_command(db: Path, config: Path) -> list[str]:
    """Return the command of a crawl."""
    return [sys.executable, "-m", "embassy_scraper", "crawl", "--db", str(db),
            "--config", str(config)]  # fmt: skip


def write_bare(folder: Path, db: Path, url: str) -> list[str]:
    """Write a bare spider that fetches what a crawl fetched; return its command."""
    connection = sqlite3.connect(db)
    urls = [row[0] for row in connection.execute("SELECT url FROM captures")]
    connection.close()
    site = "https://www.rusemb.org.uk/"
    (folder / "urls.txt").write_text("".join(f"{url}{u.removeprefix(site)}\n" for u in urls))
    (folder / "bare.py").write_text(_BARE)
    return [sys.executable, "-m", "scrapy", "runspider", "bare.py"]


def memory_at(command: list[str], db: Path, captures: int) -> tuple[float, float]:
    """Run a crawl; return the process's memory in MB at so many captures, and its peak."""
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    early = peak = 0.0
    while process.poll() is None:
        time.sleep(0.1)
        peak = max(peak, _resident(process.pid))
        if not early and _captures(db) >= captures:
            early = _resident(process.pid)
    if process.returncode:
        raise SystemExit(f"the crawl ended with {process.returncode}")
    return early, peak


def _captures(db: Path) -> int:
    try:
        connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True, timeout=5)
        found = connection.execute("SELECT count(*) FROM captures").fetchone()
        connection.close()
    except sqlite3.Error:
        return 0
    return int(found[0])


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGESIZE") / 2**20
