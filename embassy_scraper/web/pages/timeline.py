"""The front page: changes newest first, as entries under their days, and what filters them."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from embassy_scraper.errors import BadRequest
from embassy_scraper.reports.days import by_day
from embassy_scraper.reports.entries import Change, entries_of
from embassy_scraper.reports.sentences import place_words
from embassy_scraper.reports.wanted import Place, Wanted
from embassy_scraper.web.page import Asked, Values
from embassy_scraper.web.pages.strip import load_strip
from embassy_scraper.web.told import Told, read_page, tell_alike

_MOST_LATER = 60  # changes that may have happened before they were seen
_FILTERS = ("kind", "list", "year", "significance", "since", "until", "learned")
KINDS = {
    "statement_added": "Added",
    "statement_discovered": "First seen",
    "statement_edited": "Edited",
    "statement_withdrawn": "Removed from a list",
    "statement_restored": "Back in a list",
    "page_gone": "Page gone",
    "page_back": "Page back",
    "counter_discovered": "Counter first seen",
    "counter_appeared": "Counter appeared",
    "counter_progressed": "Counter agreed with the calendar",
    "counter_anomaly": "Counter off the calendar",
    "counter_reworded": "Counter reworded",
    "counter_vanished": "Counter vanished",
    "contact_changed": "Contact changed",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: its words, and how many changes it has."""

    name: str
    value: str
    words: str
    changes: int


def load(asked: Asked) -> Values:
    """Return the entries of one page of the timeline, day by day, the filters and the strip."""
    filters = filters_of(asked)
    state = asked.row("state") or {}
    entries, following = read_page(asked.connection, wanted(filters), place(asked))
    days = [(day, tell_alike(group, asked.headings)) for day, group in by_day(entries)]
    choices = asked.remembered("choices", lambda: {"choices": _choices(asked)})["choices"]
    return {
        "days": days,
        "following": f"{following.at} {following.change}" if following else None,
        "is_first": asked.argument("from") is None,
        "filters": filters,
        "choices": choices,
        "chosen": chosen(filters, choices),
        "state": state,
        "strip": _strip(asked, state),
        "may_be": _may_be(asked, filters) if not days else [],
    }


def _may_be(asked: Asked, filters: dict[str, str | None]) -> list[list[Told]]:
    """Return what may have happened in the days asked for, though it was seen only later."""
    asked_for = wanted(filters)
    if asked_for.until is None:
        return []
    at_any_time = replace(asked_for, since=None, until=None)
    later = (Change(*row) for row in asked.tuples("seen_later", until=asked_for.until))
    found = islice(filter(at_any_time.fits, later), _MOST_LATER)
    return tell_alike(entries_of(found), asked.headings)


def _strip(asked: Asked, state: Values) -> Values | None:
    """Return the strip on the first page, if anything was ever seen."""
    first, last = state["first_look"], state["last_look"]
    if first is None or asked.argument("from") is not None:
        return None
    span = f"strip {asked.argument('since')} {asked.argument('until')}"
    return asked.remembered(span, lambda: load_strip(asked, first, last))


def filters_of(asked: Asked) -> dict[str, str | None]:
    """Return the filters that an address gives."""
    return {name: asked.argument(name) for name in _FILTERS}


def chosen(filters: dict[str, str | None], choices: dict[str, list[Choice]]) -> list[Choice]:
    """Return what the *filters* leave in, in words."""
    known = {(one.name, one.value): one for values in choices.values() for one in values}
    given = [(name, value) for name, value in filters.items() if value is not None]
    return [known.get(one) or Choice(*one, _in_words(*one), 0) for one in given]


def _in_words(name: str, value: str) -> str:
    words = {"since": "from", "until": "up to", "learned": "learned since"}
    return f"{words[name]} {value}" if name in words else value


def wanted(filters: dict[str, str | None]) -> Wanted:
    """Return which changes the *filters* of an address leave in.

    Raises:
        BadRequest: a value makes no sense.
    """
    year, kind = filters["year"], filters["kind"]
    if year is not None and not (re.fullmatch("[0-9]{4}", year) and year > "0000"):
        raise BadRequest(f"{year!r} is not a year; write 2020")
    if kind is not None and kind not in KINDS:
        raise BadRequest(f"{kind!r} is not a kind of change; choose one on the front page")
    since = _begin(filters["since"]) or (f"{year}-01-01T00:00:00Z" if year else None)
    until = _end(filters["until"]) or (f"{year}-12-31T23:59:59Z" if year else None)
    return Wanted(
        kinds=(kind,) if kind else None,
        since=since,
        until=until,
        significance=filters["significance"],
        list=filters["list"],
        learned=_begin(filters["learned"]),
    )


def _begin(day: str | None) -> str | None:
    return None if day is None else f"{_day(day)}T00:00:00Z"


def _end(day: str | None) -> str | None:
    return None if day is None else f"{_day(day)}T23:59:59Z"


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadRequest(f"{text!r} is not a day; write 2020-11-24") from None


def place(asked: Asked) -> Place | None:
    """Return where the page begins, as its address says.

    Raises:
        BadRequest: the address names no place in the timeline.
    """
    given = asked.argument("from")
    if given is None:
        return None
    at, _, change = given.partition(" ")
    if not change:
        raise BadRequest(f"{given!r} is not a place in the timeline; begin at the front page")
    return Place(at, change)


def _choices(asked: Asked) -> dict[str, list[Choice]]:
    """Return the values of every filter with their numbers, in the order in which they are read."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in _FILTERS}
    for row in asked.rows("facets"):
        for name in ("kind", "list", "year", "significance"):
            if row[name] is not None:
                counts[name][row[name]] += row["changes"]

    def words(name: str, value: str) -> str:
        return place_words(value, asked.headings) if name == "list" else KINDS.get(value, value)

    found = {
        name: [Choice(name, value, words(name, value), number) for value, number in values.items()]
        for name, values in counts.items()
        if values
    }
    for name, choices in found.items():
        if name == "year":
            choices.sort(key=lambda choice: choice.value, reverse=True)
        else:
            choices.sort(key=lambda choice: (-choice.changes, choice.words))
    return found
