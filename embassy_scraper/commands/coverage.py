"""``coverage``: between which captures a change could have been missed."""

import json
from contextlib import closing
from pathlib import Path

import click

from embassy_scraper.commands.end_of_run import lines_until_clean
from embassy_scraper.commands.options import (
    db_option,
    format_option,
    one_line_errors,
    output_option,
    place_option,
)
from embassy_scraper.commands.writing import write_out
from embassy_scraper.intake.place import open_history
from embassy_scraper.items import WITHHELD
from embassy_scraper.reports import run_report
from embassy_scraper.reports.formats import FORMATS
from pipelines.tables.known import lists_seen
from pipelines.tables.site_and_reader import profile_of
from pipelines.tables.withheld import shares, unclean_run


@click.command()
@db_option
@place_option
@click.option("--list", "name", help="Only this list: latest, home, newarh, …")
@click.option("--pages", is_flag=True, help="Also the statements' own pages.")
@click.option("--longest", type=click.IntRange(1), help="Only this many, the longest first.")
@format_option("csv", "json")
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
    with closing(open_history(db)) as connection:
        columns, rows = run_report(
            connection,
            "coverage",
            list=name,
            pages=int(pages),
            longest=longest,
            base=profile_of(connection).site.base_url,
            withheld=json.dumps(WITHHELD),
        )
        texts = ([None if cell is None else str(cell) for cell in row] for row in rows)
        write_out(FORMATS[format_name](columns, texts), output, db)
        if name is not None and name not in (seen := lists_seen(connection)):
            named = ", ".join(seen) or "none"
            click.echo(f"no capture shows a list {name!r}; the lists are: {named}", err=True)
        unclean = unclean_run(connection)
        for line in lines_until_clean(unclean, shares(connection)) if unclean else ():
            click.echo(line, err=True)
