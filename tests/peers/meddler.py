"""A host between a program and a server of files that spoils some of the answers on their way."""

from __future__ import annotations

from collections.abc import Callable

from tests.peers.front import Answer, Front, Raw, head_of


class Meddler(Front):
    """Passes requests on to the server at *behind*; ``spoil`` says what happens to one of them.

    It is asked with the path and the Range header, and answers with a way of spoiling, or ``None``.
    """

    def __init__(self, behind: str) -> None:
        super().__init__(behind)
        self.spans: list[tuple[str, str]] = []  # path and Range of every request
        self.spoil: Callable[[str, str], str | None] = lambda path, span: None

    def say(self, path: str, headers: dict[str, str]) -> Answer | Raw:
        span = headers.get("Range", "")
        self.spans.append((path, span))
        way = self.spoil(path, span)
        if way == "busy":
            return 429, {"Retry-After": "7200"}, b""
        if way == "reset":
            return Raw(b"", is_reset=True)
        answer = self.answer(path, {} if way == "whole" else headers)
        return answer if way is None else spoilt(answer, way)


def spoilt(answer: Answer, way: str) -> Answer | Raw:
    """An answer, spoilt in a *way*."""
    status, headers, body = answer
    middle = len(body) // 2
    if way == "short":
        return Raw(head_of(answer) + body[:middle])
    if way == "flipped":
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
