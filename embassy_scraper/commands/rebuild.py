"""``rebuild``: derive everything again from the raw captures."""

from pathlib import Path

import click

from embassy_scraper.commands.as_run import as_run
from embassy_scraper.commands.end_of_run import end_of_run_line
from embassy_scraper.commands.options import REJECTED, config_option, db_option
from embassy_scraper.commands.writing import print_line
from embassy_scraper.config import reading_config
from embassy_scraper.intake.from_raw import rebuild_from
from embassy_scraper.intake.pasted import to_paste
from embassy_scraper.intake.place import check_is_ours, say
from embassy_scraper.intake.rebuild import rebuild, try_rebuild
from embassy_scraper.intake.words import difference_lines
from embassy_scraper.sites import Profile

_NOTHING = (
    "no capture is read differently: if a [[layout]] of the settings should fit, probe one of its"
    ' pages; if "read by" does not name the layout, its marks, from or until do not match the'
    " page"
)
_MORE = (
    "more is withheld than before: do not use this yet; probe the captures named above, which"
    " prints what does not fit"
)


@click.command()
@db_option
@config_option
@click.option(
    "--dry-run", is_flag=True, help="Print what would be read differently; change nothing."
)
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Make a database, which is not there, out of the raw captures in this folder alone.",
)
@as_run
def command(db: Path, config: Path | None, dry_run: bool, folder: Path | None) -> None:
    """Derive all tables again from the raw captures; the result is the same.

    If the profile, a layout of embassy.toml or this program has changed since the captures were
    read, some may be read differently: that is printed, and is not a change of the site. --dry-run
    prints it without changing anything.

    Until it ends readers see the old history, and a kill changes nothing.

    Where the database is lost, --from makes it again out of the raw captures, which stay where
    they are: all but what no raw capture tells (earlier runs, what was rejected, told and learned).

    \b
    Example:
      embassy-scraper rebuild --dry-run
      embassy-scraper rebuild --from data/captures
    """
    profile = reading_config(config).profile
    if folder is not None:
        if dry_run:
            raise click.UsageError("--dry-run reads a history that is there; leave out --from")
        _make(folder, db, profile)
        return
    check_is_ours(db)
    if dry_run:
        _try(db, profile)
        return
    done = rebuild(db, profile, say)
    for line in difference_lines(done.differences):
        say(line)
    if done.withheld:
        say(end_of_run_line(done.withheld, done.differences.captures, done.capture))
    say(f"rebuilt: {done.differences.captures} captures, {done.changes} changes")


def _make(folder: Path, db: Path, profile: Profile) -> None:
    """Make a database out of raw captures alone, and say what was made."""
    made = rebuild_from(folder, db, profile, say)
    say(
        "lost, because no raw capture has it: earlier runs, rejections, and which changes"
        " report --new and alerts had sent already"
    )
    if made.retracted:
        say(f"retracted captures, left out: {made.retracted}")
    if made.rejected:
        say(f"records that could not be read: {made.rejected}")
    if made.damaged:
        say("what a damaged record retracted may be back in the history; retract it again")
    if made.withheld:
        look = to_paste("status")
        say(f"captures of which a part is withheld: {made.withheld}; look at them with: {look}")
    say(f"rebuilt: {made.stored} captures, {made.changes} changes")
    if made.rejected:
        raise SystemExit(REJECTED)


def _try(db: Path, profile: Profile) -> None:
    """Say what would be read differently."""
    differences, is_same = try_rebuild(db, profile, say)
    for line in difference_lines(differences):
        print_line(line)
    if profile.own_layout and not is_same and not differences.differing:
        say(_NOTHING)
    if differences.withheld_now > differences.withheld_before:
        say(_MORE)
