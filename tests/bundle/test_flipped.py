"""A flipped byte anywhere in a bundle is found, and named."""

from __future__ import annotations

import random
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bundle.builders import URL, Answers, Made, changes, make, page, prove, rezipped
from tests.examples import thinned
from tests.world import program


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Made:
    folder = tmp_path_factory.mktemp("flipped")
    warc = Answers(folder / "in.warc.gz").write(
        (URL, "2021-03-02T19:00:00Z", page("A title", "The text has 15 words.", 2)),
        (URL, "2021-03-04T19:00:00Z", page("A title", "The text has 16 words.", 4)),
    )
    db = folder / "data" / "embassy.db"
    assert program.ingest(db, warc).exit_code == 0
    (change,) = [name for name, row in changes(db).items() if row["field"] == "body"]
    return make(db, change, folder / "evidence.zip")


@pytest.fixture(scope="module")
def check(made, tmp_path_factory) -> Callable[[Path], str]:
    """Run the script in this process, for speed; return what it says is wrong, or an empty text."""
    script = made.unpack(tmp_path_factory.mktemp("script")) / "prove.py"

    def run(place: Path) -> str:
        argv, sys.argv = sys.argv, [str(script), str(place)]
        try:
            runpy.run_path(str(script), run_name="__main__")
        except SystemExit as end:
            return str(end.code)
        finally:
            sys.argv = argv
        return ""

    return run


def offsets(size: int, most: int) -> Iterator[int]:
    ends = [*range(min(size, 40)), *range(max(0, size - 100), size)]
    yield from sorted({*ends, *random.Random(size).sample(range(size), min(size, most))})


def flipped(data: bytes, offset: int) -> bytes:
    bit = 1 << random.Random(offset).randrange(8)
    return data[:offset] + bytes([data[offset] ^ bit]) + data[offset + 1 :]


def test_the_bundle_itself_is_right(made, check, tmp_path) -> None:
    assert check(made.path) == ""
    assert check(rezipped(made.members, tmp_path / "again.zip")) == ""
    assert check(made.unpack(tmp_path / "unpacked")) == ""


def test_of_the_zip_as_it_is(made, check, tmp_path) -> None:
    data, place = made.path.read_bytes(), tmp_path / "flipped.zip"
    for offset in offsets(len(data), 300 // thinned(1)):
        place.write_bytes(flipped(data, offset))
        assert check(place), offset


def test_of_every_bit_of_its_table_and_its_seal(made, check, tmp_path) -> None:
    data, place = made.path.read_bytes(), tmp_path / "flipped.zip"
    begin = data.rindex(b"PK\5\6")
    for offset in range(begin, len(data)):
        for bit in range(8):
            place.write_bytes(data[:offset] + bytes([data[offset] ^ 1 << bit]) + data[offset + 1 :])
            assert check(place), (offset, bit)


def test_of_the_members_zipped_again(made, check, tmp_path) -> None:
    place = tmp_path / "flipped.zip"
    for name, data in made.members.items():
        for offset in offsets(len(data), 60 // thinned(1)):
            rezipped({**made.members, name: flipped(data, offset)}, place)
            wrong = check(place)
            assert name in wrong or name == "SHA256SUMS", (name, offset, wrong)
            assert wrong.startswith("not proved: ")


def test_of_the_files_unpacked_and_the_script_says_so_by_its_exit_status(made, tmp_path) -> None:
    for number, name in enumerate(("captures.wacz", "change.json", "SHA256SUMS")):
        folder = made.unpack(tmp_path / str(number))
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(flipped(data, len(data) // 2))
        done = prove(folder / "prove.py")
        assert done.returncode == 1
        assert done.stderr.startswith("not proved: ") and done.stderr.count("\n") == 1


def test_of_files_that_are_missing_twice_there_or_cut_off(made, check, tmp_path) -> None:
    for name in made.members:
        left = {key: data for key, data in made.members.items() if key != name}
        assert name in check(rezipped(left, tmp_path / "less.zip"))
    data = made.path.read_bytes()
    for size in (0, 10, len(data) // 2, len(data) - 1):
        (tmp_path / "cut.zip").write_bytes(data[:size])
        assert check(tmp_path / "cut.zip")


@pytest.mark.parametrize("change", ["other bytes", "another text", "another record"])
def test_of_what_is_told_though_the_digests_of_files_fit(made, check, tmp_path, change) -> None:
    """Someone who makes SHA256SUMS anew must still tell the truth of the records."""
    import json

    from tests.bundle.builders import sums

    told = made.told
    one = told["captures"][0]
    if change == "other bytes":
        one["sha256"] = told["captures"][1]["sha256"]
    elif change == "another text":
        one["passages"][1]["is_found"] = True
    else:
        one["own_record"]["id"] = "<urn:uuid:0>"
    members = {**made.members, "change.json": json.dumps(told).encode()}
    members["SHA256SUMS"] = sums(members, "SHA256SUMS")
    assert change in check(rezipped(members, tmp_path / "forged.zip"))
