"""Entries without a URL whose title or date was edited: one statement, not two.

Between the last window of a list that shows the old entry and the next that covers its date and
lacks it, exactly one new entry fits: the same date and a lead alike, or the same title and a
lead alike. Where more than one fits, none is joined. Where no lead is shown nothing says that two
entries are alike, so they stay two.
"""

import sqlite3
from collections.abc import Iterable, Iterator

from pipelines.history.coverage import Coverage
from pipelines.history.presence import Gap, gaps_in
from pipelines.history.statements import History
from pipelines.history.timeline import Shown, Timeline, load_forms, make_timeline
from pipelines.values.likeness import ALIKE, similarity
from pipelines.values.places import BOX, PAGE

_UNRIVALLED = """
    SELECT old, new, list, capture FROM renames r
    WHERE (r.old = ?1 OR r.new = ?1)
    AND NOT EXISTS (SELECT 1 FROM renames x WHERE x.old = r.old AND x.list = r.list
                    AND x.capture = r.capture AND x.new != r.new)
"""
_RIVALS = "SELECT old FROM renames WHERE new = ? AND list = ? AND capture = ? AND old != ?"


def find_renames(
    connection: sqlite3.Connection, history: History, coverage: Coverage, settled: set[int]
) -> set[int]:
    """Write down the entries that may be the new form of what is missing; return what changed.

    A core's candidates follow from its own forms and from windows, never from what it is joined
    with; so they are looked for once in a derivation, and the *settled* cores are passed over.
    Returned are the cores that a new or lost candidate can join or part.
    """
    timeline = history.timeline
    cores = sorted({form.core for form in timeline.forms.values()})
    is_joined = len(cores) > 1
    cores = [core for core in cores if core not in settled]
    settled.update(cores)
    before = _candidates(connection, cores)
    if not is_joined and not history.has_gaps and not before:
        return set()
    for core in cores:
        connection.execute("DELETE FROM renames WHERE old = ?", (core,))
        own = _part_of(connection, timeline, core) if is_joined else timeline
        for name in own.lists():
            for gap in gaps_in(own, name, coverage.of(name)):
                _write_candidates(connection, own, core, gap, coverage)
    changed = before ^ _candidates(connection, cores)
    ends = {core for old, new, _, _ in changed for core in (old, new)}
    rivals = {
        row[0]
        for _, new, _, _ in changed
        for row in connection.execute("SELECT old FROM renames WHERE new = ?", (new,))
    }
    return ends | rivals


def _candidates(
    connection: sqlite3.Connection, cores: Iterable[int]
) -> set[tuple[int, int, str, str]]:
    return {
        row
        for core in cores
        for row in connection.execute(
            "SELECT old, new, list, capture FROM renames WHERE old = ?", (core,)
        )
    }


def _part_of(connection: sqlite3.Connection, timeline: Timeline, core: int) -> Timeline:
    """Return what was seen of *core* alone, its forms read beside each other and no others.

    Read beside all forms of the statement a text might not count that counts within the core:
    the rename that it led to would take itself away, and come back, for ever.
    """
    forms = load_forms(connection, "core", core)
    seen = [s for s in timeline.seen if s.form in forms]
    return make_timeline(timeline.key, forms, seen, timeline.profile)


def _write_candidates(
    connection: sqlite3.Connection, own: Timeline, core: int, gap: Gap, coverage: Coverage
) -> None:
    last = next(s for s in own.places[gap.list] if s.capture == gap.last_seen)
    old = own.forms[last.form]
    if not old.lead or old.title is None or old.date is None:
        return
    instant = gap.first_missing[:16]
    windows = coverage.of(gap.list).covering(old.date, gap.last_seen)
    for window in windows:
        if window.capture[:16] > instant:
            break
        if gap.at_head_only and not window.is_head():
            continue
        for new in _entries(connection, window.capture, gap.list):
            if (
                new.core != core
                and _fits(old, new)
                and _first_listed(connection, new)[:16] > gap.last_seen[:16]
                and not _side_by_side(connection, core, new.core)
            ):
                connection.execute(
                    "INSERT OR IGNORE INTO renames VALUES (?,?,?,?)",
                    (core, new.core, gap.list, instant),
                )


def _entries(connection: sqlite3.Connection, capture: str, name: str) -> list[Shown]:
    rows = connection.execute(
        "SELECT f.id, f.core, f.is_page, f.url_key, f.title, f.lead, NULL, NULL, f.date,"
        " f.published_at, f.signed_on, f.is_open FROM sightings s JOIN forms f ON f.id = s.form"
        " WHERE s.capture = ? AND s.list = ?",
        (capture, name),
    )
    return [Shown(*row) for row in rows]


def _fits(old: Shown, new: Shown) -> bool:
    """Say whether *new* can be *old* with its title, or else its date, edited."""
    if not new.lead or (old.url_key is not None and new.url_key is not None):
        return False
    retitled = old.date == new.date and old.title != new.title
    redated = old.date != new.date and old.title == new.title
    return (retitled or redated) and similarity(old.lead or "", new.lead) >= ALIKE


def _first_listed(connection: sqlite3.Connection, new: Shown) -> str:
    """Return the capture that first shows the entry *new* in any list, by its title and date.

    Its page may have joined it with what it was called before, which is no reason to know it.
    """
    query = (
        "SELECT min(first_capture) FROM forms"
        " WHERE core = ? AND title = ? AND date IS ? AND NOT is_page AND NOT is_box"
    )
    return str(connection.execute(query, (new.core, new.title, new.date)).fetchone()[0])


def _side_by_side(connection: sqlite3.Connection, one: int, other: int) -> bool:
    query = """
        SELECT 1 FROM forms f
        JOIN sightings a ON a.statement = f.statement AND a.form = f.id
            AND a.list NOT IN (?3, ?4)
        JOIN sightings b ON b.capture = a.capture AND b.list = a.list
        JOIN forms g ON g.id = b.form
        WHERE f.core = ?1 AND g.core = ?2 LIMIT 1
    """
    return connection.execute(query, (one, other, PAGE, BOX)).fetchone() is not None


def connected(connection: sqlite3.Connection, cores: Iterable[int]) -> set[int]:
    """Return *cores* and all that are joined to them by a rename."""
    found = set(cores)
    waiting = list(found)
    while waiting:
        core = waiting.pop()
        for old, new in _accepted(connection, core):
            for other in {old, new} - found:
                found.add(other)
                waiting.append(other)
    return found


def _accepted(connection: sqlite3.Connection, core: int) -> Iterator[tuple[int, int]]:
    """Yield the renames of *core* and into it.

    Two entries can have become one only where they never stood side by side: then the one was
    the other's earlier form. Else nothing says which of them it was.
    """
    for old, new, name, capture in connection.execute(_UNRIVALLED, (core,)).fetchall():
        rivals = connection.execute(_RIVALS, (new, name, capture, old)).fetchall()
        if not any(_side_by_side(connection, old, rival) for (rival,) in rivals):
            yield old, new
