"""The program as a person runs it: on a terminal (a pty), or with its output in a pipe."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

_CODES = re.compile(r"\x1b\[\?25[lh]|\r\x1b\[K")  # of our own bars: drawn, or overwritten by a line
_BAR = re.compile(r"\r*[a-z ]+ {2}\[[#-]+\] +\d+%(?: +[\d:]+)? *")


@dataclass(frozen=True)
class Printed:
    """What a command printed; of a terminal without the bars that this program draws."""

    code: int
    out: str
    err: str


def piped(folder: Path, *words: str, **env: str) -> Printed:
    """Run a command in *folder*, and read both streams from pipes."""
    done = subprocess.run(
        _command(words), cwd=folder, env=_env(env), capture_output=True, check=False, timeout=120
    )
    return Printed(done.returncode, _text(done.stdout), _text(done.stderr))


def on_terminal(folder: Path, *words: str, **env: str) -> Printed:
    """Run a command in *folder*, and read both streams as a terminal gets them."""
    streams = [_Screen(), _Screen()]
    child = subprocess.Popen(
        _command(words), cwd=folder, env=_env(env), stdin=subprocess.DEVNULL,
        stdout=streams[0].child, stderr=streams[1].child,
    )  # fmt: skip
    for one in streams:
        os.close(one.child)
    code = child.wait(120)
    out, err = (_BAR.sub("", _CODES.sub("", one.read())).replace("\r\n", "\n") for one in streams)
    return Printed(code, out, err)


class _Screen:
    """One terminal; what is written to it is read all the while, or the writer would wait."""

    def __init__(self) -> None:
        self._own, self.child = pty.openpty()
        self._data = b""
        self._reader = threading.Thread(target=self._follow, daemon=True)
        self._reader.start()

    def _follow(self) -> None:
        try:
            while data := os.read(self._own, 65536):
                self._data += data
        except OSError:  # the last writer has gone
            pass

    def read(self) -> str:
        self._reader.join(20)
        os.close(self._own)
        return _text(self._data)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _command(words: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-P", "-m", "embassy_scraper", *words]


def _env(more: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(Path(__file__).parents[2]), **more}
