"""``report``: print what changed."""

import shlex
import sqlite3
from contextlib import ExitStack, closing
from itertools import chain
from pathlib import Path

import click

from embassy_scraper.commands.moments import When
from embassy_scraper.commands.options import db_option, one_line_errors, output_option, place_option
from embassy_scraper.commands.writing import default_format, is_terminal, write_out
from embassy_scraper.intake.place import open_history
from embassy_scraper.reports import run_report
from embassy_scraper.reports.entries import Change
from embassy_scraper.reports.formats import BOM, FORMATS, for_spreadsheet
from embassy_scraper.reports.wanted import Wanted, read_changes
from embassy_scraper.telling.news import Rows, changes_of, new_rows
from pipelines.history.kinds import KINDS

_FOR_PEOPLE = ("text", "html", "markdown", "atom")


def _name(_context: click.Context, _parameter: click.Parameter, name: str | None) -> str | None:
    """Return the *name* to which something is told: one that can be printed."""
    if name is not None and not (name.strip() and name.isprintable() and len(name) <= 100):
        raise click.BadParameter("a name is 1 to 100 characters that can be printed")
    return name


@click.command()
@db_option
@place_option
@click.option(
    "--format",
    "format_name",
    type=click.Choice([*FORMATS, *_FOR_PEOPLE]),
    help="html: one file with everything in it; atom: a feed.  [default: text on a terminal, csv"
    " elsewhere]",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="Only this kind of change; may be given several times.",
)
@click.option(
    "--since",
    type=When(),
    help="Only changes observed at or after this time (UTC): 2020-11-24T12:22:00Z, 2020-11-24,"
    " 2020-11, 2020, 7d, yesterday.",
)
@click.option(
    "--until",
    type=When(is_end=True),
    help="Only changes observed at or before this time; of a day, a month or a year its end.",
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
    help="For Excel and the like: mark UTF-8, disable cells that would run as a formula, cut off"
    " those too long for a cell.",
)
@one_line_errors
def command(
    db: Path,
    format_name: str | None,
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
      embassy-scraper report --since 7d
      embassy-scraper report --kind statement_edited --since 2018-03-04 --output edits.csv
      embassy-scraper report --since 2021-03 --until 2021-03 --format html --output march.html
    """  # fmt: skip
    if spreadsheet and format_name not in (None, "csv"):
        raise click.UsageError("--spreadsheet works only with --format csv")
    if since and until and since > until:
        raise click.UsageError(f"--since {since} is later than --until {until}; exchange them")
    form = format_name or ("csv" if spreadsheet else default_format(output))
    wanted = Wanted(kinds or None, since, until)
    _print(db, wanted, form, new, output, spreadsheet=spreadsheet)


def _print(
    db: Path, wanted: Wanted, form: str, new: str | None, output: Path | None, *, spreadsheet: bool
) -> None:
    """Print the changes, or those *new* to a name, which are noted as told once all is written."""
    with closing(open_history(db)) as connection, ExitStack() as told:
        rows = None
        if new is not None:
            rows = told.enter_context(new_rows(connection, db, new, wanted))
        if form in FORMATS:
            found = rows or run_report(connection, "changes", **wanted.of_rows())
            _print_rows(db, found, form, output, spreadsheet=spreadsheet)
            return
        said = _said(form, wanted, new)
        changes = read_changes(connection, wanted) if rows is None else changes_of(*rows)
        _print_entries(db, connection, changes, wanted, form, output, said)


def _said(form: str, wanted: Wanted, new: str | None) -> str:
    """Return the command that makes this report again."""
    words = ["embassy-scraper", "report", "--format", form]
    for kind in wanted.kinds or ():
        words += ["--kind", kind]
    for option, value in (("--since", wanted.since), ("--until", wanted.until), ("--new", new)):
        words += [option, value] if value else []
    return shlex.join(words)


def _print_rows(
    db: Path, found: Rows, form: str, output: Path | None, *, spreadsheet: bool
) -> None:
    """Print the changes as rows, which come as they are read."""
    columns, rows = found
    parts = FORMATS[form](columns, for_spreadsheet(rows) if spreadsheet else rows)
    write_out(chain([BOM], parts) if spreadsheet else parts, output, db)


def _print_entries(
    db: Path,
    connection: sqlite3.Connection,
    changes: list[Change],
    wanted: Wanted,
    form: str,
    output: Path | None,
    said: str,
) -> None:
    """Print the changes as a reader wants to be told of them."""
    from embassy_scraper.commands.telling import tell  # not for rows

    on_screen = output is None and is_terminal()
    parts = tell(connection, changes, wanted, form, said, is_terminal=on_screen)
    write_out(parts, output, db, is_for_eyes=form == "text")
