"""Histories to make bundles of, and the bundles: read, checked by their own script, damaged."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.world import program

SITE = "https://www.rusemb.org.uk"
URL = f"{SITE}/fnapr/9005"
PAGE = """<html><head><title>Embassy</title></head><body>
<p>{day} March 2021<br>Moscow: 12:00<br>London: 09:00<br></p>
<h2>PRESS RELEASES AND NEWS</h2>
<p>02.03.2021</p><h1>{title}</h1>
<p>{body}</p>
<p>2 March 2021, 18:05</p>
</body></html>"""


def page(title: str, body: str, day: int) -> bytes:
    return PAGE.format(title=title, body=body, day=day).encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Answers:
    """A WARC file of answers of one site, a record after the other."""

    path: Path

    def write(self, *records: tuple[str, str, bytes | None]) -> Path:
        """Each is URL, instant and body; without a body it repeats the record before it."""
        with self.path.open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            last = None
            for url, at, body in records:
                if body is None:
                    assert last is not None
                    told = [last.rec_headers.get_header(f"WARC-{n}") for n in
                            ("Payload-Digest", "Target-URI", "Date")]  # fmt: skip
                    record = writer.create_revisit_record(
                        url, *told, warc_headers_dict={"WARC-Date": at}
                    )
                else:
                    head = [("Content-Type", "text/html; charset=utf-8")]
                    http = StatusAndHeaders("200 OK", head, protocol="HTTP/1.1")
                    record = last = writer.create_warc_record(
                        url, "response", payload=io.BytesIO(body), http_headers=http,
                        warc_headers_dict={"WARC-Date": at},
                    )  # fmt: skip
                writer.write_record(record)
        return self.path


@dataclass(frozen=True)
class Made:
    """A bundle on the disk."""

    path: Path

    @property
    def members(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as bundle:
            assert bundle.testzip() is None
            return {name: bundle.read(name) for name in bundle.namelist()}

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.members["change.json"])
        return told

    @property
    def wacz(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.members["captures.wacz"])) as wacz:
            assert all(one.compress_type == zipfile.ZIP_STORED for one in wacz.infolist())
            return {name: wacz.read(name) for name in wacz.namelist()}

    def unpack(self, folder: Path) -> Path:
        with zipfile.ZipFile(self.path) as bundle:
            bundle.extractall(folder)
        return folder


def make(db: Path, change: str, output: Path, *more: str) -> Made:
    done = program.run("evidence", change, "--db", str(db), "--output", str(output), *more)
    assert done.exit_code == 0, done.err
    return Made(output)


def changes(db: Path) -> dict[str, dict[str, Any]]:
    """The rows of the report by their ids."""
    out = program.run("report", "--db", str(db), "--format", "json").out
    return {row["change_id"]: row for row in json.loads(out)}


def prove(*arguments: object, script: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a bundle's script as anyone may: no environment, no library, no network needed."""
    return subprocess.run(
        [sys.executable, "-I", str(script or arguments[0]), *map(str, arguments[not script :])],
        env={}, cwd="/", capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def sums(members: dict[str, bytes], *left_out: str) -> bytes:
    lines = [
        f"{sha256(data).hexdigest()}  {name}\n"
        for name, data in sorted(members.items())
        if name not in left_out
    ]
    return "".join(lines).encode()


def rezipped(members: dict[str, bytes], path: Path) -> Path:
    """The same files zipped anew by someone else, compressed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as other:
        for name, data in members.items():
            other.writestr(name, data)
    return path
