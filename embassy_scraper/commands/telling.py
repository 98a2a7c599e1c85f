"""Telling: the formats of ``report`` that people read, each made of entries."""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence

from embassy_scraper.reports import run_report
from embassy_scraper.reports.days import About
from embassy_scraper.reports.entries import Change, Entry, entries_of
from embassy_scraper.reports.sentences import Headings
from embassy_scraper.reports.wanted import Wanted
from pipelines.tables.runs import now
from pipelines.tables.site_and_reader import profile_of


def tell(
    connection: sqlite3.Connection,
    changes: list[Change],
    wanted: Wanted,
    form: str,
    said: str,
    *,
    is_terminal: bool,
) -> Iterator[str]:
    """Yield the report of *changes* in the format *form*.

    They are those *wanted*; *said* is the command.
    """
    entries = entries_of(changes)
    profile = profile_of(connection)
    headings = profile.list_headings
    if form == "text":
        return _text(entries, headings, is_terminal=is_terminal)
    about = About(f"Changes on {profile.host}", now(), said, wanted.since, wanted.until)
    if form == "html":
        return _html(connection, entries, about, headings)
    if form == "atom":
        from embassy_scraper.reports.atom import as_atom

        return as_atom(entries, title=about.title, headings=headings)
    from embassy_scraper.reports.markdown import as_markdown

    return as_markdown(entries, about=about, headings=headings)


def _text(entries: Sequence[Entry], headings: Headings, *, is_terminal: bool) -> Iterator[str]:
    from embassy_scraper.reports.text import Screen, as_sentences

    has_colour = is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size().columns if is_terminal else 80
    return as_sentences(entries, screen=Screen(width, has_colour), headings=headings)


def _html(
    connection: sqlite3.Connection, entries: Sequence[Entry], about: About, headings: Headings
) -> Iterator[str]:
    from embassy_scraper.reports.page import CounterDays, as_html

    def texts_of(change: Change) -> tuple[str, str] | None:
        at = {"statement": change.subject, "observed_by": change.observed_by}
        _, rows = run_report(connection, "versions_around", **at)
        for before, after in rows:
            return before or "", after or ""
        return None

    from embassy_scraper.reports.charts import Point

    counters = []
    told = {c.subject for entry in entries for c in entry.changes if c.kind.startswith("counter_")}
    for event, label in run_report(connection, "counter_labels")[1]:
        if event in told:
            days = {"event": event, "since": about.since, "until": about.until}
            points = [Point(*row) for row in run_report(connection, "counter_days", **days)[1]]
            counters.append(CounterDays(str(event), str(label), tuple(points)))
    return as_html(entries, about=about, headings=headings, texts_of=texts_of, counters=counters)
