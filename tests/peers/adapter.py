"""The shapes of the Wayback Machine before a real pywb: CDX answers, resume keys, pages.

Everything that is played back comes from pywb as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.peers.front import Answer, Front

_COLUMNS = {"timestamp": "timestamp", "original": "url", "mimetype": "mime",
            "statuscode": "status", "digest": "digest", "length": "length"}  # fmt: skip
_PAGE = 5  # rows of a page, where it is asked for page by page


class Wayback(Front):
    """A Wayback Machine over a pywb collection; ``edit_table`` may spoil the CDX answers."""

    def __init__(self, collection: str) -> None:
        super().__init__(collection)
        self.edit_table: Callable[[list[Any]], Any] = lambda table: table

    def captures_asked(self) -> list[str]:
        found = [path for path in self.asked if path.startswith("/web/")]
        self.asked.clear()
        return found

    def answer(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        if path.startswith("/web/"):
            return self.fetch(f"{self.behind}/{path.removeprefix('/web/')}")
        query = parse_qs(urlsplit(path).query)
        return self._cdx({name: values[0] for name, values in query.items()})

    def _cdx(self, query: dict[str, str]) -> Answer:
        names = query.get("fl", ",".join(["urlkey", *_COLUMNS])).split(",")
        kept = {n: v for n, v in query.items() if n in {"url", "matchType", "from", "to"}}
        found, _, body = self.fetch(f"{self.behind}/cdx?{urlencode(kept | {'output': 'json'})}")
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
