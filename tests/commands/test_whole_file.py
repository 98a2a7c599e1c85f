"""A file that is written as a whole: what a killed process has left of it is gone with the next."""

from __future__ import annotations

from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from embassy_scraper.whole_file import replace_file


def test_what_a_killed_process_has_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    told = tmp_path / "told [1].csv"
    left = tmp_path / ".told [1].csv.x1.half"
    others = [tmp_path / ".told 1.csv.x1.half", tmp_path / "told [1].csv.half", tmp_path / "a"]
    for path in (left, *others):
        path.write_bytes(b"half")
    replace_file(told, [b"a", b"b"])
    assert told.read_bytes() == b"ab"
    assert set(tmp_path.iterdir()) == {told, *others}


def test_what_another_process_writes_stays(tmp_path: Path) -> None:
    held = tmp_path / ".told.csv.x1.half"
    with held.open("wb") as file:
        flock(file, LOCK_EX)
        replace_file(tmp_path / "told.csv", [b"a"])
        assert held.exists()
    replace_file(tmp_path / "told.csv", [b"b"])
    assert [path.name for path in tmp_path.iterdir()] == ["told.csv"]


def test_what_fails_leaves_the_file_of_before(tmp_path: Path) -> None:
    told = tmp_path / "told.csv"
    told.write_bytes(b"before")

    def parts() -> list[bytes]:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        replace_file(told, (part for _ in [0] for part in parts()))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"before"]
