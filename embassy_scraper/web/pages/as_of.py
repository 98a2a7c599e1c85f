"""As of: the lists, counters and contacts as they stood at an instant, as far as captures tell.

A look is all captures with less than an hour between one and the next: one round through the site.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from embassy_scraper.reports.as_of import (
    Fact,
    ListThen,
    Shown,
    Then,
    read_as_of,
    say_list,
    say_seen,
)
from embassy_scraper.reports.marks import Piece, mark_words
from embassy_scraper.reports.moments import read_moment
from embassy_scraper.web.page import Asked, BadRequest, Values
from embassy_scraper.web.pages.coverage import list_words

_ROUND = timedelta(hours=1)
_MOST = 5000  # captures of one look


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it stood, and what of it differs from the look before.

    ``title`` are the marked words of a title that was edited; ``date_before`` is the date that
    stood there before, if it was another.
    """

    entry: Shown
    is_new: bool = False
    title: tuple[Piece, ...] = ()
    date_before: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a list, when it was last seen, and its lines."""

    start: int
    seen: str
    capture: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ListShown:
    """A list as it stood: its parts, and what was taken out of it since the look before."""

    name: str
    words: str
    said: str
    parts: tuple[Part, ...]
    removed: tuple[Shown, ...]


def load(asked: Asked) -> Values:
    """Return what the site showed at the instant that is asked for, or at the last look."""
    given = asked.argument("at")
    newest = (asked.row("state") or {})["last_look"]
    at = _moment(given) if given else newest
    if at is None:
        return {"at": None, "given": given}
    if at > datetime.now(UTC).strftime("%Y-%m-%dT23:59:59Z"):
        raise BadRequest(f"{given} has not come yet; nothing is known of it")
    before = _look_before(asked, at)
    then = read_as_of(asked.connection, asked.profile, at)
    earlier = read_as_of(asked.connection, asked.profile, before) if before else None
    lists = [_shown(asked, one, then, earlier) for one in then.lists]
    return {
        "at": at,
        "given": given,
        "before": before,
        "after": _look_after(asked, at),
        "lists": [one for one in lists if one.parts],
        "never": [one for one in lists if not one.parts],
        "facts": [
            ("Counters", _facts(then.counters, (), at)),
            ("Contacts", _facts(then.contacts, earlier.contacts if earlier else (), at)),
        ],
    }


def _moment(text: str) -> str:
    """Return what *text* says as an instant; a day, a month or a year is taken to its end."""
    try:
        return read_moment(text, is_end=True)
    except ValueError as error:
        raise BadRequest(str(error)) from None


def _look_before(asked: Asked, at: str) -> str | None:
    """Return the last instant of the look before the newest one at or before *at*."""
    times = [row["at"] for row in asked.rows("looks_until", at=at, most=_MOST)]
    return next((other for one, other in pairwise(times) if _is_far(other, one)), None)


def _look_after(asked: Asked, at: str) -> str | None:
    """Return the last instant of the first look after *at*."""
    times = [row["at"] for row in asked.rows("looks_after", at=at, most=_MOST)]
    ends = (one for one, other in pairwise(times) if _is_far(one, other))
    return next(ends, times[-1] if times else None)


def _is_far(one: str, other: str) -> bool:
    return datetime.fromisoformat(other) - datetime.fromisoformat(one) >= _ROUND


def _shown(asked: Asked, one: ListThen, then: Then, earlier: Then | None) -> ListShown:
    before = next((o for o in earlier.lists if o.name == one.name), None) if earlier else None
    known = (
        {line.statement: line for page in before.pages for line in page.entries} if before else {}
    )
    starts = {page.start for page in before.pages} if before else set()
    parts = tuple(
        Part(
            page.start,
            say_seen(page.seen_at, then.at),
            page.capture,
            tuple(_line(entry, known, page.start in starts) for entry in page.entries),
        )
        for page in one.pages
    )
    return ListShown(
        one.name,
        list_words(one.name, asked.headings),
        say_list(one, then.at),
        parts,
        _removed(asked, one, then, earlier, known),
    )


def _line(entry: Shown, known: Mapping[str, Shown], was_seen: bool) -> Line:
    """Return an entry with what differs; *was_seen*: the look before had this part of the list."""
    before = known.get(entry.statement)
    if before is None:
        return Line(entry, is_new=was_seen)
    title: tuple[Piece, ...] = ()
    if before.title != entry.title:
        title = tuple(mark_words(before.title or "", entry.title or ""))
    old = before.published_on if before.published_on != entry.published_on else None
    return Line(entry, title=title, date_before=old)


def _removed(
    asked: Asked, one: ListThen, then: Then, earlier: Then | None, known: Mapping[str, Shown]
) -> tuple[Shown, ...]:
    """Return what the look before had in a list and was seen to be taken out of it since."""
    if earlier is None:
        return ()
    still = {line.statement for page in one.pages for line in page.entries}
    rows = asked.rows("withdrawn_between", after=earlier.at, until=then.at)
    gone = {row["statement"] for row in rows if row["list"] == one.name} - still
    return tuple(line for key, line in known.items() if key in gone)


def _facts(
    facts: tuple[Fact, ...], earlier: tuple[Fact, ...], at: str
) -> list[tuple[Fact, str, str | None]]:
    """Return facts, how old each is, and what a contact was in the look before if it differs."""
    known = {fact.name: fact for fact in earlier}
    return [
        (fact, say_seen(fact.seen_at, at), _other(fact, known.get(fact.name))) for fact in facts
    ]


def _other(fact: Fact, before: Fact | None) -> str | None:
    return before.text if before is not None and before.text != fact.text else None
