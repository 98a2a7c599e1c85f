"""The clock of the year: a file, which libfaketime gives to every process of the program."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

PLACES = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/faketime/libfaketime.so.1",
)
LIBRARY = next((path for path in PLACES if Path(path).exists()), None)
WHY_NOT = "libfaketime is not here; apt-get install libfaketime"


class Clock:
    """The time that every process with ``environment()`` knows; it stands until it is moved."""

    def __init__(self, folder: Path, start: datetime) -> None:
        self.path = folder / "clock"
        self.now = start
        self.move_to(start)

    def move_to(self, moment: datetime) -> None:
        """Set the clock, in one step: nobody reads half a line."""
        self.now = moment
        beside = self.path.with_suffix(".new")
        beside.write_text(f"{moment:%Y-%m-%d %H:%M:%S.%f}\n")
        os.replace(beside, self.path)

    def pass_by(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.move_to(self.now + timedelta(seconds=seconds))

    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to live by this clock.

        Only its wall clock is moved: what it waits, it waits by the steady clock.
        """
        assert LIBRARY is not None
        return {
            **os.environ, "TZ": "UTC", "LD_PRELOAD": LIBRARY, "NO_FAKE_STAT": "1",
            "FAKETIME_TIMESTAMP_FILE": str(self.path), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DISABLE_SHM": "1",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }  # fmt: skip


def moment(text: str) -> datetime:
    """Read an instant as the program writes it."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def written(at: datetime) -> str:
    """Write an instant as the program does."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def fresh(folder: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
