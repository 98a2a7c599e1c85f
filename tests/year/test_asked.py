"""What the tests' own programs are asked: they empty no folder of others, and refuse in a line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.world.program import ROOT
from tests.year.clock import fresh
from tests.year.happens import LEAST_DAYS, Year


def test_a_folder_of_others_is_not_emptied(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("no folder")
    for folder in (tmp_path, mine):
        with pytest.raises(SystemExit, match="name a new folder"):
            fresh(folder)
    assert mine.read_text() == "no folder"
    made = fresh(tmp_path / "made")
    (made / "data").mkdir()
    assert not (fresh(made) / "data").exists()


def test_so_few_days_can_be_lived() -> None:
    for seed in range(20):
        assert Year(seed, LEAST_DAYS).deeds


@pytest.mark.parametrize(
    "words",
    ["year --days 3", "year --again", "year --again --folder .", "faults tell --every 0",
     "faults tell --jobs 0", "fuzz --minutes -1", "fuzz --minutes nan", "frames --share 0"],
)  # fmt: skip
def test_what_cannot_be_done_is_refused(words: str) -> None:
    name, *more = words.split()
    command = [sys.executable, "-m", f"tests.{name}", *more]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr and ": error: " in done.stderr
