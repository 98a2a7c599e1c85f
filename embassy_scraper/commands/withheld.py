"""What is said of pages of which a part was withheld: the same words in every verb."""

import shlex
from collections.abc import Iterator

import click
from click.core import ParameterSource

from embassy_scraper.commands.options import config_of
from pipelines.tables.withheld import Share, Unclean


def look_at(capture: str | None) -> str:
    """Return the command to look at *capture* with; files named on this command line are in it."""
    return " ".join(["embassy-scraper probe", str(capture), *_named_files()])


def _named_files() -> Iterator[str]:
    """Yield the options --db and --config as they were given, to be pasted."""
    context = click.get_current_context(silent=True)
    if context is None:
        return
    for key in ("db", "config"):
        if context.get_parameter_source(key) is ParameterSource.COMMANDLINE:
            value = config_of(context) if key == "config" else context.params[key]
            yield f"--{key} {shlex.quote(str(value))}"


def end_of_run_line(withheld: int, captures: int, capture: str | None) -> str:
    """Return what a run says at its end."""
    return (
        f"withheld: a part of {withheld} of {captures} captures could not be proven, so it was not"
        f" read, and counts as not seen; look at one with: {look_at(capture)}"
    )


def lines_until_clean(unclean: Unclean, shares: list[Share]) -> Iterator[str]:
    """Yield what is said until a run is clean: month by month, how much is withheld."""
    for share in shares:
        part = 100 * share.withheld / share.captures
        yield f"withheld in {share.month}: {share.withheld} of {share.captures} ({part:.0f} %)"
    yield (
        f"{unclean.command}, begun {unclean.started}, could not read a part of {unclean.withheld}"
        f" of {unclean.captures} captures; that part counts as not seen. Look at one with:"
        f" {look_at(unclean.capture)}"
    )
