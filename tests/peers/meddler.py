"""A host between a program and a server of files that spoils some of the answers on their way."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from tests.peers.host import Handler, Host

Answer = tuple[int, dict[str, str], bytes]


class Meddler(Host):
    """Passes requests on to the server at *behind*; ``spoil`` says what happens to one of them.

    It is asked with the path and the Range header, and answers with a way of spoiling, or ``None``.
    """

    def __init__(self, behind: str) -> None:
        self.behind = behind
        self.asked: list[tuple[str, str]] = []
        self.spoil: Callable[[str, str], str | None] = lambda path, span: None
        meddler = self

        class Asked(Handler):
            def do_GET(self) -> None:
                span = self.headers.get("Range", "")
                meddler.asked.append((self.path, span))
                way = meddler.spoil(self.path, span)
                if way == "reset":
                    self.connection.close()
                else:
                    status, headers, body = meddler.answer(self.path, span, way)
                    told = len(body)
                    self.say(status, headers, body[: told // 2] if way == "short" else body, told)
                self.close_connection = way in {"reset", "short"}

        super().__init__(Asked)

    def answer(self, path: str, span: str, way: str | None) -> Answer:
        """What the server behind answers, spoilt in a *way*."""
        if way == "busy":
            return 429, {"Retry-After": "7200"}, b""
        status, headers, body = self._fetch(path, "" if way == "whole" else span)
        if way == "flipped":
            middle = len(body) // 2
            body = body[:middle] + bytes([body[middle] ^ 255]) + body[middle + 1 :]
        elif way == "less":
            body = body[:-1]
        elif way == "elsewhere":
            headers["Content-Range"] = f"bytes 5-{len(body) + 4}/{10 * len(body)}"
        elif way == "unnamed":
            del headers["Content-Range"]
        elif way == "grown":
            headers["Content-Range"] += "0"
        return status, headers, body

    def _fetch(self, path: str, span: str) -> Answer:
        headers = {"Range": span} if span else {}
        request = urllib.request.Request(self.behind + path, headers=headers)
        try:
            with urllib.request.urlopen(request) as found:
                return found.status, _kept(found.headers), found.read()
        except urllib.error.HTTPError as error:
            return error.code, _kept(error.headers), error.read()


def _kept(headers: Any) -> dict[str, str]:
    return {n: v for n, v in headers.items() if n.lower() in {"content-type", "content-range"}}
