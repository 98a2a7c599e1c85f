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
    """

    path: Path
    name: str
    is_part: bool


def walk(top: Path) -> Iterator[Found]:
    """Yield what lies below the folder *top*, each folder once.

    A link to a folder is followed when all else was seen, so the names of what it leads to are
    those of the true folder, if that is below *top* too: manifests name these.
    """
    seen: set[tuple[int, int]] = set()
    waiting = [(top, False)]
    while waiting:
        begin, is_part = waiting.pop(0)
        parts = {begin} if is_part else set()
        faults: list[OSError] = []
        for folder, folders, names in os.walk(begin, onerror=faults.append):
            here = Path(folder)
            stat = here.stat()
            if (stat.st_dev, stat.st_ino) in seen:
                folders.clear()
                continue
            seen.add((stat.st_dev, stat.st_ino))
            folders.sort()
            parts |= {
                here / name for name in folders if here in parts or _is_companion(name, names)
            }
            waiting += [
                (path, path in parts) for name in folders if (path := here / name).is_symlink()
            ]
            below = "" if here == top else f"{here.relative_to(top).as_posix()}/"
            yield from (Found(here / name, below + name, here in parts) for name in sorted(names))
        for fault in faults:
            path = Path(fault.filename)
            name = path.name if path == top else path.relative_to(top).as_posix()
            yield Found(path, name, is_part=False)


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
