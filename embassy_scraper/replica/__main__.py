"""``python -m embassy_scraper.replica``: the site on loopback, to look at or to crawl."""

import time
from contextlib import suppress
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

import click

from embassy_scraper.commands.options import one_line_errors
from embassy_scraper.errors import ConfigError
from embassy_scraper.replica import Replica, load_scenario


@click.command()
@click.option("--scenario", type=click.Path(path_type=Path), help="A TOML file with the events.")
@click.option(
    "--at", help="When the clock starts: 2021-03-05T10:00.  [default: the scenario's start]"
)
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@one_line_errors
def main(scenario: Path | None, at: str | None, port: int) -> None:
    """Serve a replica of the site on 127.0.0.1; its clock runs on from --at.

    \b
    Example:
      python -m embassy_scraper.replica --at 2021-03-08T09:00
    """
    with as_file(files("embassy_scraper.replica").joinpath("story.toml")) as story:
        found = load_scenario(scenario or story)
    try:
        replica_at = Replica(found, port)
    except OSError as error:
        raise ConfigError(f"port {port}: {error.strerror}; name another with --port") from error
    with suppress(KeyboardInterrupt), replica_at as replica:
        if at:
            replica.move_to(_moment(at))
        replica.run_clock()
        click.echo(f"{replica.url} at {replica.now:%Y-%m-%d %H:%M} UTC; stop with Ctrl-C", err=True)
        while True:
            time.sleep(3600)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"--at {text!r} is not an instant; write 2021-03-05T10:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
