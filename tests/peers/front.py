"""A server before a real one: passes requests on, unless one of its moods gives the answer."""

from __future__ import annotations

import socket
import struct
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Raw:
    """Bytes for the socket as they are, after which it is closed, or reset."""

    data: bytes
    is_reset: bool = False


Answer = tuple[int, dict[str, str], bytes]
Mood = Callable[[str], "Answer | Raw | None"]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class Front:
    """Stands before the server at *behind*; ``asked`` are its requests, ``asked_at`` their times.

    ``moods`` are tried on every request in turn: one that returns an answer gives it.
    """

    def __init__(self, behind: str) -> None:
        self.behind = behind
        self.asked: list[str] = []
        self.asked_at: list[float] = []
        self.moods: list[Mood] = []
        front = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                front.asked.append(self.path)
                front.asked_at.append(time.monotonic())
                self.give(front.say(self.path, dict(self.headers)))

            def give(self, answer: Answer | Raw) -> None:
                if not isinstance(answer, Raw):
                    self.wfile.write(head_of(answer) + answer[2])
                    return
                self.close_connection = True
                self.wfile.write(answer.data)
                if answer.is_reset:
                    time.sleep(0.05)  # else the reset overtakes the bytes
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.connection.close()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self._opener = urllib.request.build_opener(_NoRedirect())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def say(self, path: str, headers: dict[str, str]) -> Answer | Raw:
        for mood in self.moods:
            if (answer := mood(path)) is not None:
                return answer
        return self.answer(path, headers)

    def answer(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        """Return what the server behind answers."""
        return self.fetch(f"{self.behind}{path}", headers or {})

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Answer:
        kept = {n: v for n, v in (headers or {}).items() if n.lower() == "range"}
        try:
            with self._opener.open(urllib.request.Request(url, headers=kept)) as found:
                return found.status, _headers(found.headers), found.read()
        except urllib.error.HTTPError as error:
            return error.code, _headers(error.headers), error.read()


def head_of(answer: Answer, length: int | None = None) -> bytes:
    """Return the head of *answer* as it goes over the wire; a length of -1 leaves it unsaid."""
    status, headers, body = answer
    lines = [f"HTTP/1.1 {status} {'OK' if status == 200 else 'Other'}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if length != -1:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _headers(found: Any) -> dict[str, str]:
    hop = {"content-length", "connection", "transfer-encoding", "keep-alive"}
    return {name: value for name, value in found.items() if name.lower() not in hop}
