"""``rebuild``: derive everything anew from the raw captures."""

from collections.abc import Iterator
from pathlib import Path

import click

from embassy_scraper.commands.derivation import (
    Stored,
    derive_facts,
    read_again,
    stored_captures,
)
from embassy_scraper.commands.intake import Run, Tally, count_changes
from embassy_scraper.commands.options import (
    captures_folder,
    config_option,
    db_option,
    one_line_errors,
    writer_lock,
)
from embassy_scraper.commands.progress import Bar
from embassy_scraper.commands.report import check_is_ours
from embassy_scraper.config import read_config
from embassy_scraper.items import Capture
from pipelines.diff import derive_pending
from pipelines.schema import open_database
from pipelines.store import RawPlace, forget_everything


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
    check_is_ours(db)
    mirror = read_config(config).mirror
    with writer_lock(db):
        connection = open_database(db)
        try:
            run = Run(connection, "rebuild")
            before = count_changes(connection)
            connection.execute("BEGIN IMMEDIATE")
            stored = list(stored_captures(connection))
            forget_everything(connection)
            with Bar("reading", len(stored)) as bar:
                derive_facts(connection, _read_all(stored, captures_folder(db), mirror, bar))
            with Bar("comparing", None) as bar:
                derive_pending(connection, bar.show)
            connection.commit()
            changes = count_changes(connection)
            run.finish(Tally(stored=len(stored), changes=changes - before))
        finally:
            connection.close()
    click.echo(f"rebuilt: {len(stored)} captures, {changes} changes", err=True)


def _read_all(
    stored: list[Stored], folder: Path, mirror: str | None, bar: Bar
) -> Iterator[tuple[Capture, RawPlace]]:
    for number, one in enumerate(stored, start=1):
        yield read_again(folder, one, mirror), one.place
        bar.show("reading", number)
