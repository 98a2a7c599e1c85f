"""Files that are made to break the reader: nothing hangs, and one record harms no other."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
import zstandard
from fastwarc.warc import ArchiveIterator

from embassy_scraper import limits
from embassy_scraper.archives import Offer, saved, soundness
from embassy_scraper.archives.answer import read_answer
from embassy_scraper.archives.cdx import read_wayback
from embassy_scraper.archives.http import decode_body
from embassy_scraper.archives.manifest import read_instant, read_list, read_manifest
from embassy_scraper.archives.records import read_record
from embassy_scraper.archives.unpackers import DICTIONARY, read_dictionary
from embassy_scraper.captures import make_record
from embassy_scraper.crawl_items import Offered
from embassy_scraper.errors import CaptureRejected, ManifestError
from embassy_scraper.items import RawCapture
from embassy_scraper.limits import MAX_DICTIONARY, MAX_HTTP_HEAD, MAX_LIST, MAX_MANIFEST, MAX_NAMED
from embassy_scraper.sites import load_profile
from embassy_scraper.sites.addresses import read_address
from tests.archives.test_files import read, record
from tests.copies import answered
from tests.intake.test_evidence import AT, URL
from tests.world import program

LONG = b"9" * 5000  # digits; more than Python turns into a number


def test_a_number_too_long_to_read_harms_no_other_record(tmp_path, run, demo_captures) -> None:
    page = (demo_captures / "2-statement.txt").read_bytes()
    sound = answered(tmp_path / "sound.warc.gz", page, URL, AT).read_bytes()
    other = answered(tmp_path / "other.warc.gz", page + b"\n", URL, "2021-03-04T10:15:00Z")
    length = b"Content-Length: "
    plain = gzip.decompress(other.read_bytes())
    http = plain.replace(b"Content-Type: text/plain\r\n", length + LONG + b"\r\n", 1)
    for name, bad in (("http", http), ("warc", plain.replace(length, length + LONG, 1))):
        path = tmp_path / f"{name}.warc.gz"
        path.write_bytes(sound + gzip.compress(bad) + sound)
        told = run("ingest", path)
        assert not isinstance(told.exception, ValueError), name
        assert "known" in told.stderr


@pytest.mark.parametrize("size", [b"-6", b"-4", b"+3", b"0x3", b"1_0"])
def test_a_chunk_has_no_other_size_than_hexadecimal_digits(size: bytes) -> None:
    """Reading went back by a size below zero, for ever."""
    body = size + b"\r\nabcdef\r\n0\r\n\r\n"
    headers = {"Transfer-Encoding": "chunked"}
    assert decode_body(body, headers, "text/html").payload == body
    begun = decode_body(b"1\r\nx\r\n" + body, headers, "text/html")
    assert (begun.payload, begun.is_cut) == (b"x", True)


def test_a_body_of_many_gzip_members_is_read_in_no_time() -> None:
    body = gzip.compress(b"", mtime=0) * 99_000 + gzip.compress(b"page", mtime=0)
    headers = {"Content-Encoding": "gzip"}
    assert decode_body(body, headers, "text/html").payload == b"page"
    with pytest.raises(CaptureRejected, match="over 100000 compressed parts"):
        decode_body(gzip.compress(b"", mtime=0) * 100_001, headers, "text/html")


@pytest.mark.parametrize("name", ["a.txt", "a.warc.gz", "a.wacz", "a.odd"])
def test_a_pipe_or_a_device_is_rejected(tmp_path: Path, run, name: str) -> None:
    os.mkfifo(tmp_path / name)
    (tmp_path / f"z{name}").symlink_to("/dev/zero")
    told = run("ingest", tmp_path / name, tmp_path / f"z{name}")
    assert told.exit_code == 3
    assert told.stderr.count("a pipe or a device; save what comes out of it as a file") == 2


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_name_of_any_bytes(tmp_path: Path, demo_captures, jobs: str) -> None:
    page = (demo_captures / "2-statement.txt").read_bytes()
    path = Path(os.fsdecode(os.fsencode(tmp_path / "o") + b"\xff.warc.gz"))
    answered(path, page, URL, AT)
    done = program.run("ingest", str(path), "--jobs", jobs, "--db", str(tmp_path / "e.db"))
    assert done.exit_code == 0, done.err


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_damaged_wacz_of_any_packing_is_told(tmp_path, run, demo_captures, packing) -> None:
    text = (demo_captures / "2-statement.txt").read_bytes()
    page = answered(tmp_path / "a.warc.gz", text, URL, AT).read_bytes()
    path = tmp_path / "a.wacz"
    with zipfile.ZipFile(path, "w", packing) as bundle:
        bundle.writestr("archive/a.warc.gz", page)
    data = bytearray(path.read_bytes())
    data[90] ^= 0xFF
    path.write_bytes(data)
    told = run("ingest", path)
    assert told.exit_code == 3
    assert "not a readable WACZ (zip) file" in told.stderr


def test_one_address_of_another_site_in_two_spellings(tmp_path: Path) -> None:
    parts = [
        answered(tmp_path / f"{scheme}.warc.gz", b"page", f"{scheme}://example.com/a", AT)
        for scheme in ("http", "https")
    ]
    found = set()
    for number, order in enumerate(permutations(parts)):
        db = tmp_path / f"db{number}" / "embassy.db"
        for one in order:
            program.ingest(db, one)
        found.add(repr(program.tables(db)))
    assert len(found) == 1


def test_an_address_too_long_to_be_kept_is_rejected(tmp_path: Path, run) -> None:
    """It was stored in a record that no reader took, so that nothing could be rebuilt any more."""
    url = "https://www.rusemb.org.uk/" + "a" * 60_000
    (tmp_path / "a.txt").write_text("A page")
    (tmp_path / "manifest.tsv").write_text(
        f"file\turl\tcaptured_at\na.txt\t{url}\t2021-03-03T10:15\n"
    )
    told = run("ingest", tmp_path)
    assert told.exit_code == 3
    assert "its address has over 6000 characters" in told.stderr
    assert run("verify").exit_code == 0
    page = read_wayback(json.dumps([["timestamp", "original"], ["20210303101500", url]]))
    assert (len(page.rows), len(page.unread)) == (0, 1)


def test_an_instant_of_the_first_year_reads_back() -> None:
    row = Offered("00010101000000", "https://www.rusemb.org.uk/", "", 200, "")
    assert row.captured_at == read_instant(row.captured_at, "") == "0001-01-01T00:00:00Z"


def test_the_end_of_a_day_is_the_next_one() -> None:
    assert read_instant("2018-06-01T23:59:59Z", "") == "2018-06-01T23:59:59Z"
    assert read_instant("2018-06-01T24:00:00Z", "") == "2018-06-02T00:00:00Z"


@pytest.mark.parametrize(
    "text", ["2018-02-29T09:00:00Z", "2018-06-01T23:59:60Z", "0000-01-01T00:00:00Z"]
)
def test_an_instant_that_never_was_is_refused(text: str) -> None:
    with pytest.raises(ManifestError, match="is not an instant"):
        read_instant(text, "manifest.tsv:2")


@pytest.mark.parametrize(
    "tail", ["a\nb", "a\r\nWARC-Date: 2020", "a>", "<a>", "a\x00b", "a b ", "а"]
)
def test_any_address_reads_back_as_it_was_kept(tail: str) -> None:
    raw = RawCapture(b"page", "text/html", "wayback", url=f"https://www.rusemb.org.uk/{tail}")
    kept = make_record(raw, "20210303T101500Z-0123456789abcdef", "2021-03-03T10:15:00Z")
    record = next(iter(ArchiveIterator(io.BytesIO(kept))))
    found = read_record(record, "wayback")
    assert isinstance(found, RawCapture)
    assert read_address(found.url, load_profile()) == read_address(raw.url, load_profile())


def test_what_breaks_a_reader_stops_no_other_file(tmp_path: Path, monkeypatch) -> None:
    """Whatever raises is told in one line, of the file that it was met in."""

    def broken(*_: object) -> Iterator[Offer]:
        raise RuntimeError("two\nlines")

    for function, name in (("read_arc", "a.arc"), ("read_wacz", "a.wacz"), ("read_warc", "a.warc")):
        monkeypatch.setattr(saved, function, broken)
        (tmp_path / name).write_bytes(b"x")
    monkeypatch.setattr(saved, "read_saved_page", broken)
    (tmp_path / "a.html").write_bytes(b"<p>")
    all_of_them = saved.SavedReader([])
    offers = [one for file in saved.find_files([tmp_path])[0] for one in all_of_them.read(file)]
    told = [str(offer.found) for offer in offers]
    assert len(told) == 4 and all("(RuntimeError: two lines); please report it" in t for t in told)


@pytest.mark.parametrize("is_told", [True, False])
def test_a_dictionary_that_unpacks_to_more_than_any_is_not_used(is_told: bool) -> None:
    packer = zstandard.ZstdCompressor(write_content_size=is_told)
    for size in (MAX_DICTIONARY, 20 * MAX_DICTIONARY):
        data = packer.compress(bytes(size))
        file = io.BytesIO(DICTIONARY + struct.pack("<I", len(data)) + data)
        tracemalloc.start()
        found = read_dictionary(file)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert found == (bytes(size) if size == MAX_DICTIONARY else None)
        assert peak < 3 * MAX_DICTIONARY


def test_a_file_with_such_a_dictionary_takes_no_memory(tmp_path: Path) -> None:
    """Whoever asks whose file it is does not unpack it either."""
    data = zstandard.ZstdCompressor(level=1).compress(bytes(1_000_000_000))
    path = tmp_path / "a.warc.zst"
    path.write_bytes(DICTIONARY + struct.pack("<I", len(data)) + data + zstandard.compress(b"WARC"))
    most = 700_000_000
    ask = "import sys; from pathlib import Path; from resource import RLIMIT_AS, setrlimit\n"
    ask += "from embassy_scraper.archives.own_records import is_own_file\n"
    ask += f"setrlimit(RLIMIT_AS, ({most}, {most})); print(is_own_file(Path(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-c", ask, path], capture_output=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, b"False\n"), done.stderr


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
def test_a_list_or_manifest_without_end_is_refused(tmp_path: Path, pack) -> None:
    names = tmp_path / "list"
    for more, told in ((b" " * MAX_LIST, "32000000 bytes"), (b"\n" * MAX_NAMED, "400000 lines")):
        names.write_bytes(pack(b"\xef\xbb\xbflist\n" + more[8:]))
        assert read_list(names) == [names]
        names.write_bytes(pack(b"list\n" + more))
        with pytest.raises(ManifestError, match=f"list: it has over {told}; split it"):
            read_list(names)
    (tmp_path / "manifest.tsv").write_bytes(b"file\turl\n" + b" " * (MAX_MANIFEST - 8))
    with pytest.raises(ManifestError, match=r"manifest.tsv: it has over 16000000 bytes; split it"):
        read_manifest(tmp_path)


def test_an_http_head_without_end_is_no_head(tmp_path: Path) -> None:
    for size, is_read in ((30_000, True), (10 * MAX_HTTP_HEAD, False)):
        kept = record(b"<p>page" + b" " * MAX_HTTP_HEAD, headers=(("a", "b"),) * (size // 6))
        seen = read(tmp_path, kept)
        assert (len(seen.raws), seen.faults) == ((1, []) if is_read else (0, ["damaged record"]))
        answer = gzip.decompress(kept).partition(b"\r\n\r\n")[2]
        if is_read:
            assert read_answer(answer)[0].payload.startswith(b"<p>page")
        else:
            with pytest.raises(CaptureRejected, match="HTTP head has over 65536 bytes"):
                read_answer(answer)


def longer(plain: bytes, more: int) -> bytes:
    """The record *plain*, which announces so many bytes *more* than it has."""
    told = re.search(rb"\r\nContent-Length: ([0-9]+)\r\n\r\n", plain)
    assert told is not None
    return plain[: told.start(1)] + b"%d" % (int(told[1]) + more) + plain[told.end(1) :]


def test_records_that_announce_the_rest_of_the_file_are_not_read_to_it(tmp_path: Path) -> None:
    """A thousand records of ten kilobytes, each of ten megabytes by its own word."""
    parts = (record(b"<p>x" * 2500, number=n, packed=False) for n in range(1000))
    data = b"".join(longer(part, 10_000_000) for part in parts)
    begun = time.process_time()
    offers = read(tmp_path, data, "long.warc").offers
    assert time.process_time() - begun < 10
    told = [f"{one.found}" for one in offers if isinstance(one.found, CaptureRejected)]
    assert len(told) == 999
    assert all("it is cut off: another record begins inside it" in one for one in told)


@pytest.mark.parametrize("gap", ["\n" * 61, "\t\r\n", "\r\n" * 3000])
def test_what_lies_between_two_records_makes_none_of_what_the_first_quotes(
    tmp_path: Path, gap: str
) -> None:
    first = record(record(number=7, packed=False) + b"x" * 100_000, number=1, packed=False)
    behind = record(b"y", number=2, packed=False)
    found = read(tmp_path, first + gap.encode() + behind, "a.warc").offers
    assert [one.where for one in found if not isinstance(one.found, CaptureRejected)][-1:] == [
        str(len(first) + len(gap))
    ]
    assert all(int(one.where) in (0, len(first) + len(gap)) for one in found)


@pytest.mark.parametrize("tail", ["", "\r\n", "no record"])
@pytest.mark.parametrize("more", [0, 1, 500, 70_000, 200_000, 10_000_000])
def test_a_length_is_judged_as_if_all_of_the_record_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int, tail: str
) -> None:
    """A page may quote a record; one that announces too much hides what follows."""
    quoted = record(number=7, packed=False) + b"x" * 100_000
    first = longer(record(quoted, number=1, packed=False), more)
    data = first + record(b"y" * 150_000, number=2, packed=False) + 40 * tail.encode()
    told = []
    for longest in (limits.MAX_RECORD_HEAD, 10**12):
        monkeypatch.setattr(soundness, "MAX_RECORD_HEAD", longest)
        found = [(one.where, one.found) for one in read(tmp_path, data, "a.warc").offers]
        told.append([(at, f"{one}"[:300] if isinstance(one, CaptureRejected) else one)
                     for at, one in found])  # fmt: skip
    assert told[0] == told[1]
