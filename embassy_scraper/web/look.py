"""The look: templates, and how values become text in them.

Everything from the site is escaped by Jinja and made ``visible``; only the marks and pictures that
are made here are markup.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from embassy_scraper.reports.marks import Piece
from embassy_scraper.reports.markup import marked
from embassy_scraper.reports.times import counted, say_day, say_instant, say_length
from embassy_scraper.reports.visible import visible

_LONGEST = 3000  # characters of one text in a list; all of it stands on its own page


@cache
def templates() -> Environment:
    """Return the environment of our pages; every value is escaped unless it is made here."""
    made = Environment(
        loader=PackageLoader("embassy_scraper.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        day=day, instant=instant, plain=plain, marks=marks, cut=cut, language=language,
        counted=counted, lasting=say_length, combine=combine,
    )  # fmt: skip
    made.globals["address"] = address
    return made


def plain(text: object) -> str:
    """Return a text of the site with control characters and marks of direction made visible."""
    return visible(str(text)) if text is not None else ""


def cut(text: str | None, most: int = _LONGEST) -> str:
    """Return the beginning of a long text, as ``plain`` makes it."""
    text = text or ""
    return plain(text if len(text) <= most else f"{text[:most]}…")


def day(date: str | None, otherwise: str = "no date") -> Markup:
    """Return a date as a ``<time>`` in words."""
    if not date:
        return escape(otherwise)
    return Markup('<time datetime="{}">{}</time>').format(date, say_day(date))


def instant(at: str | None, otherwise: str = "not known") -> Markup:
    """Return an instant as a ``<time>`` in words; the exact one is its title."""
    if not at:
        return escape(otherwise)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at, at, say_instant(at))


def marks(pieces: Iterable[Piece]) -> Markup:
    """Return pieces of text with ``<ins>`` and ``<del>`` around what was added and removed."""
    return Markup(marked(pieces))  # it escapes them


def language(text: str | None) -> str:
    """Return the language that a text is marked with, by its letters: ``ru`` or ``en``."""
    letters = [letter for letter in (text or "")[:200] if letter.isalpha()]
    russian = sum(unicodedata.name(letter, "").startswith("CYRILLIC") for letter in letters)
    return "ru" if 2 * russian > len(letters) else "en"


def combine(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return *one* with the values of *other* in place of its own."""
    return {**one, **other}


@pass_context
def address(context: Context, path: str, **arguments: Any) -> str:
    """Return the address of a page of ours, with those *arguments* that have a value."""
    given = {name: value for name, value in arguments.items() if value not in (None, "")}
    query = f"?{urlencode(given)}" if given else ""
    return f"{context['base']}{quote(path.lstrip('/'))}{query}"
