"""Archives and folders, whole and damaged: every outcome is explained, nothing crashes."""

from __future__ import annotations

import gzip
import io
import itertools
import os
import re
import string
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest
import zstandard
from fastwarc.stream_io import BrotliWriter
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from embassy_scraper.archives import Offer, Revisit
from embassy_scraper.archives.http import decode_body
from embassy_scraper.archives.manifest import unread_columns
from embassy_scraper.archives.saved import SavedReader, find_files
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import RawCapture
from tests.examples import examples
from tests.world import program

URL = "http://www.rusemb.org.uk/fnapr/{}"
HOSTS = frozenset({"www.rusemb.org.uk"})
WORDS = " ".join(f"lantern{n * 7919 % 1000}" for n in range(120))
BODY = f"<html><body><p>A title<p>{WORDS} – the end</body></html>".encode()
AT = "2020-01-02T03:04:05Z"


@dataclass
class Seen:
    """What came of a file."""

    offers: list[Offer]

    @property
    def raws(self) -> list[RawCapture]:
        return [o.found for o in self.offers if isinstance(o.found, RawCapture)]

    @property
    def faults(self) -> list[str]:
        return [o.found.what for o in self.offers if isinstance(o.found, CaptureRejected)]

    def numbers(self) -> list[str]:
        return [(raw.url or "").rpartition("/")[2] for raw in self.raws]


def record(body: bytes = BODY, *, number: int = 1, packed: bool = True, kind: str = "response",
           headers: tuple[tuple[str, str], ...] = (), status: str = "200 OK",
           warc: tuple[tuple[str, str], ...] = ()) -> bytes:  # fmt: skip
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    http = [("Content-Type", "text/html; charset=utf-8"), *headers]
    has_http = kind in ("response", "revisit")
    writer.write_record(
        writer.create_warc_record(
            URL.format(number), kind, payload=io.BytesIO(body),
            http_headers=StatusAndHeaders(status, http, protocol="HTTP/1.1") if has_http else None,
            warc_headers_dict={"WARC-Date": AT, **dict(warc)},
        )
    )  # fmt: skip
    return out.getvalue()


def read(folder: Path, data: bytes, name: str = "x.warc.gz") -> Seen:
    (folder / name).write_bytes(data)
    reader = SavedReader(HOSTS)
    files, _ = find_files([folder / name])
    seen = Seen([offer for saved in files for offer in reader.read(saved)])
    for offer in seen.offers:
        if isinstance(offer.found, CaptureRejected):
            assert name in str(offer.found) and len(str(offer.found)) < 1000
    return seen


def brotli(data: bytes) -> bytes:
    out = io.BytesIO()
    writer = BrotliWriter(out)
    writer.write(data)
    writer.close()
    return out.getvalue()


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def chunked(data: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    half = len(data) // 2
    parts = (data[:half], data[half:])
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(p), p) for p in parts) + end


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def streamed(data: bytes) -> bytes:
    """As a server does that does not know the length before."""
    packer = zstandard.ZstdCompressor().compressobj()
    half = packer.compress(data[:500]) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return half + packer.compress(data[500:]) + packer.flush()


def wide(data: bytes) -> bytes:
    """With a window that takes 2 GB to unpack."""
    far = zstandard.ZstdCompressionParameters(window_log=31)
    packer = zstandard.ZstdCompressor(compression_params=far).compressobj()
    return packer.compress(data) + packer.flush()


def with_dictionary(*parts: bytes) -> list[bytes]:
    """A dictionary, and *parts* each compressed with it."""
    made = zstandard.train_dictionary(2000, [b"<p>%d %s" % (n, BODY[n:]) for n in range(300)])
    packer = zstandard.ZstdCompressor(dict_data=made, write_checksum=True)
    return [made.as_bytes(), *(packer.compress(part) for part in parts)]


Z = gzip.compress(BODY)
SKIPPED = b"\x50\x2a\x4d\x18\x04\0\0\0skip"  # a zstd frame that readers skip
WHOLE = {
    "plain": ((), BODY),
    "gzip": ((("Content-Encoding", "gzip"),), Z),
    "x-gzip": ((("Content-Encoding", "X-GZIP"),), Z),
    "gzip decoded": ((("Content-Encoding", "gzip"), ("Content-Length", str(len(Z)))), BODY),
    "gzip in members": ((("Content-Encoding", "gzip"),),
                        gzip.compress(BODY[:99]) + gzip.compress(BODY[99:])),
    "gzip twice": ((("Content-Encoding", "gzip, gzip"),), gzip.compress(Z)),
    "gzip undeclared": ((), Z),
    "deflate": ((("Content-Encoding", "deflate"),), zlib.compress(BODY)),
    "raw deflate": ((("Content-Encoding", "deflate"),), raw_deflate(BODY)),
    "deflate decoded": ((("Content-Encoding", "deflate"),), BODY),
    "brotli": ((("Content-Encoding", "br"),), brotli(BODY)),
    "brotli decoded": ((("Content-Encoding", "br"),), BODY),
    "zstd": ((("Content-Encoding", "zstd"),), zstd(BODY)),
    "zstd streamed": ((("Content-Encoding", "Zstd"),), streamed(BODY)),
    "zstd in frames": ((("Content-Encoding", "zstd"),),
                       SKIPPED + zstd(BODY[:99]) + SKIPPED + zstd(BODY[99:])),
    "zstd in gzip": ((("Content-Encoding", "zstd, gzip"),), gzip.compress(zstd(BODY))),
    "zstd decoded": ((("Content-Encoding", "zstd"),), BODY),
    "identity": ((("Content-Encoding", "identity"),), BODY),
    "chunked": ((("Transfer-Encoding", "chunked"),), chunked(BODY)),
    "chunked decoded": ((("Transfer-Encoding", "chunked"),), BODY),
    "chunked gzip": ((("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")), chunked(Z)),
    "length": ((("Content-Length", str(len(BODY))),), BODY),
    "too short a length": ((("Content-Length", "10"),), BODY),
}  # fmt: skip
SHORT = {
    "longer length": ((("Content-Length", str(len(BODY) + 9)),), BODY),
    "gzip": ((("Content-Encoding", "gzip"),), Z[:-60]),
    "deflate": ((("Content-Encoding", "deflate"),), zlib.compress(BODY)[:-60]),
    "raw deflate": ((("Content-Encoding", "deflate"),), raw_deflate(BODY)[:-60]),
    "zstd": ((("Content-Encoding", "zstd"),), streamed(BODY)[:-60]),
    "zstd, last frame": ((("Content-Encoding", "zstd"),), zstd(BODY[:99]) + zstd(BODY[99:])[:-9]),
    "zstd, its head": ((("Content-Encoding", "zstd"),), zstd(BODY)[:5]),
    "chunked, last one missing": ((("Transfer-Encoding", "chunked"),), chunked(BODY, b"")),
    "chunked": ((("Transfer-Encoding", "chunked"),), chunked(BODY)[:-99]),
}  # fmt: skip
REFUSED = {
    "damaged gzip": ((("Content-Encoding", "gzip"),), Z[:-8] + b"12345678"),
    "no brotli": ((("Content-Encoding", "br"),), b"\x00\x01\x02" * 300),
    "zstd": ((("Content-Encoding", "zstd"),), b"\x28\xb5\x2f\xfd\x04\x00" + bytes(range(256))),
    "damaged zstd": ((("Content-Encoding", "zstd"),), zstd(BODY)[:-4] + b"1234"),
    "zstd with a dictionary": ((("Content-Encoding", "zstd"),), with_dictionary(BODY)[1]),
    "zstd bomb": ((("Content-Encoding", "zstd"),), zstd(bytes(70_000_000))),
    "zstd window": ((("Content-Encoding", "zstd"),), wide(BODY)),
    "no deflate": ((("Content-Encoding", "deflate"),), b"\x07\x01\x02\xff" * 300),
    "gzip bomb": ((("Content-Encoding", "gzip"),), gzip.compress(bytes(70_000_000), 9)),
}


def test_a_text_that_begins_as_brotli_is_no_brotli() -> None:
    """Whatever its first letters, of which some are a whole stream of nothing."""
    for first, second in itertools.product(string.printable, repeat=2):
        body = f"{first}{second} November 2020: the library is open.".encode() * 9
        decoded = decode_body(body, {"Content-Encoding": "br"}, "text/plain")
        assert (decoded.payload, decoded.is_cut) == (body, False)


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_body_is_decoded(tmp_path: Path, name: str) -> None:
    headers, body = WHOLE[name]
    (raw,) = read(tmp_path, record(body, headers=headers)).raws
    assert raw.payload == BODY and not raw.announced_bytes_missing
    assert (raw.captured_at, raw.http_status, raw.charset) == (AT, 200, "utf-8")
    assert raw.body_is_whole == (name in {"length", "chunked", "chunked gzip"})


@pytest.mark.parametrize("name", SHORT)
def test_a_short_body_is_cut_off(tmp_path: Path, name: str) -> None:
    headers, body = SHORT[name]
    (raw,) = read(tmp_path, record(body, headers=headers)).raws
    assert raw.announced_bytes_missing and not raw.body_is_whole
    assert BODY.startswith(raw.payload)


@pytest.mark.parametrize("name", REFUSED)
def test_an_undecodable_body_is_rejected(tmp_path: Path, name: str) -> None:
    headers, body = REFUSED[name]
    seen = read(tmp_path, record(body, headers=headers) + record(number=2))
    assert seen.faults == ["too large" if "bomb" in name else "undecodable body"]
    assert seen.numbers() == ["2"]


ONE, TWO, THREE = (record(number=n) for n in (1, 2, 3))
PLAIN = [record(number=n, packed=False) for n in (1, 2, 3)]
GARBAGE = b"garbage here\r\n" * 30
FILES = {
    "three": (ONE + TWO + THREE, "123", []),
    "plain": (b"".join(PLAIN), "123", []),
    "whole file packed": (gzip.compress(b"".join(PLAIN)), "123", []),
    "one is plain": (ONE + PLAIN[1] + THREE, "123", ["damaged record"] * 2),
    "garbage between": (ONE + GARBAGE + TWO + THREE, "123", ["damaged record"]),
    "garbage first": (GARBAGE + TWO + THREE, "23", ["damaged record"]),
    "garbage last": (ONE + GARBAGE, "1", ["damaged record"]),
    "plain, garbage between": (PLAIN[0] + GARBAGE + PLAIN[1], "12", ["damaged record"]),
    "plain, garbage last": (PLAIN[0] + GARBAGE, "1", ["damaged record"]),
    "zeros last": (ONE + bytes(500), "1", []),
    "member broken": (ONE + TWO[:200] + b"\xff\x00\xff" + TWO[203:] + THREE, "13",
                      ["damaged record"]),
    "member cut": (ONE + TWO[:-40] + THREE, "13", ["damaged record"]),
    "last head cut": (ONE + TWO[:15], "1", ["damaged record"]),
    "plain cut in between": (PLAIN[0] + PLAIN[1][:-200] + PLAIN[2], "13", ["damaged record"]),
    "plain head cut": (PLAIN[0] + PLAIN[1][:80], "1", ["damaged record"]),
    "only a head": (ONE[:15], "", ["damaged record"]),
    "empty": (b"", "", ["no records"]),
    "no WARC": (BODY, "", ["damaged record"]),
    "packed, no WARC": (Z, "", ["damaged record"]),
    "zeros": (bytes(4000), "", ["no records"]),
    "line ends of Unix": (PLAIN[0].replace(b"\r\n", b"\n", 8) + PLAIN[1], "12", []),
    "line ends doubled": (PLAIN[0].replace(b"\r\n", b"\r\r\n", 8) + PLAIN[1], "12", []),
    "line ends doubled, and not counted": (PLAIN[0].replace(b"\r\n", b"\r\r\n"), "",
                                           ["damaged record"]),
    "no length": (re.sub(rb"Content-Length: \d+\r\n", b"", PLAIN[0], count=1) + PLAIN[1], "2",
                  ["damaged record"]),
    "bad length": (re.sub(rb"Length: \d+", b"Length: -7", PLAIN[0], count=1) + PLAIN[1], "2",
                   ["damaged record"]),
    "vast length": (re.sub(rb"Length: \d+", b"Length: 99999999999999", PLAIN[0], count=1), "",
                    ["too large"]),
    "bad date": (PLAIN[0].replace(AT.encode(), b"Yesterday, at noon") + PLAIN[1], "2",
                 ["unreadable instant"]),
    "a day as date": (PLAIN[0].replace(AT.encode(), b"2020-01-02") + PLAIN[1], "2",
                      ["unreadable instant"]),
    "fraction in date": (PLAIN[0].replace(AT.encode(), AT[:-1].encode() + b".123456Z"), "1", []),
    "WARC 1.1": (PLAIN[0].replace(b"WARC/1.0", b"WARC/1.1"), "1", []),
    "angle brackets": (PLAIN[0].replace(b"http://www.rusemb.org.uk/fnapr/1",
                                        b"<http://www.rusemb.org.uk/fnapr/1>"), "1", []),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_what_comes_of_a_damaged_file(tmp_path: Path, name: str) -> None:
    data, numbers, faults = FILES[name]
    for file in ("x.warc.gz", "x.warc"):
        seen = read(tmp_path, data, file)
        assert "".join(seen.numbers()) == numbers, seen.faults
        assert seen.faults == faults, [str(o.found) for o in seen.offers]
        assert all(raw.payload == BODY and raw.captured_at == AT for raw in seen.raws)
        for offer in seen.offers:
            if isinstance(offer.found, RawCapture) and name != "whole file packed":
                assert data[int(offer.where) :][:4] in (b"WARC", b"\x1f\x8b\x08\0")


@pytest.mark.parametrize("line", [b"ICY 200 OK", b"HTTP/1.1", b"HTTP/1.1 OK", b"<html>", b""])
def test_an_unreadable_status_stays_one(tmp_path: Path, line: bytes) -> None:
    """What is kept of a capture says what the archive said: no status is not 200."""
    packed = record(packed=False, headers=(("Content-Length", str(len(BODY))),))
    odd = packed.replace(b"HTTP/1.1 200 OK", line.ljust(15))
    (raw,) = read(tmp_path, odd, "x.warc").raws
    assert raw.http_status is None and raw.payload.endswith(BODY)
    db = tmp_path / "embassy.db"
    assert program.ingest(db, tmp_path / "x.warc").exit_code == 0
    assert program.query(db, "SELECT http_status FROM captures") == [(None,)]
    assert program.run("verify", "--db", str(db)).exit_code == 0


def test_a_record_that_is_cut_short_is_a_capture_cut_off(tmp_path: Path) -> None:
    for data, file in ((ONE + TWO[:-40], "x.warc.gz"), (PLAIN[0] + PLAIN[1][:-200], "x.warc")):
        seen = read(tmp_path, data, file)
        assert [raw.announced_bytes_missing for raw in seen.raws] == [False, True]
        assert BODY.startswith(seen.raws[1].payload) and not seen.faults


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_cut_off_at_any_byte(tmp_path: Path, packed: bool) -> None:
    data = record(packed=packed) + record(number=2, packed=packed)
    first = len(record(packed=packed))
    for end in range(0, len(data), 3):
        seen = read(tmp_path, data[:end])
        assert seen.offers, end
        for raw in seen.raws:
            assert raw.payload == BODY or (
                raw.announced_bytes_missing and BODY.startswith(raw.payload)
            ), end
        if first + 20 < end < len(data) - 24:
            assert seen.faults or any(raw.announced_bytes_missing for raw in seen.raws), end


@examples(300)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=9)), max_size=4),
       st.booleans())  # fmt: skip
def test_flipped_bytes_never_pass_as_another_text(
    flips: list[tuple[int, bytes]], packed: bool
) -> None:
    import tempfile

    data = bytearray(ONE + TWO + THREE if packed else b"".join(PLAIN))
    for place, put in flips:
        place %= len(data)
        data[place : place + len(put)] = put
    with tempfile.TemporaryDirectory() as folder:
        seen = read(Path(folder), bytes(data))
    assert seen.offers
    if packed:
        for raw in seen.raws:
            assert raw.announced_bytes_missing or raw.payload == BODY


def test_revisits_resources_conversions_and_others(tmp_path: Path) -> None:
    data = b"".join((
        record(b"", kind="revisit", warc=(("WARC-Payload-Digest", "sha1:ABC"),)),
        record(BODY, number=2, kind="resource", warc=(("Content-Type", "text/html; charset=x"),)),
        record(b"A title\n\nA body", number=3, kind="conversion",
               warc=(("Content-Type", "text/plain"),)),
        record(b"GET / HTTP/1.1\r\n\r\n", number=4, kind="request"),
        record(b"software: x\r\n", number=5, kind="warcinfo"),
        record(b"", number=6, status="404 Not Found"),
    ))  # fmt: skip
    seen = read(tmp_path, data, "x.wet.gz")
    assert not seen.faults
    (revisit,) = [o.found for o in seen.offers if isinstance(o.found, Revisit)]
    assert revisit.digest == "sha1:ABC" and revisit.raw.url == URL.format(1)
    assert [(r.media_type, r.record_type, r.http_status, r.source) for r in seen.raws] == [
        ("text/html", "resource", None, "wet"),
        ("text/plain", "conversion", None, "wet"),
        ("text/html", "response", 404, "wet"),
    ]


def wacz(members: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as bundle:
        for name, data in members.items():
            bundle.writestr(name, data)
    return out.getvalue()


def test_wacz_files(tmp_path: Path) -> None:
    inside = {"archive/b.warc.gz": TWO, "archive/a.WARC.GZ": ONE, "pages/pages.jsonl": b"{}"}
    for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        seen = read(tmp_path, wacz(inside, how), "x.wacz")
        assert seen.numbers() == ["1", "2"] and not seen.faults
        assert {o.where for o in seen.offers} == {"archive/a.WARC.GZ 0", "archive/b.warc.gz 0"}
    damaged = {"archive/a.warc.gz": ONE + GARBAGE + THREE}
    seen = read(tmp_path, wacz(damaged, zipfile.ZIP_DEFLATED), "x.wacz")
    assert (seen.numbers(), seen.faults) == (["1", "3"], ["damaged record"])
    for data, fault in (
        (wacz({"x": b""}), "no records"),
        (b"", "unreadable file"),
        (b"PK, but no zip", "unreadable file"),
        (wacz(inside)[:-90], "unreadable file"),
        (wacz(inside).replace(TWO[100:110], bytes(10)), "unreadable file"),
    ):
        assert read(tmp_path, data, "x.wacz").faults[-1] == fault


# --- folders ----------------------------------------------------------------------------------


def folder_of(root: Path, files: dict[str, str | bytes]) -> Seen:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    reader = SavedReader(HOSTS)
    files_found, _ = find_files([root])
    return Seen([offer for saved in files_found for offer in reader.read(saved)])


def test_a_manifest_tells_url_and_instant(tmp_path: Path) -> None:
    seen = folder_of(tmp_path, {
        "manifest.tsv": "\ufeffurl\tFile \tcaptured_at\tnote\r\n"
        f"{URL.format(1)}\ta.html\t2020-11-24T13:22:00+01:00\tx\r\n"
        f"{URL.format(2)}\t./b.TXT\t20201124122200\r\n"
        f"{URL.format(3)}\tsub/c.htm\t\r\n"
        f"\td.html\t2020-11-24 12:22\r\n"
        f"{URL.format(4)}\ta.html\t2021-01-01T00:00:00Z\r\n\r\n",
        "a.html": "<p>a", "b.TXT": "b", "sub/c.htm": "<p>c", "d.html": "<p>d", "e.html": "<p>e",
        "notes.pdf": "%PDF-1.4", "sub/deeper/manifest.tsv": f"file\turl\nf.txt\t{URL.format(6)}\n",
        "sub/deeper/f.txt": "f",
    })  # fmt: skip
    assert seen.faults == ["unknown kind of file"]
    assert sorted((r.payload, (r.url or "")[-1:], r.captured_at) for r in seen.raws) == sorted([
        (b"<p>a", "1", "2020-11-24T12:22:00Z"), (b"<p>a", "4", "2021-01-01T00:00:00Z"),
        (b"b", "2", "2020-11-24T12:22:00Z"), (b"<p>c", "3", None),
        (b"<p>d", "", "2020-11-24T12:22:00Z"), (b"<p>e", "", None), (b"f", "6", None),
    ])  # fmt: skip


def test_what_is_wrong_in_a_manifest_is_told(tmp_path: Path) -> None:
    seen = folder_of(tmp_path, {
        "manifest.tsv": "file\turl\tcaptured_at\na.html\tu\tyesterday\nb.html\tu\t2020-11-24\n"
        f"gone.html\tu\nc.html\tu\nnotes.pdf\tu\n\x00\tu\n{'x' * 400}.html\tu\n",
        "a.html": "<p>a", "b.html": "<p>b", "c.html": "<p>c", "notes.pdf": "%PDF-1.4",
    })  # fmt: skip
    assert [r.payload for r in seen.raws] == [b"<p>c"]
    assert seen.faults == [
        "unreadable instant", "unreadable instant", "unknown kind of file",
        "missing file", "missing file", "missing file",
    ]  # fmt: skip


@pytest.mark.parametrize("manifest", [b"name\turl\n", b"", b"file\turl\n\xff\xfe\xff\n",
                                      "file\turl\n".encode("utf-16")[:-1]])  # fmt: skip
def test_a_manifest_that_cannot_be_followed_loses_no_file(tmp_path: Path, manifest: bytes) -> None:
    seen = folder_of(tmp_path, {"manifest.tsv": manifest, "a.html": "<p>a", "s/b.html": "<p>b"})
    assert seen.faults == ["unreadable manifest", "unreadable manifest"]
    assert [r.payload for r in seen.raws] == [b"<p>b"]


SPREADSHEETS = {
    "Unicode text of Excel": 'file\turl\r\n"a, b.html"\t{}\r\n'.encode("utf-16"),
    "the other byte order": b"\xfe\xff" + 'file\turl\r\n"a, b.html"\t{}'.encode("utf-16-be"),
    "all cells in quotes": b'\xef\xbb\xbf"File"\t"URL"\n"a, b.html"\t"{}"\n',
    "no quotes": b"file\turl\na, b.html\t{}\n",
}


@pytest.mark.parametrize("how", SPREADSHEETS)
def test_a_manifest_is_read_as_spreadsheets_write_it(tmp_path: Path, how: str) -> None:
    seen = folder_of(tmp_path, {"manifest.tsv": SPREADSHEETS[how], "a, b.html": "<p>a"})
    assert ([raw.url for raw in seen.raws], seen.faults) == (["{}"], [])
    assert not unread_columns(tmp_path / "manifest.tsv")


def test_quotes_are_a_part_of_a_name_where_no_program_put_them(tmp_path: Path) -> None:
    seen = folder_of(tmp_path, {"manifest.tsv": 'file\turl\n"a".html\tu\n', '"a".html': "<p>a"})
    assert ([raw.url for raw in seen.raws], seen.faults) == (["u"], [])


UNREADABLE = {
    ":2: not UTF-8 text; save it as UTF-8": "file\turl\tx\ncafé\tu\n".encode("cp1252"),
    ":3: unexpected end of data; check its quotes": b'"file"\t"url"\t"x"\n"a.html\tu\nb\tu\n',
    ": its first line must name the columns file and url": b"name\turl\n",
}


@pytest.mark.parametrize("said", UNREADABLE)
def test_a_manifest_that_cannot_be_read_is_one_line(tmp_path: Path, said: str) -> None:
    seen = folder_of(tmp_path, {"manifest.tsv": UNREADABLE[said]})
    (fault,) = [offer.found for offer in seen.offers]
    assert isinstance(fault, CaptureRejected) and f"manifest.tsv{said}" in fault.message
    assert not unread_columns(tmp_path / "manifest.tsv")


def test_an_empty_file_is_no_page(tmp_path: Path) -> None:
    """Not even where a manifest says when it was seen."""
    told = "file\turl\tcaptured_at\na.html\tu\t20210301090000\n"
    seen = folder_of(tmp_path, {"manifest.tsv": told, "a.html": b"", "b": b"", "favicon.ico": b""})
    said = [str(offer.found) for offer in seen.offers]
    assert said == [f"{tmp_path}/{name}: it is empty; save or copy the page again" for name in
                    ("a.html", "b")]  # fmt: skip
    assert seen.faults == ["empty file"] * 2


@pytest.mark.parametrize("name", ["x.warc.gz.bad", "download", "x.bin"])
def test_a_file_that_is_named_is_known_by_how_it_begins(tmp_path: Path, name: str) -> None:
    plain = PLAIN[0] + PLAIN[1]
    for data in (ONE + TWO, plain, gzip.compress(plain)):
        assert read(tmp_path, data, name).numbers() == ["1", "2"]
        assert folder_of(tmp_path, {}).numbers() == ["1", "2"]


def test_odd_files_are_told_or_passed_over(tmp_path: Path) -> None:
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling.html").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.html")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.html")).write_bytes(b"<p>x")
    with (tmp_path / "huge.html").open("wb") as file:
        file.truncate(70_000_000)
    seen = folder_of(tmp_path, {"empty.html": b"", "page": "x"})
    assert seen.faults == ["unreadable file", "empty file", "too large", "unreadable file"]
    assert {r.payload for r in seen.raws} == {b"<p>x", b"x"}
    for offer in seen.offers:
        offer.path.encode()
