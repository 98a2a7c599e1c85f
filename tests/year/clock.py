"""The clock of the year: a number in a mapped file, which ``clock.c`` gives to every process.

What a process waits, it waits by the machine's steady clock; only its wall clock is moved.
"""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

_SOURCE = Path(__file__).with_name("clock.c")
_MARK = ".year"  # a file in a folder in which a year was lived
COMPILER = shutil.which("cc")
WHY_NOT = "there is no C compiler; apt-get install gcc libc6-dev"


class Clock:
    """The time that every process with ``environment()`` knows; it stands until it is moved."""

    def __init__(self, folder: Path, start: datetime) -> None:
        assert COMPILER is not None
        self._library, self._path = folder / "clock.so", folder / "clock"
        command = [COMPILER, "-O2", "-shared", "-fPIC", "-o", str(self._library),
                   str(_SOURCE), "-ldl"]  # fmt: skip
        subprocess.run(command, check=True)
        self._path.write_bytes(bytes(8))
        with self._path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 8)
        self.move_to(start)

    def move_to(self, moment: datetime) -> None:
        """Set the clock."""
        self.now = moment
        self._shared[:8] = struct.pack("d", moment.timestamp())

    def pass_by(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.move_to(self.now + timedelta(seconds=seconds))

    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to live by this clock."""
        return {
            **os.environ, "TZ": "UTC", "LD_PRELOAD": str(self._library),
            "YEAR_CLOCK": str(self._path), "PYTHONPATH": str(Path(__file__).parents[2]),
        }  # fmt: skip


def moment(text: str) -> datetime:
    """Read an instant as the program writes it."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def written(at: datetime) -> str:
    """Write an instant as the program does."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def fresh(folder: Path) -> Path:
    """An empty folder, marked as one that may be emptied; no other that holds anything is."""
    is_taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    if is_taken and not (folder / _MARK).exists():
        sys.exit(f"{folder}: not made by an earlier year; name a new folder, which is made")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()
    return folder
