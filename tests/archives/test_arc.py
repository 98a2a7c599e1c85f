"""ARC files: each record is a capture, is passed over, or is rejected with its place."""

from __future__ import annotations

import gzip
import io
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from embassy_scraper.archives import LeftOut
from embassy_scraper.archives.arc import read_arc
from tests.archives.test_files import AT, BODY, GARBAGE, SKIPPED, URL, Seen, zstd
from tests.examples import examples
from tests.world import program

ABOUT = b"1 0 Some Crawler\nURL IP-address Archive-date Content-type Archive-length\n\n"
STAMP = re.sub("[^0-9]", "", AT)


def head(url: str, length: object, at: str = STAMP, kind: str = "text/html") -> bytes:
    return f"{url} 192.0.2.1 {at} {kind} {length}\n".encode()


def answer(body: bytes = BODY, more: str = "", status: str = "200 OK") -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{more}\r\n".encode() + body
    )


def one(number: int = 1, block: bytes | None = None, at: str = STAMP) -> bytes:
    block = answer() if block is None else block
    return head(URL.format(number), len(block), at) + block + b"\n"


FIRST = head("filedesc://x.arc", len(ABOUT), kind="text/plain") + ABOUT + b"\n"
LOOKUP = head("dns:www.rusemb.org.uk", 20, kind="text/dns") + b"x" * 20 + b"\n"
ONE, TWO, THREE = (one(number) for number in (1, 2, 3))
VERSION_2 = TWO.replace(b" text/html ", b" text/html 200 ABCDEF - 0 x.arc ", 1)
FILES = {
    "three": (FIRST + ONE + TWO + THREE, "123", []),
    "without its first record": (ONE + TWO, "12", []),
    "a first record of no length": (FIRST.replace(b" %d\n" % len(ABOUT), b" -1\n") + ONE, "1", []),
    "a first record of too small a length": (FIRST.replace(b" 75\n", b" 9\n") + ONE, "1", []),
    "version 2": (FIRST + VERSION_2 + THREE, "23", []),
    "no line ends between": (FIRST + ONE[:-1] + TWO[:-1] + THREE[:-1], "123", []),
    "zeros last": (FIRST + ONE + bytes(5000), "1", []),
    "garbage first": (GARBAGE + ONE, "1", ["damaged record"]),
    "garbage between": (FIRST + ONE + GARBAGE + TWO, "12", ["damaged record"]),
    "garbage behind the first record": (FIRST + GARBAGE + ONE, "1", ["damaged record"]),
    "garbage last": (FIRST + ONE + GARBAGE, "1", ["damaged record"]),
    "cut in between": (FIRST + ONE + TWO[:-300] + THREE, "13", ["damaged record"]),
    "a length too long": (FIRST + head(URL.format(1), 9000) + answer() + b"\n" + TWO, "2",
                          ["damaged record"]),
    "a length that swallows one": (FIRST + head(URL.format(1), len(answer() + b"\n" + TWO))
                                   + answer() + b"\n" + TWO + THREE, "23", ["damaged record"]),
    "a length that is none": (FIRST + head(URL.format(1), "abc") + answer() + b"\n" + TWO, "2",
                              ["damaged record"]),
    "a negative length": (FIRST + head(URL.format(1), -1) + answer() + b"\n" + TWO, "2",
                          ["damaged record"]),
    "a vast length": (FIRST + head(URL.format(1), 10**11) + answer() + b"\n", "", ["too large"]),
    "a vast length, and more": (FIRST + head(URL.format(1), 10**11) + answer() + b"\n" + TWO, "2",
                                ["damaged record"]),
    "no instant": (FIRST + one(1, at="20209902030405") + TWO, "2", ["unreadable instant"]),
    "an instant of too many digits": (FIRST + one(1, at=f"{STAMP}0000") + TWO, "2",
                                      ["unreadable instant"]),
    "no content": (FIRST + one(1, b"") + TWO, "2", ["damaged record"]),
    "an unknown encoding": (FIRST + one(1, answer(b"\0\1\2", "Content-Encoding: x\r\n")) + TWO,
                            "2", ["undecodable body"]),
    "empty": (b"", "", ["no records"]),
    "only its first record": (FIRST, "", []),
    "no ARC": (BODY, "", ["damaged record"]),
    "zeros": (bytes(5000), "", ["no records"]),
}  # fmt: skip


def read(folder: Path, data: bytes, name: str = "x.arc") -> Seen:
    (folder / name).write_bytes(data)
    return Seen(list(read_arc(folder / name)))


@pytest.mark.parametrize("name", FILES)
def test_what_comes_of_a_file(tmp_path: Path, name: str) -> None:
    data, numbers, faults = FILES[name]
    packed, framed = gzip.compress(data), zstd(data)
    skipped = SKIPPED + framed
    for file, content in (
        ("x.arc", data), ("x.arc.gz", packed), ("odd", data), ("x.arc.zst", framed), ("y", skipped),
    ):  # fmt: skip
        seen = read(tmp_path, content, file)
        assert "".join(seen.numbers()) == numbers, [str(one.found) for one in seen.offers]
        assert seen.faults == faults, [str(one.found) for one in seen.offers]
        told = [str(offer.found) for offer in seen.offers if offer.found not in seen.raws]
        assert all(str(tmp_path / file) in line and "\n" not in line for line in told)
    for offer in read(tmp_path, data).offers:
        if name not in ("empty", "zeros"):
            line = data[int(offer.where) :].partition(b"\n")[0]
            assert b"http://www.rusemb.org.uk" in line or GARBAGE[:9] in line or name == "no ARC"


def test_a_record_is_a_capture_like_that_of_a_warc_file(tmp_path: Path) -> None:
    packed = answer(gzip.compress(BODY), "Content-Encoding: gzip\r\n", "404 Not Found")
    plain = one(2, at="202001020304")
    (first, second) = read(tmp_path, FIRST + one(1, packed) + plain).raws
    assert (first.payload, first.http_status, first.source) == (BODY, 404, "arc")
    assert (first.url, first.captured_at, first.charset) == (URL.format(1), AT, "utf-8")
    assert (first.url_from, first.instant_from) == ("record", "record")
    assert ("Content-Encoding", "gzip") in first.http_head
    assert (second.payload, second.http_status) == (BODY, 200)
    assert second.captured_at == "2020-01-02T03:04:00Z"  # no seconds are told


def test_what_is_no_page_is_passed_over_and_counted(tmp_path: Path) -> None:
    other = one(1).replace(b"www.rusemb.org.uk", b"www.example.org", 1)
    path = tmp_path / "x.arc"
    path.write_bytes(FIRST + LOOKUP + ONE + other + GARBAGE + LOOKUP)
    seen = Seen(list(read_arc(path, lambda url, _: "rusemb" in url)))
    assert (seen.numbers(), seen.faults) == (["1"], ["damaged record"])
    assert [offer.found for offer in seen.offers[-2:]] == [
        LeftOut(1, "http://www.example.org/", 1),
        LeftOut(2, why="no page"),
    ]
    assert read(tmp_path, FIRST + LOOKUP + ONE).offers[-1].found == LeftOut(1, why="no page")


def test_a_record_that_does_not_end_where_it_says_is_cut_off(tmp_path: Path) -> None:
    """Its length is too small, or the file ends: what came is the beginning of the page."""
    short = head(URL.format(1), len(answer()) - 300) + answer() + b"\n"
    for data, faults in ((FIRST + short + TWO, 1), (FIRST + TWO + ONE[:-300], 0)):
        seen = read(tmp_path, data)
        (cut,) = [raw for raw in seen.raws if (raw.url or "").endswith("1")]
        assert cut.announced_bytes_missing and not cut.body_is_whole
        assert BODY.startswith(cut.payload) and len(seen.faults) == faults


def members(*parts: bytes) -> list[bytes]:
    return [gzip.compress(part) for part in parts]


def test_damage_in_the_packed_file(tmp_path: Path) -> None:
    """One member or many: what is sound is read, and where the damage is, is told once."""
    about, first, second, third = members(FIRST, ONE, TWO, THREE)
    spoilt = second[:200] + b"\xff\x00\xff" + second[203:]
    whole = gzip.compress(FIRST + ONE + TWO + THREE)
    for data, numbers in (
        (about + first + spoilt + third, "13"),
        (about + first + GARBAGE + third, "13"),
        (about + first + second[:-90] + third, "13"),
        (about + first + third + second[:15], "13"),
        (whole[:-8] + b"12345678", ""),  # all may be another text
    ):
        seen = read(tmp_path, data, "x.arc.gz")
        assert "".join(seen.numbers()) == numbers
        assert seen.faults == ["damaged record"], [str(one.found) for one in seen.offers]
        assert all(raw.payload == BODY for raw in seen.raws)
        assert "near offset packed " in str(seen.offers[0].found)
    seen = read(tmp_path, gzip.compress(FIRST + ONE + TWO)[:-60], "x.arc.gz")
    assert seen.faults == ["damaged record"] and seen.raws
    for raw in seen.raws:
        assert raw.payload == BODY or raw.announced_bytes_missing


def test_a_record_in_several_members_is_not_put_together_of_two(tmp_path: Path) -> None:
    """The member in the middle is lost: what is left of one record is no text of it."""
    data = FIRST + ONE + TWO + THREE
    for start in range(len(FIRST), len(data) - 400, 97):
        left, lost, right = members(data[:start], data[start : start + 300], data[start + 300 :])
        seen = read(tmp_path, left + lost[:-8] + bytes(8) + right, "x.arc.gz")
        assert seen.faults
        assert all(raw.payload == BODY for raw in seen.raws), start


@examples(200)
@given(st.randoms(use_true_random=False), st.booleans())
def test_no_record_is_lost_silently(chance: random.Random, packed: bool) -> None:
    """However a file is damaged, it is told; and no text is another one."""
    parts = [FIRST, ONE, LOOKUP, TWO, THREE]
    data = bytearray(b"".join(members(*parts) if packed else parts))
    at, length = chance.randrange(len(data)), chance.randint(1, 40)
    how = chance.choice("lose cut insert".split())
    if how == "lose":
        del data[at : at + length]
    elif how == "cut":
        del data[at:]
    else:
        data[at:at] = chance.randbytes(length)
    with tempfile.TemporaryDirectory() as folder:
        seen = read(Path(folder), bytes(data), "x.arc.gz" if packed else "x.arc")
    whole = {raw.url for raw in seen.raws if raw.payload == BODY}
    left_out = sum(one.found.count for one in seen.offers if isinstance(one.found, LeftOut))
    told = seen.faults or any(raw.announced_bytes_missing for raw in seen.raws) or left_out > 1
    assert told or len(whole) == 3 or how == "cut"
    if packed:
        assert all(raw.payload == BODY or raw.announced_bytes_missing for raw in seen.raws)


def test_warcio_reads_the_same(tmp_path: Path) -> None:
    data = FIRST + ONE + LOOKUP + TWO + one(3, answer(status="404 Not Found"))
    found = [
        (record.rec_headers["WARC-Target-URI"], record.rec_headers["WARC-Date"],
         record.http_headers.get_statuscode(), record.content_stream().read())
        for record in ArchiveIterator(io.BytesIO(data), arc2warc=True) if record.http_headers
    ]  # fmt: skip
    raws = read(tmp_path, data).raws
    assert found == [(r.url, r.captured_at, str(r.http_status), r.payload) for r in raws]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_from_the_command_line(tmp_path: Path, jobs: str) -> None:
    """Alone and in processes; it is read as a whole, and read again it is known."""
    source, db = tmp_path / "a.arc.gz", tmp_path / "db" / "embassy.db"
    source.write_bytes(b"".join(members(FIRST, ONE, LOOKUP, TWO)))
    for said in ("captures: 2 stored, 0 known", "captures: 0 stored, 2 known"):
        done = program.run("ingest", str(source), "--jobs", jobs, "--db", str(db))
        assert done.exit_code == 0 and said in done.err, done.err
    assert program.query(db, "SELECT DISTINCT source FROM captures") == [("arc",)]
    assert program.run("verify", "--db", str(db)).exit_code == 0


def test_warcio_is_imported_for_arc_files_alone(tmp_path: Path) -> None:
    """It takes a tenth of a second, which no other import has to wait for."""
    code = "import sys, embassy_scraper.archives.saved; sys.exit('warcio' in sys.modules)"
    assert subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path).returncode == 0
