"""Timelines out of the database: what was seen of one statement, or of one of its cores.

In: a statement's key. Out: the spans of the parts that show it, and the texts in them. Drops:
nothing. Never: writes.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import statement_url
from pipelines.history.contacts import Contact
from pipelines.history.counters import ReadingRow
from pipelines.history.coverage import Coverage, CoveringSpan
from pipelines.history.outages import Outages
from pipelines.history.resolve import resolve
from pipelines.history.spans import END, Span
from pipelines.history.timeline import Own, Shown, Timeline, make_timeline
from pipelines.tables.spans import StoredLooks
from pipelines.values.instants import instant
from pipelines.values.places import ANSWER, BOX, CONTACTS, PAGE, SHAPE

_SHOWN = """
SELECT v.id, v.core, v.is_page, v.url_key, t.text, l.text, NULL, b.text, v.date, v.published_at,
       v.signed_on, v.is_open
FROM _wordings v LEFT JOIN _texts t ON t.id = v.title LEFT JOIN _texts l ON l.id = v.lead
LEFT JOIN _texts b ON b.id = v.body
"""
_OWN = """
SELECT sp.series, sp.first, sp.last, sp.value, p.place, p.start, e.number, v.id, e.is_left_out
FROM _wordings v CROSS JOIN _entries e ON e.wording = v.id CROSS JOIN _parts p ON p.id = e.part
CROSS JOIN _spans sp ON sp.value = p.id
CROSS JOIN _series s ON s.id = sp.series AND s.place = p.place
"""
_SPANS = """
SELECT sp.series, sp.first, sp.last, sp.value FROM _series s JOIN _spans sp ON sp.series = s.id
WHERE s.place = ? AND s.subject = ? ORDER BY sp.first
"""
_COVERING = """
SELECT sp.series, sp.first, sp.last, sp.value, p.covers_after, coalesce(p.covers_until, ?), p.newest
FROM _series s JOIN _spans sp ON sp.series = s.id JOIN _parts p ON p.id = sp.value
WHERE s.place = ? AND p.covers_after IS NOT NULL ORDER BY sp.first
"""
_READINGS = """
SELECT r.capture, l.event, l.label, l.unit, r.value, r.page_date, r.since_date
FROM _readings r JOIN _counter_lines l ON l.id = r.line
WHERE r.capture = ? AND r.since_date IS NOT NULL ORDER BY l.event
"""
_LAST_WINDOWS = """
WITH RECURSIVE places (name) AS (
    SELECT min(place) FROM _series UNION ALL
    SELECT (SELECT min(place) FROM _series WHERE place > name) FROM places WHERE name IS NOT NULL
)
SELECT place, subject, (SELECT last FROM _spans WHERE series = id ORDER BY first DESC LIMIT 1) AS at
FROM places JOIN _series ON place = name
WHERE place NOT IN (SELECT value FROM json_each(?)) AND at IS NOT NULL
"""


def load_timeline(connection: sqlite3.Connection, key: str, profile: Profile) -> Timeline:
    """Return the timeline of the statement *key*."""
    return _load(connection, key, profile, "statement", key)


def load_part(connection: sqlite3.Connection, whole: Timeline, core: int) -> Timeline:
    """Return what was seen of *core* alone, its wordings read beside each other and no others.

    Read beside all wordings of the statement a text might not count that counts within the core:
    the rename that it led to would take itself away, and come back, for ever.
    """
    return _load(connection, whole.key, whole.profile, "core", core)


def _load(
    connection: sqlite3.Connection, key: str, profile: Profile, column: str, value: int | str
) -> Timeline:
    rows = connection.execute(f"{_SHOWN} WHERE v.{column} = ? AND v.core IS NOT NULL", (value,))
    wordings = resolve([_shown(row) for row in rows])
    own = [
        Own(Span(*span), place, start, number, wording, bool(is_left_out))
        for *span, place, start, number, wording, is_left_out in connection.execute(
            f"{_OWN} WHERE v.{column} = ? AND v.core IS NOT NULL", (value,)
        )
    ]
    return make_timeline(key, wordings, own, StoredLooks(connection), profile)


def _shown(row: tuple[Any, ...]) -> Shown:
    wording, core, is_page, url_key, title, lead, *others, is_open = row
    body, body_text, day, published_at, signed_on = others
    return Shown(
        wording, core, bool(is_page), url_key, title, lead or None, body, body_text, day,
        published_at, signed_on, bool(is_open),
    )  # fmt: skip


def load_entries(connection: sqlite3.Connection, part: int) -> list[Shown]:
    """Return the entries of one window, each by itself."""
    query = f"{_SHOWN} JOIN _entries e ON e.wording = v.id WHERE e.part = ? ORDER BY e.number"
    return [_shown(row) for row in connection.execute(query, (part,))]


def load_coverage(connection: sqlite3.Connection) -> Coverage:
    """Return the covering windows of all lists, each list read when first asked for."""

    def load(name: str) -> Iterator[CoveringSpan]:
        days: dict[str, str] = {}  # each once, for there are many windows and few days
        for series, first, last, value, *covers in connection.execute(_COVERING, (END, name)):
            span = Span(series, first, first if first == last else last, value)
            yield CoveringSpan(span, *(days.setdefault(day, day) for day in covers))

    return Coverage(load, StoredLooks(connection))


def load_answers(connection: sqlite3.Connection, timeline: Timeline) -> dict[str, list[Span]]:
    """Return what the own pages of a statement answered, by URL key."""
    return {
        key: load_spans(connection, ANSWER, statement_url(key, timeline.profile))
        for key in timeline.url_keys()
    }


def load_outages(connection: sqlite3.Connection, profile: Profile) -> Outages:
    """Return when the homepage was down."""
    return Outages(load_spans(connection, ANSWER, profile.site.base_url))


def readings_on(connection: sqlite3.Connection) -> Callable[[str], dict[str, ReadingRow]]:
    """Return what tells the counters' readings on one capture, by event."""

    def read(capture: str) -> dict[str, ReadingRow]:
        return {row[1]: ReadingRow(*row) for row in connection.execute(_READINGS, (capture,))}

    return read


def load_contacts(connection: sqlite3.Connection) -> Iterator[Contact]:
    """Yield what the headers showed of every field of the contacts, language by language."""
    query = "SELECT place, subject FROM _series WHERE place = ? ORDER BY subject"
    text = "SELECT text FROM _texts WHERE id = ?"
    for field in CONTACTS:
        for _, language in connection.execute(query, (field,)).fetchall():
            spans = load_spans(connection, field, language)
            shown = [(s, connection.execute(text, (s.value,)).fetchone()[0]) for s in spans]
            yield Contact(field, language, tuple(shown))


def load_last_windows(connection: sqlite3.Connection) -> dict[tuple[str, int], str]:
    """Return the instant of the last window of every list and offset."""
    rows = connection.execute(_LAST_WINDOWS, (json.dumps([PAGE, BOX, ANSWER, SHAPE, *CONTACTS]),))
    return {(place, int(start)): instant(last) for place, start, last in rows}


def load_spans(connection: sqlite3.Connection, place: str, subject: str) -> list[Span]:
    """Return the spans of one series, in order."""
    return [Span(*row) for row in connection.execute(_SPANS, (place, subject))]
