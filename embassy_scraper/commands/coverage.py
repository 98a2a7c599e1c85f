"""``coverage``: between which captures a change could have been missed."""

import json
import sqlite3
from importlib.resources import files
from pathlib import Path

import click

from embassy_scraper.commands.end_of_run import lines_until_clean
from embassy_scraper.commands.options import db_option, one_line_errors, place_option
from embassy_scraper.commands.report import format_option, output_option, write_out
from embassy_scraper.intake.place import open_history
from embassy_scraper.items import WITHHELD
from embassy_scraper.reports.formats import FORMATS
from pipelines.tables.site_and_reader import profile_of
from pipelines.tables.withheld import shares, unclean_run


@click.command()
@db_option
@place_option
@click.option("--list", "name", help="Only this list: latest, home, newarh, …")
@click.option("--pages", is_flag=True, help="Also the statements' own pages.")
@click.option("--longest", type=click.IntRange(1), help="Only this many, the longest first.")
@format_option
@output_option
@one_line_errors
def command(
    db: Path,
    name: str | None,
    pages: bool,
    longest: int | None,
    format_name: str,
    output: Path | None,
) -> None:
    """Print the spans of time in which a change could have been missed.

    A row is the time between two looks at the head of a list: what appeared and vanished again
    between them was not seen. Where the second look does not reach back to the first, nothing dated
    from unseen_from to unseen_until was seen. unread counts the pages of the list that were fetched
    in between and could not be read, or only in part.

    \b
    Example:
      embassy-scraper coverage --longest 10
    """
    connection = open_history(db)
    try:
        query = files("embassy_scraper.reports").joinpath("coverage.sql").read_text("utf-8")
        base = profile_of(connection).site.base_url
        values: dict[str, object] = {
            "list": name,
            "pages": int(pages),
            "longest": longest,
            "base": base,
        }
        values["withheld"] = json.dumps(WITHHELD)
        cursor = connection.execute(query, values)
        columns = [column[0] for column in cursor.description]
        rows = ([None if cell is None else str(cell) for cell in row] for row in cursor)
        write_out(FORMATS[format_name](columns, rows), output, db)
        if name is not None and name not in (seen := _lists(connection)):
            named = ", ".join(seen) or "none"
            click.echo(f"no capture shows a list {name!r}; the lists are: {named}", err=True)
        unclean = unclean_run(connection)
        for line in lines_until_clean(unclean, shares(connection)) if unclean else ():
            click.echo(line, err=True)
    finally:
        connection.close()


def _lists(connection: sqlite3.Connection) -> list[str]:
    """Return the lists that captures show; the statements' own pages are one of them."""
    rows = connection.execute("SELECT list FROM snapshots UNION SELECT 'page' ORDER BY 1")
    return [row[0] for row in rows]
