"""Diff: what changed between snapshots.

In: the captures stored since the last time (``pending``). Out: statements, versions, counters and
changes. Drops: nothing. Never: reads a page, or looks at when a capture arrived.

One transaction: a kill leaves the captures marked as pending, and the next run does the same
work. Only what the new captures can have changed is derived anew, each from all its facts, so
the result is the same as deriving everything from scratch.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator

from embassy_scraper.door import Stage
from embassy_scraper.sites import Profile
from pipelines.history.changes import CHANGE_COLUMNS, Change
from pipelines.history.contacts import derive_contacts
from pipelines.history.counters import CounterHistory, derive_counters
from pipelines.history.coverage import Coverage
from pipelines.history.renames import find_renames
from pipelines.history.statements import History, derive
from pipelines.history.status import Standing, last_windows
from pipelines.history.timeline import load_timeline
from pipelines.tables import regroup, touched
from pipelines.tables.cores import assign_cores, reconsider
from pipelines.tables.database import writing
from pipelines.tables.reconcile import is_due, reconcile
from pipelines.tables.site_and_reader import profile_of
from pipelines.tables.stretches import follow_headers
from pipelines.values.instants import instant_of

Progress = Callable[[str, int, int], None]
_BATCH = 100  # statements held in memory at a time
_CHANGE_MARKS = ",".join("?" * len(CHANGE_COLUMNS))


def settle(connection: sqlite3.Connection, progress: Progress | None = None) -> bool:
    """Derive what follows from the pending captures; say whether there were any."""
    with writing(connection):
        found = connection.execute("SELECT 1 FROM pending LIMIT 1").fetchone() is not None
        if found or is_due(connection):
            derive_pending(connection, progress)
    return found


def derive_pending(connection: sqlite3.Connection, progress: Progress | None = None) -> None:
    """Do the work of ``settle`` inside the caller's transaction."""
    progress = progress or (lambda what, done, of: None)
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS dirty (key TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM dirty")
    profile = profile_of(connection)
    coverage = Coverage(connection)
    changes = assign_cores(connection)
    reconsider(connection, touched.conflicting_forms(connection), changes)
    touched.mark_cores(connection, changes.cores)
    if changes.regrouped:
        touched.mark_neighbours(connection, changes.regrouped)
    touched.mark_answers(connection)
    touched.mark_withheld(connection)
    touched.mark_outages(connection, profile.site.base_url)
    seen_again = touched.mark_sightings(connection, coverage)
    touched.mark_windows(connection, coverage)
    touched.mark_forerunners(connection)
    standing = Standing(connection, last_windows(connection))
    settled: set[int] = set()  # cores whose candidates are known; they grow, so this ends
    while linked := _derive_dirty(connection, profile, coverage, standing, progress, settled):
        connection.execute("DELETE FROM dirty")
        touched.mark_cores(connection, linked)
    standing.refresh(seen_again)
    follow_headers(connection)
    _write_counters(connection, derive_counters(connection))
    connection.execute("DELETE FROM changes WHERE kind = 'contact_changed'")
    _write_changes(connection, derive_contacts(connection))
    reconcile(connection)
    connection.execute("DELETE FROM pending")


def _derive_dirty(
    connection: sqlite3.Connection,
    profile: Profile,
    coverage: Coverage,
    standing: Standing,
    progress: Progress,
    settled: set[int],
) -> set[int]:
    """Derive the statements marked dirty; return the cores whose renames changed.

    Only a core that is not yet *settled* can have other renames than before, and is then: so
    there are at most as many rounds as cores, and one.
    """
    regroup.regroup(connection)
    total = connection.execute("SELECT count(*) FROM dirty").fetchone()[0]
    linked: set[int] = set()
    done = 0
    for keys in _batches(connection):
        timelines = [load_timeline(connection, key, profile) for key in keys]
        histories = [derive(connection, t, coverage) for t in timelines if t.has_title()]
        for history in histories:
            linked |= find_renames(connection, history, coverage, settled)
        _replace(connection, keys, histories, standing)
        done += len(keys)
        progress("statements compared", done, total)
    return linked


def _batches(connection: sqlite3.Connection) -> Iterator[list[str]]:
    last = ""
    while True:
        query = "SELECT key FROM dirty WHERE key > ? ORDER BY key LIMIT ?"
        keys = [row[0] for row in connection.execute(query, (last, _BATCH))]
        if not keys:
            return
        yield keys
        last = keys[-1]


def _replace(
    connection: sqlite3.Connection, keys: list[str], histories: list[History], standing: Standing
) -> None:
    """Write *histories* in place of what was known of *keys*."""
    for query in (
        "DELETE FROM changes WHERE subject = ?",
        "DELETE FROM versions WHERE statement = ?",
        "DELETE FROM places WHERE statement = ?",
    ):
        connection.executemany(query, [(key,) for key in keys])
    alive = {history.timeline.key for history in histories}
    dead = [(key,) for key in keys if key not in alive]
    connection.executemany("DELETE FROM statements WHERE key = ?", dead)
    connection.executemany(
        "INSERT INTO places VALUES (?,?,?,?,?)",
        [(h.timeline.key, *place) for h in histories for place in h.places],
    )
    connection.executemany(
        "INSERT INTO versions VALUES (?,?,?,?,?,?,?,?)",
        [
            (h.timeline.key, v.number, v.title, v.lead, v.body, v.first_seen, v.last_seen,
             v.first_capture)
            for h in histories for v in h.versions
        ],
    )  # fmt: skip
    connection.executemany(
        "INSERT OR REPLACE INTO statements VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [_statement_row(history, standing) for history in histories],
    )
    _write_changes(connection, (change for h in histories for change in h.changes))


def _statement_row(history: History, standing: Standing) -> tuple[object, ...]:
    timeline = history.timeline
    last = timeline.seen[-1].capture
    days = {day for _, day in timeline.dated}
    return (
        timeline.key,
        timeline.title_at(last),
        timeline.last_date(),
        timeline.signed_at(),
        timeline.url(),
        standing.status(history.is_gone, history.places),
        instant_of(timeline.seen[0].capture),
        instant_of(last),
        len(history.versions),
        timeline.seen[0].capture,
        history.absence.capture if history.absence else None,
        min(days, default=None),
        max(days, default=None),
        int(history.is_gone),
        int(timeline.is_plain()),
    )


def _write_counters(connection: sqlite3.Connection, counters: Iterable[CounterHistory]) -> None:
    connection.execute("DELETE FROM changes WHERE kind GLOB 'counter_*'")
    connection.execute("DELETE FROM counters")
    for c in counters:
        connection.execute(
            "INSERT INTO counters VALUES (?,?,?,?,?,?)",
            (c.event, c.last.unit, c.last.since_date, c.last.label, instant_of(c.first.capture),
             instant_of(c.last.capture)),
        )  # fmt: skip
        _write_changes(connection, c.changes)


def _write_changes(connection: sqlite3.Connection, changes: Iterable[Change]) -> None:
    connection.executemany(
        f"INSERT INTO changes VALUES ({_CHANGE_MARKS})",
        (tuple(getattr(change, name) for name in CHANGE_COLUMNS) for change in changes),
    )


class DiffPipeline(Stage):
    """Scrapy's adapter: when the crawl ends, derives what follows from what it stored.

    In a long crawl also on the way, so that the work at its end needs little memory.
    """

    def process_item(self, item: object) -> object:
        """Return *item* as it is; now and then derive what follows from those before it."""
        self._door.settle_often()
        return item

    def close_spider(self) -> None:
        """Do what the stored captures make possible; the other stages are closed already."""
        self._door.complete()
