"""``report``: print what changed."""

import json
import os
import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import click

from embassy_scraper.archives.manifest import read_instant
from embassy_scraper.commands.options import db_option, one_line_errors, writer_lock
from embassy_scraper.errors import DatabaseError, ManifestError
from embassy_scraper.reports.formats import FORMATS, for_spreadsheet
from pipelines.diff import settle
from pipelines.kinds import KINDS
from pipelines.schema import is_ours, open_database


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
            self.fail(f"{value!r} is no day or instant; write 2020-11-24 or 2020-11-24T12:22:00Z")


@click.command()
@db_option
@click.option(
    "--format",
    "format_name",
    type=click.Choice(sorted(FORMATS)),
    default="csv",
    show_default=True,
    help="How the rows are written.",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="Only this kind of change; may be given several times.",
)
@click.option(
    "--since", type=When("00:00:00"), help="Only changes observed by then or later (UTC)."
)
@click.option("--until", type=When("23:59:59"), help="Only changes observed by then or earlier.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of stdout.",
)
@click.option(
    "--spreadsheet",
    is_flag=True,
    help="Neutralise cells that a spreadsheet would run as a formula.",
)
@one_line_errors
def command(
    db: Path,
    format_name: str,
    kinds: tuple[str, ...],
    since: str | None,
    until: str | None,
    output: Path | None,
    spreadsheet: bool,
) -> None:
    """Print every change: what, of which statement, and between which two instants.

    The row says: at observed_after it was still the old way, at observed_by it was already the
    new way. Where observed_after is empty nothing earlier is known.

    \b
    Example:
      embassy-scraper report --kind statement_edited --since 2018-03-04 --output edits.csv
    """  # fmt: skip
    connection = open_history(db)
    try:
        columns, rows = report_rows(connection, kinds, since, until)
        shown = for_spreadsheet(rows) if spreadsheet else rows
        write_out(FORMATS[format_name](columns, shown), output)
    finally:
        connection.close()


def open_history(db: Path) -> sqlite3.Connection:
    """Return a connection to the history in *db*, finished first where a run was cut short.

    Raises:
        DatabaseError: there is none.
    """
    if not is_ours(db):
        raise DatabaseError(f"{db}: no history there yet; run embassy-scraper ingest first")
    connection = open_database(db)
    if connection.execute("SELECT 1 FROM pending LIMIT 1").fetchone():
        with writer_lock(db):
            settle(connection)
    return connection


def report_rows(
    connection: sqlite3.Connection,
    kinds: Iterable[str] = (),
    since: str | None = None,
    until: str | None = None,
) -> tuple[list[str], Iterator[tuple[str | None, ...]]]:
    """Return the report's columns and its rows in order."""
    query = files("embassy_scraper.reports").joinpath("changes.sql").read_text(encoding="utf-8")
    wanted = json.dumps(list(kinds)) if kinds else None
    cursor = connection.execute(query, {"kinds": wanted, "since": since, "until": until})
    return [column[0] for column in cursor.description], cursor


def write_out(parts: Iterable[str], output: Path | None) -> None:
    """Write *parts* to stdout, or to *output* as a whole or not at all."""
    if output is None:
        for part in parts:
            sys.stdout.buffer.write(part.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
        return
    handle, name = tempfile.mkstemp(prefix=f".{output.name}.", dir=output.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            for part in parts:
                file.write(part.encode("utf-8", "replace"))
        Path(name).chmod(0o644)
        Path(name).replace(output)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
