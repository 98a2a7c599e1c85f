"""Commands in messages, to be pasted: with the files that were named on the command line."""

from collections.abc import Iterator

import click
from click.core import ParameterSource

from embassy_scraper.archives import quoted


def to_paste(words: str) -> str:
    """Return the command *words* of this program; files named on this command line are in it."""
    return " ".join([f"embassy-scraper {words}", *named_files("db", "config")])


def named_files(*options: str) -> Iterator[str]:
    """Yield those of the *options* --db and --config that were given, to be pasted."""
    context = click.get_current_context(silent=True)
    if context is None:
        return
    for key in options:
        if context.get_parameter_source(key) is ParameterSource.COMMANDLINE:
            value = context.params.get(key) or context.meta.get(key)
            yield f"--{key} {quoted(value)}"
