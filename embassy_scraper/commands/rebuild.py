"""``rebuild``: derive everything anew from the raw captures."""

from pathlib import Path

import click

from embassy_scraper.commands.end_of_run import end_of_run_line
from embassy_scraper.commands.options import config_option, db_option, one_line_errors
from embassy_scraper.config import reading_config
from embassy_scraper.intake.place import check_is_ours, say
from embassy_scraper.intake.rebuild import rebuild, try_rebuild
from embassy_scraper.intake.words import difference_lines
from embassy_scraper.sites import Profile

_NOTHING = (
    "no capture reads otherwise: where a [[layout]] of the settings should fit, probe one of its"
    ' pages; "read by" names the layout that fits, so if it is not named, its marks, from or'
    " until are not those of the page"
)
_MORE = (
    "more is withheld than before: do not take this yet, but probe the captures named above; below"
    ' "problems" stands what does not fit'
)


@click.command()
@db_option
@config_option
@click.option("--dry-run", is_flag=True, help="Say what would read otherwise; change nothing.")
@one_line_errors
def command(db: Path, config: Path | None, dry_run: bool) -> None:
    """Derive all tables anew from the raw captures; they come out equal.

    Where the profile, a layout of embassy.toml or this program has changed since the captures were
    read, some of them read otherwise: that is said, and is no change of the site. --dry-run says it
    beforehand.

    It is one transaction: until it ends readers see the old history, and a kill changes nothing.

    \b
    Example:
      embassy-scraper rebuild --dry-run
    """
    profile = reading_config(config).profile
    check_is_ours(db)
    if dry_run:
        _try(db, profile)
        return
    done = rebuild(db, profile, say)
    for line in difference_lines(done.differences):
        say(line)
    if (unclean := done.unclean) is not None:
        say(end_of_run_line(unclean.withheld, unclean.captures, unclean.capture))
    say(f"rebuilt: {done.differences.captures} captures, {done.changes} changes")


def _try(db: Path, profile: Profile) -> None:
    """Say what would read otherwise."""
    differences, is_same = try_rebuild(db, profile, say)
    for line in difference_lines(differences):
        click.echo(line)
    if profile.own_layout and not is_same and not differences.differing:
        say(_NOTHING)
    if differences.withheld_now > differences.withheld_before:
        say(_MORE)
