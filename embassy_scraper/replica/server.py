"""The replica's HTTP server, and what can go wrong with it."""

import gzip
import socket
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from embassy_scraper.replica.pages import modified_at, render
from embassy_scraper.replica.scenario import Fault, Scenario

_STYLE = files("embassy_scraper.replica").joinpath("style.css")
ROBOTS = "User-agent: *\nDisallow: /private/\n"
_NOT_FOUND = "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>"
_BLOCKED = (
    "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser before"
    " accessing</h1><p>Enable JavaScript and cookies to continue</p></body></html>"
)
_SOFT_404 = (
    "<html><head><title>An embassy</title></head><body><h1>Page not found</h1></body></html>"
)
_PARKED = (
    "<html><head><title>This domain is for sale</title></head><body><h1>This domain is for sale"
    "</h1><p>Ask its owner for a price.</p></body></html>"
)
_PAGES = {"blocked": _BLOCKED, "soft404": _SOFT_404, "parked": _PARKED}  # of nobody's site
_OVERSIZE = 40_000_000  # bytes
_REDIRECTS = {
    "to_home": "/",
    "elsewhere": "http://elsewhere.example/",
    "moved": "http://elsewhere.example/",
    "inside": "http://10.0.0.1/",
}


class Replica:
    """The site on 127.0.0.1; use it as a context. ``now`` is its clock, ``asked`` every request.

    Its port is chosen by the system unless given. ``hang`` is how long a "timeout" fault lasts,
    ``raw`` are answers that are given byte for byte, status line and all, or what makes the pieces
    of one that may have no end.
    """

    def __init__(self, scenario: Scenario, port: int = 0, *, robots: str = ROBOTS) -> None:
        """Prepare the replica; its clock stands at the scenario's opening."""
        self.scenario = scenario
        self.robots = robots
        self.robots_status = 200
        self.hang = 30.0
        self.raw: dict[str, bytes | Callable[[], Iterable[bytes]]] = {}  # by path
        self.asked: list[tuple[datetime, str, int]] = []
        self._at = scenario.opens
        self._running_since: float | None = None
        self._hits: Counter[int] = Counter()
        self._stopped = threading.Event()
        replica = self

        class Handler(_Handler):
            site = replica

        self._server = _Server(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.daemon = True

    @property
    def url(self) -> str:
        """Return the base address."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    @property
    def now(self) -> datetime:
        """Return the clock, which is stopped unless it was set running."""
        if self._running_since is None:
            return self._at
        return self._at + timedelta(seconds=time.monotonic() - self._running_since)

    def move_to(self, moment: datetime) -> None:
        """Set the clock."""
        self._at = moment.astimezone(UTC)
        if self._running_since is not None:
            self._running_since = time.monotonic()

    def run_clock(self) -> None:
        """Let the clock run from where it stands."""
        self._running_since = time.monotonic()

    def fault_for(self, path: str) -> Fault | None:
        """Return the fault that a request for *path* meets now, and count the hit."""
        now = self.now
        for number, fault in enumerate(self.scenario.faults):
            if not fnmatchcase(path, fault.path):
                continue
            if (fault.since and now < fault.since) or (fault.until and now >= fault.until):
                continue
            if fault.times and self._hits[number] >= fault.times:
                continue
            self._hits[number] += 1
            return fault
        return None

    def wait(self, seconds: float) -> None:
        """Wait, or until the server stops."""
        self._stopped.wait(seconds)

    def __enter__(self) -> Self:
        """Start to serve."""
        self._thread.start()
        return self

    def __exit__(self, *raised: Any) -> None:
        """Stop."""
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over it where whoever asked has gone away: no fault of the server."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    site: Replica
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the ``Date`` header: the replica's clock."""
        return format_datetime(self.site.now, usegmt=True)

    def do_HEAD(self) -> None:
        """Answer as to GET, without the body."""
        self.do_GET()

    def do_GET(self) -> None:
        """Answer a request, or meet the fault that the scenario has for it."""
        path = unquote(urlsplit(self.path).path)
        if path in self.site.raw:
            self._answer_raw(path)
            return
        if path == "/robots.txt":
            self._answer(self.site.robots_status, self.site.robots, media_type="text/plain")
            return
        if path == "/css/index.css":
            self._answer(200, _STYLE.read_text(encoding="utf-8"), media_type="text/css")
            return
        fault = self.site.fault_for(path)
        if fault is None:
            self._answer_page(path)
        elif fault.kind.isdigit():
            retry = {"Retry-After": str(fault.retry_after)}
            self._answer(int(fault.kind), "<h1>Service unavailable</h1>", headers=retry)
        elif fault.kind in _REDIRECTS:
            status = 301 if fault.kind == "moved" else 302
            self._answer(status, "", headers={"Location": _REDIRECTS[fault.kind]})
        elif fault.kind == "loop":
            self._answer(302, "", headers={"Location": path})
        elif fault.kind in _PAGES:
            self._answer(200, _PAGES[fault.kind])
        else:
            self._break(fault.kind, path)

    def _break(self, kind: str, path: str) -> None:
        """Meet a fault of the connection: "reset", "timeout", "cut" or "oversized"."""
        self._note(path, 0)
        self.close_connection = True
        if kind == "timeout":
            self.site.wait(self.site.hang)
        elif kind == "cut":
            found = render(self.site.scenario, path, self.site.now)
            body = (found[0] if found else _NOT_FOUND).encode()
            self._head(200, len(body), {"Content-Type": "text/html; charset=utf-8"})
            self.wfile.write(body[: len(body) * 2 // 3])
        elif kind == "oversized":
            self._head(200, _OVERSIZE, {"Content-Type": "text/html; charset=utf-8"})
            for _ in range(_OVERSIZE // 1_000_000):
                self.wfile.write(b"<p>" + b"x" * 999_997)
        else:
            linger = struct.pack("ii", 1, 0)  # closes with RST
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.shutdown(socket.SHUT_RD)

    def _answer_raw(self, path: str) -> None:
        self._note(path, 0)
        self.close_connection = True
        raw = self.site.raw[path]
        with suppress(OSError):  # whoever asked has gone
            for piece in (raw,) if isinstance(raw, bytes) else raw():
                self.wfile.write(piece)

    def _answer_page(self, path: str) -> None:
        now = self.site.now
        found = render(self.site.scenario, path, now)
        if found is None:
            self._answer(404, _NOT_FOUND)
            return
        text, covered = found
        modified = modified_at(self.site.scenario, now)
        headers = {
            "ETag": f'W/"{sha256(covered.encode()).hexdigest()[:20]}"',
            "Last-Modified": format_datetime(modified, usegmt=True),
        }
        known = self.headers.get("If-None-Match")
        since = self.headers.get("If-Modified-Since")
        is_known = known == headers["ETag"] or (
            known is None and since is not None and parsedate_to_datetime(since) >= modified
        )
        self._answer(304 if is_known else 200, "" if is_known else text, headers=headers)

    def _answer(
        self,
        status: int,
        text: str,
        *,
        media_type: str = "text/html",
        headers: dict[str, str] | None = None,
    ) -> None:
        self._note(unquote(urlsplit(self.path).path), status)
        body, more = text.encode(), dict(headers or {})
        if body:
            more["Content-Type"] = f"{media_type}; charset=utf-8"
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 500:
            body, more["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        self._head(status, len(body), more)
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: int, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _note(self, path: str, status: int) -> None:
        self.site.asked.append((self.site.now, path, status))
