"""What the engine says to a person: which captures read differently, and in what."""

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

if TYPE_CHECKING:  # a verb that only reads does without the tables
    from pipelines.tables.reading_differences import ReadingDifferences


def to_paste(words: str) -> str:
    """Return the command *words* of this program; files named on this command line are in it."""
    return " ".join([f"embassy-scraper {words}", *named_files("db", "config")])


def look_at(capture: str | None) -> str:
    """Return the command to look at *capture* with."""
    return to_paste(f"probe {capture}")


def named_files(*options: str) -> Iterator[str]:
    """Yield those of the *options* --db and --config that were given, to be pasted."""
    context = click.get_current_context(silent=True)
    if context is None:
        return
    for key in options:
        if context.get_parameter_source(key) is ParameterSource.COMMANDLINE:
            value = context.params.get(key) or context.meta.get(key)
            yield f"--{key} {shlex.quote(str(value))}"


def difference_lines(differences: "ReadingDifferences") -> Iterator[str]:
    """Yield reading differences in words: how many captures, in what, and the first ones."""
    if not differences.differing:
        yield f"captures read differently: 0 of {differences.captures}"
        return
    counts = ", ".join(f"{name} {count}" for name, count in differences.fields.most_common())
    yield (
        f"captures read differently: {differences.differing} of {differences.captures} ({counts});"
        " none of this is a change of the site"
    )
    if differences.withheld_before or differences.withheld_now:
        yield (
            f"captures of which a part is withheld: {differences.withheld_before} before,"
            f" {differences.withheld_now} now"
        )
    for capture, names in differences.first:
        yield f"  {', '.join(names)}: {look_at(capture)}"
    if differences.differing > len(differences.first):
        yield f"  and {differences.differing - len(differences.first)} more"
