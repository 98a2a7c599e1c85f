"""The report as one HTML file: it needs no script, and nothing from anywhere else."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from embassy_scraper.reports.charts import Point, counter_chart
from embassy_scraper.reports.days import About, alike, by_day, counted_changes, subjects
from embassy_scraper.reports.entries import Change, Entry
from embassy_scraper.reports.links import copies_of, web_address
from embassy_scraper.reports.marks import Piece
from embassy_scraper.reports.markup import marked
from embassy_scraper.reports.passages import passages_of
from embassy_scraper.reports.sentences import Headings, sentence, subject_words, when
from embassy_scraper.reports.sides import Side, sides
from embassy_scraper.reports.times import counted, say_day
from embassy_scraper.reports.visible import one_line, visible

_MOST_ROWS = 400  # of a counter's table; a longer one has only the days off the calendar
LONG = 400  # characters of a title that are shown at once
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
    environment = make_environment()
    environment.globals.update(
        sentence=lambda entry: one_line(sentence(entry, headings)),
        sides=lambda entry: _sides_of(entry, texts_of),
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


def make_environment() -> Environment:
    """Return what makes pages: all that stands in a template as a value is escaped and visible."""
    environment = Environment(
        loader=FunctionLoader(_read_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters.update(
        address=web_address, day=say_day, language=language_of, marked=_marked, chart=_chart,
        table=_table, cut=one_line,
    )  # fmt: skip
    environment.globals.update(
        subject=subject_words, when=when, passages=passages_of, copies=copies_of, LONG=LONG,
        counted_words=counted,
    )  # fmt: skip
    return environment


def read_style() -> str:
    """Return the look of all pages, ``style.css``."""
    return files(__package__).joinpath("style.css").read_text(encoding="utf-8")


def _read_template(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def _shown(value: object) -> object:
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return visible(str(value)) if is_text else value


def language_of(text: str) -> str:
    """Return the language of *text*: ``ru`` where most of its letters are Cyrillic, else ``en``.

    >>> language_of("О посольстве"), language_of("About the embassy")
    ('ru', 'en')
    """
    letters = [letter for letter in text[:1000] if letter.isalpha()]
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in letters)
    return "ru" if 2 * cyrillic > len(letters) else "en"


def _marked(pieces: Sequence[Piece]) -> Markup:
    return Markup(marked(pieces))


def _chart(counter: CounterDays, name: str) -> Markup:
    title = f"{counter.label}: value against the calendar"
    return Markup(counter_chart(counter.points, title=title, name=name))


def _table(counter: CounterDays) -> Sequence[Point]:
    """Return the days that a counter's table has: all of them or, of many, those off."""
    points = counter.points
    return points if len(points) <= _MOST_ROWS else [p for p in points if p.is_off]


def _sides_of(entry: Entry, texts_of: TextsOf) -> list[Side]:
    change = next((c for c in entry.changes if c.field == "body"), None)
    if change is None or change.kind != "statement_edited":
        return []
    texts = texts_of(change)
    return list(sides(*texts)) if texts is not None else []


def _months(entries: Sequence[Entry]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return the years with their months, and how many entries each has, as they come."""
    months = [
        (month, len(list(group))) for month, group in groupby(e.observed_by[:7] for e in entries)
    ]
    return [(year, list(group)) for year, group in groupby(months, key=lambda one: one[0][:4])]
