"""``rebuild``: derive everything anew from the raw captures."""

import tempfile
from contextlib import closing
from pathlib import Path

import click

from embassy_scraper.commands.options import (
    captures_folder,
    config_option,
    db_option,
    one_line_errors,
    writer_lock,
)
from embassy_scraper.commands.report import check_is_ours, open_history
from embassy_scraper.commands.withheld import end_of_run_line
from embassy_scraper.config import reading_config
from embassy_scraper.errors import EmbassyError
from embassy_scraper.intake.anew import difference_lines, read_all_anew, say_why, try_reading
from embassy_scraper.intake.stored import read_anew
from embassy_scraper.sites import Profile, reader_digest
from pipelines.tables.database import open_database
from pipelines.tables.runs import Run, count_changes
from pipelines.tables.site_and_reader import reader_of, refuse_other_site
from pipelines.tables.withheld import shares, unclean_run

_NOTHING = (
    "no capture reads otherwise: where a [[layout]] of the settings should fit, probe one of its"
    ' pages; "read by" names the layout that fits, so if it is not named, its marks, from or'
    " until are not those of the page"
)
_MORE = (
    "more is withheld than before: do not take this yet, but probe the captures named above; below"
    ' "problems" stands what does not fit'
)


@click.command()
@db_option
@config_option
@click.option("--dry-run", is_flag=True, help="Say what would read otherwise; change nothing.")
@one_line_errors
def command(db: Path, config: Path | None, dry_run: bool) -> None:
    """Derive all tables anew from the raw captures; they come out equal.

    Where the profile, a layout of embassy.toml or this program has changed since the captures were
    read, some of them read otherwise: that is said, and is no change of the site. --dry-run says it
    beforehand.

    It is one transaction: until it ends readers see the old history, and a kill changes nothing.

    \b
    Example:
      embassy-scraper rebuild --dry-run
    """
    profile = reading_config(config).profile
    check_is_ours(db)
    if dry_run:
        _try(db, profile)
        return
    with writer_lock(db), closing(open_database(db)) as connection:
        refuse_other_site(connection, profile, db)
        say_why(connection, db, profile)
        run = Run(connection, "rebuild")
        before = count_changes(connection)
        try:
            differences = read_all_anew(connection, db, profile, goes_on=False)
            read_anew(connection, captures_folder(db), profile)
        except EmbassyError as error:
            run.finish("failed", {}, str(error))
            raise
        changes = count_changes(connection)
        counts = {
            "stored": differences.captures,
            "withheld": sum(month.withheld for month in shares(connection)),
            "changes": changes - before,
        }
        run.finish("complete", counts)
        unclean = unclean_run(connection)
    for line in difference_lines(differences):
        click.echo(line, err=True)
    if unclean is not None:
        click.echo(end_of_run_line(unclean.withheld, unclean.captures, unclean.capture), err=True)
    click.echo(f"rebuilt: {differences.captures} captures, {changes} changes", err=True)


def _try(db: Path, profile: Profile) -> None:
    """Say what would read otherwise; all of it happens in a folder of its own."""
    with (
        closing(open_history(db)) as connection,
        tempfile.TemporaryDirectory(prefix="embassy-rebuild-") as folder,
    ):
        refuse_other_site(connection, profile, db)
        say_why(connection, db, profile, is_try=True)
        beside = Path(folder) / "anew.db"
        differences = try_reading(connection, captures_folder(db), profile, beside)
        for line in difference_lines(differences):
            click.echo(line)
        is_same = reader_of(connection) in (None, reader_digest(profile))
        if profile.own_layout and not is_same and not differences.differing:
            click.echo(_NOTHING, err=True)
        if differences.withheld_now > differences.withheld_before:
            click.echo(_MORE, err=True)
