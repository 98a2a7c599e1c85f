"""The disk in words: what is no file, what has failed, and what to do about it."""

from errno import EDQUOT, EIO, ENOSPC
from pathlib import Path

_ROOM = "make room on the disk, and where temporary files are written, then run it again"
_DISK = "check the disk and the room on it, then run it again"
_OTHER = "another program holds it; run this again when that has ended"
_ADVICE = {
    "SQLITE_FULL": _ROOM,
    "SQLITE_IOERR": _DISK,
    "SQLITE_CORRUPT": "check the disk, then run embassy-scraper verify",
    "SQLITE_BUSY": _OTHER,
    "SQLITE_LOCKED": _OTHER,
    "SQLITE_PROTOCOL": _OTHER,
    ENOSPC: _ROOM,
    EDQUOT: _ROOM,
    EIO: _DISK,
}


def what_failed(error: Exception, otherwise: str) -> str:
    """Return what *error*, the system's or SQLite's, says, and what to do about it.

    *otherwise* is what to do where that is not known.
    """
    if isinstance(error, OSError):
        return f"{error.strerror or error}; {_ADVICE.get(error.errno or 0, otherwise)}"
    name = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])  # of SQLITE_IOERR_WRITE
    return f"{error}; {_ADVICE.get(name, otherwise)}"


def why_no_file(path: Path) -> str | None:
    """Return what is at *path* in place of a file; ``None`` where there is a file, or nothing."""
    if path.is_file() or not path.exists():
        return None
    return "a folder" if path.is_dir() else "a pipe or a device"
