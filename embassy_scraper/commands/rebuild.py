"""``rebuild``: derive everything anew from the raw captures."""

from pathlib import Path

import click

from embassy_scraper.commands.derivation import derive_all
from embassy_scraper.commands.options import (
    captures_folder,
    config_option,
    db_option,
    one_line_errors,
    writer_lock,
)
from embassy_scraper.commands.progress import Bar
from embassy_scraper.commands.report import check_is_ours
from embassy_scraper.config import reading_config
from pipelines.runs import Run, count_changes
from pipelines.schema import open_database, writing


@click.command()
@db_option
@config_option
@one_line_errors
def command(db: Path, config: Path | None) -> None:
    """Derive all tables anew from the raw captures; they come out equal.

    It is one transaction: until it ends readers see the old history, and a kill changes nothing.

    \b
    Example:
      embassy-scraper rebuild
    """
    profile = reading_config(config).profile
    check_is_ours(db)
    with writer_lock(db):
        connection = open_database(db)
        try:
            run = Run(connection, "rebuild")
            before = count_changes(connection)
            with Bar(None) as bar, writing(connection):
                captures = derive_all(
                    connection,
                    captures_folder(db),
                    profile,
                    reading=lambda done, of: bar.show("reading", done, of),
                    comparing=bar.show,
                )
            changes = count_changes(connection)
            run.finish("complete", {"stored": captures, "changes": changes - before})
        finally:
            connection.close()
    click.echo(f"rebuilt: {captures} captures, {changes} changes", err=True)
