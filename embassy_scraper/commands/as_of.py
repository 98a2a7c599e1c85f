"""``as-of``: what the site showed at an instant."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click

from embassy_scraper.commands.moments import When
from embassy_scraper.commands.options import (
    db_option,
    format_option,
    one_line_errors,
    output_option,
    place_option,
)
from embassy_scraper.commands.writing import write_lines, write_out
from embassy_scraper.intake.place import open_history
from embassy_scraper.reports.as_of import (
    Fact,
    ListThen,
    PageOfList,
    Then,
    read_as_of,
    say_list,
    say_seen,
)
from embassy_scraper.reports.formats import Row, as_csv
from embassy_scraper.reports.lists import known_lists
from embassy_scraper.reports.sentences import Headings, place_words
from embassy_scraper.reports.times import say_instant
from embassy_scraper.visible import one_line
from pipelines.tables.site_and_reader import profile_of

_COLUMNS = (
    "what", "name", "start", "position", "statement", "published_on", "text", "url", "seen_at",
    "capture", "is_certain",
)  # fmt: skip
_LONGEST_TITLE = 240  # characters


@click.command()
@click.argument("when", type=When(is_end=True))
@db_option
@place_option
@click.option("--list", "name", help="Only this list: latest, home, newarh, …")
@format_option("text", "csv", "json")
@output_option
@one_line_errors
def command(when: str, db: Path, name: str | None, format_name: str, output: Path | None) -> None:
    """Print what the site showed at an instant: its lists, counters and contacts.

    WHEN is an instant (UTC), or a day, a month or a year, of which the end is meant; also 7d, today
    or yesterday. Of each page of a list the newest look at or before that instant counts, and each
    says how old it then was; what could not be read since is named.

    \b
    Example:
      embassy-scraper as-of 2021-03-05
      embassy-scraper as-of 2021-03-05T12:00:00Z --list newarh --format json
    """
    with closing(open_history(db)) as connection:
        profile = profile_of(connection)
        names = known_lists(connection, profile)
        if name is not None and name not in names:
            raise click.UsageError(f"there is no list {name!r}; the lists are: {', '.join(names)}")
        then = read_as_of(connection, profile, when, name=name)
        headings = profile.list_headings
    if format_name == "json":
        write_out([json.dumps(asdict(then), ensure_ascii=False, indent=1), "\n"], output, db)
    elif format_name == "csv":
        write_out(as_csv(_COLUMNS, _rows(then)), output, db)
    else:
        write_lines(_as_text(then, headings), output, db)


def _rows(then: Then) -> Iterator[Row]:
    for one in then.lists:
        for page in one.pages:
            for entry in page.entries:
                yield (
                    "entry", one.name, page.start, entry.position, entry.statement,
                    entry.published_on, entry.title, entry.url, page.seen_at, page.capture,
                    int(page.is_certain),
                )  # fmt: skip
    for fact in (*then.counters, *then.contacts):
        yield (
            fact.kind, fact.name, None, None, None, None, fact.text, None, fact.seen_at,
            fact.capture, None,
        )  # fmt: skip


def _as_text(then: Then, headings: Headings) -> Iterator[str]:
    yield f"As of {say_instant(then.at, seconds=not then.at.endswith(':00Z'))} (UTC)"
    for one in then.lists:
        yield from _list(one, then.at, headings)
    for what, facts in (("counters", then.counters), ("contacts", then.contacts)):
        if facts:
            yield from _facts(what, facts, then.at)


def _list(one: ListThen, at: str, headings: Headings) -> Iterator[str]:
    yield ""
    yield f"{one_line(place_words(one.name, headings))}, {say_list(one, at)}"
    for page in one.pages:
        if page.start != 1:
            yield f"  from entry {page.start}, {say_seen(page.seen_at, at)}"
        yield from _entries(page)


def _entries(page: PageOfList) -> Iterator[str]:
    for entry in page.entries:
        day = entry.published_on or entry.date_text or "no date"
        title = entry.title or entry.statement
        yield f"  {one_line(day, 40):<10}  {one_line(title, _LONGEST_TITLE)}"


def _facts(what: str, facts: tuple[Fact, ...], at: str) -> Iterator[str]:
    yield from ("", what)
    for fact in facts:
        name = f"{fact.name}: " if fact.kind == "contact" else ""
        text = one_line(fact.text, _LONGEST_TITLE)
        yield f"  {one_line(name)} {text} ({say_seen(fact.seen_at, at)})".replace("   ", "  ")
