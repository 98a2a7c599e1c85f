"""Folders as people have them: what is read, what is refused and with which advice."""

from __future__ import annotations

import base64
import email.message
import json
import os
import plistlib
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.copies import answered, saved
from tests.web.chromium import CHROMIUM

PAGE = "3-statement.html"
URL = "https://www.rusemb.org.uk/fnapr/9005"
STYLE = b"body { color: black }"


def problems(rows: Callable[[str], list[tuple[object, ...]]]) -> list[tuple[object, ...]]:
    return rows("SELECT path, what FROM problems WHERE capture IS NULL ORDER BY path")


def test_a_mirror_without_extensions_is_read(run, rows, tmp_path, demo_captures) -> None:
    """As ``wget -m`` lays it: the page is known by how it begins, its address by its place."""
    mirror = tmp_path / "www.rusemb.org.uk"
    (mirror / "fnapr").mkdir(parents=True)
    (mirror / "fnapr" / "9005").write_bytes((demo_captures / PAGE).read_bytes())
    (mirror / "robots.txt").write_text("User-agent: *\nDisallow:\n")
    (mirror / "style.css?v=2").write_bytes(STYLE)
    (mirror / "favicon.ico").write_bytes(b"")
    (mirror / "logo").write_bytes(b"GIF89a\1\0\1\0")
    found = run("ingest", tmp_path)
    assert found.exit_code == 0
    assert found.stderr.startswith(
        "side files of mirrors, passed over: 4 (images 2, robots.txt 1, styles 1)\n"
    )
    assert rows("SELECT url FROM captures") == [("https://www.rusemb.org.uk/fnapr/9005",)]


def test_side_files_alone_are_nothing_to_import(run, tmp_path) -> None:
    (tmp_path / "a.css").write_bytes(STYLE)
    found = run("ingest", tmp_path)
    assert found.exit_code == 0
    assert found.stderr.splitlines()[:2] == [
        "nothing to import: no page, text or archive of pages found",
        "side files of mirrors, passed over: 1 (styles 1)",
    ]


def test_a_side_file_that_is_named_is_refused(run, rows, tmp_path) -> None:
    for name, data in (("a.css", STYLE), ("b.png", b"\x89PNG\r\n\x1a\n"), ("robots.txt", b"#")):
        (tmp_path / name).write_bytes(data)
        assert run("ingest", tmp_path / name).exit_code == 3
    assert problems(rows) == [
        (name, "unknown kind of file") for name in ("a.css", "b.png", "robots.txt")
    ]


def test_a_text_that_shows_nothing_of_the_site_is_a_problem(run, rows, tmp_path, demo_captures):
    """Wherever it lies; but a manifest can say that it is a page, and one with a clock is."""
    place = tmp_path / "in" / "20210301090000" / "www.rusemb.org.uk"
    place.mkdir(parents=True)
    (place / "notes").write_text("Things to do\n\nBuy milk.\n")
    (place / "dump.TXT").write_bytes((demo_captures / "2-statement.txt").read_bytes())
    found = run("ingest", tmp_path / "in")
    assert found.exit_code == 3
    assert (
        "notes: a text that shows nothing of the site; if it is a page of it, give" in found.stderr
    )
    told = ("20210301090000/www.rusemb.org.uk/notes", "unknown kind of file")
    assert problems(rows) == [told]
    (tmp_path / "in" / "manifest.tsv").write_text(
        f"file\turl\tcaptured_at\n{told[0]}\thttp://www.rusemb.org.uk/notes\t20210301090000\n"
    )
    assert run("ingest", tmp_path / "in").exit_code == 0
    assert rows("SELECT count(*) FROM captures") == [(2,)]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_every_document_is_a_problem_with_its_path(run, rows, tmp_path, jobs: str) -> None:
    documents = {
        "a/one.pdf": b"%PDF-1.4", "b/two.html": b'{"log": {}}',
        "c/three": b"bplist00WebMainResource",
        "four.eml": b"From: a@b.org\nTo: c@d.org\nSubject: x\n\n", "five.rtf": b"{\\rtf1",
        "six.xml": b"<?xml version='1.0'?><rss>", "seven": bytes(99), "eight.zip": b"PK\3\4",
        "nine.html": b'<td class="line-number"></td><td class="line-content">',
    }  # fmt: skip
    for name, data in documents.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    found = run("ingest", tmp_path, "--jobs", jobs)
    assert found.exit_code == 3
    assert len(found.stderr.splitlines()) == len(documents) + 1
    assert problems(rows) == sorted((name, "unknown kind of file") for name in documents)
    for name in documents:
        assert f"rejected: {tmp_path / name}: " in found.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_archive_is_named_by_its_path_as_a_page_is(run, rows, tmp_path, jobs: str) -> None:
    names = ["x/bad.arc", "x/bad.html.gz", "x/bad.wacz", "x/bad.warc", "x/bad.warc.zst"]
    (tmp_path / "x").mkdir()
    for name in names:
        (tmp_path / name).write_bytes(b"\x1f\x8b\x08\xff" + bytes(99))
    run("ingest", tmp_path, "--jobs", jobs)
    assert [path for (path,) in rows("SELECT DISTINCT path FROM problems ORDER BY path")] == names


def test_columns_that_are_not_read_are_told(run, rows, tmp_path, demo_captures) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_bytes((demo_captures / PAGE).read_bytes())
    manifest = tmp_path / "in" / "manifest.tsv"
    manifest.write_text("File\turl\tNote\tseen by\na\thttp://www.rusemb.org.uk/fnapr/9005\tx\ty\n")
    found = run("ingest", tmp_path / "in")
    assert found.exit_code == 0
    assert f"{manifest}: columns that are not read: Note, seen by\n" in found.stderr
    assert rows("SELECT url FROM captures") == [("https://www.rusemb.org.uk/fnapr/9005",)]


@pytest.mark.parametrize("name", ["capture_at", "Captured-At", "captured at", "capturedAt"])
def test_a_misspelt_column_of_instants_is_refused(run, rows, tmp_path, demo_captures, name: str):
    (tmp_path / "a.html").write_bytes((demo_captures / PAGE).read_bytes())
    (tmp_path / "manifest.tsv").write_text(f"file\turl\t{name}\na.html\tx\t20210301090000\n")
    found = run("ingest", tmp_path)
    assert found.exit_code == 3
    assert f"its column {name.lower()!r} is not read: rename it captured_at" in found.stderr
    assert rows("SELECT count(*) FROM captures") == [(0,)]


# --- the advice is followed as it stands ------------------------------------------------------


def har(page: str, how: str) -> bytes:
    text = page if how == "text" else base64.b64encode(page.encode()).decode()
    content = {"mimeType": "text/html; charset=utf-8", "text": text}
    content |= {"encoding": "base64"} if how == "base64" else {}
    answers = [
        {"status": 301, "content": {"mimeType": "text/html", "text": "Moved"}},
        {"status": 200, "content": {"mimeType": "image/png", "text": "iVBO"}},
        {"status": 204, "content": {}},
        {"status": 200, "content": content},
    ]
    return json.dumps({"log": {"entries": [{"response": one} for one in answers]}}).encode()


def webarchive(page: str, form: plistlib.PlistFormat) -> bytes:
    main = {
        "WebResourceData": page.encode(), "WebResourceMIMEType": "text/html",
        "WebResourceTextEncodingName": "UTF-8", "WebResourceURL": "http://www.rusemb.org.uk/",
    }  # fmt: skip
    return plistlib.dumps({"WebMainResource": main, "WebSubresources": []}, fmt=form)


def mail(page: str) -> bytes:
    message = email.message.EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.org", "c@d.org", "The page"
    message.set_content("See the page below.")
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    return bytes(message)


def printed(page: Path, folder: Path) -> bytes:
    """As Chromium prints it into a PDF."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not here; apt-get install chromium")
    out = folder / "printed"
    switches = ["--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={out}"]
    profile = f"--user-data-dir={folder / 'profile'}"
    subprocess.run([CHROMIUM, *switches, profile, page.as_uri()], check=True, capture_output=True)
    return out.read_bytes()


def bundled(page: Path, folder: Path, how: str) -> bytes:
    """In a zip, or in a tar that is packed."""
    (folder / "bundled").mkdir()
    shutil.copyfile(page, folder / "bundled" / "page.html")
    made = shutil.make_archive(str(folder / "made"), how, folder / "bundled")
    return Path(made).read_bytes()


ADVICE = ["jq text", "jq base64", "pdftotext"] + [
    f"python3 {how}" for how in ("binary", "xml", "mail", "zip", "gztar")
]


@pytest.mark.parametrize("how", [pytest.param(how, marks=pytest.mark.peer) for how in ADVICE])
def test_the_advice_makes_a_page_that_is_read(run, rows, tmp_path, demo_captures, how: str) -> None:
    tool = how.partition(" ")[0]
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not here; apt-get install jq poppler-utils")
    page = (demo_captures / PAGE).read_text(encoding="utf-8")
    makers = {
        "jq text": lambda: har(page, "text"), "jq base64": lambda: har(page, "base64"),
        "python3 binary": lambda: webarchive(page, plistlib.FMT_BINARY),
        "python3 xml": lambda: webarchive(page, plistlib.FMT_XML),
        "python3 mail": lambda: mail(page),
        "python3 zip": lambda: bundled(demo_captures / PAGE, tmp_path, "zip"),
        "python3 gztar": lambda: bundled(demo_captures / PAGE, tmp_path, "gztar"),
        "pdftotext": lambda: printed(demo_captures / PAGE, tmp_path),
    }  # fmt: skip
    document = tmp_path / "its folder" / "the page"
    document.parent.mkdir()
    document.write_bytes(makers[how]())
    refused = run("ingest", document)
    assert refused.exit_code == 3
    if how not in ("python3 zip", "python3 gztar"):
        assert ", named in a manifest.tsv with url and captured_at (" in refused.stderr
    advice = re.search(rf"{tool} .*", refused.stderr)
    assert advice is not None, refused.stderr
    done = subprocess.run(advice[0], shell=True, check=True, cwd=tmp_path, capture_output=True)
    assert not done.stderr
    (made,) = (path for path in document.parent.rglob("*") if path != document and path.is_file())
    manifest = f"file\turl\tcaptured_at\n{made.name}\t{URL}\t20210305083000\n"
    (made.parent / "manifest.tsv").write_text(manifest)
    assert run("ingest", made).exit_code == 0
    assert rows("SELECT url, source FROM captures") == [
        (URL, "text" if tool == "pdftotext" else "html")
    ]
    if tool != "pdftotext":  # of which parts are withheld, for the menus stand around them
        assert made.read_text(encoding="utf-8") == page
        assert rows("SELECT statement FROM versions WHERE body > ''") == [("fnapr/9005",)]


# --- tried first ------------------------------------------------------------------------------


def test_a_dry_run_promises_what_an_import_does(run, db, rows, tmp_path, demo_captures) -> None:
    page = (demo_captures / PAGE).read_bytes()
    folder = saved(tmp_path / "folder", page, URL, "2021-03-05T08:30:00Z")
    answered(folder / "again.warc", page, URL, "2021-03-05T08:30:00Z", "text/html")
    (folder / "x.pdf").write_bytes(b"%PDF-1.4")
    (folder / "style.css").write_text("p { color: red }")
    tried = run("ingest", "--dry-run", folder)
    assert tried.exit_code == 3 and not db.exists()
    assert f"statement, {URL} (record), 2021-03-05T08:30:00Z (record); warc\n" in tried.stdout
    assert f"{URL} (manifest), 2021-03-05T08:30:00Z (manifest); html; known" in tried.stdout
    assert "rejected: " in tried.stdout and "a PDF" in tried.stdout
    assert "side files of mirrors, passed over: 1" in tried.stderr
    assert "1 new" in tried.stderr and "1 known" in tried.stderr and "1 rejected" in tried.stderr
    done = run("ingest", folder)
    assert "captures: 1 stored, 1 known, 1 rejected" in done.stderr and done.exit_code == 3
    assert "2 known" in run("ingest", "--dry-run", folder).stderr
    for path in db.parent.glob("embassy.db*"):
        path.unlink()
    refused = run("ingest", "--dry-run", db.parent / "captures")
    assert refused.exit_code == 1 and "rebuild --from" in refused.stderr


# --- what may be told wrongly ------------------------------------------------------------------

SAVED_FROM = "<!-- saved from url=({:04})https://www.rusemb.org.uk/{} -->"


def own_word(page: bytes, told: str) -> bytes:
    return page.replace(b"<head>", told.encode() + b"<head>", 1)


@pytest.mark.parametrize(
    ("told", "is_doubted"),
    [
        (SAVED_FROM.format(36, "fnapr/9005"), False),
        (SAVED_FROM.format(36, "fnapr/9004"), True),
        (SAVED_FROM.format(26, ""), True),
        ('<link rel="canonical" href="http://rusemb.org.uk/fnapr/9005/">', False),
        ('<link rel="canonical" href="https://www.rusemb.org.uk/fnapr/9004">', True),
        ('<link rel="canonical" href="https://www.rusemb.org.uk/">', False),
        ('<link rel="canonical" href="https://example.org/fnapr/9004">', False),
    ],
)
def test_an_address_that_the_page_contradicts(
    run, db, rows, tmp_path, demo_captures, told: str, is_doubted: bool
) -> None:
    """It stays, with a problem; an answer is of the address that was asked for."""
    page = own_word((demo_captures / PAGE).read_bytes(), told)
    folder = saved(tmp_path / "folder", page, URL, "2021-03-05T08:30:00Z")
    answer = answered(tmp_path / "x.warc", page, URL, "2021-03-05T09:30:00Z", "text/html")
    done = run("ingest", folder, answer)
    assert done.exit_code == 0
    look = f'embassy-scraper problems --kind "address disagrees" --db {db}'
    assert ("address disagrees: 1 of 2 captures; look at them with: " in done.stderr) == is_doubted
    assert (look in done.stderr) == is_doubted
    doubts = rows("SELECT capture LIKE '20210305T083000Z%' FROM problems WHERE what LIKE 'addr%'")
    assert doubts == [(1,)] * is_doubted
    assert run("verify").exit_code == 0


def test_doubts_are_told_at_the_end(run, db, tmp_path, demo_captures) -> None:
    page = (demo_captures / PAGE).read_bytes()
    done = run("ingest", saved(tmp_path / "wrong", page, URL, "2012-03-05T08:30:00Z"))
    assert "clock disagrees: 1 of 1 captures; look at them with: " in done.stderr
    (tmp_path / "page").write_bytes(page)
    done = run("ingest", tmp_path / "page")
    assert "no address: 1 of 1 captures; without it no withdrawal can be seen" in done.stderr


def test_raw_captures_of_an_earlier_history_are_told_of(run, db, tmp_path, demo_captures) -> None:
    assert run("ingest", demo_captures).exit_code == 0
    for path in db.parent.glob("embassy.db*"):
        path.unlink()
    page = saved(tmp_path / "page", (demo_captures / PAGE).read_bytes(), URL, "20210305083000")
    earlier = "raw captures of an earlier history"
    assert earlier in run("ingest", page, "--dry-run").stderr
    assert earlier in run("ingest", page).stderr
    assert earlier not in run("ingest", page).stderr


# --- manifests, and names as people have them -------------------------------------------------


@pytest.mark.parametrize(
    "name", ["Manifest.tsv", "manifest.csv", "manifest.tsv.txt", "manifest (1).tsv"]
)
def test_a_manifest_of_another_name_is_told_of(run, rows, tmp_path, demo_captures, name) -> None:
    mark = "," if name.endswith("csv") else "\t"
    cells = (["file", "url", "captured_at"], ["a", URL, "20210305083000"])
    (tmp_path / name).write_text("".join(f"{mark.join(line)}\n" for line in cells))
    found = run("ingest", tmp_path)
    assert found.exit_code == 3
    assert (
        f"rejected: {tmp_path / name}: it looks like a manifest; save it as tab-separated"
        " manifest.tsv in the folder of the files it names\n"
    ) in found.stderr
    assert problems(rows) == [(name, "unknown kind of file")]


@pytest.mark.parametrize("how", [(), ("--dry-run",)])
def test_of_a_manifest_alone_its_folder_is_to_be_named(run, db, tmp_path, demo_captures, how):
    folder = saved(
        tmp_path / "a folder", (demo_captures / PAGE).read_bytes(), URL, "20210305083000"
    )
    (manifest,) = folder.glob("manifest.tsv")
    found = run("ingest", manifest, *how)
    assert found.exit_code == 1 and not db.exists()
    assert found.stderr == (
        f"embassy-scraper: {manifest}: a manifest only names files; name its folder:"
        f" embassy-scraper ingest '{folder}' --db {db}\n"
    )
    assert run("ingest", *folder.iterdir(), *how).exit_code == 0


HOSTILE = "it's\n\x1b[31mred\x9b2J\u202e.txt"
SHOWN = "it's⟨U+000A⟩⟨U+001B⟩[31mred⟨U+009B⟩2J⟨U+202E⟩.txt"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_name_of_controls_stays_one_line(run, rows, tmp_path, demo_captures, jobs) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / HOSTILE).write_bytes((demo_captures / "2-statement.txt").read_bytes())
    (folder / f"{HOSTILE}.pdf").write_bytes(b"%PDF-1.4")
    (folder / f"{HOSTILE}.warc").write_bytes(b"WARC/1.0\r\n")
    (folder / f"{HOSTILE}.wacz").write_bytes(b"PK")
    tried = run("ingest", "--dry-run", folder)
    done = run("ingest", folder, "--jobs", jobs)
    assert (tried.exit_code, done.exit_code) == (3, 3)
    assert "captures: 1 stored, 0 known, 3 rejected" in done.stderr
    said = tried.stdout + done.stderr
    assert not set("\x1b\x9b\u202e") & set(said)
    assert all(
        line.startswith((f"{folder}/", "rejected: ", "no address: ", "captures: "))
        for line in said.splitlines()
    ), said
    assert {path for path, _ in problems(rows)} == {
        f"{SHOWN}{end}" for end in (".pdf", ".warc", ".wacz")
    }


def test_the_advice_for_a_name_of_controls_can_be_pasted(run, tmp_path) -> None:
    names = [HOSTILE, "tab\tback\\slash 'q'\n", os.fsdecode(b"caf\xe9")]
    for name in names:
        (tmp_path / name).write_bytes(b"%PDF-1.4")
        advice = run("ingest", tmp_path / name).stderr.splitlines()[0].partition("): ")[2]
        words = subprocess.run(
            ["bash", "-c", advice.replace("pdftotext", "printf '%s\\0'", 1)],
            check=True,
            capture_output=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        path = str(tmp_path / name)
        assert list(map(os.fsdecode, words.stdout.split(b"\0")[:-1])) == [path, f"{path}.txt"]
