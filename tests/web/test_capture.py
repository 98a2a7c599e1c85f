"""The page of one capture: how it is read, what was withheld, and its bytes, which nothing runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from embassy_scraper.items import RawCapture
from embassy_scraper.web.pages.capture import download
from tests.web.asking import Got, check, get, page
from tests.world import program

SITE = "https://www.rusemb.org.uk/"
EVIL = "<script>alert(1)</script><b onclick=alert(2)>evil</b> \u202eevil"


def ingested(folder: Path, files: dict[str, bytes], url: str = f"{SITE}fnapr/7") -> Path:
    source, db = folder / "source", folder / "history" / "embassy.db"
    source.mkdir()
    lines = ["file\turl\tcaptured_at"]
    for number, (name, data) in enumerate(files.items()):
        (source / name).write_bytes(data)
        lines.append(f"{name}\t{url}\t2021-03-01T09:00:{number:02}Z")
    (source / "manifest.tsv").write_text("\n".join(lines) + "\n")
    program.ingest(db, source)
    return db


def captures(db: Path) -> list[str]:
    return [str(row[0]) for row in program.query(db, "SELECT id FROM captures ORDER BY id")]


@pytest.fixture
def history(run, db: Path, demo_captures) -> Path:
    assert run("ingest", demo_captures).exit_code == 0
    return db


def test_every_capture_has_a_page_with_its_lines_and_where_it_came_from(history) -> None:
    for capture in captures(history):
        got = page(history, f"/capture/{capture}")
        (row,) = program.query(
            history, f"SELECT url, sha256, warc_file FROM captures WHERE id = '{capture}'"
        )
        assert all(str(value) in got.text for value in row if value)
        roles = got.all("//table[@class='lines']/tbody/tr/th")
        assert "header" in roles or "not read" in roles
        assert "/web/" in got.source


def test_a_statements_page_names_its_parts(history) -> None:
    ((capture, key),) = program.query(
        history, "SELECT capture, statement FROM sightings WHERE list = 'page' LIMIT 1"
    )
    got = page(history, f"/capture/{capture}")
    assert {"title", "body"} <= set(got.all("//table[@class='lines']/tbody/tr/th"))
    assert got.tree.xpath(f"//a[@href='/statement/{key}']")


def test_what_was_withheld_stands_with_its_reason(tmp_path) -> None:
    text = "\n".join(
        f"<p>Line {n} of another page, which says enough of itself.</p>" for n in range(9)
    )
    head = "<p>1 March 2021</p><p>Moscow: 12:00</p><p>London: 09:00</p>"
    db = ingested(tmp_path, {"1.html": f"<html><body>{head}{text}</body></html>".encode()})
    (capture,) = captures(db)
    ((where, why),) = program.query(db, 'SELECT "where", text FROM problems')
    got = page(db, f"/capture/{capture}")
    assert f"{where}: {why}" in got.all("//h2[contains(., 'withheld')]/following-sibling::ul/li")


@pytest.mark.parametrize("name", ["evil.html", "evil.txt"])
def test_bytes_are_shown_as_text_and_sent_so_that_no_browser_runs_them(tmp_path, name) -> None:
    db = ingested(tmp_path, {name: f"<html><title>{EVIL}</title>{EVIL}</html>".encode()})
    (capture,) = captures(db)
    shown_, raw = get(db, f"/capture/{capture}", f"/capture/{capture}/raw")
    check(shown_)
    assert "<script>alert" not in shown_.source and "\u202e" not in shown_.source
    assert "<script>alert(1)</script>" in shown_.text
    assert raw.body == f"<html><title>{EVIL}</title>{EVIL}</html>".encode()
    is_inert(raw, capture)


def is_inert(raw: Got, capture: str) -> None:
    assert raw.headers["content-type"].partition(";")[0] in (
        "text/plain", "application/octet-stream",
    )  # fmt: skip
    assert raw.headers["content-disposition"].startswith(f'attachment; filename="{capture}.')
    assert raw.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert raw.headers["x-content-type-options"] == "nosniff"


def test_a_charset_is_named_only_if_it_is_one() -> None:
    odd = 'utf-8"\r\nSet-Cookie: a=b'
    assert download(RawCapture(b"", "text/html", "file", charset="cp1251")) == (
        "text/plain; charset=cp1251", "txt",
    )  # fmt: skip
    assert download(RawCapture(b"", "text/html", "file", charset=odd)) == ("text/plain", "txt")
    assert download(RawCapture(b"", "image/png", "file"))[0] == "application/octet-stream"
    assert download(RawCapture(b"", "text/html\r\nA: b", "file")) == ("text/plain", "txt")


def test_a_lost_raw_record_is_said_in_a_line_and_the_rest_stands(history) -> None:
    capture = captures(history)[0]
    for file in (history.parent / "captures").iterdir():
        file.unlink()
    got = page(history, f"/capture/{capture}")
    assert "Its raw record cannot be read" in got.text and "What it says" in got.text
    (raw,) = get(history, f"/capture/{capture}/raw")
    assert raw.status == 404 and "restore" in raw.text


def test_a_damaged_raw_record_is_no_error_either(history) -> None:
    for file in (history.parent / "captures").iterdir():
        file.write_bytes(b"\x1f\x8b" + b"garbage" * 20_000)
    for got in get(history, *(f"/capture/{one}" for one in captures(history))):
        assert got.status == 200 and "Its raw record cannot be read" in got.text


def test_a_page_of_many_megabytes_is_not_read_again_and_says_so(tmp_path) -> None:
    data = b"<html><body>" + b"<p>seal</p>" * 800_000
    db = ingested(tmp_path, {"1.html": data})
    (capture,) = captures(db)
    got = page(db, f"/capture/{capture}")
    assert "more than 8 MB. It is not read again" in got.text and len(got.body) < 50_000
    assert get(db, f"/capture/{capture}/raw")[0].body == data


def test_long_bytes_and_many_lines_are_cut_and_all_can_be_had(tmp_path) -> None:
    data = "<html><body>" + "".join(f"<p>Line {n}.</p>" for n in range(20_000))
    db = ingested(tmp_path, {"1.html": data.encode()})
    (capture,) = captures(db)
    got = page(db, f"/capture/{capture}")
    assert len(got.body) < 400_000 and "Show all" in got.text
    assert "Line 19999." in page(db, f"/capture/{capture}?all=1").text


def test_a_capture_that_was_taken_out_says_why_and_can_still_be_looked_at(history) -> None:
    capture = captures(history)[0]
    why = f"a wrong date {EVIL}"
    assert program.run("retract", capture, "--why", why, "--db", str(history)).exit_code == 0
    got = page(history, f"/capture/{capture}")
    assert "Taken out of the history" in got.text
    assert "a wrong date <script>alert(1)" in got.text and "<script>alert" not in got.source
    assert got.all("//table[@class='lines']//th")
    assert f"embassy-scraper retract {capture} --undo" in got.all("//pre")
    (raw,) = get(history, f"/capture/{capture}/raw")
    is_inert(raw, capture)
    for got in get(history, *(f"/capture/{one}" for one in captures(history))):
        assert got.status == 200 and "Taken out" not in got.text


@pytest.mark.parametrize("given", ["x", "2099", "%3Cscript%3E", "%00", "2021/raw", "2"])
def test_what_names_no_capture_is_said_in_a_plain_line(history, given) -> None:
    (got,) = get(history, f"/capture/{given}")
    assert got.status == 404 and "<script>" not in got.source
    assert "begins with" in got.text or "begin with" in got.text
