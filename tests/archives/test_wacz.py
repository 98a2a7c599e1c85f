"""WACZ files that are damaged or made to do harm; and that none is read more than once."""

from __future__ import annotations

import gzip
import io
import random
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from embassy_scraper.archives.kinds import HEAD, kind_of
from embassy_scraper.archives.warc import read_records
from embassy_scraper.limits import MAX_ZIP_LIST
from tests.archives.test_arc import FIRST
from tests.archives.test_arc import ONE as ARC_ONE
from tests.archives.test_files import BODY, GARBAGE, PLAIN, Seen, read, record, wacz, zstd
from tests.world import program

ONE, TWO, THREE = (record(number=n) for n in (1, 2, 3))
HOWS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


def encrypted(data: bytes) -> bytes:
    """With the flag that says so, before the member and in the list at the end."""
    out = bytearray(data)
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        out[out.index(magic) + at] |= 1
    return bytes(out)


def twice(name: str, *parts: bytes) -> bytes:
    """A zip with several members of one name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for part in parts:
            bundle.writestr(name, part)
    return out.getvalue()


def elsewhere(data: bytes) -> bytes:
    """With a list that names a place at which no member is."""
    at = data.index(b"PK\x01\x02")
    return data[: at + 42] + struct.pack("<I", 7) + data[at + 46 :]


INSIDE = {
    "a.warc": b"".join(PLAIN),
    "a.warc.gz": ONE + TWO + THREE,
    "a.warc.zst": b"".join(zstd(part) for part in PLAIN),
}


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("name", INSIDE)
def test_members_of_any_packing(tmp_path: Path, how: int, name: str) -> None:
    seen = read(tmp_path, wacz({f"archive/{name}": INSIDE[name]}, how), "x.wacz")
    assert (seen.numbers(), seen.faults) == (["1", "2", "3"], [])
    assert all(offer.where.startswith(f"archive/{name} ") for offer in seen.offers)
    assert all(raw.payload == BODY and raw.source == "wacz" for raw in seen.raws)


BAD = {
    "encrypted": (encrypted(wacz({"a.warc.gz": ONE})), "", "it is encrypted"),
    "twice": (twice("a.warc.gz", ONE, TWO), "12", ""),
    "a path out of the folder": (wacz({"../../../etc/a.warc.gz": ONE}), "1", ""),
    "an absolute path": (wacz({"/etc/a.warc.gz": ONE}), "1", ""),
    "a name of two lines": (wacz({"a\nb.warc.gz": GARBAGE}), "", "offset a⟨U+000A⟩b.warc.gz 0"),
    "a zip in it": (wacz({"a.warc.gz": ONE, "x/b.WACZ": wacz({"b.warc.gz": TWO})}), "1",
                    "x/b.WACZ: an archive inside an archive; unpack it"),
    "a zip alone in it": (wacz({"b.zip": wacz({"b.warc.gz": TWO})}), "", "unpack it"),
    "another place": (elsewhere(wacz({"a.warc.gz": ONE})), "", "not a readable WACZ (zip) file"),
    "cut off": (wacz({"a.warc.gz": ONE})[:-30], "",
                "(zip) file: it is cut off or damaged; download or copy it again"),
    "no packing that is known": (
        wacz({"a.warc.gz": ONE}, zipfile.ZIP_DEFLATED).replace(b"\x08\0\0\0", b"\x63\0\0\0"), "",
        "not a readable WACZ (zip) file",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_a_zip_can_do(tmp_path: Path, name: str) -> None:
    data, numbers, said = BAD[name]
    seen = read(tmp_path, data, "x.wacz")
    assert "".join(seen.numbers()) == numbers
    told = [str(offer.found) for offer in seen.offers if offer.found not in seen.raws]
    assert len(told) == bool(said)
    assert all(said in line and "\n" not in line for line in told), told
    assert [path.name for path in tmp_path.iterdir()] == ["x.wacz"]


@pytest.mark.parametrize("how", HOWS)
def test_of_a_damaged_member_no_text_is_another(tmp_path: Path, how: int) -> None:
    """Packed records tell themselves which is damaged; of others nothing does, and none is read."""
    for name, inside, numbers in (
        ("a.warc.gz", ONE + TWO + THREE, "13"),
        ("a.warc", b"".join(PLAIN), ""),
    ):
        whole = wacz({name: inside, "b.warc.gz": THREE}, how)
        place = whole.index(name.encode()) + len(name) + (len(inside) // 2 if how == 0 else 200)
        seen = read(tmp_path, flipped(whole, place), "x.wacz")
        assert "unreadable file" in seen.faults and seen.numbers()[-1] == "3"
        assert all(raw.payload == BODY or raw.announced_bytes_missing for raw in seen.raws)
        if how == zipfile.ZIP_STORED:
            assert "".join(seen.numbers()) == numbers + "3"


def damaged(count: int, make: Callable[[int], bytes]) -> bytes:
    """So many records, a damaged stretch behind each."""
    return b"".join(make(number) + GARBAGE for number in range(count))


def made(size: int, *, packed: bool) -> Callable[[int], bytes]:
    chance = random.Random(size)
    return lambda number: record(chance.randbytes(size), number=number, packed=packed)


class Counted(io.BytesIO):
    """Bytes that count how many of them are read."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.count = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


def work(data: bytes) -> tuple[int, int, int]:
    """How many bytes are read of a file; how many captures and damaged stretches it has."""
    file = Counted(data)
    seen = Seen(list(read_records(file, "x", "warc")))
    return file.count, len(seen.raws), len(seen.faults)


@pytest.mark.parametrize("packed", [True, False])
def test_a_thousand_damaged_stretches_are_read_in_linear_time(packed: bool) -> None:
    """In bytes, which are the same in each run: four times the file is at most five times the work.

    Whether it has four times as many stretches, or stretches four times as far apart.
    """
    base, count, faults = work(damaged(250, made(2_600, packed=packed)))
    assert (count, faults) == (250, 250)
    more, count, faults = work(damaged(1_001, made(2_600, packed=packed)))
    assert (count, faults) == (1_001, 1_001) and more <= 5 * base
    longer, count, faults = work(damaged(250, made(11_500, packed=packed)))
    assert (count, faults) == (250, 250) and longer <= 5 * base


def test_beginnings_behind_a_large_record_do_not_lead_back_to_it() -> None:
    large = made(3_000_000, packed=True)(1)
    for head in (
        b"WARC/1.0\r\nWARC-Type: response\r\nX: x",
        b"\x1f\x8b\x08" + bytes(7) + b"x" * 50,
    ):
        few, many = work(large + head * 10)[0], work(large + head * 1_000)[0]
        assert (
            many < few + 100_000_000
        )  # a hundred times the large one would be three times as much


@pytest.mark.parametrize("how", HOWS[:2])
def test_a_member_of_a_wacz_is_unpacked_once(tmp_path: Path, monkeypatch, how: int) -> None:
    unpacked: list[int] = []
    plain: Any = zipfile.ZipExtFile.read

    def counted(self: zipfile.ZipExtFile, size: int = -1) -> bytes:
        data: bytes = plain(self, size)
        unpacked.append(len(data))
        return data

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    members = {f"{n}.warc.gz": damaged(300, made(500 + n, packed=True)) for n in range(3)}
    seen = read(tmp_path, wacz(members, how), "x.wacz")
    assert (len(seen.raws), len(seen.faults)) == (900, 900)
    size = sum(map(len, members.values()))
    heads = HEAD * len(members)  # which tell their kinds
    assert sum(unpacked) == heads + (size if how == zipfile.ZIP_DEFLATED else 0)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_from_the_command_line(tmp_path: Path, jobs: str) -> None:
    source, db = tmp_path / "a.wacz", tmp_path / "db" / "embassy.db"
    members = {"a.warc.gz": ONE + GARBAGE + TWO, "b.warc": PLAIN[2], "c.warc.zst": zstd(PLAIN[0])}
    source.write_bytes(wacz(members, zipfile.ZIP_DEFLATED))
    for said in ("captures: 3 stored, 1 known, 1 rejected", "captures: 0 stored, 4 known"):
        done = program.run("ingest", str(source), "--jobs", jobs, "--db", str(db))
        assert done.exit_code == 3 and said in done.err, done.err
    assert program.run("verify", "--db", str(db)).exit_code == 0


def test_what_is_packed_as_a_whole_inside_a_wacz(tmp_path: Path) -> None:
    inside = {"a.warc.gz": gzip.compress(b"".join(PLAIN)), "b.warc.zst": zstd(b"".join(PLAIN))}
    seen = read(tmp_path, wacz(inside), "x.wacz")
    assert seen.numbers() == ["1", "2", "3"] * 2 and not seen.faults


OTHERS = {
    "archive/b.warc.gz": ONE, "archive/a.arc.gz": gzip.compress(FIRST + ARC_ONE),
    "x.WET.gz": TWO, "c.warc.open": PLAIN[2], "archive/data": ONE, "archive/old": ARC_ONE,
}  # fmt: skip
SIDES = {
    "indexes/index.cdx.gz": gzip.compress(b" CDX N b a\n"), "logs/crawl": b"a log",
    "pages/pages.jsonl": b'{"format": "json-pages-1.0"}', "fuzzy.json": b'{"rules": []}',
    "datapackage.json": b'{"profile": "data-package"}', "a/": b"", "style.css": b"a {}",
}  # fmt: skip


@pytest.mark.parametrize("how", HOWS)
def test_members_are_known_as_files_are(tmp_path: Path, how: int) -> None:
    seen = read(tmp_path, wacz(OTHERS | SIDES, how), "x.wacz")
    assert (sorted(seen.numbers()), seen.faults) == (["1", "1", "1", "1", "2", "3"], [])
    for name, data in OTHERS.items():
        (tmp_path / "x.zip").write_bytes(wacz({name: data}))
        kind = "zip" if name in ("archive/data", "archive/old") else "WACZ"
        assert kind_of(tmp_path / "x.zip") == kind


@pytest.mark.parametrize(
    ("more", "said"),
    [({"p.html": BODY}, "another file in it is not read (p.html); unpack it and ingest the folder"),
     ({"9005": BODY, "notes.txt": b"x"}, "2 other files in it are not read (9005); "),
     ({"pages/9005": BODY}, "another file in it is not read (pages/9005); "),
     ({"a.pdf": b"%PDF-1.4"}, "another file in it is not read (a.pdf); ")],
)  # fmt: skip
def test_pages_beside_records_are_told(tmp_path: Path, more: dict[str, bytes], said: str) -> None:
    seen = read(tmp_path, wacz({"a.warc.gz": ONE, "a.png": b"\x89PNG\r\n", **more}), "x.zip")
    assert (seen.numbers(), seen.faults) == (["1"], ["unknown kind of file"])
    assert f"x.zip: {said}" in str(seen.offers[-1].found)


def test_what_is_named_as_records_is_read_as_them(tmp_path: Path) -> None:
    seen = read(tmp_path, wacz({"a.warc.gz": b"\x89PNG\r\n" + ONE, "b.arc": b"<p>"}), "x.wacz")
    assert len(seen.faults) == 2 and seen.numbers() == ["1"]


def listed(lengths: list[int], body: bytes = b"", names: str = "{}.warc") -> bytes:
    """A zip of one member, which its list names again and again, with these *lengths*."""
    made = wacz({"a.warc": body}, zipfile.ZIP_STORED)
    at = made.index(b"PK\x01\x02")
    head, entry, end = made[:at], made[at : at + 46], made[made.index(b"PK\x05\x06") :]
    rows = []
    for number, length in enumerate(lengths):
        name = names.format(number).encode()
        sizes = struct.pack("<IIH", length, length, len(name))
        rows.append(entry[:20] + sizes + bytes(46 - 30) + name)
    data = b"".join(rows)
    counts = struct.pack("<HHI", len(rows) % 65_536, len(rows) % 65_536, len(data))
    return head + data + end[:8] + counts + end[16:]


def test_members_that_lie_where_others_do_are_not_read(tmp_path: Path) -> None:
    body = b"".join(PLAIN)
    seen = read(tmp_path, listed([len(body)] * 1000, body), "x.wacz")
    assert seen.faults == ["unreadable file"]
    assert "members lie where others do; the rest is not read" in str(seen.offers[-1].found)
    assert 3 <= len(seen.raws) < 300  # the list too is longer than that of one member


@pytest.mark.parametrize("name", ["x.wacz", "x.zip", "x"])
def test_a_list_of_members_without_end_is_not_read(tmp_path: Path, name: str) -> None:
    data = listed([0] * 260, PLAIN[0], "{}" + "a" * 65_000)
    tracemalloc.start()
    seen = read(tmp_path, data, name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(seen.offers) == len(seen.faults) == 1
    assert peak < MAX_ZIP_LIST
