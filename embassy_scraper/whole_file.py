"""A file that is written as a whole or not at all: its reader never sees half of it."""

import os
import tempfile
from collections.abc import Iterable
from contextlib import closing, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from glob import escape
from io import BufferedWriter
from pathlib import Path

_HALF = ".half"  # the end of the name of a file that is being written


def replace_file(path: Path, parts: Iterable[bytes]) -> None:
    """Write *parts* to *path*, in whose place the new file comes once all is written.

    Who may read it stays; of a new file the umask says who may. What a killed process has left of
    the same file is removed.
    """
    _remove_left(path)
    file, half = _begin(path)
    try:
        with closing(file):
            file.writelines(parts)
            half.chmod(_mode(path))
            file.flush()
            half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _begin(path: Path) -> tuple[BufferedWriter, Path]:
    """Return a new file beside *path*, locked for as long as it is open, and its name."""
    while True:
        handle, name = tempfile.mkstemp(_HALF, f".{path.name}.", path.parent)
        file = os.fdopen(handle, "wb")
        with suppress(OSError):  # where files cannot be locked, none is taken for left behind
            flock(handle, LOCK_EX)
        if os.fstat(handle).st_nlink:
            return file, Path(name)
        file.close()  # taken for left behind before it was locked


def _remove_left(path: Path) -> None:
    """Remove what was begun beside *path*, and nobody holds any more."""
    for left in path.parent.glob(f".{escape(path.name)}.*{_HALF}"):
        with suppress(OSError), left.open("rb") as file:
            flock(file, LOCK_EX | LOCK_NB)
            left.unlink()


def _mode(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_mode & 0o777
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask
