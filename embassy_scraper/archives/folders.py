"""Folders: every file below one, whatever hides it or stands in the way."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_COMPANION = "_files"  # behind a page's name: the folder in which browsers save what it shows
_PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".mht")


@dataclass(frozen=True, slots=True)
class Found:
    """A file or an unreadable folder: where it is, and its name below the folder searched.

    ``is_part``: it is one of the files that a browser saved with a page, in a folder beside it.
    ``leads_out``: it is a link to what does not lie below the folder searched.
    """

    path: Path
    name: str
    is_part: bool
    leads_out: bool = False


def walk(top: Path) -> Iterator[Found]:
    """Yield what lies below the folder *top*, each folder once.

    A link to a folder is followed when all else was seen, so the names of what it leads to are
    those of the true folder: manifests name these. A link that leads out of *top* is not followed:
    who filled the folder may not be who imports it.
    """
    true_top = os.path.realpath(top)
    seen: set[tuple[int, int]] = set()
    waiting = [(top, False)]
    while waiting:
        begin, is_part = waiting.pop(0)
        parts = {begin} if is_part else set()
        faults: list[OSError] = []
        for folder, folders, names in os.walk(begin, onerror=faults.append):
            here = Path(folder)
            if (which := _which(here, faults)) in seen:
                folders.clear()
                continue
            seen.add(which)
            folders.sort()
            parts |= {
                here / name for name in folders if here in parts or _is_companion(name, names)
            }
            below = "" if here == top else f"{here.relative_to(top).as_posix()}/"
            links = [name for name in folders if os.path.islink(here / name)]  # noqa: PTH114 - never raises
            out = {name for name in links if leads_out(here / name, true_top)}
            waiting += [(here / name, here / name in parts) for name in links if name not in out]
            for name in sorted([*names, *out]):
                is_out = name in out or leads_out(here / name, true_top)
                yield Found(here / name, below + name, here in parts, is_out)
        for fault in faults:
            path = Path(fault.filename)
            name = path.name if path == top else path.relative_to(top).as_posix()
            yield Found(path, name, is_part=False)


def leads_out(path: Path, top: str) -> bool:
    """Say whether *path* is a link to what does not lie below the true folder *top*.

    >>> leads_out(Path("/usr/bin/env"), "/usr")
    False
    """
    if not os.path.islink(path):  # noqa: PTH114 - a path that is too long is no link, and raises there
        return False
    return not Path(os.path.realpath(path)).is_relative_to(top)


def _which(folder: Path, faults: list[OSError]) -> tuple[int, int]:
    """Return what tells *folder* from any other; it may have vanished since it was listed."""
    try:
        stat = folder.stat()
    except OSError as error:
        faults.append(error)
        return -1, -1
    return stat.st_dev, stat.st_ino


def _is_companion(folder: str, names: list[str]) -> bool:
    """Say whether a folder holds the parts of a page that lies beside it, among *names*."""
    page = folder.removesuffix(_COMPANION)
    return page != folder and any(page + suffix in names for suffix in _PAGE_SUFFIXES)


def why_unreadable(path: Path) -> str:
    """Return why the file or folder *path* cannot be read."""
    try:
        if path.is_dir():
            next(path.iterdir(), None)
        else:
            path.open("rb").close()
    except OSError as error:
        return error.strerror or str(error)
    return "it could not be read"
