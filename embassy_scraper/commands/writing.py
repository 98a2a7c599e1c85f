"""Writing: where the data of a verb goes, and what it never takes the place of."""

import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import click

from embassy_scraper.commands.options import config_of
from embassy_scraper.config import DEFAULT_FILE
from embassy_scraper.disk import what_failed
from embassy_scraper.errors import OutputError
from embassy_scraper.intake.place import captures_folder, feed_path
from embassy_scraper.visible import as_line, visible
from embassy_scraper.whole_file import replace_file

_BY_NAME = {".lock": "a lock", ".toml": "settings", "manifest.tsv": "a manifest"}


def is_terminal() -> bool:
    """Say whether stdout is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def default_format(output: Path | None) -> str:
    """Return the format where none was asked for: text on a terminal, else csv."""
    return "text" if output is None and is_terminal() else "csv"


def print_line(line: str) -> None:
    """Print a *line* for people on stdout; what a page says in it neither steers nor ends it.

    Raises:
        OutputError: stdout cannot be written to.
    """
    _print(_encoded([f"{as_line(line)}\n"]))


def write_lines(lines: Iterable[str], output: Path | None, db: Path) -> None:
    """Write *lines* for people, each as ``print_line`` does, to where ``write_out`` writes.

    Raises:
        OutputError: as ``write_out``.
    """
    write_out((f"{as_line(line)}\n" for line in lines), output, db, is_for_eyes=True)


def write_out(
    parts: Iterable[str], output: Path | None, db: Path, *, is_for_eyes: bool = False
) -> None:
    """Write *parts* to stdout, or to *output*: a file as a whole or not at all.

    Data stays as it is, but on a terminal, where what a page says in it is made visible.
    *is_for_eyes*: that is done already, and the controls in *parts* are our own colours.

    Raises:
        OutputError: it cannot be written to, or is the database *db* or the settings.
    """
    if output is None or str(output) == "-":
        if is_terminal() and not is_for_eyes:
            parts = (visible(part.replace("\r\n", "\n")) for part in parts)
        _print(_encoded(parts))
        return
    _write_file(_encoded(parts), output, db)


def write_bytes(parts: Iterable[bytes], output: Path, db: Path) -> None:
    """Write *parts*, which are not text, as ``write_out`` does; ``-`` is stdout.

    Raises:
        OutputError: as ``write_out``.
    """
    if str(output) == "-":
        _print(parts)
    else:
        _write_file(parts, output, db)


def _encoded(parts: Iterable[str]) -> Iterator[bytes]:
    return (part.encode("utf-8", "replace") for part in parts)


def _write_file(parts: Iterable[bytes], output: Path, db: Path) -> None:
    refuse_own(output, db)
    try:
        if output.exists() and not output.is_file():
            with os.fdopen(_opened(output), "wb") as device:
                _write_to(device, parts)
        else:
            replace_file(output.resolve(), parts)
    except OSError as error:
        what = what_failed(error, "name a file in a folder you can write to")
        raise OutputError(f"{output}: {what}") from error


def _opened(device: Path) -> int:
    """Return a pipe or a device opened for writing; a pipe without a reader is not waited for."""
    handle = os.open(device, os.O_WRONLY | os.O_NONBLOCK)
    os.set_blocking(handle, True)
    return handle


def refuse_own(file: Path, db: Path, *settings: Path, role: str = "a report") -> None:
    """Refuse to write what is no more than *role* to what it is made from, or anybody's history.

    That is all that belongs to the database *db*, whether it is there or not, and the *settings*
    in force.

    Raises:
        OutputError: *file* is such a file.
    """
    context = click.get_current_context(silent=True)
    named = config_of(context) if context else None
    own = [db, feed_path(db), named or DEFAULT_FILE, *settings]
    there, base = file.resolve(), db.resolve()
    is_beside = there.parent == base.parent and there.name.startswith(
        (f"{base.name}.", f"{base.name}-")
    )
    is_raw = captures_folder(db).resolve() in (there, *there.parents)
    if is_beside or is_raw or there in {path.resolve() for path in own}:
        raise OutputError(f"{file}: a file of this program, not {role}; name another file")
    if file.is_file() and (kind := _precious(file)) is not None:
        raise OutputError(f"{file}: not {role} but {kind}; name another file")


def _precious(path: Path) -> str | None:
    """Return what *path* holds where nothing else may take its place."""
    if (kind := _BY_NAME.get(path.name) or _BY_NAME.get(path.suffix)) is not None:
        return kind
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"SQLite format 3\x00"):
        return "a database"
    with suppress(zlib.error):
        head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, 5)
    return "a WARC file" if head.startswith(b"WARC/") else None


def _write_to(file: BinaryIO, parts: Iterable[bytes]) -> None:
    for part in parts:
        file.write(part)
    file.flush()


def _print(parts: Iterable[bytes]) -> None:
    if sys.stdout is None:
        raise OutputError("stdout is closed; redirect it to a file")
    try:
        _write_to(sys.stdout.buffer, parts)
    except BrokenPipeError:
        raise
    except OSError as error:  # Python would write the rest when it ends, and fail once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        what = what_failed(error, "correct that, then run it again")
        raise OutputError(f"stdout: {what}") from error
