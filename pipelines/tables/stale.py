"""Stale: the statements whose history new captures can have changed, found coarsely.

In: what ``spans.follow`` found changed, and new cores. Out: keys in ``stale``. Drops: nothing.
Never: weighs whether anything did change: that is derived.
"""

import json
import sqlite3
from collections.abc import Iterable

from pipelines.values.places import ANSWER, BOX, PAGE

_SHOWN = """
INSERT OR IGNORE INTO stale
SELECT v.statement FROM (SELECT DISTINCT series, value FROM changed) c
CROSS JOIN _series s ON s.id = c.series CROSS JOIN _parts p ON p.id = c.value AND p.place = s.place
CROSS JOIN _entries e ON e.part = p.id CROSS JOIN _wordings v ON v.id = e.wording
"""
# A window that lacks a statement tells something behind its first sighting, or before it, if
# nothing later is known to show its absence: instants are compared, not ids.
_LACKING = """
INSERT OR IGNORE INTO stale
SELECT b.statement FROM (
    SELECT p.place, p.covers_after AS oldest, p.covers_until AS newest,
           substr(max(c.until), 1, 16) || '~' AS until
    FROM changed c CROSS JOIN _series s ON s.id = c.series
    CROSS JOIN _parts p ON p.id = c.value AND p.place = s.place
    WHERE p.covers_after IS NOT NULL GROUP BY p.place, p.covers_after, p.covers_until
) w
CROSS JOIN _bounds b ON b.dated_until > w.oldest AND (w.newest IS NULL OR b.dated_from < w.newest)
    AND (b.first_capture < w.until OR b.absent_capture IS NULL OR b.absent_capture < w.until)
WHERE b.statement NOT IN (SELECT key FROM stale)
AND EXISTS (SELECT 1 FROM _wordings v JOIN _entries e ON e.wording = v.id
            JOIN _parts o ON o.id = e.part AND o.place = w.place WHERE v.statement = b.statement)
"""
_ANSWERED = """
INSERT OR IGNORE INTO stale
SELECT statement FROM _wordings WHERE url_key IN (
    SELECT a.url_key FROM (SELECT DISTINCT series FROM changed) c
    CROSS JOIN _series s ON s.id = c.series AND s.place = ?
    CROSS JOIN captures a INDEXED BY captures_url ON a.url = s.subject
)
"""
_OUTAGES = """
WITH home AS (
    SELECT sp.* FROM _series s JOIN _spans sp ON sp.series = s.id
    WHERE (s.place, s.subject) = (?, ?)
), around AS (
    SELECT substr(min(c.since), 1, 16) AS since, substr(max(c.until), 1, 16) || '~' AS until
    FROM changed c JOIN _series s ON s.id = c.series AND (s.place, s.subject) = (?, ?)
)
INSERT OR IGNORE INTO stale SELECT subject FROM changes, around
WHERE kind = 'page_gone' AND around.since IS NOT NULL
AND capture_after >= coalesce(
    (SELECT substr(max(last), 1, 16) FROM home WHERE last < around.since), ''
)
AND capture_after <= coalesce(
    (SELECT substr(min(first), 1, 16) || '~' FROM home WHERE first > around.until), '~'
)
"""
_SIDE_BY_SIDE = """
SELECT {group}, min(v.id), max(v.id) FROM (SELECT DISTINCT o.value FROM due p
    CROSS JOIN _observations o ON o.capture = p.capture
    CROSS JOIN _series s ON s.id = o.series AND s.place NOT IN (?, ?)
    CROSS JOIN _parts w ON w.id = o.value AND w.place = s.place) shown
CROSS JOIN _entries e ON e.part = shown.value CROSS JOIN _wordings v ON v.id = e.wording
WHERE {group} IS NOT NULL GROUP BY shown.value, {group} HAVING min(v.id) != max(v.id)
"""
# Wordings of a group with several titles, which is linked by a URL, in windows that are new.
_LINKED_BY_URL = """
WITH shown AS MATERIALIZED (
    SELECT DISTINCT v.id, v.title_digest AS headline
    FROM due d CROSS JOIN _observations o ON o.capture = d.capture
    CROSS JOIN _series s ON s.id = o.series AND s.place NOT IN (?, ?)
    CROSS JOIN _parts w ON w.id = o.value AND w.place = s.place AND w.entries > 1
        AND w.first_capture IN (SELECT capture FROM due)
    CROSS JOIN _entries e ON e.part = w.id CROSS JOIN _wordings v ON v.id = e.wording
)
SELECT id FROM shown WHERE headline IN (
    SELECT headline FROM (SELECT DISTINCT headline FROM shown) WHERE EXISTS (
        SELECT 1 FROM _wordings a JOIN _wordings b ON b.url_key = a.url_key
            AND b.title_digest != a.title_digest WHERE a.title_digest = headline
    )
)
"""


def begin(connection: sqlite3.Connection) -> None:
    """Begin with nothing stale."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS stale (key TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM stale")


def conflicting_wordings(connection: sqlite3.Connection) -> list[int]:
    """Return wordings that a new window shows side by side, so that they can be no one statement.

    Of those that were one until now the statement is marked. Those of one group that were two
    already may have kept a third apart, or let it join one of them: a group has one title, or
    several that a URL links.
    """
    ask = connection.execute
    one = ask(_SIDE_BY_SIDE.format(group="v.statement"), (PAGE, BOX)).fetchall()
    connection.executemany("INSERT OR IGNORE INTO stale VALUES (?)", [row[:1] for row in one])
    titles = ask(_SIDE_BY_SIDE.format(group="v.title_digest"), (PAGE, BOX)).fetchall()
    linked = {row[0] for row in ask(_LINKED_BY_URL, (PAGE, BOX))}
    return sorted(linked | {wording for _, *pair in (*one, *titles) for wording in pair})


def mark_cores(connection: sqlite3.Connection, cores: Iterable[int]) -> None:
    """Mark the statements that *cores* belong to, and the pages that may belong to these."""
    connection.executemany(
        "INSERT OR IGNORE INTO stale SELECT statement FROM _wordings WHERE core = ?1 OR core IN"
        " (SELECT page FROM _doubts WHERE other = ?1)",
        [(core,) for core in cores],
    )


def mark_neighbours(connection: sqlite3.Connection, wordings: Iterable[int]) -> None:
    """Mark the statements with a title or a date of *wordings*, whose cores lost or won some.

    A rename between them and an entry of these cores may have become possible, or no longer be.
    """
    connection.execute(
        "INSERT OR IGNORE INTO stale SELECT n.statement FROM _wordings n"
        " WHERE n.title_digest IN (SELECT title_digest FROM _wordings f, json_each(?1) j"
        "  WHERE f.id = j.value)"
        " OR n.date IN (SELECT date FROM _wordings f, json_each(?1) j WHERE f.id = j.value)",
        (json.dumps(sorted(wordings)),),
    )


def mark_changed(connection: sqlite3.Connection, home_url: str) -> None:
    """Mark the statements that a changed span shows, lacks, or answers for.

    Those that were renamed into one of these have an entry whose absence it may explain.
    """
    connection.execute(_SHOWN)
    connection.execute(_ANSWERED, (ANSWER,))
    connection.execute(_OUTAGES, (ANSWER, home_url, ANSWER, home_url))
    connection.execute(_LACKING)
    connection.execute(
        "INSERT OR IGNORE INTO stale SELECT o.statement FROM stale s"
        " CROSS JOIN _wordings n ON n.statement = s.key CROSS JOIN _renames r ON r.new = n.core"
        " CROSS JOIN _wordings o ON o.core = r.old"
    )
