"""The look: the templates of our pages, and what stands in them beside what any template has."""

from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from embassy_scraper.reports.environment import make_environment
from embassy_scraper.reports.times import say_instant, say_length


@cache
def templates() -> Environment:
    """Return the environment of our pages; every value is escaped unless it is made here."""
    made = make_environment(PackageLoader("embassy_scraper.web"))
    made.filters.update(instant=instant, lasting=say_length, combine=combine)
    made.globals["address"] = address
    return made


def instant(at: str | None, otherwise: str = "not known") -> Markup:
    """Return an instant as a ``<time>`` in words; the exact one is its title."""
    if not at:
        return escape(otherwise)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at, at, say_instant(at))


def combine(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return *one* with the values of *other* in place of its own."""
    return {**one, **other}


@pass_context
def address(context: Context, path: str, **arguments: Any) -> str:
    """Return the address of a page of ours, with those *arguments* that have a value."""
    given = {name: value for name, value in arguments.items() if value not in (None, "")}
    query = f"?{urlencode(given)}" if given else ""
    return f"{context['base']}{quote(path.lstrip('/'))}{query}"
