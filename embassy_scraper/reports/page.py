"""The report as one HTML file: it needs no script, and nothing from anywhere else."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from itertools import groupby

from jinja2 import Environment
from markupsafe import Markup

from embassy_scraper.reports.charts import Point, counter_chart
from embassy_scraper.reports.days import About, alike, by_day, counted_changes, subjects
from embassy_scraper.reports.entries import Change, Entry
from embassy_scraper.reports.environment import make_environment
from embassy_scraper.reports.links import copies_of, web_address
from embassy_scraper.reports.passages import passages_of
from embassy_scraper.reports.sentences import Headings, sentence, subject_words, when
from embassy_scraper.reports.sides import Compared, compare_bodies

_MOST_ROWS = 400  # of a counter's table; a longer one has only the days off the calendar
LONG = 400  # characters of a title that are shown at once
Month = tuple[str, str, int]  # as 2021-03, its name, how many entries
TextsOf = Callable[[Change], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class CounterDays:
    """A counter: its event, the words it prints behind its number, its values by day."""

    event: str
    label: str
    points: tuple[Point, ...]


def as_html(
    entries: Sequence[Entry],
    *,
    about: About,
    headings: Headings | None = None,
    texts_of: TextsOf = lambda change: None,
    counters: Sequence[CounterDays] = (),
) -> Iterator[str]:
    """Yield a page of *entries*, and of the *counters* of which they tell.

    *texts_of* returns the two whole texts of an edit, to be shown side by side; where it has none,
    the passages that changed are shown.
    """
    environment = _environment()
    environment.globals.update(
        sentence=lambda entry: sentence(entry, headings),
        compared=lambda entry: _compared(entry, texts_of),
        alike=lambda entries: alike(entries, headings),
        subjects=subjects,
    )
    template = environment.get_template("report.html")
    yield from template.generate(
        about=about,
        days=by_day(entries),
        months=_months(entries),
        counted=counted_changes(entries),
        has_entries=bool(entries),
        counters=counters,
        style=Markup(read_style()),
    )


def _environment() -> Environment:
    made = make_environment()
    made.filters.update(address=web_address, chart=_chart, table=_table)
    made.globals.update(
        subject=subject_words, when=when, passages=passages_of, copies=copies_of, LONG=LONG
    )
    return made


def read_style() -> str:
    """Return the look of all pages, ``style.css``."""
    return files(__package__).joinpath("style.css").read_text(encoding="utf-8")


def _chart(counter: CounterDays, name: str) -> Markup:
    title = f"{counter.label}: value against the calendar"
    return Markup(counter_chart(counter.points, title=title, name=name))


def _table(counter: CounterDays) -> Sequence[Point]:
    """Return the days that a counter's table has: all of them or, of many, those off."""
    points = counter.points
    return points if len(points) <= _MOST_ROWS else [p for p in points if p.is_off]


def _compared(entry: Entry, texts_of: TextsOf) -> Compared | None:
    change = next((c for c in entry.changes if c.field == "body"), None)
    if change is None or change.kind != "statement_edited":
        return None
    texts = texts_of(change)
    return compare_bodies(*texts) if texts is not None else None


def _months(entries: Sequence[Entry]) -> list[tuple[str, list[Month]]]:
    """Return the years with their months, and how many entries each has, as they come."""
    months = [
        (month, f"{date.fromisoformat(f'{month}-01'):%B}", len(list(group)))
        for month, group in groupby(e.observed_by[:7] for e in entries)
    ]
    return [(year, list(group)) for year, group in groupby(months, key=lambda one: one[0][:4])]
