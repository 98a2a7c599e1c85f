"""``manifest.tsv``: which URL, and optionally which instant, each saved file of a folder has."""

import codecs
import csv
import gzip
import io
import os
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import IO

from dateutil import parser

from embassy_scraper.archives.folders import leads_out
from embassy_scraper.archives.unpackers import GZIP_MAGIC
from embassy_scraper.disk import why_no_file
from embassy_scraper.errors import ManifestError
from embassy_scraper.limits import MAX_LIST, MAX_MANIFEST, MAX_NAMED

NAME = "manifest.tsv"
_INSTANT = "captured_at"
_COLUMNS = ("file", "url", _INSTANT)
_ALIKE = 0.8  # of a name that is misspelt: capture_at, captured-at, captured
_WITH_TIME = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}[T ][0-9]{2}:?[0-9]{2}")
_USUAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}Z")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_COMPACT = {14: "%Y%m%d%H%M%S", 12: "%Y%m%d%H%M"}


@dataclass(frozen=True, slots=True)
class ManifestLine:
    """What one line of a manifest says of a file; an empty cell is not given.

    ``fault`` says why the line cannot be used: its ``captured_at`` is not an instant.
    """

    url: str | None = None
    captured_at: str | None = None
    fault: str | None = None


def unread_columns(manifest: Path) -> list[str]:
    """Return the columns of *manifest* that are not read; none where it cannot be read itself."""
    try:
        header, _ = _read_table(manifest)
    except ManifestError:
        return []
    return [name.strip() for name in header if name.strip().lower() not in _COLUMNS]


def read_manifest(folder: Path) -> dict[str, list[ManifestLine]]:
    """Return the lines of *folder*'s manifest by file name; nothing without a manifest.

    A file may stand in several lines: the same bytes, seen at several addresses or instants.

    Raises:
        ManifestError: it cannot be read, has no ``file`` and ``url`` columns, or misspells
            ``captured_at``.
    """
    path = folder / NAME
    if path.is_dir() or not os.path.lexists(path):
        return {}
    header, rows = _read_table(path)
    columns = [name.strip().lower() for name in header]
    lines: dict[str, list[ManifestLine]] = {}
    for number, cells in rows:
        row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        if name := row.get("file"):  # ./a.html and a.html are the same
            found = lines.setdefault(PurePosixPath(name).as_posix(), [])
            found.append(_line(row, f"{path}:{number}"))
    return lines


def _read_table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the names of the columns of the manifest *path*, and its rows with their numbers.

    Raises:
        ManifestError: it cannot be read, lacks a column or misspells one.
    """
    if leads_out(path, os.path.realpath(path.parent)):
        told = f"{path}: a link that leads out of its folder; copy there what it leads to"
        raise ManifestError(told)
    text, is_excel = _read_text(path)
    is_quoted = is_excel or text.startswith('"')
    rows = csv.reader(
        io.StringIO(text, newline=""),
        delimiter="\t",
        quoting=csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE,
        strict=True,  # a quote that is not closed would swallow what follows
    )
    try:
        header = next(rows, [])
        _check([name.strip().lower() for name in header], path)
        return header, [(rows.line_num, cells) for cells in rows]
    except csv.Error as error:
        told = f"{path}:{rows.line_num}: {error}; check its quotes, and that tabs part its cells"
        raise ManifestError(told) from error


def _read_text(path: Path) -> tuple[str, bool]:
    """Return the text of a manifest in UTF-8, or in UTF-16 with its mark, and whether in UTF-16.

    That is Excel's "Unicode text", which puts a name with a comma in quotes.

    Raises:
        ManifestError: it cannot be read, or is neither.
    """
    data = _bytes_of(path, MAX_MANIFEST)
    try:
        is_excel = data.startswith(_UTF_16)
        return data.decode("utf-16" if is_excel else "utf-8-sig"), is_excel
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ManifestError(f"{path}:{line}: not UTF-8 text; save it as UTF-8") from error


def _bytes_of(path: Path, most: int) -> bytes:
    """Return the bytes of the file *path*.

    Raises:
        ManifestError: it cannot be read, has over *most* bytes, or is no file: a pipe has no end.
    """
    try:
        if (what := why_no_file(path)) is not None:
            raise ManifestError(f"{path}: {what}; put a file in its place")
        with path.open("rb") as file:
            return _bounded(file, path, most)
    except OSError as error:
        why = error.strerror or error
        raise ManifestError(f"{path}: {why}; check the path and its permissions") from error


def _bounded(file: IO[bytes] | gzip.GzipFile, path: Path, most: int) -> bytes:
    """Return the bytes of *file*, which is what *path* holds, or what that unpacks to.

    Raises:
        ManifestError: there are over *most*, or too many lines.
    """
    data = file.read(most + 1)
    if len(data) > most:
        raise ManifestError(f"{path}: it has over {most} bytes; split it into several")
    if max(data.count(b"\n"), data.count(b"\r")) > MAX_NAMED:
        raise ManifestError(f"{path}: it has over {MAX_NAMED} lines; split it into several")
    return data


def is_outside(name: str) -> bool:
    """Say whether a file of this *name* need not lie below the folder that it is named in.

    >>> is_outside("../a.html"), is_outside("/etc/passwd"), is_outside("b/a..html")
    (True, True, False)
    """
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts


def _check(columns: list[str], path: Path) -> None:
    """Refuse a manifest that lacks a column, or calls the instants by nearly their name.

    Raises:
        ManifestError: it does.
    """
    if not {"file", "url"} <= set(columns):
        raise ManifestError(
            f"{path}: its first line must name the columns file and url, separated by a tab"
        )
    alike = get_close_matches(_INSTANT, columns, 1, _ALIKE)
    if alike and _INSTANT not in columns:
        raise ManifestError(
            f"{path}: its column {alike[0]!r} is not read: rename it {_INSTANT}, or give it another"
            " name if it holds no instants"
        )


def _line(row: dict[str, str], where: str) -> ManifestLine:
    url, instant = row.get("url") or None, row.get("captured_at")
    if not instant:
        return ManifestLine(url)
    try:
        return ManifestLine(url, read_instant(instant, where))
    except ManifestError as error:
        return ManifestLine(url, instant, fault=str(error))


def read_instant(text: str, where: str) -> str:
    """Return the instant *text* (ISO 8601, or an archive's ``YYYYMMDDhhmmss``) as UTC.

    Without an offset it is UTC. A day without a time is not an instant.

    Raises:
        ManifestError: it is neither.

    >>> read_instant("2020-11-24T13:22:00+01:00", "")
    '2020-11-24T12:22:00Z'
    >>> read_instant("20201124122200", "")
    '2020-11-24T12:22:00Z'
    """
    try:
        if _USUAL.fullmatch(text):
            datetime.fromisoformat(text)  # whether there is such a day
            return text
        if text.isascii() and text.isdigit() and len(text) in _COMPACT:
            moment = datetime.strptime(text, _COMPACT[len(text)])
        elif _WITH_TIME.match(text):
            moment = parser.isoparse(text.replace(" ", "T", 1))
        else:
            raise ValueError(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        utc = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise ManifestError(
            f"{where}: captured_at {text!r} is not an instant; write 2020-11-24T12:22:00Z"
        ) from None
    return utc.isoformat(timespec="seconds") + "Z"


def read_list(path: Path) -> list[Path]:
    """Return the files that the list *path* names, one a line.

    They lie below the folder of the list or, as those of Common Crawl do, of one above it.

    Raises:
        ManifestError: it is no text, is too large, names no file, or one that is not there.
    """
    data = _bytes_of(path, MAX_LIST)
    try:
        if data.startswith(GZIP_MAGIC):
            with gzip.open(io.BytesIO(data)) as unpacked:
                data = _bounded(unpacked, path, MAX_LIST)
        text = data.decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise ManifestError(f"{path}: {error}; a list has one file name on each line") from error
    named = [line.strip() for line in text.splitlines() if line.strip()]
    if not named:
        raise ManifestError(f"{path}: it names no file; a list has one file name on each line")
    above = path.absolute().parents
    root = next((folder for folder in above if _exists(folder / named[0])), path.parent)
    for number, name in enumerate(named, start=1):
        if "://" in name:
            raise ManifestError(f"{path}: {name} (name {number}) is an address; download it first")
        if is_outside(name):
            outside = f"{path}: {name} (name {number}) does not lie below its folder"
            raise ManifestError(f"{outside}; name that file on the command line")
        if not _exists(root / name):
            missing = f"{path}: {root / name} (name {number}) is not there"
            raise ManifestError(f"{missing}; copy it there, or remove it from the list")
    return [root / name for name in named]


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name too long, or a folder that may not be entered
        return False
