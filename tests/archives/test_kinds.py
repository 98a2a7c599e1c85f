"""Of which kind a file is: its beginning tells, whatever its name is."""

from __future__ import annotations

import gzip
import io
import os
import tempfile
import time
import zipfile
from functools import partial
from pathlib import Path
from typing import get_args

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from embassy_scraper.archives.beginnings import Kind
from embassy_scraper.archives.folders import why_unreadable
from embassy_scraper.archives.kinds import kind_of
from embassy_scraper.archives.saved import SavedFile, SavedReader, find_files
from tests.examples import examples

KNOWN: tuple[Kind, ...] = get_args(Kind)
PAGE = b"<html><head><title>x</title></head><body><p>A page</body></html>"
TEXT = "Посольство informs that the library is open\n\nEvery day.\n".encode()
WARC = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"
MHTML = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: http://x.org/\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="b"\r\n\r\n--b--\r\n'
)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
ARC = b"http://x.org/a?b=c 192.0.2.1 20210305090500 text/html 4\nHTTP\n"
gz = partial(gzip.compress, mtime=0)  # the same each time, as names of tests must be
SKIPPED = b"\x5f\x2a\x4d\x18\x04\0\0\0skip"  # a zstd frame that readers skip
NOISE = b"".join(b"%d " % (number**9) for number in range(9_000))  # longer than what is looked at
MAIL = b"Received: from a by b\r\nFrom: x@y.org\r\nTo: z@y.org\r\nSubject: page\r\n\r\n" + PAGE


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for name in names:
            bundle.writestr(name, b"x")
    return out.getvalue()


HTML = {
    "upper case": b"<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>\n<HTML>",
    "blank lines": b"\r\n\r\n \t" + PAGE,
    "byte order mark": b"\xef\xbb\xbf" + PAGE,
    "two of them": b"\xef\xbb\xbf\xef\xbb\xbf\n" + PAGE,
    "utf-16": PAGE.decode().encode("utf-16"),
    "utf-16 without mark": PAGE.decode().encode("utf-16-le"),
    "comments": b"<!-- saved from url=(0024)http://x.org/ -->\n<!-- two\n-->\n" + PAGE,
    "a comment without end": b"<!-- " + b"x" * 20_000 + b"-->" + PAGE,
    "xml": b"<?xml version='1.0'?>\n<!DOCTYPE html [<!ENTITY a 'b'>]>\n<html xmlns='x'>",
    "fragment": b"<div class=a><p>One</p></div>",
    "fragment in xml": b"<?xml version='1.0'?><div>One</div>",
    "a warning above it": b"Warning: mysql_connect()\n" + PAGE,
    "text with tags": b"Home <a href=/x>one</a> <a href=/y>two</a><br>",
    "windows-1251": "<p>Посольство".encode("cp1251"),
    "a word beside the tags": b"<title>An embassy</title><p>x",
}


@pytest.mark.parametrize("name", ["9005", "&start=1&ps=10", "x.bin", "x.PHP", "a.html"])
@pytest.mark.parametrize("kind", HTML)
def test_html_in_every_dress(tmp_path: Path, kind: str, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(HTML[kind])
    assert kind_of(path) == "html"
    for packed in (gz(HTML[kind]), zstandard.compress(HTML[kind])):
        path.write_bytes(packed)
        assert kind_of(path) == "html"


KINDS: list[tuple[str, str, bytes]] = [
    ("text", "9005", TEXT), ("text", "a.txt", TEXT), ("text", "a.TXT", b"a < b and <c> d"),
    ("text", "empty", b""), ("text", "empty.txt", b""), ("html", "empty.HTM", b""),
    ("html", "a.html", TEXT), ("html", "junk.html", bytes(range(256))),
    ("text", "a.txt", b"   [1]Home [2]News <alert>\n\nA page as lynx prints it"),
    ("html", "a.txt", PAGE), ("text", "utf16", TEXT.decode().encode("utf-16")),
    ("WARC", "a.html", WARC), ("WARC", "a", WARC + bytes(999)),
    ("WARC", "a", gz(WARC)), ("WARC", "a.txt", WARC),
    ("WARC", "a", zstandard.compress(WARC)), ("WARC", "a", b"\x5d\x2a\x4d\x18" + bytes(99)),
    ("WARC", "a", SKIPPED + zstandard.compress(WARC)),
    ("html", "a", SKIPPED + zstandard.compress(PAGE)),
    ("WARC", "a", b"\x5f\x2a\x4d\x18" + (1 << 19).to_bytes(4, "little") + bytes(1 << 19)),
    ("WARC", "a", zstandard.compress(WARC + NOISE)),
    ("html", "a", zstandard.compress(PAGE + NOISE)),
    ("WARC", "broken.warc.gz", b"no gzip"), ("WARC", "cut.warc", b"<p>the end of a page" + WARC),
    ("WARC", "a.WARC", b""), ("WARC", "x.warc.gz", gz(PAGE)), ("WARC", "a.wet", b""),
    ("ARC", "old", b"filedesc://IA-1.arc 0.0.0.0 19960923142103 text/plain 200\n"),
    ("ARC", "old", gz(b"filedesc://x")), ("ARC", "old", zstandard.compress(b"filedesc://x")),
    ("ARC", "b.ARC.gz", b""),
    ("WARC", "a", b"hello\r\n\r\n" + WARC), ("WARC", "a", gz(b"\0\1junk\n" + WARC)),
    ("WARC", "a.html", PAGE + b"\r\n\r\n" + WARC), ("WARC", "a", ANSWER + b"\r\n\r\n" + WARC),
    ("WARC", "a", b"x\nwarc/1.1\nContent-Length: 3\nwarc-type: response\n\nabc\n\n"),
    ("text", "a", b"A WARC file begins with WARC/1.0\nWARC-Type: so says its standard"),
    ("ARC", "a", ARC), ("ARC", "a.html", PAGE + b"\n" + ARC), ("ARC", "a", gz(ARC)),
    ("ARC", "a", ARC.replace(b" text/html ", b" text/html 200 ABC - 0 x.arc ", 1)),
    ("text", "a", b"http://x.org/ 192.0.2.1 was seen at 20210305090500 text/html 12\n"),
    ("text", "a", b"OTTO VON BISMARCK\n\nA page."), ("text", "a", b"CWS is short for\n\nA page."),
    ("text", "a", b"RIFF\n\nA page."), ("text", "a", "явка".encode("cp1251") + b"\n\nA page."),
    ("text", "a", b"GIF89a is the name of a kind of file"), ("fonts", "a", b"OTTO\0\x0b"),
    ("text", "a", b"The ftyp box"), ("sound and video", "a", b"CWS\x09" + bytes(9)),
    ("WACZ", "a.zip", zipped("archive/data.warc.gz", "datapackage.json")),
    ("WACZ", "a.wacz", b""), ("WACZ", "a.wacz", b"PK, but no zip"),
    ("MHTML", "a.html", MHTML), ("MHTML", "9005", MHTML), ("MHTML", "a", gz(MHTML)),
    ("MHTML", "ie.mht", b"From: \"Saved by Internet Explorer 11\"\nSubject: x\n\n"),
    ("MHTML", "part", b"Content-Type: text/html; charset=utf-8\n"
     b"Content-Transfer-Encoding: quoted-printable\n\n<p>"),
    ("HTTP answer", "9005", ANSWER), ("HTTP answer", "a.html", b"HTTP/2 200 \nserver: x\n\n<p>"),
    ("HTTP answer", "a.html.gz", gz(ANSWER)),
    ("PDF", "9005", b"%PDF-1.4\n%\xe2\xe3"), ("PDF", "a.html", b"\r\n%PDF-1.4"),
    ("HAR", "a.har", b'{\n  "log": {\n "version": "1.2"}}'), ("JSON", "a.har", b'{"logs": 1}'),
    ("HAR", "a", b'{"comment": "x", "log": {"entries": []}}'), ("JSON", "a", b'[["urlkey"]]'),
    ("webarchive", "a", b"bplist00\xd1\x01\x02_\x10\x0fWebMainResource"),
    ("webarchive", "a.html", b'<?xml version="1.0"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD">\n'
     b"<plist><dict><key>WebMainResource</key>"),
    ("mail", "a.html", MAIL), ("mail", "a.mbox", b"From x@y.org Mon Mar  1\n" + MAIL),
    ("office document", "a", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("office document", "a.txt", b"{\\rtf1\\ansi hello}"),
    ("office document", "a.docx", zipped("[Content_Types].xml", "word/document.xml")),
    ("office document", "a.odt", zipped("mimetype", "content.xml")),
    ("zip", "a", zipped("a.html")), ("tar", "a.gz", gz(bytes(257) + b"ustar")),
    ("packed file", "a.html.gz", b"\x1f\x8b\x08\xff" + bytes(9)),
    ("packed file", "a.7z", b"7z\xbc\xaf\x27"),
    ("packed file", "a.gz", gz(b"%PDF-1.4")), ("packed file", "a", b"BZh91AY&SY"),
    ("feed", "rss", b"<?xml version='1.0'?>\n<rss version='2.0'>"),
    ("feed", "a.html", b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>"),
    ("XML", "a", b"<?xml version='1.0'?><w:wordDocument>"),
    ("source view", "a.html", b'<html><body><table><tr><td class="line-number" value="1"></td>'
     b'<td class="line-content">&lt;html&gt;'),
    ("source view", "a.html", b'<html><head><link rel="stylesheet" type="text/css" '
     b'href="resource://content-accessible/viewsource.css"></head><body id="viewsource">'),
    ("other manifest", "Manifest.tsv", b"File\turl\na.html\thttp://x.org/\n"),
    ("other manifest", "manifest.csv", b'\xef\xbb\xbf"url" , "file","captured_at"\r\n'),
    ("other manifest", "manifest.tsv.txt", "file;url\n".encode("utf-16")),
    ("text", "a.txt", b"Each file, url and name\nThe files\n"), ("text", "a", b"x\nfile\turl\n"),
    ("unknown", "a", b"\x7fELF\x02\x01\x01" + bytes(99)), ("unknown", "a", bytes(range(9)) * 9),
    ("images", "a.html", b"\x89PNG\r\n\x1a\n"), ("images", "a", b"<svg xmlns='x'>"),
    ("images", "a", b"RIFF\0\0\0\0WEBPVP8"), ("images", "a.svgz", gz(b"<svg >")),
    ("sound and video", "a", b"RIFF\0\0\0\0WAVE"), ("fonts", "a", b"wOF2\0\1\0\0"),
    ("sitemaps", "sitemap.xml", b"<?xml version='1.0'?><urlset xmlns='x'>"),
    ("robots.txt", "a", b"# all\nUser-agent: *\nDisallow:"),
    ("archive indexes", "a", b" CDX N b a m s k r M S V g\n"),
    ("archive indexes", "a", b'uk,org,rusemb)/ 20200101000000 {"url": "x"}'),
    ("logs", "a", b"--2021-03-05 09:05:00--  http://x.org/"),
    ("databases", "embassy.db", b"SQLite format 3\0"), ("system files", "x", b"\0\0\0\1Bud1\0"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "data"), KINDS)
def test_the_kind_of_a_file(tmp_path: Path, kind: str, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert kind_of(tmp_path / name) == kind


@pytest.mark.parametrize("kind", KNOWN)
def test_each_kind_is_read_or_refused_in_words_of_its_own(tmp_path: Path, kind: Kind) -> None:
    (tmp_path / "a").write_bytes(PAGE)
    offers = SavedReader([]).read(SavedFile(tmp_path / "a", "a", kind))
    told = [str(offer.found) for offer in offers]
    assert any("which kinds are" in one for one in told) == (kind == "unknown"), told


def test_what_is_no_file_waits_for_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.html")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    assert kind_of(tmp_path / "pipe.html") == "special"
    assert kind_of(tmp_path / "dangling") == "unreadable"


@examples(300)
@given(
    st.sampled_from([data for _, _, data in KINDS] + [b"", b"<!--", b"PK\3\4", b"<!DOCTYPE x["]),
    st.binary(max_size=60),
    st.sampled_from(["a", "a.html", "a.warc.gz", "a.wacz", "a.txt.gz"]),
)
def test_every_beginning_has_a_kind(data: bytes, more: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        for content in (data[: len(more)] + more, data + more * 300):
            path.write_bytes(content)
            assert kind_of(path) in KNOWN


@pytest.mark.parametrize(
    "head",
    [b"a)" * 8192, b"http:" + b"a" * 16_000, b"http://a " * 1800, b"a:\n" * 5000,
     b"WARC/1.0\n" + b"a:\n" * 5000, b"WARC/1.0\na:" * 1400, b"# \n" * 5000, b"<a " * 5000,
     b"dns:a 1.1 202103050905 a -1 a a 1 a 1 x\n" * 400, b'{"a":"b",' * 1800, b"CDX a" * 3000],
)  # fmt: skip
def test_a_kind_is_known_in_no_time(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "a").write_bytes(head)
    kind_of(tmp_path / "a")
    begun = time.process_time()
    kind_of(tmp_path / "a")
    assert time.process_time() - begun < 0.1


# --- folders ----------------------------------------------------------------------------------

SIDES = {
    "robots.txt": (b"Sitemap: x", "robots.txt"), "css/style.css?v=3": (b"a {}", "styles"),
    "js/app.js": (b"document.write('<p>a</p><p>b</p>')", "scripts"),
    "js/menu.js.download": (b"var a", "scripts"), "favicon.ico": (b"", "images"),
    "logo.PNG": (b"not found", "images"), "font.ttf": (b"\0\1\0\0\0", "fonts"),
    "data.json": (b"", "JSON"), "data/embassy.db-wal": (b"", "databases"),
    "wget-log.1": (b"--", "logs"), "cookies.txt": (b"# x", "logs"), "all.md5": (b"0", "checksums"),
    ".DS_Store": (b"\0\0\0\1Bud1", "system files"), "._a": (b"\0\5\x16\7", "system files"),
    "Thumbs.db": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "system files"),
    ".git/objects/ab/cd": (b"x\x9c\0\1\2", "system files"),
    "hts-cache/new.zip": (zipped("a"), "HTTrack's own"),
    "hts-log.txt": (b"HTTrack", "HTTrack's own"),
    "index.html": (b"<html><title>Local index - HTTrack Website Copier</title>", "HTTrack's own"),
    "A page_files/saved_resource.html": (PAGE, "parts of saved pages"),
    "A page_files/deep/css": (b"a { color: red }", "parts of saved pages"),
}  # fmt: skip
READ = {
    "A page.html": PAGE, "other_files/a.html": PAGE, "notes.md": TEXT, ".hidden/9005": PAGE,
    "soft-404.css": PAGE, "9005": PAGE, "fnapr/index.html": PAGE, "page.orig": PAGE,
}  # fmt: skip


def fill(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def test_side_files_of_mirrors_are_told_from_pages(tmp_path: Path) -> None:
    fill(tmp_path, READ | {name: data for name, (data, _) in SIDES.items()})
    files, sides = find_files([tmp_path])
    assert {one.name for one in files} == set(READ)
    assert {one.name: one.kind for one in sides} == {
        name: kind for name, (_, kind) in SIDES.items()
    }


def test_what_is_named_is_no_side_file(tmp_path: Path) -> None:
    """Neither what stands in a manifest nor what is given itself."""
    fill(tmp_path, {name: data for name, (data, _) in SIDES.items()})
    told = "".join(f"{name}\thttp://x.org/{number}\n" for number, name in enumerate(SIDES))
    (tmp_path / "manifest.tsv").write_text(f"file\turl\n{told}")
    files, sides = find_files([tmp_path])
    assert {one.name for one in files} == {*SIDES, "manifest.tsv"} and not sides
    files, sides = find_files([tmp_path / name for name in SIDES])
    assert len(files) == len(SIDES) and not sides


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_is_closed_is_told(tmp_path: Path) -> None:
    fill(tmp_path, {"open.html": PAGE, "closed/a.html": PAGE})
    (tmp_path / "closed").chmod(0)
    try:
        files = find_files([tmp_path])[0]
        assert {one.name: one.kind for one in files} == {
            "open.html": "html",
            "closed": "unreadable",
        }
        assert why_unreadable(tmp_path / "closed") == "Permission denied"
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_links_to_folders_are_followed_once_and_never_out(tmp_path: Path) -> None:
    top, beside = tmp_path / "top", tmp_path / "beside"
    fill(top, {"real/a.html": PAGE, "real/b.html": PAGE})
    fill(beside, {"c.html": PAGE})
    (top / "again").symlink_to(top / "real")
    (top / "loop").symlink_to(top)
    (top / "out").symlink_to(beside)
    (top / "c.css").symlink_to(beside / "c.html")
    (top / "d.html").symlink_to(top / "real" / "a.html")
    found = {one.name: one.kind for one in find_files([top])[0]}
    assert found == {
        "real/a.html": "html", "real/b.html": "html", "d.html": "html", "out": "link",
        "c.css": "link",
    }  # fmt: skip
    (tmp_path / "named").symlink_to(beside)
    assert [one.name for one in find_files([tmp_path / "named"])[0]] == ["c.html"]
