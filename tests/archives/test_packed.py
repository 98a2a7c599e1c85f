"""WARC files in zstd frames: with a dictionary or without, whole, cut off and damaged."""

from __future__ import annotations

import gzip
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from embassy_scraper.archives import unpacked
from embassy_scraper.archives.saved import SavedReader, find_files
from embassy_scraper.archives.shards import cut, read_shard
from tests.archives.test_files import (
    AT,
    BODY,
    GARBAGE,
    PLAIN,
    SKIPPED,
    read,
    record,
    wacz,
    zstd,
)
from tests.archives.test_shards import told
from tests.examples import examples
from tests.world import program

ROOT = Path(__file__).parents[2]
ONE, TWO, THREE = (zstd(part) for part in PLAIN)
WHOLE = zstd(b"".join(PLAIN))
FOUR = [*PLAIN, record(number=4, packed=False)]


def gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def skippable(data: bytes) -> bytes:
    return b"\x5d\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data


def trained(*parts: bytes, how: Callable[[bytes], bytes] = skippable) -> bytes:
    """As ArchiveTeam writes them: a dictionary in a frame to skip, then a frame for each record."""
    samples: list[bytes | bytearray | memoryview] = [
        record(number=n, packed=False) for n in range(400)
    ]
    made = zstandard.train_dictionary(8000, samples)
    packer = zstandard.ZstdCompressor(dict_data=made, write_checksum=True)
    return how(made.as_bytes()) + b"".join(packer.compress(part) for part in parts)


FILES = {
    "frames": (ONE + TWO + THREE, "123", []),
    "one frame": (WHOLE, "123", []),
    "frames of some": (zstd(PLAIN[0] + PLAIN[1]) + THREE, "123", []),
    "a frame to skip": (SKIPPED + ONE + SKIPPED + TWO, "12", []),
    "zeros last": (ONE + TWO + bytes(9000), "12", []),
    "a dictionary": (trained(*PLAIN), "123", []),
    "a packed dictionary": (trained(*PLAIN, how=lambda d: skippable(zstd(d))), "123", []),
    "no dictionary": (trained(*PLAIN, how=lambda d: SKIPPED), "", ["damaged record"]),
    "another dictionary": (skippable(b"x" * 900) + trained(*PLAIN, how=lambda d: b""), "",
                           ["damaged record"]),
    "a broken dictionary": (skippable(b"\x37\xa4\x30\xec" + b"\1" * 12) + ONE, "",
                                 ["unreadable file"]),
    "garbage between": (ONE + GARBAGE + TWO, "12", ["damaged record"]),
    "garbage last": (ONE + GARBAGE, "1", ["damaged record"]),
    "a frame cut": (ONE + TWO[:-90] + THREE, "13", ["damaged record"]),
    "a checksum": (ONE + TWO[:-2] + b"\xff\xff" + THREE, "13", ["damaged record"]),
    "the checksum of all": (WHOLE[:-2] + b"\xff\xff", "", ["damaged record"]),
    "a head alone": (ONE[:5], "", ["damaged record"]),
    "a last head cut": (ONE + TWO[:5], "1", ["damaged record"]),
    "no WARC": (zstd(BODY), "", ["damaged record"]),
    "nothing in it": (zstd(b""), "", ["no records"]),
    "a record of gzip in it": (zstd(record()), "1", []),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_what_comes_of_a_file(tmp_path: Path, name: str) -> None:
    data, numbers, faults = FILES[name]
    for file in ("x.warc.zst", "x.warc.gz", "x.wet.zst"):  # it is known by how it begins
        seen = read(tmp_path, data, file)
        assert "".join(seen.numbers()) == numbers, [str(one.found) for one in seen.offers]
        assert seen.faults == faults, [str(one.found) for one in seen.offers]
        assert all(raw.payload == BODY and raw.captured_at == AT for raw in seen.raws)
        assert all(raw.source == ("wet" if "wet" in file else "warc") for raw in seen.raws)
    if "cut" in name or "checksum" in name or "garbage" in name:
        assert "near offset packed " in str(seen.offers[0].found)


def test_a_file_that_is_cut_off_is_read_as_far_as_it_came(tmp_path: Path) -> None:
    packer = zstandard.ZstdCompressor().compressobj()
    packed = b"".join(
        packer.compress(part) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK) for part in PLAIN
    )
    seen = read(tmp_path, packed[:-40], "x.warc.zst")
    assert seen.numbers()[:2] == ["1", "2"] and seen.faults[0] == "damaged record"
    assert [raw.payload == BODY for raw in seen.raws][:2] == [True, True]
    assert all(raw.announced_bytes_missing for raw in seen.raws[2:])
    assert "is cut off" in str(seen.offers[0].found)


@examples(300)
@given(st.randoms(use_true_random=False), st.sampled_from([1, 2, 4]))
def test_damage_never_passes_as_another_text(chance: random.Random, together: int) -> None:
    """Bytes flipped, lost or put in, with a frame for each record, for two of them, for all."""
    frames = [b"".join(FOUR[at : at + together]) for at in range(0, 4, together)]
    data = bytearray(b"".join(zstd(frame) for frame in frames))
    at, length = chance.randrange(len(data)), chance.randint(1, 9)
    how = chance.choice("flip lose put cut".split())
    if how == "flip":
        data[at : at + length] = chance.randbytes(length)
    elif how == "lose":
        del data[at : at + length]
    elif how == "put":
        data[at:at] = chance.randbytes(length)
    else:
        del data[at + 1 :]
    with tempfile.TemporaryDirectory() as folder:
        seen = read(Path(folder), bytes(data), "x.warc.zst")
    assert all(raw.payload == BODY or raw.announced_bytes_missing for raw in seen.raws)
    assert seen.faults or len(seen.raws) == 4 or how == "cut"


JUNK = [b"JUNK JUNK\r\n\r\n", b"WARC/1.0\r\nfoo: bar\r\n\r\n", b"\0" * 9 + b"x\r\n", b"x" * 99_000]


@pytest.mark.parametrize("junk", JUNK, ids=["words", "a head of no length", "zeros", "much"])
@pytest.mark.parametrize("at", range(4))
def test_records_behind_junk_are_read_in_any_packing(tmp_path: Path, junk: bytes, at: int) -> None:
    """Inside one gzip member too, and in those behind it."""
    data = b"".join([*FOUR[:at], junk, *FOUR[at:3], junk, FOUR[3]])
    for name, packed in (("a.warc", data), ("a.warc.zst", zstd(data)), ("a.warc.gz", gz(data))):
        seen = read(tmp_path, packed, name)
        assert "".join(seen.numbers()) == "1234", name
        assert seen.faults == ["damaged record"] * (1 if at == 3 else 2), name
    for how in (0, 9):  # what is stored as it is shows its records, which are read once
        middle = gzip.compress(data, how)
        seen = read(tmp_path, gz(FOUR[0]) + middle + gz(FOUR[1]), "a.warc.gz")
        assert "".join(seen.numbers()) == "112342", how
    assert all(raw.payload == BODY and not raw.announced_bytes_missing for raw in seen.raws)


def test_junk_alone_in_a_gzip_member_is_told_once(tmp_path: Path) -> None:
    data = gz(FOUR[0]) + gz(b"JUNK\r\n\r\n") + gz(b"JUNK\r\n\r\n" + FOUR[1]) + gz(FOUR[2])
    seen = read(tmp_path, data)
    assert "".join(seen.numbers()) == "123" and seen.faults == ["damaged record"] * 2
    (alone,) = read(tmp_path, gz(b"JUNK\r\n\r\n" + FOUR[1])).raws
    assert alone.payload == BODY


def test_a_record_in_several_frames_is_not_put_together_of_two(tmp_path: Path) -> None:
    """The frame in the middle is lost: what is left of one record is no text of it."""
    data = b"".join(PLAIN)
    for start in range(0, len(data) - 400, 61):
        left, lost, right = data[:start], data[start : start + 300], data[start + 300 :]
        packed = zstd(left) + zstd(lost)[:-4] + bytes(4) + zstd(right)
        seen = read(tmp_path, packed, "x.warc.zst")
        assert seen.faults
        assert all(raw.payload == BODY for raw in seen.raws), start


@pytest.mark.skipif(shutil.which("zstd") is None, reason="zstd is not installed")
@pytest.mark.parametrize("more", [(), ("--long=27", "-19")], ids=str)
def test_what_the_zstd_program_packs_is_read(tmp_path: Path, more: tuple[str, ...]) -> None:
    (tmp_path / "x.warc").write_bytes(b"".join(PLAIN) * 40)
    command = ["zstd", "-q", *more, "x.warc", "-o", "x.warc.zst"]
    subprocess.run(command, cwd=tmp_path, check=True)
    seen = read(tmp_path, (tmp_path / "x.warc.zst").read_bytes(), "y.warc.zst")
    assert (len(seen.raws), seen.faults) == (120, [])


READ = """
import resource, signal, sys
from pathlib import Path
from embassy_scraper.archives.saved import SavedReader, find_files
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
for file in find_files([Path(sys.argv[1])])[0]:
    for offer in SavedReader(()).read(file):
        sys.stdout.write(f"{offer.found}\\n")
"""
LARGE = b"".join(PLAIN) + bytes(3_000_000)


@pytest.mark.parametrize(
    "name, data",
    [
        ("x.warc.zst", zstd(LARGE)),
        ("x.arc.gz", gzip.compress(b"filedesc://a\n" + LARGE)),
        ("x.wacz", wacz({"archive/a.warc": LARGE}, zipfile.ZIP_DEFLATED)),
        ("y.wacz", wacz({"archive/a.warc.zst": zstd(LARGE)})),
    ],
)
def test_a_full_disk_is_told_in_one_line(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", READ, name], cwd=tmp_path, text=True, capture_output=True,
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}, check=True,
    )  # fmt: skip
    (line,) = done.stdout.splitlines()
    assert line.startswith(name) and f"could not be unpacked in {tmp_path} (File too large)" in line
    assert "make room there, or name another folder in TMPDIR" in line


def test_what_unpacks_to_too_much_is_read_up_to_there(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(unpacked, "MAX_UNPACKED_BYTES", len(PLAIN[0]) + len(PLAIN[1]))
    monkeypatch.setattr(unpacked, "MAX_UNPACKED_TIMES", 0)
    for name, data in (
        ("x.warc.zst", ONE + TWO + THREE + ONE),
        ("x.wacz", wacz({"a.warc": b"".join(PLAIN) * 2}, zipfile.ZIP_DEFLATED)),
        ("y.wacz", wacz({"a.warc": PLAIN[0], "b.warc": b"".join(PLAIN[1:])}, zipfile.ZIP_DEFLATED)),
    ):
        seen = read(tmp_path, data, name)
        assert seen.numbers()[:2] == ["1", "2"] and len(seen.numbers()) < 4
        assert [str(one.found) for one in seen.offers if "the rest is not read" in str(one.found)]
        assert all(raw.payload == BODY or raw.announced_bytes_missing for raw in seen.raws)


READING = """
import resource, sys
from pathlib import Path
from embassy_scraper.archives import unpacked
from embassy_scraper.archives.warc import read_warc
unpacked.MAX_UNPACKED_BYTES = 300_000_000
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = [type(offer.found).__name__ for offer in read_warc(Path(sys.argv[1]))]
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, *found)
"""


def test_a_bomb_is_unpacked_in_little_memory(tmp_path: Path) -> None:
    """Four bytes of zstd can become 128 KB: a step of the file is small."""
    path = tmp_path / "x.warc.zst"
    packer = zstandard.ZstdCompressor().compressobj()
    with path.open("wb") as file:
        file.writelines(packer.compress(bytes(1 << 20)) for _ in range(400))
        file.write(packer.flush())
    command = [sys.executable, "-c", READING, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    kilobytes, *found = done.stdout.split()
    assert int(kilobytes) < 150_000
    assert set(found) == {"CaptureRejected"}


@pytest.mark.parametrize("data", [trained(*PLAIN), ONE + TWO, ONE + GARBAGE + TWO])
def test_a_file_is_never_cut_into_stretches(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.warc.zst").write_bytes(data)
    files, _ = find_files([tmp_path / "x.warc.zst"])
    (shard,) = cut(files, 1)
    assert (shard.begin, shard.end) == (0, None)
    alone = [told(offer) for offer in SavedReader(()).read(files[0])]
    assert [told(offer) for offer in read_shard(SavedReader(()), shard)] == alone != []


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_from_the_command_line(tmp_path: Path, jobs: str) -> None:
    source, db = tmp_path / "a.warc.zst", tmp_path / "db" / "embassy.db"
    source.write_bytes(trained(*PLAIN) + GARBAGE)
    for said in ("captures: 3 stored, 0 known, 1 rejected", "captures: 0 stored, 3 known"):
        done = program.run("ingest", str(source), "--jobs", jobs, "--db", str(db))
        assert done.exit_code == 3 and said in done.err, done.err
    assert program.run("verify", "--db", str(db)).exit_code == 0
