"""``problems``: what could not be read."""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path

import click

from embassy_scraper.commands.options import (
    db_option,
    format_option,
    one_line_errors,
    output_option,
    place_option,
)
from embassy_scraper.commands.writing import write_lines, write_out
from embassy_scraper.intake.pasted import to_paste
from embassy_scraper.intake.place import open_history
from embassy_scraper.reports import run_report
from embassy_scraper.reports.formats import FORMATS, Row
from embassy_scraper.voice import show
from pipelines.tables.problems import kinds_of_problems

_NEWEST = 10  # problems of each kind that are printed without --kind


@click.command()
@db_option
@place_option
@click.option("--kind", "kinds", multiple=True, help="Print all problems of this kind only.")
@format_option("text", "csv", "json")
@output_option
@one_line_errors
def command(db: Path, kinds: tuple[str, ...], format_name: str, output: Path | None) -> None:
    """Print what could not be read: kind by kind, how often, and the newest first.

    As text: the ten newest of every kind. With --kind, or in another format: all of them.
    embassy-scraper show CAPTURE prints what else was read from a capture; docs/problems.md says
    what each kind means and what to do.

    \b
    Example:
      embassy-scraper problems
      embassy-scraper problems --kind "unreadable date" --format csv
    """
    with closing(open_history(db)) as connection:
        wanted = json.dumps(kinds) if kinds else None
        columns, rows = run_report(connection, "problems", kinds=wanted)
        if format_name == "text":
            write_lines(_as_text(rows, None if kinds else _NEWEST), output, db)
        else:
            write_out(FORMATS[format_name](columns, rows), output, db)
        there = kinds_of_problems(connection) if kinds else []
        for kind in kinds:
            if kind not in there:
                named = ", ".join(there) or "none"
                show(f"no problem of the kind {kind!r}; the kinds are: {named}")


def _as_text(rows: Iterable[Row], most: int | None) -> Iterator[str]:
    """Yield the problems of every kind, *most* of them, and how many there are."""
    is_first = True
    for what, group in groupby(rows, key=lambda row: row[0]):
        same = list(group)
        yield from () if is_first else ("",)
        yield f"{what}: {len(same)}"
        is_first = False
        for row in same[:most]:
            yield _line(row)
        if most is not None and len(same) > most:
            rest = to_paste(f'problems --kind "{what}"')
            yield f"  and {len(same) - most} more: {rest}"
    if is_first:
        yield "no problems"


def _line(row: Row) -> str:
    _, where, text, capture, _, url = row
    flat = " ".join((text or "").split())
    return "  " + ": ".join(filter(None, (capture or url, where or "file", flat)))
