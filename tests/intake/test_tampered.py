"""Records with our headers that this program did not write, or not so: told, and never believed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.world import program

from .test_evidence import AT, URL
from .test_from_raw import lose, make

Run = Callable[..., Result]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
OTHER = "20210303T102000Z-0123456789abcdef"


def record(kind: str, block: bytes, *fields: str, at: str = AT) -> bytes:
    """A record as anybody can write it."""
    lines = ["WARC/1.1", f"WARC-Type: {kind}", f"WARC-Date: {at}", *fields]
    head = "\r\n".join([*lines, f"Content-Length: {len(block)}", "", ""]).encode()
    return gzip.compress(head + block + b"\r\n\r\n")


def said(capture: str, *lines: str, at: str = AT) -> bytes:
    block = "".join(f"{line}\r\n" for line in lines).encode()
    return record("metadata", block, f"Embassy-Capture: {capture}", at=at)


@pytest.fixture
def capture(run: Run, db: Path, demo_captures: Path) -> str:
    """A capture of a history."""
    assert run("ingest", demo_captures).exit_code == 0
    ((found,),) = program.query(db, "SELECT id FROM captures ORDER BY id LIMIT 1")
    return str(found)


def evidence(db: Path, capture: str, **changed: object) -> str:
    ((text,),) = program.query(db, f"SELECT evidence FROM captures WHERE id = '{capture}'")
    fields = json.loads(str(text))
    for name, value in changed.items():
        fields[int(name.strip("n"))] = value
    return json.dumps(fields)


@pytest.mark.parametrize(
    "changed",
    [{"n7": "bogus"}, {"n7": []}, {"n9": 5}, {"n9": "<script>"}, {"n3": 200.0}, {"n0": 1}],
)
def test_evidence_that_we_never_write_does_not_count(
    db: Path, capture: str, changed: dict[str, object]
) -> None:
    note = said(capture, f"evidence: {evidence(db, capture, **changed)}")
    assert_passed_over(db, note)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, f"[{'9' * 5000}]", "{}", "[]", "[true,false]", "null", "NaN", '"'],
)  # fmt: skip
def test_what_is_no_evidence_does_not_count(db: Path, capture: str, text: str) -> None:
    assert_passed_over(db, said(capture, f"evidence: {text}"))


@pytest.mark.parametrize(
    "at",
    ["yesterday", "2021", "2021-03-05T09:00:00", "9999-12-31T23:59:59Z", "2021-13-05T09:00:00Z"],
)
def test_a_retraction_without_an_instant_does_not_count(db: Path, capture: str, at: str) -> None:
    sound = said(capture, "brought-back: ", at="2021-03-05T09:00:01.5Z")
    assert_passed_over(db, said(capture, "retracted: it is wrong", at=at) + sound)


@pytest.mark.parametrize("name", ["x", "", "20210303", "x" * 10_000, "<b>"])
def test_what_names_no_capture_does_not_count(db: Path, capture: str, name: str) -> None:
    assert_passed_over(db, said(name, "retracted: it is wrong"))


def test_what_says_something_else_does_not_count(db: Path, capture: str) -> None:
    assert_passed_over(db, said(capture, "opinion: a fine page"))


def assert_passed_over(db: Path, data: bytes) -> None:
    lost = lose(db)
    (db.parent / "captures" / "z.warc.gz").write_bytes(data)
    made = make(db)
    assert made.exit_code == 3, made.err
    assert made.err.count("z.warc.gz at 0: ") == 1
    names = [name for name in program.TABLES if name != "problems"]
    assert program.table_differences(lost, db, names) == []
    assert program.query(db, "SELECT count(*) FROM retractions") == [(0,)]
    gone = program.query(db, "SELECT id FROM captures LIMIT 1")[0][0]
    taken = program.run("retract", str(gone), "--why", "it is wrong", "--db", str(db))
    assert taken.exit_code == 0, taken.err
    assert program.run("verify", "--db", str(db)).exit_code == 0


TELLING = (
    "Embassy-URL-From: manifest",
    "Embassy-Instant-From: manifest",
    "Embassy-Source: live",
)


@pytest.mark.parametrize(
    "fields",
    [
        ("Embassy-Capture: x", *TELLING),
        (f"Embassy-Capture: {OTHER}", *TELLING),
        (f"Embassy-Capture: {OTHER}", "Embassy-Instant-From: clock"),
        ("Embassy-Capture: x", "Embassy-Source: \x1b[31m<b>"),
        TELLING,
    ],
)
def test_a_strangers_record_with_our_headers_is_anybodys(
    db: Path, demo_captures: Path, tmp_path: Path, fields: tuple[str, ...]
) -> None:
    page = (demo_captures / "2-statement.txt").read_bytes()
    path = tmp_path / "forged.warc.gz"
    path.write_bytes(record("response", HEAD + page, f"WARC-Target-URI: {URL}", *fields))
    assert program.ingest(db, path).exit_code == 0
    told = "SELECT url, captured_at, source, url_from, instant_from FROM captures"
    assert program.query(db, told) == [(URL, AT, "warc", "record", "record")]
    assert program.run("verify", "--db", str(db)).exit_code == 0


@pytest.mark.parametrize("mirror", ["dns:", "d", "http://", "http://[", "https://mirror.example/"])
def test_a_strangers_record_names_no_mirror(
    db: Path, demo_captures: Path, tmp_path: Path, mirror: str
) -> None:
    page = (demo_captures / "2-statement.txt").read_bytes()
    path = tmp_path / "forged.warc.gz"
    url = f"WARC-Target-URI: {mirror if ':' in mirror else 'dns:'}fnapr/9005"
    fields = (url, f"Embassy-Capture: {OTHER}", f"Embassy-Mirror: {mirror}")
    path.write_bytes(record("response", HEAD + page, *fields))
    program.ingest(db, path)
    assert program.query(db, "SELECT url FROM captures WHERE url LIKE '%rusemb%'") == []
