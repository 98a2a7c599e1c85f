"""Derived: statements, versions, counters and changes, from spans.

In: the captures stored since the last time (``_pending``). Out: rows of what follows from all
facts; only those that differ are written. Drops: nothing. Never: reads a page, or looks at when a
capture arrived.

Only what the new captures can have changed is derived anew, each from all its spans, so the result
is the same as deriving everything from scratch.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass

from embassy_scraper.sites import Profile
from pipelines.history.changes import Change
from pipelines.history.contacts import derive_contacts
from pipelines.history.counters import CounterHistory, derive_counters
from pipelines.history.coverage import Coverage
from pipelines.history.outages import Outages
from pipelines.history.statements import History, derive
from pipelines.history.status import LastWindows, status_of
from pipelines.tables import stale
from pipelines.tables.cores import assign_cores, reconsider
from pipelines.tables.crowded import tell_crowded
from pipelines.tables.reconcile import reconcile
from pipelines.tables.regroup import regroup
from pipelines.tables.renames import Renames
from pipelines.tables.runs import now
from pipelines.tables.site_and_reader import profile_of
from pipelines.tables.spans import follow
from pipelines.tables.texts import text_ids
from pipelines.tables.timelines import (
    load_answers,
    load_contacts,
    load_coverage,
    load_last_windows,
    load_outages,
    load_spans,
    load_timeline,
    readings_on,
)
from pipelines.values.instants import instant_of
from pipelines.values.places import SHAPE

Progress = Callable[[str, int, int], None]
_BATCH = 100  # statements held in memory at a time
_AT_ONCE = 10_000  # captures


@dataclass(frozen=True, slots=True)
class Around:
    """What the history of every statement is derived beside."""

    profile: Profile
    coverage: Coverage
    outages: Outages
    last_windows: LastWindows


def derive_pending(connection: sqlite3.Connection, progress: Progress | None = None) -> None:
    """Derive what follows from the pending captures, inside the caller's transaction.

    Of many some are taken at a time, the earliest first, so that memory does not grow with them.
    """
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS due (capture TEXT PRIMARY KEY)")
    is_first = True
    while is_first or connection.execute("SELECT 1 FROM _pending LIMIT 1").fetchone():
        is_first = False
        connection.execute("DELETE FROM due")
        query = "INSERT INTO due SELECT capture FROM _pending ORDER BY capture LIMIT ?"
        connection.execute(query, (_AT_ONCE,))
        _derive_due(connection, progress or (lambda what, done, of: None))
        connection.execute("DELETE FROM _pending WHERE capture IN (SELECT capture FROM due)")


def _derive_due(connection: sqlite3.Connection, progress: Progress) -> None:
    """Derive what follows from the captures that are due."""
    profile = profile_of(connection)
    follow(connection)
    stale.begin(connection)
    _mark_stale(connection, profile)
    derive_stale(connection, profile, progress)
    reconcile(connection)


def derive_stale(connection: sqlite3.Connection, profile: Profile, progress: Progress) -> None:
    """Derive the statements that are stale, and what there is of counters and contacts."""
    around = Around(
        profile,
        load_coverage(connection),
        load_outages(connection, profile),
        load_last_windows(connection),
    )
    renames = Renames(connection, around.coverage)
    while linked := _derive_stale(connection, around, progress, renames):
        stale.begin(connection)
        stale.mark_cores(connection, linked)
    _write_counters(
        connection, derive_counters(load_spans(connection, SHAPE, ""), readings_on(connection))
    )
    contacts = derive_contacts(load_contacts(connection))
    _write_changes(connection, "subject = ? AND kind = 'contact_changed'", contacts, ["header"])
    tell_crowded(connection)


def _mark_stale(connection: sqlite3.Connection, profile: Profile) -> None:
    changes = assign_cores(connection)
    reconsider(connection, stale.conflicting_wordings(connection), changes)
    stale.mark_cores(connection, changes.cores)
    if changes.regrouped:
        stale.mark_neighbours(connection, changes.regrouped)
    stale.mark_changed(connection, profile.site.base_url)


def _derive_stale(
    connection: sqlite3.Connection, around: Around, progress: Progress, renames: Renames
) -> set[int]:
    """Derive the stale statements; return the cores whose renames changed.

    Only a core that is not yet settled can have other renames than before, and is then: so
    there are at most as many rounds as cores, and one.
    """
    regroup(connection)
    total = connection.execute("SELECT count(*) FROM stale").fetchone()[0]
    linked: set[int] = set()
    done = 0
    for keys in _batches(connection):
        histories = [one for key in keys if (one := _derive(connection, key, around)) is not None]
        for history in histories:
            linked |= renames.find(history)
        _replace(connection, keys, histories, around)
        done += len(keys)
        progress("statements compared", done, total)
    return linked


def _derive(connection: sqlite3.Connection, key: str, around: Around) -> History | None:
    """Return the history of the statement *key*; ``None`` where nothing tells what it is."""
    timeline = load_timeline(connection, key, around.profile)
    if not timeline.has_title():
        return None
    answers = load_answers(connection, timeline)
    return derive(timeline, around.coverage, answers, around.outages)


def _batches(connection: sqlite3.Connection) -> Iterator[list[str]]:
    last = ""
    while True:
        query = "SELECT key FROM stale WHERE key > ? ORDER BY key LIMIT ?"
        keys = [row[0] for row in connection.execute(query, (last, _BATCH))]
        if not keys:
            return
        yield keys
        last = keys[-1]


def _replace(
    connection: sqlite3.Connection, keys: list[str], histories: list[History], around: Around
) -> None:
    """Write *histories* in place of what was known of *keys*."""
    alive = {history.timeline.key for history in histories}
    dead = [(key,) for key in keys if key not in alive]
    connection.executemany("DELETE FROM statements WHERE key = ?", dead)
    connection.executemany("DELETE FROM _bounds WHERE statement = ?", dead)
    connection.executemany(
        "INSERT OR REPLACE INTO statements VALUES (?,?,?,?,?,?,?,?,?)",
        [_statement_row(history, around.last_windows) for history in histories],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO _bounds VALUES (?,?,?,?,?)", [_bounds_row(h) for h in histories]
    )
    _write_versions(connection, keys, histories)
    marks = ",".join("?" * len(keys))
    changes = (change for h in histories for change in h.changes)
    _write_changes(connection, f"subject IN ({marks})", changes, keys)


def _statement_row(history: History, last_windows: LastWindows) -> tuple[object, ...]:
    timeline = history.timeline
    last = timeline.seen[-1].capture
    return (
        timeline.key,
        timeline.title_at(last),
        timeline.last_date(),
        timeline.signed_at(),
        timeline.url(),
        status_of(history.is_gone, history.places, last_windows),
        instant_of(timeline.seen[0].capture),
        instant_of(last),
        len(history.versions),
    )


def _bounds_row(history: History) -> tuple[object, ...]:
    days = {day for _, day in history.timeline.dated}
    absent = history.absence.capture if history.absence else None
    first = history.timeline.seen[0].capture
    return (history.timeline.key, first, absent, min(days, default=None), max(days, default=None))


def _write_versions(
    connection: sqlite3.Connection, keys: list[str], histories: list[History]
) -> None:
    """Write the versions that differ; one that was only seen again is not indexed again."""
    versions = [(h.timeline.key, v) for h in histories for v in h.versions]
    ids = text_ids(connection, {t for _, v in versions for t in (v.title, v.lead, v.body)})
    new = {
        (key, v.number, ids[v.title], ids[v.lead], ids[v.body], v.first_seen, v.first_capture): (
            v.last_seen
        )
        for key, v in versions
    }
    marks = ",".join("?" * len(keys))
    query = (
        "SELECT statement, number, title, lead, body, first_seen, first_capture, last_seen"
        f" FROM _versions WHERE statement IN ({marks})"
    )
    known = {tuple(row[:7]): row[7] for row in connection.execute(query, keys)}
    connection.executemany(
        "DELETE FROM _versions WHERE statement = ? AND number = ?",
        [row[:2] for row in known if row not in new],
    )
    connection.executemany(
        "UPDATE _versions SET last_seen = ? WHERE statement = ? AND number = ?",
        [(at, *row[:2]) for row, at in new.items() if known.get(row, at) != at],
    )
    connection.executemany(
        "INSERT INTO _versions (statement, number, title, lead, body, first_seen, first_capture,"
        " last_seen) VALUES (?,?,?,?,?,?,?,?)",
        [(*row, last_seen) for row, last_seen in new.items() if row not in known],
    )


def _write_counters(connection: sqlite3.Connection, counters: list[CounterHistory]) -> None:
    events = {row[0] for row in connection.execute("SELECT event FROM counters")}
    connection.execute("DELETE FROM counters")
    connection.executemany(
        "INSERT INTO counters VALUES (?,?,?,?,?,?)",
        [
            (c.event, c.last.unit, c.last.since_date, c.last.label, instant_of(c.first.capture),
             instant_of(c.last.capture))
            for c in counters
        ],
    )  # fmt: skip
    subjects = json.dumps(sorted(events | {c.event for c in counters}))
    which = "kind GLOB 'counter_*' AND subject IN (SELECT value FROM json_each(?))"
    _write_changes(connection, which, (x for c in counters for x in c.changes), [subjects])


def _write_changes(
    connection: sqlite3.Connection,
    which: str,
    changes: Iterable[Change],
    values: Iterable[str] = (),
) -> None:
    """Write *changes* in place of those of *which* that are known; what is the same stays."""
    new = {change.change_id: astuple(change) for change in changes}
    query = f"SELECT * FROM changes WHERE {which}"
    known = {row[0]: row for row in connection.execute(query, tuple(values))}
    connection.executemany(
        "DELETE FROM changes WHERE change_id = ?", [(name,) for name in known.keys() - new.keys()]
    )
    differing = [row for name, row in new.items() if known.get(name) != row]
    marks = ",".join("?" * 16)
    connection.executemany(f"INSERT OR REPLACE INTO changes VALUES ({marks})", differing)
    at = now()
    connection.executemany(
        "INSERT OR IGNORE INTO _learned VALUES (?,?)", [(row[0], at) for row in differing]
    )
