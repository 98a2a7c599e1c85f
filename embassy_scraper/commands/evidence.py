"""``evidence``: one zip that proves one change."""

from contextlib import closing
from pathlib import Path

import click

from embassy_scraper.commands.options import config_option, db_option, one_line_errors
from embassy_scraper.commands.writing import write_bytes
from embassy_scraper.config import read_config
from embassy_scraper.config_checks import check_address
from embassy_scraper.intake.place import captures_folder, open_history, say
from pipelines.tables.one_change import find_change


@click.command()
@click.argument("change_id")
@db_option
@config_option
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file.  [default: evidence-<change_id>.zip in the working folder]",
)
@click.option(
    "--timestamp",
    metavar="URL",
    help="Ask this time-stamping authority (RFC 3161) for a time stamp.  [default: timestamp of"
    " [evidence] in embassy.toml; none]",
)
@one_line_errors
def command(
    change_id: str, db: Path, config: Path | None, output: Path | None, timestamp: str | None
) -> None:
    """Write one zip that proves one change without this program.

    CHANGE_ID is as in the report, or the beginning of one where no other begins so. The zip has the
    change in words, its rows, the captures before and after it as a WACZ, what web archives say of
    these, and a script of plain Python that checks all of it.

    \b
    Example:
      embassy-scraper evidence 837ea407
      embassy-scraper evidence 837ea407 --timestamp https://freetsa.org/tsr
    """
    from embassy_scraper.bundle import make_bundle  # not for --help

    settings = read_config(config)
    with closing(open_history(db)) as connection:
        found = find_change(connection, change_id)
        if timestamp is None:
            timestamp = settings.evidence.timestamp
        elif timestamp:
            check_address(timestamp, "--timestamp", is_base=False)
        folder = captures_folder(db)
        bundle = make_bundle(connection, folder, found, settings.archives, timestamp)
    place = output or Path(f"evidence-{found}.zip")
    write_bytes([bundle.data], place, db)
    if str(place) != "-":
        say(f"wrote {place}: {bundle.sentence}; captures: {bundle.captures}")
