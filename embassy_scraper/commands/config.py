"""``config``: the settings in force."""

import os
import sys
from pathlib import Path

import click

from embassy_scraper.commands.jobs import check_jobs
from embassy_scraper.commands.options import config_option, db_option, one_line_errors
from embassy_scraper.commands.writing import write_out
from embassy_scraper.config import DEFAULT_FILE, reading_config
from embassy_scraper.config_text import show_config
from embassy_scraper.errors import ConfigError, OutputError
from embassy_scraper.telling.checks import check_alerts


@click.command()
@db_option
@config_option
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this new file; an existing file is never overwritten.",
)
@one_line_errors
def command(db: Path, config: Path | None, output: Path | None) -> None:
    """Print the settings in force as an embassy.toml, with a comment to every key.

    \b
    Example:
      embassy-scraper config --output embassy.toml
    """
    path = config or DEFAULT_FILE
    if path.is_file() and not path.stat().st_size and _is_stdout(path):
        raise ConfigError(f"{path}: the shell emptied this file for the output; use --output")
    found = reading_config(config)
    check_jobs(found.jobs, path)
    check_alerts(found.alerts, path)
    if output is None:
        write_out([show_config(found)], None, db)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(show_config(found))
    except FileExistsError:
        raise OutputError(f"{output}: already exists; name a new file, or edit this one") from None


def _is_stdout(path: Path) -> bool:
    try:
        return os.path.sameopenfile(sys.stdout.fileno(), os.open(path, os.O_RDONLY))
    except (OSError, ValueError, AttributeError):  # the last: stdout is closed
        return False
