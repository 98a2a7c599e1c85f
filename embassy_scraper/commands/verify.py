"""``verify``: check every stored byte and derived row against the raw captures."""

from pathlib import Path

import click

from embassy_scraper.commands.options import config_option, db_option, one_line_errors
from embassy_scraper.commands.writing import print_line
from embassy_scraper.config import reading_config
from embassy_scraper.intake.place import say
from embassy_scraper.intake.verify import verify


@click.command()
@db_option
@config_option
@one_line_errors
def command(db: Path, config: Path | None) -> None:
    """Check every stored byte and every derived row against the raw captures.

    Reads all raw captures, derives everything again in a temporary folder, and compares it row by
    row with a copy of the database. Nothing is changed, and other runs need not wait. Every fault
    is one line on stdout; exit status 1 if there is any.

    \b
    Example:
      embassy-scraper verify
    """
    captures, found = verify(db, reading_config(config).profile, tell=print_line, say=say)
    say(f"verified: {captures} captures; faults: {found}")
    if found:
        raise SystemExit(1)
