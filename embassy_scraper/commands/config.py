"""``config``: the settings in force."""

from pathlib import Path

import click

from embassy_scraper.commands.options import config_option, db_option, one_line_errors
from embassy_scraper.config import read_config, show_config
from embassy_scraper.cron import read_cron


@click.command()
@db_option
@config_option
@one_line_errors
def command(db: Path, config: Path | None) -> None:
    """Print the settings in force as an embassy.toml, with a comment to every key.

    \b
    Example:
      embassy-scraper config > embassy.toml
    """
    found = read_config(config)
    for job in found.jobs:
        read_cron(job.cron)
    click.echo(show_config(found), nl=False)
