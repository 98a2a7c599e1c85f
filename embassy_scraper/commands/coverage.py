"""``coverage``: between which captures a change could have been missed."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import astuple
from pathlib import Path

import click

from embassy_scraper.commands.end_of_run import lines_until_clean
from embassy_scraper.commands.options import db_option, one_line_errors, output_option, place_option
from embassy_scraper.commands.writing import default_format, write_lines, write_out
from embassy_scraper.intake.place import open_history
from embassy_scraper.reports.columns import aligned
from embassy_scraper.reports.coverage import (
    GAP_COLUMNS,
    WATCHED_COLUMNS,
    Gap,
    Watched,
    chosen,
    read_coverage,
)
from embassy_scraper.reports.formats import FORMATS
from embassy_scraper.reports.lists import PAGE, known_lists
from embassy_scraper.reports.times import say_instant
from embassy_scraper.voice import show
from pipelines.tables.runs import now
from pipelines.tables.site_and_reader import profile_of
from pipelines.tables.withheld import shares, unclean_run

_LONGEST_OF_TEXT = 10


@click.command()
@db_option
@place_option
@click.option("--list", "name", help="Only this list: latest, home, newarh, …, or page.")
@click.option("--pages", is_flag=True, help="Also the statements' own pages.")
@click.option("--shortest", type=click.FloatRange(0), help="Only spans of at least so many days.")
@click.option("--longest", type=click.IntRange(1), help="Only this many, the longest first.")
@click.option("--summary", is_flag=True, help="One row a list instead: how it was looked at.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", *FORMATS]),
    help="text: the summary, then the longest spans.  [default: text on a terminal, csv elsewhere]",
)
@output_option
@one_line_errors
def command(
    db: Path,
    name: str | None,
    pages: bool,
    shortest: float | None,
    longest: int | None,
    summary: bool,
    format_name: str | None,
    output: Path | None,
) -> None:
    """Print the spans of time in which a change could have been missed, up to now.

    A row is the time between two looks at the head of a list: what appeared and vanished again
    between them was not seen. Where observed_by is empty it lasts until now. Where the second look
    does not reach back to the first, nothing dated from unseen_from to unseen_until was seen.
    unread counts the pages of the list that were fetched in between and could not be read, or only
    in part: what is withheld was not seen.

    \b
    Example:
      embassy-scraper coverage --longest 10
      embassy-scraper coverage --summary --format json
    """
    form = format_name or default_format(output)
    if form == "text" and longest is None and shortest is None:
        longest = _LONGEST_OF_TEXT
    with closing(open_history(db)) as connection:
        names = _names(connection, name)
        found = read_coverage(connection, profile_of(connection), now=now(), name=name, pages=pages)
        lists = list(found.watched(names))
        every = [] if summary else chosen(found.gaps(), shortest=shortest, longest=None)
        gaps = chosen(every, shortest=None, longest=longest)
        if form == "text":
            write_lines(_as_text(found.now, lists, gaps), output, db)
        else:
            write_out(_as_rows(form, lists if summary else gaps, summary=summary), output, db)
        for line in _left_out(form, lists, len(every), len(gaps), summary=summary):
            show(line)
        _warn_if_unclean(connection)


def _warn_if_unclean(connection: sqlite3.Connection) -> None:
    unclean = unclean_run(connection)
    for line in lines_until_clean(unclean, shares(connection)) if unclean else ():
        show(line)


def _left_out(
    form: str, lists: Iterable[Watched], found: int, shown: int, *, summary: bool
) -> Iterator[str]:
    """Yield what was found and stands in no row."""
    if form == "text":
        if found > shown:
            yield f"and {found - shown} shorter ones: --longest {found} prints all"
        return
    never = [one.list for one in lists if not one.looks]
    if never and not summary:
        yield f"never looked at: {', '.join(never)}"


def _names(connection: sqlite3.Connection, name: str | None) -> list[str]:
    """Return the lists that are wanted: all, or the list *name*; the own pages are no list.

    Raises:
        UsageError: there is no list of that name.
    """
    names = known_lists(connection, profile_of(connection))
    if name is None:
        return names
    if name not in (*names, PAGE):
        there = ", ".join((*names, PAGE))
        raise click.UsageError(f"there is no list {name!r}; the lists are: {there}")
    return [one for one in names if one == name]


def _as_rows(form: str, found: Sequence[Watched | Gap], *, summary: bool) -> Iterator[str]:
    return FORMATS[form](WATCHED_COLUMNS if summary else GAP_COLUMNS, map(astuple, found))


def _as_text(now: str, lists: Iterable[Watched], gaps: list[Gap]) -> Iterator[str]:
    """Yield a short table of the lists, and the spans without a look."""
    rows = [
        (one.list, one.looks, _said(one.last_look), one.days_since, one.longest_gap,
         f"{one.days_looked_at:.0%}" if one.days_looked_at is not None else None, one.unread)
        for one in lists
    ]  # fmt: skip
    if rows:
        yield f"Looks at the head of each list, until {say_instant(now)} (UTC); times in days"
        yield ""
        heads = ("list", "looks", "last look", "since", "longest gap", "days looked at", "unread")
        yield from aligned(heads, rows)
    if not gaps:
        return
    yield from ("", "Times without a look", "") if rows else ("Times without a look", "")
    columns = ("days", "list", "from", "to", "unread", "no dates seen")
    yield from aligned(columns, [_row_of(gap) for gap in gaps])


def _said(at: str | None) -> str:
    return say_instant(at) if at is not None else "never looked at"


def _row_of(gap: Gap) -> tuple[object, ...]:
    name = f"{gap.list} {gap.subject}".strip()
    dates = f"{gap.unseen_from} to {gap.unseen_until}" if gap.unseen_from else None
    until = say_instant(gap.observed_by) if gap.observed_by else "now"
    return gap.days, name, say_instant(gap.observed_after), until, gap.unread, dates
