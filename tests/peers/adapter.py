"""The shapes of the Wayback Machine before a real pywb: CDX answers, resume keys, moods.

Everything that is played back comes from pywb as it is.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.peers.host import Handler, Host

Answer = tuple[int, dict[str, str], bytes]
_COLUMNS = {"timestamp": "timestamp", "original": "url", "mimetype": "mime",
            "statuscode": "status", "digest": "digest", "length": "length"}  # fmt: skip


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class Wayback(Host):
    """A Wayback Machine over the pywb collection at *collection*; ``asked`` are its requests.

    ``moods`` are tried on every request in turn: one that returns an answer gives it.
    """

    def __init__(self, collection: str) -> None:
        self.collection = collection
        self.asked: list[str] = []
        self.moods: list[Callable[[str], Answer | None]] = []
        self.edit_table: Callable[[list[Any]], Any] = lambda table: table
        machine = self

        class Asked(Handler):
            def do_GET(self) -> None:
                machine.asked.append(self.path)
                status, headers, body = machine.answer(self.path)
                self.say(status, headers, body, len(body))

        super().__init__(Asked)
        self._opener = urllib.request.build_opener(_NoRedirect())

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
        names = query["fl"].split(",")
        kept = {n: v for n, v in query.items() if n in {"url", "matchType", "from", "to"}}
        _, _, body = self._fetch(f"{self.collection}/cdx?{urlencode(kept | {'output': 'json'})}")
        rows = [json.loads(line) for line in body.decode().splitlines()]
        start, limit = int(query.get("resumeKey", "0")), int(query["limit"])
        table: list[Any] = [names]
        table += [[row.get(_COLUMNS[n], "-") for n in names] for row in rows[start : start + limit]]
        if start + limit < len(rows):
            table += [[], [str(start + limit)]]
        told = json.dumps(self.edit_table(table)).encode()
        return 200, {"Content-Type": "application/json"}, told


def _headers(found: Any) -> dict[str, str]:
    hop = {"content-length", "connection", "transfer-encoding", "keep-alive"}
    return {name: value for name, value in found.items() if name.lower() not in hop}
