"""A generated world served on loopback, at a clock that can be moved."""

from __future__ import annotations

import re
import threading
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.world.model import Capture, Dress, Look, World
from tests.world.pages import document
from tests.world.render import written
from tests.world.timeline import site_at

_DRESS = Dress("response", markup="frame", declared="header")
_LISTING = re.compile(r"/(newarh|apress_arh)/&start=(\d+)&")


class WorldSite:
    """The site of *world*; ``now`` is its clock. A page that is as before answers 304."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = world.captures[0].at
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, format: str, *args: object) -> None:
                pass

            def date_time_string(self, timestamp: float | None = None) -> str:
                return format_datetime(site.now, usegmt=True)

            def do_GET(self) -> None:
                status, body, tag = site.answer(self.path)
                if tag and self.headers.get("If-None-Match") == tag:
                    status, body = 304, b""
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if tag:
                    self.send_header("ETag", tag)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> tuple[int, bytes, str]:
        """Status, page, and a tag that is the same as long as the page below its header is."""
        look = self._look(path)
        if look is None:
            return 404, b"<h1>Not Found</h1>", ""
        doc = document(self.world, Capture(self.now, look, _DRESS))
        page, _ = written(doc)
        told = f"{doc.kind}{doc.title}{doc.paragraphs}{doc.items}{doc.block}{doc.status}"
        return doc.status, page, f'"{sha256(told.encode()).hexdigest()[:20]}"'

    def _look(self, path: str) -> Look | None:
        if path == "/":
            return Look("home")
        if listing := _LISTING.match(path):
            return Look("listing", list_name=listing[1], start=int(listing[2]))
        for one in site_at(self.world, self.now).statements:
            if path == f"/{one.statement.url_key}":
                return Look("statement", one.statement.sid)
        return None


def moments(world: World, most: int) -> list[datetime]:
    """The first instants at which something of *world* was seen, each once."""
    return sorted({capture.at for capture in world.captures})[:most]
