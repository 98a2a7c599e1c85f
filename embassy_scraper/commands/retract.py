"""``retract``: captures that are to count no more."""

from pathlib import Path

import click

from embassy_scraper.commands.as_run import as_run
from embassy_scraper.commands.options import config_option, db_option
from embassy_scraper.config import reading_config
from embassy_scraper.intake.place import say
from embassy_scraper.intake.retract import Asked, retract


@click.command()
@click.argument("captures", nargs=-1, required=True, metavar="CAPTURE...")
@db_option
@config_option
@click.option("--why", help="The reason, which is kept; --undo may do without.")
@click.option("--undo", is_flag=True, help="Bring the captures back into the history.")
@as_run
def command(
    captures: tuple[str, ...], db: Path, config: Path | None, why: str | None, undo: bool
) -> None:
    """Take captures out of the history for a stated reason: a wrong date, a page of another site.

    The history is as if they had never been offered; offered again they stay out. Their bytes are
    kept, and so is the reason, here and beside the raw captures; show tells both, and --undo brings
    the captures back. CAPTURE is an id, or the beginning of one where no other id begins so. All
    that are named are taken out, or none.

    \b
    Example:
      embassy-scraper retract 20180318T154400Z --why "saved from another site"
      embassy-scraper retract 20180318T154400Z --undo
    """
    reason = _one_line(why or "")
    if not reason and not (undo and why is None):
        raise click.UsageError("say why with --why TEXT; the reason is kept with the capture")
    done = retract(db, captures, Asked(reason, undo), reading_config(config).profile, say)
    for line in done.passed:
        say(line)
    what = "brought back" if undo else "retracted"
    noun = "capture" if done.moved == 1 else "captures"
    say(f"{what}: {done.moved} {noun}; changes: {done.changes}")


def _one_line(text: str) -> str:
    """Return *text* on one line, without characters that do not print."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable()).strip()
