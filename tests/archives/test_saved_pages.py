"""A file that is one page: MHTML, a saved answer, a packed page; what it tells of itself."""

from __future__ import annotations

import base64
import gzip
import quopri
from pathlib import Path

import pytest
import zstandard

from embassy_scraper.archives.saved import SavedReader, find_files
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import RawCapture

HOSTS = frozenset({"www.rusemb.org.uk"})
URL = "https://www.rusemb.org.uk/fnapr/9005"
WORDS = " ".join(f"The library of {n} rooms – посольство = open." for n in range(40))
PAGE = f"<html><head><title>An embassy</title></head><body><p>{WORDS}</p></body></html>".encode()
HEAD = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: {url}\r\nSubject: An embassy\r\n"
    "Date: Fri, 5 Mar 2021 12:05:00 +0300\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related;\r\n\ttype="text/html";{start}\r\n'
    '\tboundary="----Multi--part----"\r\n\r\n\r\n'
)
IMAGE = (
    "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
    f"Content-Location: {URL}/a.png\r\n\r\n" + base64.encodebytes(bytes(300)).decode()
)


def encoded(page: bytes, how: str) -> bytes:
    if how == "base64":
        return base64.encodebytes(page)
    return quopri.encodestring(page) if how == "quoted-printable" else page


def html_part(page: bytes = PAGE, how: str = "quoted-printable", more: str = "") -> bytes:
    fields = f"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: {how}\r\n{more}"
    return fields.encode() + b"\r\n" + encoded(page, how)


def mhtml(*parts: bytes, url: str = URL, start: str = "", end: bool = True) -> bytes:
    data = HEAD.format(url=url, start=start).encode()
    for part in parts:
        data += b"------Multi--part----\r\n" + part + b"\r\n"
    return data + b"------Multi--part------\r\n" * end


def read(folder: Path, data: bytes, name: str = "9005") -> RawCapture | CaptureRejected:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    (saved,) = find_files([path])[0]
    (offer,) = SavedReader(HOSTS).read(saved)
    assert isinstance(offer.found, RawCapture | CaptureRejected)
    return offer.found


def page_of(folder: Path, data: bytes, name: str = "9005") -> RawCapture:
    found = read(folder, data, name)
    assert isinstance(found, RawCapture), found
    return found


@pytest.mark.parametrize("how", ["quoted-printable", "base64", "binary", "8bit"])
@pytest.mark.parametrize("name", ["a.mhtml", "a.html", "9005"])
def test_the_page_of_an_mhtml_is_what_was_saved(tmp_path: Path, how: str, name: str) -> None:
    raw = page_of(tmp_path, mhtml(html_part(how=how), IMAGE.encode()), name)
    assert raw.payload.rstrip(b"\r\n") == PAGE  # a line end may come before the boundary
    assert (raw.source, raw.media_type, raw.charset) == ("mhtml", "text/html", "utf-8")
    assert (raw.url, raw.url_from) == (URL, "record")
    assert (raw.captured_at, raw.instant_from) == ("2021-03-05T09:05:00Z", "record")
    assert not raw.announced_bytes_missing and raw.record_type == "resource"


FRAME = html_part(b"<p>an advertisement</p>", more="Content-ID: <ad@x>\r\n")
NAMED = html_part(more="Content-ID: <page@x>\r\nContent-Location: http://x.org/named\r\n")


def test_the_part_that_start_names_is_the_page(tmp_path: Path) -> None:
    raw = page_of(tmp_path, mhtml(FRAME, NAMED, start='\r\n\tstart="<page@x>";'))
    assert raw.payload.rstrip() == PAGE and raw.url == URL
    assert b"advertisement" in page_of(tmp_path, mhtml(FRAME, NAMED)).payload


def test_the_part_of_the_saved_address_is_the_page(tmp_path: Path) -> None:
    page = html_part(more=f"Content-Location: {URL}\r\n")
    assert page_of(tmp_path, mhtml(FRAME, page)).payload.rstrip() == PAGE
    other = html_part(b"<p>named", more="Content-ID: <page@x>\r\n")
    by_start = page_of(tmp_path, mhtml(page, other, start='\r\n\tstart="page@x";'))
    assert by_start.payload.rstrip() == b"<p>named"


@pytest.mark.parametrize(
    "form",
    ["{} ", "\t{}", "{} (c)", "(a) {}", '"{}"', "{};", "{}; x=1", "{how}", "\r\n {}"],
)
@pytest.mark.parametrize("how", ["quoted-printable", "base64", "8bit"])
def test_an_encoding_in_any_form_is_undone(tmp_path: Path, how: str, form: str) -> None:
    field = form.format(how, how=how.title())
    part = html_part(how=how).replace(f": {how}\r\n".encode(), f": {field}\r\n".encode())
    assert page_of(tmp_path, mhtml(part)).payload.rstrip(b"\r\n") == PAGE


@pytest.mark.parametrize(
    "how", ["x-zip", "quoted printable", "8bit\r\nContent-Transfer-Encoding: base64"]
)
def test_an_unknown_encoding_is_told(tmp_path: Path, how: str) -> None:
    found = read(tmp_path, mhtml(html_part().replace(b"quoted-printable", how.encode())))
    assert isinstance(found, CaptureRejected) and "\n" not in str(found)
    assert "an unknown encoding" in str(found)


@pytest.mark.parametrize("end", range(400, 404))
def test_base64_that_is_cut_is_no_text(tmp_path: Path, end: int) -> None:
    head, _, body = html_part(how="base64").partition(b"\r\n\r\n")
    found = read(tmp_path, mhtml(head + b"\r\n\r\n" + body[:end], end=False))
    if isinstance(found, RawCapture):
        assert PAGE.startswith(found.payload) and found.payload
    else:
        assert "damaged base64" in str(found)


@pytest.mark.parametrize(
    ("told", "url"),
    [("cid:frame@mhtml.blink", "http://x.org/named"), ("file:///C:/a.html", "http://x.org/named"),
     ("https://x.org/a?\r\n b=1", "https://x.org/a?b=1"),
     ("=?utf-8?Q?https://x.org/=7Ea?=", "https://x.org/~a")],
)  # fmt: skip
def test_the_address_of_an_mhtml(tmp_path: Path, told: str, url: str) -> None:
    assert page_of(tmp_path, mhtml(NAMED, url=told)).url == url


def test_an_mhtml_of_one_part(tmp_path: Path) -> None:
    head = b"MIME-Version: 1.0\r\nSnapshot-Content-Location: http://x.org/1\r\nDate: never\r\n"
    raw = page_of(tmp_path, head + html_part())
    assert (raw.payload, raw.url, raw.captured_at) == (PAGE, "http://x.org/1", None)


@pytest.mark.parametrize("end", range(600, 2000, 100))
def test_an_mhtml_cut_inside_its_page_is_a_page_cut_off(tmp_path: Path, end: int) -> None:
    raw = page_of(tmp_path, mhtml(html_part())[:end])
    assert raw.announced_bytes_missing
    whole = PAGE.rstrip(b"=\r\n")
    assert whole.startswith(raw.payload[:-3]) and 0 < len(raw.payload) < len(PAGE)


def test_an_mhtml_cut_behind_its_page_holds_it_whole(tmp_path: Path) -> None:
    raw = page_of(tmp_path, mhtml(html_part(), IMAGE.encode(), end=False))
    assert raw.payload.rstrip() == PAGE and not raw.announced_bytes_missing


@pytest.mark.parametrize(
    "junk", [b"x" * 16_000_000, b"\r\n" * 410_000, b"\r\n------Multi--part----" * 20_001],
    ids=["bytes", "lines", "parts"],
)  # fmt: skip
def test_an_mhtml_that_would_take_much_memory_is_refused(tmp_path: Path, junk: bytes) -> None:
    found = read(tmp_path, mhtml(html_part(), junk))
    assert isinstance(found, CaptureRejected) and found.what == "too large"


NESTED = b"Content-Type: message/rfc822\r\n\r\n"
HARMFUL = {
    "messages in messages": mhtml(NESTED * 3000 + html_part()),
    "at carriage returns": mhtml((NESTED * 3000).replace(b"\n", b"") + html_part()),
    "behind odd blanks": mhtml(NESTED.replace(b"me", b"\x1cme", 1) * 3000 + html_part()),
    "encoded words": mhtml(html_part(), url="=?a?q?" * 100_000),
    "parameters": mhtml(html_part(), start=";a=b" * 500_000),
    "quotes": mhtml(html_part(), start=';a="' * 20_001),
    "parameters of the page": mhtml(html_part().replace(b"text/html;", b"text/html" + b";" * 99_999)),
}  # fmt: skip


@pytest.mark.parametrize("how", HARMFUL)
def test_an_mhtml_that_would_take_long_is_refused(tmp_path: Path, how: str) -> None:
    found = read(tmp_path, HARMFUL[how])
    assert isinstance(found, CaptureRejected)
    assert "an MHTML file " in found.message and "please report" not in found.message


@pytest.mark.parametrize(
    "data",
    [mhtml(IMAGE.encode()), mhtml(), mhtml(html_part()).partition(b"text/html; c")[0],
     b"Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\n" * 400],
    ids=["no page", "no part", "cut in its head", "parts in parts"],
)  # fmt: skip
def test_an_mhtml_without_a_page_is_refused(tmp_path: Path, data: bytes) -> None:
    found = read(tmp_path, data)
    assert isinstance(found, CaptureRejected)
    assert "MHTML" in str(found) and str(found).startswith(f"{tmp_path}/9005: ")


def test_the_source_view_in_an_mhtml_is_no_page(tmp_path: Path) -> None:
    view = b'<html><table><tr><td class="line-number"></td><td class="line-content">&lt;p&gt;'
    found = read(tmp_path, mhtml(html_part(view)))
    assert isinstance(found, CaptureRejected) and "as a browser shows it" in str(found)


# --- answers ----------------------------------------------------------------------------------

FIELDS = "Date: Fri, 05 Mar 2021 09:05:00 GMT\r\nContent-Type: text/html; charset=utf-8\r\n"


def answer(body: bytes = PAGE, more: str = "", status: str = "HTTP/1.1 200 OK") -> bytes:
    return f"{status}\r\n{FIELDS}{more}\r\n".encode() + body


ANSWERS = {
    "curl -i": answer(more=f"Content-Length: {len(PAGE)}\r\n"),
    "HTTP/2": answer(status="HTTP/2 200 "),
    "line feeds alone": answer().replace(b"\r\n", b"\n"),
    "redirected": b"HTTP/1.1 301 Moved\r\nLocation: /x\r\nDate: x\r\n\r\n" + answer(),
    "through a proxy": b"HTTP/1.0 200 Connection established\r\n\r\n" + answer(),
    "gzip": answer(gzip.compress(PAGE), "content-encoding: gzip\r\n"),
    "gzip, undone": answer(PAGE, "Content-Encoding: gzip\r\nContent-Length: 90\r\n"),
    "chunked": answer(
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE), "Transfer-Encoding: chunked\r\n"
    ),
    "packed": gzip.compress(answer()),
}


@pytest.mark.parametrize("how", ANSWERS)
def test_a_saved_answer_is_an_answer(tmp_path: Path, how: str) -> None:
    raw = page_of(tmp_path, ANSWERS[how])
    assert raw.payload == PAGE
    assert (raw.http_status, raw.record_type, raw.source) == (200, "response", "http")
    assert (raw.captured_at, raw.instant_from) == ("2021-03-05T09:05:00Z", "response")
    assert (raw.media_type, raw.charset) == ("text/html", "utf-8")
    assert dict(raw.http_head)["Date"] == "Fri, 05 Mar 2021 09:05:00 GMT"
    assert not raw.announced_bytes_missing


def test_a_saved_answer_may_be_cut_off_or_none(tmp_path: Path) -> None:
    cut = page_of(tmp_path, answer(PAGE[:-9], f"Content-Length: {len(PAGE)}\r\n"))
    assert cut.announced_bytes_missing
    gone = page_of(tmp_path, b"HTTP/1.1 404 Not Found")
    assert (gone.http_status, gone.payload, gone.captured_at) == (404, b"", None)
    assert isinstance(read(tmp_path, b"HTTP/1.1 200 OK\r\nA: " + b"x" * 99_000), CaptureRejected)


def led(*heads: str) -> bytes:
    return "".join(f"HTTP/1.1 {head}\r\nDate: x\r\n\r\n" for head in heads).encode() + answer()


NEXT = "https://www.rusemb.org.uk/fnapr/9006"
LED = {
    "absolute": (led(f"301 Moved\r\nLocation: {NEXT}"), NEXT, "response"),
    "relative": (led("302 Found\r\nlocation: /fnapr/9006"), NEXT, "response"),
    "chained": (led("301 M\r\nLocation: http://rusemb.org.uk/a/b", "308 M\r\nLocation: ../fnapr/1"),
                "http://rusemb.org.uk/fnapr/1", "response"),
    "to another host": (led("301 M\r\nLocation: //x.org/a", "301 M\r\nLocation: b"),
                        "https://x.org/b", "response"),
    "to an archive": (
        led(f"302 F\r\nLocation: http://web.archive.org/web/20200301090000/{NEXT}"),
        f"http://web.archive.org/web/20200301090000/{NEXT}", "response"),
    "through a proxy": (led("200 Connection established", f"301 M\r\nLocation: {NEXT}",
                            "200 connection Established"), NEXT, "response"),
    "no redirect": (led("100 Continue", "401 Unauthorized", "200 Connection established"),
                    URL, "folder"),
    "from the root of an archive": (
        led(f"302 F\r\nLocation: /web/20200301090000id_/{NEXT}"), None, None),
    "one without a place": (led("301 Moved"), None, None),
    "to no page": (led("301 Moved\r\nLocation: mailto:x@y.org"), None, None),
    "to no host": (led("301 Moved\r\nLocation: http://[x/"), None, None),
    "two answers": (led("404 Not Found\r\nContent-Length: 0"), None, None),
    "unknown before": (led("404 Not Found", "301 Moved\r\nLocation: /fnapr/9006"), None, None),
}  # fmt: skip


@pytest.mark.parametrize("how", LED)
def test_redirects_before_an_answer_tell_its_address(tmp_path: Path, how: str) -> None:
    """The file lies where the first address was asked for, of which the page may not be."""
    data, url, teller = LED[how]
    place = tmp_path / "www.rusemb.org.uk" / "fnapr"
    raw = page_of(place, data)
    assert (raw.url, raw.url_from, raw.http_status) == (url, teller, 200)
    saved = b"<!-- saved from url=(0036)https://www.rusemb.org.uk/fnapr/9005 -->"
    assert (
        page_of(place, data.replace(b"<html>", saved + b"<html>")).url != URL or teller == "folder"
    )
    (tmp_path / "manifest.tsv").write_text(f"file\turl\n9005\t{URL}\n")
    assert page_of(tmp_path, data).url_from == "manifest"


# --- packed pages, places, manifests ----------------------------------------------------------


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_packed_page_is_unpacked(tmp_path: Path, pack) -> None:
    raw = page_of(tmp_path, pack(PAGE), "a.html.gz")
    assert (raw.payload, raw.source, raw.announced_bytes_missing) == (PAGE, "html", False)
    cut = page_of(tmp_path, gzip.compress(PAGE)[:-200], "a.html.gz")
    assert cut.announced_bytes_missing and PAGE.startswith(cut.payload)
    found = read(tmp_path, pack(PAGE[:99] + bytes(70_000_000)), "a.html.gz")
    assert isinstance(found, CaptureRejected) and found.what == "too large"


def test_who_tells_is_known(tmp_path: Path) -> None:
    place = tmp_path / "20210301090000" / "www.rusemb.org.uk" / "fnapr"
    raw = page_of(place, PAGE)
    assert (raw.url_from, raw.instant_from) == ("folder", "folder")
    assert raw.captured_at == "2021-03-01T09:00:00Z"
    raw = page_of(place, answer())
    assert (raw.url_from, raw.instant_from) == ("folder", "response")
    saved = b"<!-- saved from url=(0036)https://www.rusemb.org.uk/fnapr/9005 -->\n" + PAGE
    assert page_of(tmp_path, saved).url_from == "saver"
    (tmp_path / "manifest.tsv").write_text(f"file\turl\tcaptured_at\n9005\t{URL}\t20200101000000\n")
    raw = page_of(tmp_path, mhtml(html_part(), url="http://x.org/"))
    assert (raw.url, raw.url_from, raw.instant_from) == (URL, "manifest", "manifest")
    assert raw.captured_at == "2020-01-01T00:00:00Z"


@pytest.mark.parametrize("name", ["a.PDF", "fnapr/9005", "&start=1", "robots.txt", "page.mhtml"])
def test_a_manifest_names_any_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(PAGE)
    (tmp_path / "manifest.tsv").write_text(f"file\turl\n{name}\t{URL}\n")
    reader = SavedReader(HOSTS)
    offers = [offer.found for saved in find_files([tmp_path])[0] for offer in reader.read(saved)]
    (raw,) = (found for found in offers if isinstance(found, RawCapture))
    assert (raw.url, raw.payload, len(offers)) == (URL, PAGE, 1)
