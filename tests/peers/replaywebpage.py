"""ReplayWeb.page on loopback: its own script and service worker, in Debian's Chromium."""

from __future__ import annotations

import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.peers.servers import PYWB
from tests.web.chromium import browser

_SECONDS, _TRIES = 20, 4
_PAGE = """<!DOCTYPE html><html><head><script src="/ui.js"></script></head>
<body style="height: 800px"><replay-web-page source="/{name}" url="{url}" ts="{ts}"
embed="replayonly" replayBase="/replay/" style="height: 700px"></replay-web-page></body></html>"""


def _package() -> Path | None:
    return max(PYWB.glob("replaywebpage-*.tgz"), default=None)


needs_replay = pytest.mark.skipif(
    _package() is None, reason="ReplayWeb.page is not here; install npm, then make peers"
)


@cache
def _script(name: str) -> bytes:
    package = _package()
    assert package is not None
    with tarfile.open(package) as tar:
        found = tar.extractfile(f"package/{name}")
        assert found is not None
        return found.read()


@contextmanager
def serve(files: dict[str, bytes]) -> Iterator[str]:
    """Serve *files* and ReplayWeb.page, ranges too; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = self.path.partition("?")[0].lstrip("/")
            scripts = {"ui.js": "ui.js", "replay/sw.js": "sw.js", "replay/ui.js": "ui.js"}
            data = _script(scripts[path]) if path in scripts else files.get(path)
            if data is None:
                self.send_error(404)
                return
            kind = {"js": "text/javascript", "html": "text/html"}.get(path.rpartition(".")[2])
            begin, end = self.part(len(data))
            self.send_response(206 if "Range" in self.headers else 200)
            self.send_header("Content-Type", kind or "application/octet-stream")
            self.send_header("Accept-Ranges", "bytes")
            if "Range" in self.headers:
                self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{len(data)}")
            self.send_header("Content-Length", str(end - begin))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(data[begin:end])

        def part(self, size: int) -> tuple[int, int]:
            asked = self.headers.get("Range", "").removeprefix("bytes=")
            first, _, last = asked.partition("-")
            if not first:
                return (max(0, size - int(last)), size) if last else (0, size)
            return int(first), min(size, int(last) + 1 if last else size)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Reader:
    """A browser that opens WACZ files in ReplayWeb.page; each page in a profile of its own."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def shows(self, wacz: bytes, url: str, ts: str, text: str) -> str:
        """Return what is shown of *url* at *ts*, once *text* is in it."""
        html = _PAGE.format(name="captures.wacz", url=quote(url, safe=":/&=?#%"), ts=ts)
        with serve({"index.html": html.encode(), "captures.wacz": wacz}) as address:
            context = self._browser.new_context()
            try:
                page = context.new_page()
                for _ in range(_TRIES):  # a service worker that is slow to start misses the frame
                    page.goto(f"{address}/index.html")
                    if (shown := _wait_for(page, text)) is not None:
                        return shown
                raise AssertionError([(frame.url, frame.content()) for frame in page.frames])
            finally:
                context.close()


def _wait_for(page: Page, text: str) -> str | None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        for frame in page.frames:
            with suppress(Error):  # it is being loaded
                if "/w/" in frame.url and text in (shown := frame.content()):
                    return shown
        page.wait_for_timeout(200)
    return None


@contextmanager
def chromium() -> Iterator[Reader]:
    with browser() as found:
        yield Reader(found)
