"""Looks: when a statement's own page was looked at, and the longest times between two looks.

A page may have been looked at a hundred thousand times, so its looks are not gone through one by
one: from look to look the search jumps as far as no gap can be missed.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipelines.history.spans import END
from pipelines.values.instants import compact, instant, instant_of, moment_of, to_text

_STEPS = (64, 512)  # a gap that is looked for is at least such a part of the whole time
_SHORTEST = timedelta(minutes=1)
_PAGE = "SELECT id FROM _series WHERE place = 'page' AND subject = ?"
_GONE = """
SELECT id FROM _series s WHERE place = 'http_status' AND subject = ?
AND EXISTS (SELECT 1 FROM _spans WHERE series = s.id AND value IN (404, 410))
"""
_BEGIN = " "  # sorts before every instant


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which the page was not looked at, from one instant to another."""

    after: str
    by: str


@dataclass(frozen=True, slots=True)
class Watched:
    """The first and the last look at a page, the longest gaps between, and the time since.

    Without gaps every look followed the one before *within* such a time.
    """

    first: str
    last: str
    gaps: tuple[Gap, ...]
    since: Gap
    within: Gap


class Looks:
    """The looks at some series, asked of the database."""

    def __init__(self, connection: sqlite3.Connection, series: Sequence[int]) -> None:
        """Ask *connection* for the looks at all *series* together."""
        self._connection = connection
        self._series = series

    def first_after(self, bound: str) -> str | None:
        """Return the first look after an instant, as the head of a capture's id."""
        found = self._of_all("SELECT min(capture) FROM _observations", ">", bound + END)
        return min(found, default=None)

    def last_until(self, bound: str) -> str | None:
        """Return the last look at an instant or before."""
        found = self._of_all("SELECT max(capture) FROM _observations", "<=", bound + END)
        return max(found, default=None)

    def _of_all(self, query: str, how: str, bound: str) -> list[str]:
        asked = f"{query} WHERE series = ? AND capture {how} ? AND value > 0"  # 0 tells nothing
        rows = (self._connection.execute(asked, (s, bound)).fetchone() for s in self._series)
        return [instant(row[0]) for row in rows if row[0] is not None]


def own_page_series(
    connection: sqlite3.Connection, keys: Sequence[str], urls: Sequence[str]
) -> list[int]:
    """Return the series of the own pages *keys*, and of those *urls* that ever were gone.

    That a page is gone is something seen, too.
    """
    asked = [(_PAGE, (key,)) for key in keys] + [(_GONE, (url,)) for url in urls]
    rows = (connection.execute(query, of).fetchone() for query, of in asked)
    return [row[0] for row in rows if row is not None]


def watched(looks: Looks, now: datetime, most: int = 5) -> Watched | None:
    """Return how a page was watched, up to *now*, with so many gaps at *most*, longest first.

    ``None``: it was never looked at.
    """
    first, last = looks.first_after(_BEGIN), looks.last_until(END)
    if first is None or last is None:
        return None
    gaps: list[Gap] = []
    least = _SHORTEST
    for parts in _STEPS:
        least = max((_moment(last) - _moment(first)) / parts, _SHORTEST)
        gaps = [gap for gap in _gaps(looks, first, last, least) if _length(gap) > least]
        if gaps:
            break
    gaps.sort(key=_length, reverse=True)
    end = instant_of(last)
    since = Gap(end, max(end, to_text(now.astimezone(UTC).replace(microsecond=0))))
    latest = datetime.max.replace(microsecond=0, tzinfo=UTC)
    within = Gap(instant_of(first), to_text(min(_moment(first), latest - least) + least))
    return Watched(instant_of(first), end, tuple(gaps[:most]), since, within)


def _gaps(looks: Looks, first: str, last: str, least: timedelta) -> Iterator[Gap]:
    """Yield every gap that is longer than *least*, and perhaps shorter ones."""
    at = first
    while at < last:
        is_near_end = _moment(last) - _moment(at) <= least
        near = last if is_near_end else looks.last_until(compact(to_text(_moment(at) + least)))
        if near is not None and near > at:
            at = near
            continue
        following = looks.first_after(at)
        if following is None:
            return
        yield Gap(instant_of(at), instant_of(following))
        at = following


def _moment(at: str) -> datetime:
    return moment_of(instant_of(at))


def _length(gap: Gap) -> timedelta:
    return moment_of(gap.by) - moment_of(gap.after)
