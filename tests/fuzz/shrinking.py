"""Makes a finding small: a process of its own judges each smaller one."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from tests.fuzz.judge import Verdict

KILLED = Verdict(60.0, 0.0, 0, "killed: it took too long, or more than the machine has")


class Apart:
    """A process of its own that judges inputs for one target, and is begun anew when it dies."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._process: subprocess.Popen[str] | None = None
        self._folder = TemporaryDirectory()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self._folder.cleanup()

    def judge(self, data: bytes) -> Verdict:
        """Return what *data* costs there."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz.judge", self._target],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        assert self._process.stdin and self._process.stdout
        path = Path(self._folder.name, "input")
        path.write_bytes(data)
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{path}\n")
            self._process.stdin.flush()
        if line := self._process.stdout.readline():
            return Verdict(**json.loads(line))
        self._end()
        return KILLED

    def anew(self, data: bytes) -> Verdict:
        """Return what *data* costs in a process that has read nothing else but the median page."""
        self._end()
        return self.judge(data)

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            with suppress(BrokenPipeError):
                self._process.communicate()
            self._process = None


def shrunk(data: bytes, apart: Apart, fault: str, seconds: float) -> bytes:
    """Return as small a part of *data* as has the same *fault*, found in so many *seconds*."""
    end, size = time.monotonic() + seconds, len(data) // 2
    while size:
        at = 0
        while at < len(data):
            smaller = data[:at] + data[at + size :]
            if time.monotonic() > end:
                return data
            if apart.judge(smaller).fault == fault:
                data = smaller
            else:
                at += size
        size //= 2
    return data
