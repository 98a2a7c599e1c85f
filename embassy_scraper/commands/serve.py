"""``serve``: the history in a browser."""

from pathlib import Path

import click

from embassy_scraper.commands.options import db_option, one_line_errors, place_option
from embassy_scraper.intake.place import open_history, say


@click.command()
@db_option
@place_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--base-url",
    default="/",
    show_default=True,
    help="Where a proxy shows it: /history/ for https://example.org/history/.",
)
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@one_line_errors
def command(db: Path, host: str, port: int, base_url: str, opens: bool) -> None:
    """Serve the history in a browser: what changed, what stood where, and every table.

    It only reads, also beside a run that adds captures. Only this machine can see it unless --host
    says otherwise; there is no password, so put a proxy before it that asks for one.

    \b
    Example:
      embassy-scraper serve
      embassy-scraper serve --db /srv/embassy.db --port 9000
    """
    open_history(db).close()  # settled first, if a run was interrupted
    from embassy_scraper.web.server import run  # Datasette takes a second to import

    run(db, host, port, base_url, say, opens=opens)
