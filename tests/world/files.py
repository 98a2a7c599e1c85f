"""A world's captures on disk: folders with manifests, WARC and WET files."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from .model import Capture, World
from .pages import Doc, document
from .render import written

REASONS = {200: "OK", 403: "Forbidden", 404: "Not Found", 410: "Gone", 503: "Service Unavailable"}


def instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def told_instant(capture: Capture) -> str:
    return instant(capture.said or capture.at)


def write_world(world: World, root: Path, groups: Sequence[Sequence[int]]) -> list[Path]:
    """One folder for each group of capture indices; the folders, in the order of the groups."""
    shutil.rmtree(root, ignore_errors=True)
    return [
        write_group([(i, document(world, world.captures[i])) for i in group], root / f"g{n:03}")
        for n, group in enumerate(groups)
    ]


def write_group(docs: Sequence[tuple[int, Doc]], folder: Path) -> Path:
    folder.mkdir(parents=True)
    rows = ["file\turl\tcaptured_at"]
    for index, doc in docs:
        medium = doc.capture.dress.medium
        if medium in ("txt", "html"):
            rows += _write_file(doc, folder, f"{index:03}.{medium}")
    for name, media in (("part.warc.gz", ("response", "resource")), ("part.wet.gz", ("wet",))):
        chosen = [doc for _, doc in docs if doc.capture.dress.medium in media]
        if chosen:
            _write_warc(chosen, folder / name)
    if len(rows) > 1:
        (folder / "manifest.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def _write_file(doc: Doc, folder: Path, name: str) -> list[str]:
    payload, _ = written(doc)
    (folder / name).write_bytes(payload)
    url, clock = doc.capture.url, doc.capture.dress.clock
    if url is None and clock:
        return []  # a file that is not in the manifest has no URL
    return [f"{name}\t{url or ''}\t{'' if clock else told_instant(doc.capture)}"]


def _write_warc(docs: Sequence[Doc], path: Path) -> None:
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for doc in docs:
            _write_record(writer, doc)


def _write_record(writer: WARCWriter, doc: Doc) -> None:
    capture = doc.capture
    payload, announced = written(doc)
    kind = {"wet": "conversion"}.get(capture.dress.medium, capture.dress.medium)
    charset = f"; charset={capture.dress.charset}" if capture.dress.declared == "header" else ""
    content_type = "text/plain" if kind == "conversion" else f"text/html{charset}"
    headers = None
    if kind == "response":
        fields = [("Content-Type", content_type)]
        if capture.dress.packed and capture.fault != "cut":
            payload = gzip.compress(payload, mtime=0)
            fields.append(("Content-Encoding", "gzip"))
        length = announced if capture.fault == "cut" else len(payload)
        fields.append(("Content-Length", str(length)))
        status = f"{doc.status} {REASONS[doc.status]}"
        headers = StatusAndHeaders(status, fields, protocol="HTTP/1.1")
    record = writer.create_warc_record(
        capture.url,
        kind,
        payload=BytesIO(payload),
        http_headers=headers,
        warc_content_type="" if headers else content_type,
        warc_headers_dict={"WARC-Date": told_instant(capture)},
    )
    writer.write_record(record)
