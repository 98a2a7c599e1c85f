"""``report``: print what changed."""

import shlex
from collections.abc import Iterable
from contextlib import closing
from itertools import chain
from pathlib import Path

import click

from embassy_scraper.commands.moments import When
from embassy_scraper.commands.options import db_option, one_line_errors, output_option, place_option
from embassy_scraper.commands.writing import default_format, is_terminal, write_out
from embassy_scraper.intake.place import open_history
from embassy_scraper.reports import run_report
from embassy_scraper.reports.formats import BOM, FORMATS, for_spreadsheet
from embassy_scraper.reports.wanted import Wanted
from pipelines.history.kinds import KINDS

_FOR_PEOPLE = ("text", "html", "markdown", "atom")


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
    output: Path | None,
    spreadsheet: bool,
) -> None:
    """Print every change: what changed, in which statement, and between which two instants.

    A row says: at observed_after the site still showed the old state, at observed_by it showed the
    new one. Where observed_after is empty nothing earlier is known.

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
    if form in FORMATS:
        _print_rows(db, wanted, form, output, spreadsheet=spreadsheet)
    else:
        _print_entries(db, wanted, form, output, _said(form, kinds, since, until))


def _said(form: str, kinds: Iterable[str], since: str | None, until: str | None) -> str:
    """Return the command that makes this report again."""
    words = ["embassy-scraper", "report", "--format", form]
    for kind in kinds:
        words += ["--kind", kind]
    for option, at in (("--since", since), ("--until", until)):
        words += [option, at] if at else []
    return shlex.join(words)


def _print_rows(
    db: Path, wanted: Wanted, form: str, output: Path | None, *, spreadsheet: bool
) -> None:
    """Print the changes as rows, which come as they are read."""
    with closing(open_history(db)) as connection:
        columns, rows = run_report(connection, "changes", **wanted.of_rows())
        parts = FORMATS[form](columns, for_spreadsheet(rows) if spreadsheet else rows)
        write_out(chain([BOM], parts) if spreadsheet else parts, output, db)


def _print_entries(db: Path, wanted: Wanted, form: str, output: Path | None, said: str) -> None:
    """Print the changes as a reader wants to be told of them."""
    from embassy_scraper.commands.telling import tell  # not for rows

    with closing(open_history(db)) as connection:
        parts = tell(connection, wanted, form, said, is_terminal=output is None and is_terminal())
        write_out(parts, output, db, is_for_eyes=form == "text")
