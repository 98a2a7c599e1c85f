"""``demo``: the whole job offline, on a replica of the site."""

import os
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

import click

from embassy_scraper.commands.options import one_line_errors
from embassy_scraper.commands.writing import write_out
from embassy_scraper.errors import DatabaseError, EmbassyError
from embassy_scraper.intake.place import open_history
from embassy_scraper.replica import Replica, load_scenario
from embassy_scraper.reports import run_report
from embassy_scraper.reports.formats import FORMATS
from pipelines.tables.known import count_captures
from pipelines.tables.runs import count_changes

_MOMENTS = (
    (datetime(2021, 3, 1, 9, tzinfo=UTC), "the first round"),
    (datetime(2021, 3, 3, 9, tzinfo=UTC), "two days later"),
    (datetime(2021, 3, 5, 9, tzinfo=UTC), "two days later"),
    (datetime(2021, 3, 8, 9, tzinfo=UTC), "three days later"),
    (datetime(2021, 3, 10, 9, tzinfo=UTC), "while the site shows every visitor a challenge"),
    (datetime(2021, 3, 13, 9, tzinfo=UTC), "when it answers again"),
)
_BEFORE = """\
A replica of the site, with an invented embassy, is served on {url} (only on this machine).
Its clock is moved, and it is crawled {count} times as the real site would be:
"""
_AFTER = """
Every line above is one change. At observed_after the site still showed the old state, at
observed_by it showed the new one; the time between was not seen. (Only counter_progressed is one
line for a whole steady run, from its first reading to its last.) A statement removed from four
lists is four lines, one for each list. On 10 March the site showed nothing but a challenge: that is
stored as a problem, and nothing counts as gone.

Next:
  {program} ingest FOLDER                 captures of your own: .html, .txt, .warc, .wet, .wacz
  {program} config --output embassy.toml  the settings, each with a comment: say who you are
  {program} crawl                         then one polite round of the real site
  {python} -m embassy_scraper.replica  the replica, to look at in a browser
"""
_CONFIG = """\
[site]
base_url = "{url}"
[crawl]
delay = 0.0
clock = "server"
recheck_first = 1.0
recheck_growth = 0.0
retries = 0
"""


@click.command()
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the demonstration's database in this new file.  [default: a temporary one]",
)
@one_line_errors
def command(db: Path | None) -> None:
    """Crawl a replica of the site at several moments, and print the report.

    \b
    Example:
      embassy-scraper demo --db /tmp/demo/embassy.db
    """
    if db is not None and db.exists():
        raise DatabaseError(f"{db}: already exists; name a new file for the demonstration")
    with tempfile.TemporaryDirectory(prefix="embassy-demo-") as folder:
        _run(db or Path(folder) / "embassy.db", Path(folder) / "embassy.toml")


def _run(db: Path, config: Path) -> None:
    with as_file(files("embassy_scraper.replica").joinpath("story.toml")) as story:
        scenario = load_scenario(story)
    with Replica(scenario) as replica:
        config.write_text(_CONFIG.format(url=replica.url), encoding="utf-8")
        click.echo(_BEFORE.format(url=replica.url, count=len(_MOMENTS)), err=True)
        for moment, what in _MOMENTS:
            replica.move_to(moment)
            click.echo(f"{moment:%d %B, %H:%M}, {what}", err=True)
            _crawl(db, config)
    with closing(open_history(db)) as connection:
        click.echo(err=True)
        report = run_report(connection, "changes", kinds=None, since=None, until=None)
        write_out(FORMATS["csv"](*report), None, db)
        captures, changes = count_captures(connection), count_changes(connection)
    click.echo(_AFTER.format(program=_program(), python=sys.executable), err=True)
    click.echo(f"captures: {captures} stored; changes: {changes}", err=True)


def _program() -> str:
    """Return how this program was called, to be pasted."""
    called = sys.argv[0]
    return f"{sys.executable} -m embassy_scraper" if called.endswith("__main__.py") else called


def _crawl(db: Path, config: Path) -> None:
    """Run one round in a process of its own; its last line is shown."""
    command = [
        sys.executable, "-P", "-m", "embassy_scraper", "crawl",
        "--db", str(db), "--config", str(config),
    ]  # fmt: skip
    done = subprocess.run(command, env={**os.environ}, capture_output=True, text=True, check=False)
    said = done.stderr.strip().splitlines() or ["nothing"]
    summary = next((line for line in said if line.startswith("requests: ")), None)
    if summary is None:
        raise EmbassyError(f"{db}: the crawl failed: {said[-1]}")
    click.echo(f"  {summary}", err=True)
