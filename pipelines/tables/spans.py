"""Spans in the database: what new captures lengthen, split or join.

In: the captures that are due, or that are left out. Out: ``_spans`` as if all had been observed at
once, and in ``changed`` which values began, ended or changed their length, from when to when.
Drops: nothing. Never: looks at what a value means.
"""

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain, groupby

from pipelines.history.spans import END, Span, find_spans
from pipelines.values.instants import instant

_CHANGED = """
CREATE TEMP TABLE IF NOT EXISTS changed (
    series INTEGER NOT NULL, value INTEGER NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL
)
"""
_SPAN = "SELECT series, first, last, value FROM _spans WHERE series = ? AND"
_BEFORE = f"{_SPAN} first < ? ORDER BY first DESC LIMIT 2"
_BEHIND = f"{_SPAN} first > ? ORDER BY first LIMIT 2"
_WITHIN = f"{_SPAN} first >= ? AND first < ?"
_SHOWN = (
    "SELECT series, capture FROM _observations WHERE capture IN (SELECT value FROM json_each(?))"
    " ORDER BY series, capture"
)
_OBSERVED = (
    "SELECT capture, value FROM _observations WHERE series = ? AND capture >= ? AND capture < ?"
    " ORDER BY capture"
)


def follow(connection: sqlite3.Connection) -> None:
    """Take what the captures that are due show into the spans. The caller commits."""
    connection.execute(_CHANGED)
    connection.execute("DELETE FROM changed")
    pending = connection.execute(
        "SELECT o.series, o.capture, o.value FROM due p"
        " CROSS JOIN _observations o ON o.capture = p.capture ORDER BY o.series, o.capture"
    )
    for series, rows in groupby(pending, key=lambda row: row[0]):
        first, last, values = "", "", set()
        for _, capture, value in rows:
            first, last = first or capture, capture
            values.add(value)
        _take(connection, series, first, last, values)


def leave_out(connection: sqlite3.Connection, captures: Iterable[str]) -> None:
    """Forget what *captures* show, and find the spans around them again. The caller commits."""
    connection.execute(_CHANGED)
    connection.execute("DELETE FROM changed")
    shown = connection.execute(_SHOWN, (json.dumps(list(captures)),)).fetchall()
    for series, rows in groupby(shown, key=lambda row: row[0]):
        left = [capture for _, capture in rows]
        while left:
            left = _leave_out_first(connection, series, left)


def _leave_out_first(connection: sqlite3.Connection, series: int, captures: list[str]) -> list[str]:
    """Forget the first of *captures*, and all in the same span, which is found again but once.

    Return the others.
    """
    first = captures[0]
    row = connection.execute(_BEFORE, (series, instant(first) + END)).fetchone()
    end = max(instant(row[2]), instant(first)) + END
    count = bisect_left(captures, end)
    connection.executemany(
        "DELETE FROM _observations WHERE series = ? AND capture = ?",
        [(series, capture) for capture in captures[:count]],
    )
    _redo(connection, series, first, captures[count - 1])
    return captures[count:]


def _take(
    connection: sqlite3.Connection, series: int, first: str, last: str, values: set[int]
) -> None:
    """Take *values* into a series, observed newly from the capture *first* to *last*."""
    row = connection.execute(_BEFORE, (series, instant(first))).fetchone()
    around = Span(*row) if row is not None else None
    if around is not None and instant(last) < instant(around.last) and values == {around.value}:
        note = (series, around.value, first, last)
        connection.execute("INSERT INTO changed VALUES (?,?,?,?)", note)
    else:
        _redo(connection, series, first, last)


def _redo(connection: sqlite3.Connection, series: int, first: str, last: str) -> None:
    """Find the spans again from the capture *first* to *last*, and what adjoins them.

    A span that ends before is not looked through again, nor one that begins behind: it can only
    go on, or have begun earlier.
    """
    _note_last_before(connection, series, instant(first))
    begin, before = _begin(connection, series, instant(first))
    end, behind = _end(connection, series, instant(last) + END)
    observed = connection.execute(_OBSERVED, (series, begin, end))
    found = list(find_spans(series, chain(_ends(before), observed, _ends(behind))))
    since = before.first if before else begin
    until = behind.first + END if behind else end
    known = [Span(*row) for row in connection.execute(_WITHIN, (series, since, until))]
    _write(connection, known, found)


def _note_last_before(connection: sqlite3.Connection, series: int, first: str) -> None:
    """Note what was shown last before the instant *first*: it may be the last no more."""
    connection.execute(
        "INSERT INTO changed SELECT series, value, last, last FROM _spans WHERE series = ?1"
        " AND first < ?2 AND first >= (SELECT substr(max(first), 1, 16) FROM _spans"
        "  WHERE series = ?1 AND first < ?2)",
        (series, first),
    )


def _begin(connection: sqlite3.Connection, series: int, first: str) -> tuple[str, Span | None]:
    """Return from when on to look, and the span that ended before then, if it may go on.

    What several values showed at one instant does not go on.
    """
    spans = [Span(*row) for row in connection.execute(_BEFORE, (series, first))]
    if not spans:
        return first, None
    if instant(spans[0].last) >= first:
        return instant(spans[0].first), None
    is_step = len(spans) == 2 and instant(spans[1].first) == instant(spans[0].first)
    return first, None if is_step else spans[0]


def _end(connection: sqlite3.Connection, series: int, last: str) -> tuple[str, Span | None]:
    """Return until when to look, and the span that begins behind, if it may have begun earlier."""
    row = connection.execute(_BEFORE, (series, last)).fetchone()
    if row is not None and instant(row[2]) + END > last:
        last = instant(row[2]) + END
    spans = [Span(*row) for row in connection.execute(_BEHIND, (series, last))]
    if not spans or (len(spans) == 2 and instant(spans[0].first) == instant(spans[1].first)):
        return last, None
    return last, spans[0]


def _ends(span: Span | None) -> Iterator[tuple[str, int]]:
    if span is not None:
        yield span.first, span.value
        if instant(span.last) != instant(span.first):
            yield span.last, span.value


def _write(connection: sqlite3.Connection, known: list[Span], found: list[Span]) -> None:
    """Put *found* in place of *known*, and note all of it: any may be the last no more."""
    gone, new = set(known) - set(found), set(found) - set(known)
    connection.executemany(
        "DELETE FROM _spans WHERE series = ? AND first = ?", [span[:2] for span in gone]
    )
    connection.executemany("INSERT INTO _spans VALUES (?,?,?,?)", sorted(new))
    connection.executemany(
        "INSERT INTO changed VALUES (?,?,?,?)",
        [(span.series, span.value, span.first, span.last) for span in sorted({*known, *found})],
    )


class StoredLooks:
    """When a series was observed, asked of the database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Ask *connection*."""
        self._connection = connection

    def between(self, series: int, since: str, until: str) -> list[str]:
        """Return the captures of *series* from one instant to another, both included, in order."""
        rows = self._connection.execute(_OBSERVED, (series, since, until + END))
        return [capture for capture, _ in rows]

    def last_before(self, series: int, before: str) -> str | None:
        """Return the last capture of *series* before an instant; the first by id of its instant."""
        last = self._one("max(capture)", series, "capture < ?", before)
        return self._one("min(capture)", series, "capture >= ?", instant(last)) if last else None

    def first_after(self, series: int, after: str) -> str | None:
        """Return the first capture of *series* after an instant."""
        return self._one("min(capture)", series, "capture > ?", after + END)

    def _one(self, what: str, series: int, which: str, bound: str) -> str | None:
        query = f"SELECT {what} FROM _observations WHERE series = ? AND {which}"
        row: tuple[str | None] = self._connection.execute(query, (series, bound)).fetchone()
        return row[0]
