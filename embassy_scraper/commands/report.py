"""``report``: print what changed."""

import json
import os
import re
import sys
import tempfile
import zlib
from collections.abc import Iterable
from contextlib import ExitStack, closing, suppress
from datetime import date
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import click

from embassy_scraper.archives.manifest import read_instant
from embassy_scraper.commands.options import (
    db_option,
    format_option,
    one_line_errors,
    output_option,
    place_option,
)
from embassy_scraper.config import DEFAULT_FILE
from embassy_scraper.errors import ManifestError, OutputError
from embassy_scraper.intake.place import open_history
from embassy_scraper.reports import run_report
from embassy_scraper.reports.formats import BOM, FORMATS, for_spreadsheet
from embassy_scraper.telling.news import new_rows
from pipelines.history.kinds import KINDS
from pipelines.state.told import Wanted


class When(click.ParamType[str]):
    """A day (``2020-11-24``) or an instant (``2020-11-24T12:22:00Z``)."""

    name = "when"

    def __init__(self, of_day: str) -> None:
        """Take the time *of_day* that stands for a bare day."""
        self._of_day = of_day

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return *value* as an instant."""
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                return f"{date.fromisoformat(value).isoformat()}T{self._of_day}Z"
            return read_instant(value, "")
        except (ValueError, ManifestError):
            self.fail(
                f"{value!r} is not a day or an instant; write 2020-11-24 or 2020-11-24T12:22:00Z"
            )


def _name(_context: click.Context, _parameter: click.Parameter, name: str | None) -> str | None:
    """Return the *name* to which something is told: one that can be printed."""
    if name is not None and not (name.strip() and name.isprintable() and len(name) <= 100):
        raise click.BadParameter("a name is 1 to 100 characters that can be printed")
    return name


@click.command()
@db_option
@place_option
@format_option("csv", "json")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="Only this kind of change; may be given several times.",
)
@click.option(
    "--since", type=When("00:00:00"), help="Only changes observed at or after this time (UTC)."
)
@click.option(
    "--until", type=When("23:59:59"), help="Only changes observed at or before this time."
)
@click.option(
    "--new",
    metavar="NAME",
    callback=_name,
    help="Only what NAME was not told yet, by this or by an alert of that name; it is noted.",
)
@output_option
@click.option(
    "--spreadsheet",
    is_flag=True,
    help="For Excel and the like: mark UTF-8, disable cells that would run as a formula.",
)
@one_line_errors
def command(
    db: Path,
    format_name: str,
    kinds: tuple[str, ...],
    since: str | None,
    until: str | None,
    new: str | None,
    output: Path | None,
    spreadsheet: bool,
) -> None:
    """Print every change: what changed, in which statement, and between which two instants.

    A row says: at observed_after the site still showed the old state, at observed_by it showed the
    new one. Where observed_after is empty nothing earlier is known.

    With --new, what NAME was told earlier and no longer holds, because older captures came in or a
    mistake was corrected, is printed once more with the note "taken back".

    \b
    Example:
      embassy-scraper report --kind statement_edited --since 2018-03-04 --output edits.csv
    """  # fmt: skip
    if spreadsheet and format_name != "csv":
        raise click.UsageError("--spreadsheet works only with --format csv")
    if since and until and since > until:
        raise click.UsageError(f"--since {since} is later than --until {until}; exchange them")
    with closing(open_history(db)) as connection, ExitStack() as told:
        if new is None:
            wanted = json.dumps(kinds) if kinds else None
            found = run_report(connection, "changes", kinds=wanted, since=since, until=until)
        else:
            which = Wanted(frozenset(kinds), since, until)
            found = told.enter_context(new_rows(connection, db, new, which))
        columns, rows = found
        parts = FORMATS[format_name](columns, for_spreadsheet(rows) if spreadsheet else rows)
        write_out(chain([BOM], parts) if spreadsheet else parts, output, db)


def write_out(parts: Iterable[str], output: Path | None, db: Path) -> None:
    """Write *parts* to stdout, or to *output*: a file as a whole or not at all.

    Raises:
        OutputError: it cannot be written to, or is the database *db* or the settings.
    """
    if output is not None:
        _refuse_own(output, db)
    if output is None or str(output) == "-":
        if sys.stdout is None:
            raise OutputError("stdout is closed; name a file with --output")
        _write_to(sys.stdout.buffer, parts)
        return
    try:
        if output.exists() and not output.is_file():
            with output.open("wb") as device:
                _write_to(device, parts)
        else:
            _replace(output.resolve(), parts)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"{output}: {reason}; name a file in a folder you can write to"
        ) from error


def _refuse_own(output: Path, db: Path) -> None:
    """Refuse to overwrite what a report is made from, or what may be anybody's history."""
    own = [db, *(Path(f"{db}{end}") for end in ("-wal", "-shm", ".lock")), DEFAULT_FILE]
    if output.resolve() in {path.resolve() for path in own}:
        raise OutputError(f"{output}: a file of this program, not a report; name another file")
    if output.is_file() and (kind := _precious(output)) is not None:
        raise OutputError(f"{output}: not a report but {kind}; name another file")


def _precious(path: Path) -> str | None:
    """Return what *path* holds where no report may take its place."""
    if path.suffix == ".lock":
        return "a lock"
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"SQLite format 3\x00"):
        return "a database"
    with suppress(zlib.error):
        head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, 5)
    return "a WARC file" if head.startswith(b"WARC/") else None


def _write_to(file: BinaryIO, parts: Iterable[str]) -> None:
    for part in parts:
        file.write(part.encode("utf-8", "replace"))
    file.flush()


def _replace(output: Path, parts: Iterable[str]) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{output.name}.", dir=output.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            _write_to(file, parts)
        Path(name).chmod(_mode(output))
        Path(name).replace(output)
    finally:
        Path(name).unlink(missing_ok=True)


def _mode(output: Path) -> int:
    """Return who may read *output*: as before, or as the umask says of a new file."""
    with suppress(FileNotFoundError):
        return output.stat().st_mode & 0o777
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask
