"""Copies of one page, each from another source: a saved file, an answer in a WARC file."""

from __future__ import annotations

import io
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


def saved(folder: Path, page: bytes, url: str, at: str, suffix: str = ".html") -> Path:
    """A folder with the page as a file, and a manifest."""
    folder.mkdir(parents=True)
    (folder / f"page{suffix}").write_bytes(page)
    told = f"file\turl\tcaptured_at\npage{suffix}\t{url}\t{at}\n"
    (folder / "manifest.tsv").write_text(told, encoding="utf-8")
    return folder


def answered(
    path: Path,
    page: bytes,
    url: str,
    at: str,
    kind: str = "text/plain",
    status: str = "200 OK",
    announced: int | None = None,
) -> Path:
    """A WARC file with one answer, which may announce its length."""
    head = [("Content-Type", kind)]
    if announced is not None:
        head.append(("Content-Length", str(announced)))
    with path.open("wb") as file:
        http = StatusAndHeaders(status, head, protocol="HTTP/1.1")
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warc_record(
            url, "response", payload=io.BytesIO(page), http_headers=http,
            warc_headers_dict={"WARC-Date": at},
        ))  # fmt: skip
    return path
