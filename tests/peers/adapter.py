"""The shapes of the Wayback Machine before a real pywb: CDX answers, resume keys, moods.

Everything that is played back comes from pywb as it is.
"""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

Answer = tuple[int, dict[str, str], bytes]
_COLUMNS = {"timestamp": "timestamp", "original": "url", "mimetype": "mime",
            "statuscode": "status", "digest": "digest", "length": "length"}  # fmt: skip
_PAGE = 5  # rows of a page, where it is asked for page by page


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class Wayback:
    """A Wayback Machine over the pywb collection at *collection*; ``asked`` are its requests.

    ``moods`` are tried on every request in turn: one that returns an answer gives it.
    """

    def __init__(self, collection: str) -> None:
        self.collection = collection
        self.asked: list[str] = []
        self.moods: list[Callable[[str], Answer | None]] = []
        self.edit_table: Callable[[list[Any]], Any] = lambda table: table
        machine = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                machine.asked.append(self.path)
                status, headers, body = machine.answer(self.path)
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
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

    def captures_asked(self) -> list[str]:
        found = [path for path in self.asked if path.startswith("/web/")]
        self.asked.clear()
        return found

    def answer(self, path: str) -> Answer:
        for mood in self.moods:
            if (answer := mood(path)) is not None:
                return answer
        if path.startswith("/web/"):
            return self._fetch(f"{self.collection}/{path.removeprefix('/web/')}")
        return self._cdx(
            {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        )

    def _fetch(self, url: str) -> Answer:
        try:
            with self._opener.open(url) as found:
                return found.status, _headers(found.headers), found.read()
        except urllib.error.HTTPError as error:
            return error.code, _headers(error.headers), error.read()

    def _cdx(self, query: dict[str, str]) -> Answer:
        names = query.get("fl", ",".join(["urlkey", *_COLUMNS])).split(",")
        kept = {n: v for n, v in query.items() if n in {"url", "matchType", "from", "to"}}
        found, _, body = self._fetch(
            f"{self.collection}/cdx?{urlencode(kept | {'output': 'json'})}"
        )
        rows = [json.loads(line) for line in body.decode().splitlines()] if found == 200 else []
        limit = int(query.get("limit", _PAGE if "page" in query else len(rows) or 1))
        start = int(query.get("resumeKey", int(query.get("page", "0")) * limit))
        table: list[Any] = [
            [row.get(_COLUMNS.get(n, n), "-") for n in names] for row in rows[start : start + limit]
        ]
        if "page" in query and not table:
            return 200, {}, b""
        if "showResumeKey" in query and start + limit < len(rows):
            table += [[], [str(start + limit)]]
        if query.get("output") != "json":
            lines = "".join(f"{' '.join(row)}\n" for row in table)
            return 200, {"Content-Type": "text/plain"}, lines.encode()
        told = json.dumps(self.edit_table([names, *table])).encode()
        return 200, {"Content-Type": "application/json"}, told


def _headers(found: Any) -> dict[str, str]:
    hop = {"content-length", "connection", "transfer-encoding", "keep-alive"}
    return {name: value for name, value in found.items() if name.lower() not in hop}
