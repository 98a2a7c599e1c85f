"""The disk in words: what is no file, what has failed, and what to do about it."""

import os
from errno import EACCES, EDQUOT, EIO, ENOSPC, EROFS
from pathlib import Path

from embassy_scraper.errors import DatabaseError

_RAW = "captures/embassy-*.warc.gz"  # beside a database
_TEMPORARY = os.environ.get("TMPDIR") or "/var/tmp and /tmp"
_ROOM = (
    f"make room on its disk, and where temporary files are written ({_TEMPORARY}), then run it"
    " again"
)
DAMAGED = (
    "move the database away, then make it again with embassy-scraper rebuild --from and the"
    " captures/ folder beside it"
)
_DISK = "check the disk and the room on it, then run it again"
_OTHER = "another program holds it; run this again when that has ended"
_ADVICE = {
    "SQLITE_FULL": _ROOM,
    "SQLITE_IOERR": _DISK,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
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
    if path.is_file():
        return None
    if not path.exists():
        is_loop = path.is_symlink() and Path(os.path.realpath(path)).is_symlink()
        return "a link that leads to itself" if is_loop else None
    return "a folder" if path.is_dir() else "a pipe or a device"


def true_path(path: Path) -> Path:
    """Return the file that *path* leads to, where it is a link; else *path* as it was named.

    What lies beside a file is found beside the file itself, whatever link names it.

    Raises:
        DatabaseError: raw captures lie beside the link alone, where earlier versions put them.
    """
    if not os.path.islink(path):  # noqa: PTH114 - never raises
        return path
    true = Path(os.path.realpath(path))
    if any(path.parent.glob(_RAW)) and not any(true.parent.glob("captures")):
        raise DatabaseError(
            f"{path}: a link, and raw captures lie beside the file that it leads to; move"
            f" {path.parent / 'captures'} to {true.parent / 'captures'}"
        )
    return true


def refuse_unwritable(folder: Path) -> None:
    """Raise where nothing can be written to *folder*: SQLite does not say why.

    Raises:
        OSError: it is not permitted, or the disk can only be read.
    """
    if not os.access(folder, os.W_OK):
        number = EROFS if os.statvfs(folder).f_flag & os.ST_RDONLY else EACCES
        raise OSError(number, os.strerror(number), str(folder))
