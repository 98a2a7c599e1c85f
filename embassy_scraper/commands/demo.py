"""``demo``: the whole job on bundled captures."""

import sys
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

import click

from embassy_scraper.commands.ingest import ingest
from embassy_scraper.commands.options import one_line_errors
from embassy_scraper.commands.report import open_history, report_rows
from embassy_scraper.errors import DatabaseError
from embassy_scraper.reports.formats import FORMATS

_BEFORE = """\
Six captures of an invented embassy site, saved between 1 and 11 March 2021, as text and as HTML,
are imported into a new database: the homepage three times, and the page of one statement three
times, once cut off in the middle.
"""
_AFTER = """
Every line above is one change. At observed_after the site still showed the old state, at
observed_by it showed the new one; what lies between was not seen. Of the page that was cut off
only what it shows counts: what it lacks is not known to be gone.

Next: put captures of your own into a folder and run
  {program} ingest FOLDER
  {program} report
"""


@click.command()
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the demonstration's database in this new file.  [default: a temporary one]",
)
@one_line_errors
def command(db: Path | None) -> None:
    """Do the whole job on bundled captures and print the report.

    \b
    Example:
      embassy-scraper demo --db /tmp/demo/embassy.db
    """
    if db is not None and db.exists():
        raise DatabaseError(f"{db}: exists already; name a new file, the demonstration is invented")
    with tempfile.TemporaryDirectory(prefix="embassy-demo-") as folder:
        _run(db or Path(folder) / "embassy.db")


def _run(db: Path) -> None:
    click.echo(_BEFORE, err=True)
    with as_file(files("embassy_scraper.commands").joinpath("demo_captures")) as captures:
        tally = ingest((captures,), db, None)
    connection = open_history(db)
    columns, rows = report_rows(connection)
    for part in FORMATS["csv"](columns, rows):
        sys.stdout.buffer.write(part.encode())
    sys.stdout.buffer.flush()
    connection.close()
    click.echo(_AFTER.format(program=sys.argv[0]), err=True)
    click.echo(f"captures: {tally.stored} stored; changes: {tally.changes}", err=True)
