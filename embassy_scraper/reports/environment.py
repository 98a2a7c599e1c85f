"""The environment of all pages and of the report: how values become text in a template.

Everything from the site is escaped by Jinja and made ``visible``; only the marks, dates and
pictures that are made here are markup.
"""

from collections.abc import Iterable
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from embassy_scraper.reports.marks import Piece
from embassy_scraper.reports.markup import marked
from embassy_scraper.reports.times import counted, say_day
from embassy_scraper.visible import visible

_LONGEST = 3000  # characters of one text in a list; all of it stands on its own page


def make_environment(*loaders: BaseLoader) -> Environment:
    """Return what makes pages of the templates of *loaders* and of those beside this module."""
    made = Environment(
        loader=ChoiceLoader([*loaders, PackageLoader("embassy_scraper.reports")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    made.filters.update(day=day, marks=marks, cut=cut, language=language_of, counted=counted)
    return made


def shown(value: Any) -> Any:
    """Return what stands in a template for *value*: a text with what would be hidden visible."""
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return visible(value) if is_text else value


def cut(text: str | None, most: int = _LONGEST) -> str:
    """Return the beginning of a long text; of none, an empty one."""
    text = text or ""
    return text if len(text) <= most else f"{text[:most]}…"


def day(date: str | None, otherwise: str = "no date") -> Markup:
    """Return a date as a ``<time>`` in words."""
    if not date:
        return escape(otherwise)
    return Markup('<time datetime="{}">{}</time>').format(date, say_day(date))


def marks(pieces: Iterable[Piece]) -> Markup:
    """Return pieces of text with ``<ins>`` and ``<del>`` around what was added and removed."""
    return Markup(marked(pieces))  # it escapes them


def language_of(text: str | None) -> str:
    """Return the language of *text*: ``ru`` where most of its letters are Cyrillic, else ``en``.

    >>> language_of("О посольстве"), language_of("About the embassy")
    ('ru', 'en')
    """
    letters = [letter for letter in (text or "")[:1000] if letter.isalpha()]
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in letters)
    return "ru" if 2 * cyrillic > len(letters) else "en"
