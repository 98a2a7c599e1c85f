"""As of: what the site showed at an instant, as far as the captures tell.

Of every page of a list the newest window at or before the instant counts, each with its own age:
what is shown here was not seen at one moment.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from embassy_scraper.reports import run_report
from embassy_scraper.reports.lists import known_lists
from embassy_scraper.reports.times import say_length
from embassy_scraper.reports.unread import Unread, read_unread
from embassy_scraper.sites import Profile


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry of a list; ``date_text`` is the date as printed where it could not be read."""

    position: int | None
    statement: str
    published_on: str | None
    date_text: str | None
    title: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class PageOfList:
    """A page of a list, from its entry number *start* on, as it was last seen.

    ``is_certain``: it was read whole, so that what is not in it was not there.
    """

    start: int
    seen_at: str
    capture: str
    url: str | None
    is_certain: bool
    entries: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class ListThen:
    """A list: its pages, and the looks at its head since that saw nothing certain."""

    name: str
    pages: tuple[PageOfList, ...]
    unread: tuple[Unread, ...]

    @property
    def head(self) -> PageOfList | None:
        """Return its first page, if it was ever seen before."""
        return next((page for page in self.pages if page.start == 1), None)


@dataclass(frozen=True, slots=True)
class Fact:
    """A counter or a contact: *name* is the counter's event, or field and language."""

    kind: str
    name: str
    text: str
    value: int | None
    seen_at: str
    capture: str


@dataclass(frozen=True, slots=True)
class Then:
    """What the site showed at an instant."""

    at: str
    lists: tuple[ListThen, ...]
    counters: tuple[Fact, ...]
    contacts: tuple[Fact, ...]


def read_as_of(
    connection: sqlite3.Connection, profile: Profile, at: str, *, name: str | None = None
) -> Then:
    """Return what the site showed at the instant *at*: all lists, or the list *name* alone."""
    until = f"{at.replace('-', '').replace(':', '')}-~"  # behind all ids of that instant
    names = known_lists(connection, profile) if name is None else [name]
    pages = _pages(connection, until, names)
    return Then(
        at,
        tuple(_lists(connection, profile, at, {one: pages.get(one, ()) for one in names})),
        tuple(_counters(connection, until)),
        tuple(_contacts(connection, until)),
    )


def _pages(
    connection: sqlite3.Connection, until: str, names: list[str]
) -> dict[str, tuple[PageOfList, ...]]:
    asked = {"until": until, "lists": json.dumps(names), "list": None}
    windows = list(run_report(connection, "as_of_windows", **asked)[1])
    entries: dict[object, list[Shown]] = {}
    parts = json.dumps([window[5] for window in windows])
    for part, *row in run_report(connection, "as_of_entries", parts=parts)[1]:
        entries.setdefault(part, []).append(Shown(*row))
    found: dict[str, tuple[PageOfList, ...]] = {}
    for name, start, capture, at, url, part, is_certain in windows:
        shown = tuple(entries.get(part, ()))
        page = PageOfList(int(start or 1), str(at), str(capture), url, bool(is_certain), shown)
        found[str(name)] = (*found.get(str(name), ()), page)
    return found


def _lists(
    connection: sqlite3.Connection,
    profile: Profile,
    at: str,
    pages: dict[str, tuple[PageOfList, ...]],
) -> Iterator[ListThen]:
    heads = {name: next((p for p in shown if p.start == 1), None) for name, shown in pages.items()}
    seen = [head.seen_at if head is not None else None for head in heads.values()]
    since = None if None in seen or not seen else min(one for one in seen if one is not None)
    unread = list(read_unread(connection, profile, since=since, until=at))
    for name, shown in pages.items():
        head = heads[name]
        later = [u for u in unread if u.list == name and (head is None or u.at > head.seen_at)]
        yield ListThen(name, shown, tuple(later))


def _counters(connection: sqlite3.Connection, until: str) -> Iterator[Fact]:
    for event, label, value, capture, at in run_report(connection, "as_of_counters", until=until)[
        1
    ]:
        text = f"{value} {label}"
        yield Fact("counter", str(event), text, int(value or 0), str(at), str(capture))


def _contacts(connection: sqlite3.Connection, until: str) -> Iterator[Fact]:
    rows = run_report(connection, "as_of_contacts", until=until)[1]
    for field, language, text, capture, at in rows:
        yield Fact("contact", f"{field}, {language}", text or "", None, str(at), str(capture))


def say_seen(seen_at: str, at: str) -> str:
    """Return how long before the instant *at* something was seen.

    >>> say_seen("2021-03-05T09:00:00Z", "2021-03-05T12:00:00Z")
    'seen 3 hours before'
    >>> say_seen("2020-01-01T09:00:00Z", "2021-03-05T12:00:00Z")
    'not looked at for 429 days'
    """
    if seen_at == at:
        return "seen at this moment"
    length = say_length(seen_at, at)
    return f"not looked at for {length}" if length.endswith("days") else f"seen {length} before"


def say_list(one: ListThen, at: str) -> str:
    """Return when a list was last seen, and what kept it from being seen since."""
    told = _say_head(one, at)
    if one.head is not None and not one.head.is_certain:
        told += "; more may have stood in it"
    if one.unread:
        ago = say_length(one.unread[-1].at, at)
        many = len(one.unread)
        looks = (
            f"one look ({ago} before)" if many == 1 else f"{many:,} looks (the last {ago} before)"
        )
        told += (
            f"; since then {looks} could not be read"
            if one.head
            else f"; {looks} could not be read"
        )
    return told


def _say_head(one: ListThen, at: str) -> str:
    if one.head is None:
        return "its first page never seen before" if one.pages else "never seen before"
    if one.unread:
        return f"last seen {say_length(one.head.seen_at, at)} before"
    return say_seen(one.head.seen_at, at)
