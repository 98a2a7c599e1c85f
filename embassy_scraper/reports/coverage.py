"""Coverage: between which looks a change could have been missed, up to now.

What was withheld is not seen: it is no look, and counts as unread. A list's looks are those at its
head, for only there does what is new appear.
"""

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby, pairwise

from embassy_scraper.reports import run_report
from embassy_scraper.reports.lists import PAGE
from embassy_scraper.reports.unread import Unread, read_unread
from embassy_scraper.sites import Profile

_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Look:
    """One look: when, and the dates between which what it showed lies."""

    at: str
    oldest: str | None = None
    newest: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """The time between two looks; ``observed_by`` is ``None`` where it lasts until now.

    ``subject`` is the statement whose own page is meant. Where the second look does not reach back
    to the first, nothing dated from ``unseen_from`` to ``unseen_until`` was seen. ``unread`` counts
    the looks between that saw nothing certain.
    """

    list: str
    subject: str
    observed_after: str
    observed_by: str | None
    days: float
    unseen_from: str | None
    unseen_until: str | None
    unread: int


@dataclass(frozen=True, slots=True)
class Watched:
    """How a list was looked at; what is not known of one that never was is ``None``.

    ``days_looked_at`` is the share of the days from the first look until now that had one, 0 to 1;
    ``days_since`` is the time since the last look.
    """

    list: str
    looks: int
    unread: int
    first_look: str | None = None
    last_look: str | None = None
    days_since: float | None = None
    longest_gap: float | None = None
    longest_after: str | None = None
    longest_by: str | None = None
    days_looked_at: float | None = None


GAP_COLUMNS = tuple(field.name for field in fields(Gap))
WATCHED_COLUMNS = tuple(field.name for field in fields(Watched))
Series = tuple[str, str]  # list and subject


class Coverage:
    """When each list was looked at, and when it could not be read."""

    def __init__(self, looks: dict[Series, list[Look]], unread: Iterable[Unread], now: str) -> None:
        """Take the *looks* of each series in order, and what was *unread* until *now*."""
        self._looks, self.now = looks, now
        self._unread: dict[Series, list[str]] = {}
        for one in unread:
            self._unread.setdefault((one.list, one.subject), []).append(one.at)

    def gaps(self) -> Iterator[Gap]:
        """Yield all times between two looks, list by list, the last of each until now."""
        for series, looks in sorted(self._looks.items()):
            for one, other in pairwise([*looks, None]):
                assert one is not None
                if other is None or one.at < other.at:
                    yield self._gap(series, one, other)

    def _gap(self, series: Series, one: Look, other: Look | None) -> Gap:
        end = self.now if other is None else other.at
        unseen: tuple[str | None, str | None] = None, None
        if other is not None and other.oldest and one.newest and other.oldest >= one.newest:
            unseen = one.newest, other.oldest
        times = self._unread.get(series, [])
        unread = bisect_left(times, end) - bisect_right(times, one.at)
        by = None if other is None else other.at
        return Gap(*series, one.at, by, days_between(one.at, end), *unseen, max(0, unread))

    def watched(self, names: Iterable[str]) -> Iterator[Watched]:
        """Yield how each of the lists *names* was looked at."""
        for name in names:
            unread = len(self._unread.get((name, ""), ()))
            looks = self._looks.get((name, ""), [])
            yield self._watched(name, looks, unread) if looks else Watched(name, 0, unread)

    def _watched(self, name: str, looks: list[Look], unread: int) -> Watched:
        first, last = looks[0].at, looks[-1].at
        times = sorted({look.at for look in looks})
        gap = max(
            ((days_between(a, b), a, b) for a, b in pairwise([*times, max(self.now, last)])),
            key=lambda one: one[0],
        )
        length, after, by = gap
        days = len({at[:10] for at in times}) / (1 + _date_days(first, max(self.now, last)))
        return Watched(
            name, len(times), unread, first, last, days_between(last, self.now), length, after,
            None if after == last else by, round(days, 3),
        )  # fmt: skip


def read_coverage(
    connection: sqlite3.Connection,
    profile: Profile,
    *,
    now: str,
    name: str | None = None,
    pages: bool = False,
) -> Coverage:
    """Return when the lists, or the list *name*, and with *pages* the own pages were looked at."""
    own = pages or name == PAGE
    _, rows = run_report(connection, "looks", list=name, pages=int(own))
    wanted = (row for row in rows if name is None or row[0] == name)
    looks = {
        (str(series[0]), str(series[1])): [Look(str(at), *dates) for _, _, at, *dates in group]
        for series, group in groupby(wanted, key=lambda row: (row[0], row[1]))
    }
    return Coverage(looks, read_unread(connection, profile), now)


def chosen(gaps: Iterable[Gap], *, shortest: float | None, longest: int | None) -> list[Gap]:
    """Return the *gaps* of at least *shortest* days, or the *longest* so many of them first."""
    found = [gap for gap in gaps if shortest is None or gap.days >= shortest]
    if longest is None:
        return found
    found.sort(key=lambda gap: (-gap.days, gap.list, gap.subject, gap.observed_after))
    return found[:longest]


def days_between(begin: str, end: str) -> float:
    """Return how many days are between two instants, with one decimal; never less than none."""
    length = (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()
    return round(max(0.0, length) / _DAY, 1)


def _date_days(begin: str, end: str) -> int:
    return (datetime.fromisoformat(end[:10]) - datetime.fromisoformat(begin[:10])).days
