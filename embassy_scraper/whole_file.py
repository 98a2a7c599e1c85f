"""A file that is written as a whole or not at all: its reader never sees half of it."""

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, parts: Iterable[bytes]) -> None:
    """Write *parts* to *path*, in whose place the new file comes once all is written.

    Who may read it stays; of a new file the umask says who may.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
        Path(name).chmod(_mode(path))
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _mode(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_mode & 0o777
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask
