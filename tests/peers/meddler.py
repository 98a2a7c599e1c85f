"""A host between a program and a server of files that spoils some of the answers on their way."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class Meddler:
    """Passes requests on to the server at *behind*; ``spoil`` says what happens to one of them.

    It is asked with the path and the Range header, and answers with a way of spoiling, or ``None``.
    """

    def __init__(self, behind: str) -> None:
        self.behind = behind
        self.asked: list[tuple[str, str]] = []
        self.spoil: Callable[[str, str], str | None] = lambda path, span: None
        meddler = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                span = self.headers.get("Range", "")
                meddler.asked.append((self.path, span))
                way = meddler.spoil(self.path, span)
                if way == "reset":
                    self.close_connection = True
                    self.connection.close()
                    return
                status, headers, body = meddler.fetch(self.path, {} if way == "whole" else self)
                length = len(body)
                if way == "short":
                    body = body[: length // 2]
                elif way == "flipped":
                    middle = length // 2
                    body = body[:middle] + bytes([body[middle] ^ 255]) + body[middle + 1 :]
                elif way == "less":
                    body, length = body[:-1], length - 1
                elif way == "elsewhere":
                    headers["Content-Range"] = f"bytes 5-{length + 4}/{10 * length}"
                elif way == "unnamed":
                    del headers["Content-Range"]
                elif way == "grown":
                    headers["Content-Range"] += "0"
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(length))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = way == "short"

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def fetch(self, path: str, asked: object) -> tuple[int, dict[str, str], bytes]:
        request = urllib.request.Request(self.behind + path)
        if isinstance(asked, BaseHTTPRequestHandler) and "Range" in asked.headers:
            request.add_header("Range", asked.headers["Range"])
        try:
            with urllib.request.urlopen(request) as found:
                return found.status, _kept(found.headers), found.read()
        except urllib.error.HTTPError as error:
            return error.code, _kept(error.headers), error.read()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _kept(headers: object) -> dict[str, str]:
    wanted = {"content-type", "content-range", "retry-after"}
    return {n: v for n, v in headers.items() if n.lower() in wanted}  # type: ignore[attr-defined]
