"""What an archive may hold: every status, revisits, one URL many times, addresses of every kind."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

BEGINS = datetime(2021, 3, 1, 6)
SITE = "https://www.rusemb.org.uk"
_STATUSES = {200: "OK", 301: "Moved", 302: "Found", 403: "No", 404: "Not Found", 410: "Gone",
             429: "Slow", 500: "Oh", 503: "Busy"}  # fmt: skip
_ADDRESSES = (
    "https://rusemb.org.uk/", "http://www.rusemb.org.uk/", "http://www.rusemb.org.uk:80/fnapr/1",
    "https://www.rusemb.org.uk:443/fnapr/2", "https://press.rusemb.org.uk/fnapr/3?a=1&b=%20c",
    f"{SITE}/newarh/&start=1&ps=10&ppp=15", f"{SITE}/новости/речь", f"{SITE}/%D1%80%D1%8C",
    f"{SITE}/MiXeD/Case?Q=Ä&q=a+b", f"{SITE}/a|b{{c}}'d\"", f"{SITE}//double//slash/", f"{SITE}/?",
    f"{SITE}/fnapr/4#part", f"{SITE}/mail/press@rusemb.org.uk", f"{SITE}/x?{'long=' * 300}",
    f"{SITE}/e\u0301/é/ß",
)  # fmt: skip
_OTHERS = ("https://www.notrusemb.org.uk/", "https://rusemb.org.uk.example/", "https://uk.org/")


class Holdings:
    """Writes a WARC file, a record a minute."""

    def __init__(self, path: Path, first_day: int = 0) -> None:
        self._path, self._minute, self._first_day = path, 0, first_day

    def write(self) -> None:
        with self._path.open("wb") as file:
            self._writer = WARCWriter(file, gzip=True)
            for status in _STATUSES:
                for day in range(3):
                    self._add(f"{SITE}/fnapr/{9000 + status}", status, b"<p>%d" % status, day)
            for address in (*_ADDRESSES, *_OTHERS):
                self._add(address, 200, f"<p>{address}".encode())
            for day in range(4):
                self._add(f"{SITE}/fnapr/9001", 200, b"<p>the same every day", day)
                self._add(f"{SITE}/fnapr/9002", 200, b"<p>another one %d" % day, day)
                self._revisit(f"{SITE}/fnapr/9001", b"<p>the same every day", day)
            for _ in range(2):  # one record twice, and two of one instant
                self._add(f"{SITE}/fnapr/9003", 200, b"<p>twice", minute=7)
                self._add(f"{SITE}/fnapr/9004", 302, b"", minute=8)
                self._add(f"{SITE}/fnapr/9004", 200, b"<p>with a cookie", minute=8)

    def _at(self, day: int, minute: int | None) -> str:
        self._minute += 1
        minutes = self._minute if minute is None else minute
        moment = BEGINS + timedelta(days=self._first_day + day, minutes=minutes)
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}"

    def _add(
        self, url: str, status: int, body: bytes, day: int = 0, minute: int | None = None
    ) -> None:
        head = [("Content-Type", "text/html; charset=utf-8")]
        if status in (301, 302):
            head.append(("Location", f"{SITE}/fnapr/9001"))
        line = f"{status} {_STATUSES[status]}"
        record = self._writer.create_warc_record(
            url, "response", payload=io.BytesIO(body),
            http_headers=StatusAndHeaders(line, head, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": self._at(day, minute)},
        )  # fmt: skip
        self._writer.write_record(record)
        self._last = [
            record.rec_headers.get_header(f"WARC-{n}") for n in ("Payload-Digest", "Date")
        ]

    def _revisit(self, url: str, body: bytes, day: int) -> None:
        self._add(url, 200, body, day)
        record = self._writer.create_revisit_record(
            url, self._last[0], url, self._last[1],
            warc_headers_dict={"WARC-Date": self._at(day, None)},
        )  # fmt: skip
        self._writer.write_record(record)
