"""Entries without a URL whose title or date was edited: one statement, not two.

Between the last window of a list that shows the old entry and the next that covers its date and
lacks it, exactly one new entry fits: the same date and a lead alike, or the same title and a
lead alike. Where more than one fits, none is joined. Where no lead is shown nothing says that two
entries are alike, so they stay two.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from embassy_scraper.limits import MAX_LEAD, MAX_RIVALS
from pipelines.history.coverage import Coverage
from pipelines.history.presence import Gap, find_gaps
from pipelines.history.statements import History
from pipelines.history.timeline import Shown, Timeline
from pipelines.tables.timelines import load_entries, load_part
from pipelines.values.instants import instant
from pipelines.values.likeness import ALIKE, similarity
from pipelines.values.places import BOX, PAGE

_WINDOWS = 100  # kept in memory
_UNRIVALLED = """
    SELECT old, new, list, capture FROM _renames r
    WHERE (r.old = ?1 OR r.new = ?1)
    AND NOT EXISTS (SELECT 1 FROM _renames x WHERE x.old = r.old AND x.list = r.list
                    AND x.capture = r.capture AND x.new != r.new)
"""
_IN_DOUBT = """
SELECT DISTINCT page FROM _doubts, json_each(?) WHERE page = value OR other = value
"""
_RIVALS = "SELECT old FROM _renames WHERE new = ? AND list = ? AND capture = ? AND old != ?"


class Renames:
    """The search of one derivation for entries that may be the new wording of what is missing.

    A core's candidates follow from its own wordings and from windows, never from what it is joined
    with; so they are looked for once in a derivation, and *settled* cores are passed over.
    """

    def __init__(self, connection: sqlite3.Connection, coverage: Coverage) -> None:
        """Look for them in the windows of *coverage*."""
        self._connection, self._coverage = connection, coverage
        self._settled: set[int] = set()
        self._window = lru_cache(maxsize=_WINDOWS)(self._load)

    def find(self, history: History) -> set[int]:
        """Write down the candidates; return the cores that new or lost ones can join or part."""
        timeline, ask = history.timeline, self._connection.execute
        cores = {wording.core for wording in timeline.wordings.values()}
        is_joined = len(cores) > 1
        cores -= self._settled
        self._settled |= cores
        before = _candidates(self._connection, cores)
        if not is_joined and not history.has_gaps and not before:
            return set()
        for core in sorted(cores):
            ask("DELETE FROM _renames WHERE old = ?", (core,))
            own = load_part(self._connection, timeline, core) if is_joined else timeline
            for gap in find_gaps(own, self._coverage):
                self._write_candidates(own, core, gap)
        changed = before ^ _candidates(self._connection, cores)
        ends = {core for old, new, _, _ in changed for core in (old, new)}
        rivals = {
            row[0]
            for new in {new for _, new, _, _ in changed}
            for row in ask("SELECT old FROM _renames WHERE new = ?", (new,))
        }
        return ends | rivals

    def _write_candidates(self, own: Timeline, core: int, gap: Gap) -> None:
        old = own.wordings[gap.last.wording]
        if not old.lead or old.title is None or old.date is None:
            return
        near = {
            new.id: new
            for part in _windows_until(gap, old.date, self._coverage)
            for value in (old.date, old.title)
            for new in self._window(part).get(value, ())
            if new.core != core
        }
        if len(near) > MAX_RIVALS:
            return
        at = instant(gap.first_missing)
        rows = [
            (core, new.core, gap.list, at)
            for new in near.values()
            if _fits(old, new)
            and instant(_first_listed(self._connection, new)) > instant(gap.last.capture)
            and not _side_by_side(self._connection, core, new.core)
        ]
        self._connection.executemany("INSERT OR IGNORE INTO _renames VALUES (?,?,?,?)", rows)

    def _load(self, part: int) -> Mapping[str | None, list[Shown]]:
        """Return the entries of one window by their days, and by their titles."""
        found: dict[str | None, list[Shown]] = {}
        for entry in load_entries(self._connection, part):
            for value in {entry.date, entry.title}:
                found.setdefault(value, []).append(entry)
        return found


def _candidates(
    connection: sqlite3.Connection, cores: Iterable[int]
) -> set[tuple[int, int, str, str]]:
    return {
        row
        for core in cores
        for row in connection.execute(
            "SELECT old, new, list, capture FROM _renames WHERE old = ?", (core,)
        )
    }


def _windows_until(gap: Gap, day: str, coverage: Coverage) -> Iterator[int]:
    """Yield the windows that cover *day*, from behind the last sighting until it is missing."""
    between = instant(gap.last.capture), instant(gap.first_missing)
    for one in coverage.of(gap.list).seen_between(day, *between):
        if one.is_head() or not gap.at_head_only:
            yield one.span.value


def _fits(old: Shown, new: Shown) -> bool:
    """Say whether *new* can be *old* with its title, or else its date, edited."""
    if not new.lead or (old.url_key is not None and new.url_key is not None):
        return False
    retitled = old.date == new.date and old.title != new.title
    redated = old.date != new.date and old.title == new.title
    return (retitled or redated) and similarity(old.lead or "", new.lead, MAX_LEAD) >= ALIKE


def _first_listed(connection: sqlite3.Connection, new: Shown) -> str:
    """Return the capture that first shows the entry *new* in any list, by its title and date.

    Its page may have joined it with what it was called before, which is no reason to know it.
    """
    query = (
        "SELECT min(v.first_capture) FROM _wordings v JOIN _texts t ON t.id = v.title"
        " WHERE v.core = ? AND t.text = ? AND v.date IS ? AND NOT v.is_page AND NOT v.is_box"
    )
    return str(connection.execute(query, (new.core, new.title, new.date)).fetchone()[0])


def _side_by_side(connection: sqlite3.Connection, one: int, other: int) -> bool:
    query = """
        SELECT 1 FROM _wordings f
        JOIN _entries a ON a.wording = f.id
        JOIN _parts p ON p.id = a.part AND p.place NOT IN (?3, ?4)
        JOIN _entries b ON b.part = a.part
        JOIN _wordings g ON g.id = b.wording
        WHERE f.core = ?1 AND g.core = ?2 LIMIT 1
    """
    return connection.execute(query, (one, other, PAGE, BOX)).fetchone() is not None


def connected(connection: sqlite3.Connection, cores: Iterable[int]) -> set[int]:
    """Return *cores* and all that are joined to them by a rename, or by a page that fits them.

    An undated page that fits several belongs to them where renames make them one.
    """
    found = _renamed(connection, cores)
    ids = json.dumps(sorted(found))
    for page, *_ in connection.execute(_IN_DOUBT, (ids,)).fetchall():
        rows = connection.execute("SELECT other FROM _doubts WHERE page = ?", (page,))
        others = {row[0] for row in rows}
        whole = _renamed(connection, {min(others)})
        if others <= whole:
            found |= whole | {page}
    return found


def _renamed(connection: sqlite3.Connection, cores: Iterable[int]) -> set[int]:
    """Return *cores* and all that are joined to them by renames."""
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
    the other's earlier wording. Else nothing says which of them it was.
    """
    for old, new, name, capture in connection.execute(_UNRIVALLED, (core,)).fetchall():
        rivals = connection.execute(_RIVALS, (new, name, capture, old)).fetchall()
        if not any(_side_by_side(connection, old, rival) for (rival,) in rivals):
            yield old, new
