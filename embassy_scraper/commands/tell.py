"""``tell``: send what is waiting, and say when it has been silent."""

from contextlib import closing
from pathlib import Path

import click

from embassy_scraper.commands.options import REJECTED, config_option, db_option, one_line_errors
from embassy_scraper.config import DEFAULT_FILE, read_config
from embassy_scraper.errors import ConfigError
from embassy_scraper.intake.place import check_is_ours
from embassy_scraper.telling.alerts import tell_alerts
from embassy_scraper.telling.checks import check_alerts
from embassy_scraper.voice import logged, warn
from pipelines.tables.database import open_database


@click.command()
@db_option
@config_option
@one_line_errors
def command(db: Path, config: Path | None) -> None:
    """Send alerts that wait, and tell when there was no complete round for too long.

    Every run that adds to the history does the same at its end. This verb is for the time when none
    runs; embassy-scraper schedule runs it every hour. Exit status 3: an alert could not be sent; it
    is kept.

    \b
    Example:
      embassy-scraper tell
    """
    settings = read_config(config)
    if not settings.alerts:
        path = config or DEFAULT_FILE
        raise ConfigError(f"{path}: no [[alerts]] in it; add one, with a name and an address in to")
    check_alerts(settings.alerts, config or DEFAULT_FILE)
    check_is_ours(db)
    with logged(settings.log, is_verbose=False), closing(open_database(db)) as connection:
        failed = tell_alerts(connection, db, settings)
        for line in failed:
            warn(f"alert not sent: {line}; it is kept, and sent with the next run")
    if failed:
        raise SystemExit(REJECTED)
