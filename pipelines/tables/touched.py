"""Which statements the pending captures can have changed: those are marked in ``dirty``.

Most captures show what was known before. A sighting between two of the same form, with no
window between them that lacks the statement, changes nothing; nor does one more window without
a statement that is already known to be missing there. What is not of these kinds, or is of a
statement that was ever shown in two ways (not *plain*), is marked and derived anew.

Instants are the first 16 characters of capture ids.
"""

import json
import sqlite3
from collections.abc import Iterable

from pipelines.history.coverage import Coverage
from pipelines.history.outages import Outages
from pipelines.values.places import BOX, PAGE, is_list

SeenAgain = dict[str, dict[str, tuple[str, int]]]

_NEW_PLACES = """
    SELECT s.statement, s.list, min(s.capture), max(s.capture)
    FROM pending p CROSS JOIN sightings s ON s.capture = p.capture
    LEFT JOIN dirty d ON d.key = s.statement
    WHERE d.key IS NULL GROUP BY s.statement, s.list
"""
_MAY_LACK = """
    SELECT s.key, s.first_capture, s.is_plain, s.dated_from, p.last_instant, p.is_missing
    FROM statements s JOIN places p ON p.statement = s.key AND p.list = ?1
    WHERE s.dated_until > ?2 AND (?3 IS NULL OR s.dated_from < ?3)
    AND (s.first_capture < ?4 OR s.absent_capture IS NULL OR s.absent_capture < ?4)
    AND s.key NOT IN (SELECT key FROM dirty)
"""


def _mark(connection: sqlite3.Connection, keys: Iterable[str]) -> None:
    connection.executemany("INSERT OR IGNORE INTO dirty VALUES (?)", [(key,) for key in keys])


def conflicting_forms(connection: sqlite3.Connection) -> list[int]:
    """Return forms that a new window shows side by side, so that they can be no one statement.

    Of those that were one until now the statement is marked. Those with one title that were two
    already may have kept a third apart, or let it join one of them.
    """
    rows = connection.execute(
        "SELECT s.statement, min(s.form), max(s.form) FROM pending p"
        " CROSS JOIN sightings s ON s.capture = p.capture WHERE s.list NOT IN (?, ?)"
        " GROUP BY s.capture, s.list, s.statement HAVING min(s.form) != max(s.form)",
        (PAGE, BOX),
    ).fetchall()
    _mark(connection, {row[0] for row in rows})
    titles = connection.execute(
        "SELECT min(s.form), max(s.form) FROM pending p"
        " CROSS JOIN sightings s ON s.capture = p.capture CROSS JOIN forms f ON f.id = s.form"
        " WHERE s.list NOT IN (?, ?) AND f.title_digest IS NOT NULL"
        " GROUP BY s.capture, s.list, f.title_digest HAVING min(s.form) != max(s.form)",
        (PAGE, BOX),
    ).fetchall()
    return sorted({form for _, *pair in rows for form in pair} | {f for p in titles for f in p})


def mark_cores(connection: sqlite3.Connection, cores: Iterable[int]) -> None:
    """Mark the statements that *cores* belong to."""
    connection.executemany(
        "INSERT OR IGNORE INTO dirty SELECT statement FROM forms WHERE core = ?",
        [(core,) for core in cores],
    )


def mark_neighbours(connection: sqlite3.Connection, forms: Iterable[int]) -> None:
    """Mark the statements with a title or a date of *forms*, whose cores lost or won some.

    A rename between them and an entry of these cores may have become possible, or no longer be.
    """
    wanted = json.dumps(sorted(forms))
    connection.execute(
        "INSERT OR IGNORE INTO dirty SELECT n.statement FROM forms n"
        " WHERE n.title_digest IN (SELECT title_digest FROM forms f, json_each(?1) j"
        "  WHERE f.id = j.value)"
        " OR n.date IN (SELECT date FROM forms f, json_each(?1) j WHERE f.id = j.value)",
        (wanted,),
    )


def mark_answers(connection: sqlite3.Connection) -> None:
    """Mark the statements whose own page was, or is now, found gone."""
    connection.execute(
        "INSERT OR IGNORE INTO dirty SELECT f.statement FROM pending p"
        " CROSS JOIN captures c ON c.id = p.capture"
        " CROSS JOIN captures g ON g.url_key = c.url_key AND g.http_status IN (404, 410)"
        " CROSS JOIN forms f ON f.url_key = c.url_key"
    )


def mark_withheld(connection: sqlite3.Connection) -> None:
    """Mark the statements whose own page answered, though what it said is withheld."""
    connection.execute(
        "INSERT OR IGNORE INTO dirty SELECT f.statement FROM pending p"
        " CROSS JOIN captures c ON c.id = p.capture CROSS JOIN forms f ON f.url_key = c.url_key"
        " WHERE c.page_kind = 'statement' AND NOT EXISTS"
        " (SELECT 1 FROM sightings s WHERE s.capture = c.id AND s.list = ?)",
        (PAGE,),
    )


def mark_outages(connection: sqlite3.Connection, home_url: str) -> None:
    """Mark the statements whose page was gone near a new capture of the homepage."""
    for before, behind in Outages(connection, home_url).around_pending():
        connection.execute(
            "INSERT OR IGNORE INTO dirty SELECT subject FROM changes WHERE kind = 'page_gone'"
            " AND capture_after >= ? AND capture_after < ?",
            (before or "", behind or "~"),
        )


def mark_sightings(connection: sqlite3.Connection, coverage: Coverage) -> SeenAgain:
    """Mark the statements whose new sightings tell anything new; return the others' last."""
    again: SeenAgain = {}
    marked: set[str] = set()
    for key, place, first, last in connection.execute(_NEW_PLACES).fetchall():
        if key in marked:
            continue
        start = _seen_as_before(connection, coverage, key, place, first, last)
        if start is None:
            marked.add(key)
        else:
            again.setdefault(key, {})[place] = (last[:16], start)
    _mark(connection, marked)
    return {key: places for key, places in again.items() if key not in marked}


def _seen_as_before(
    connection: sqlite3.Connection,
    coverage: Coverage,
    key: str,
    place: str,
    first: str,
    last: str,
) -> int | None:
    """Return the offset of the *last* new sighting; ``None`` where they tell anything new."""
    known = connection.execute(
        "SELECT dated_from FROM statements WHERE key = ? AND is_plain", (key,)
    ).fetchone()
    if known is None:
        return None
    query = (
        "SELECT capture, form, start, is_left_out FROM sightings"
        " WHERE statement = ? AND list = ? AND"
    )
    before = connection.execute(
        f"{query} capture < ? ORDER BY capture DESC LIMIT 1", (key, place, first[:16])
    ).fetchone()
    if before is None:
        return None
    between = connection.execute(
        f"{query} capture > ? AND capture < ? ORDER BY capture",
        (key, place, before[0], last[:16] + "~"),
    ).fetchall()
    behind = connection.execute(
        f"{query} capture > ? ORDER BY capture LIMIT 1", (key, place, last[:16] + "~")
    ).fetchone()
    seen = [before, *between, *([behind] if behind else [])]
    if any(form != before[1] or is_left_out for _, form, _, is_left_out in seen):
        return None
    if is_list(place) and known[0] is not None:
        shown = {capture for capture, _, _, _ in seen}
        end = behind[0] if behind else None
        windows = coverage.of(place).covering(known[0], before[0], end)
        if any(window.capture not in shown for window in windows):
            return None
    return min(int(offset) for capture, _, offset, _ in between if capture[:16] == last[:16])


def mark_windows(connection: sqlite3.Connection, coverage: Coverage) -> None:
    """Mark the statements whose absence from a new window tells anything new."""
    windows = connection.execute(
        "SELECT s.capture, s.list, s.covers_after, s.covers_until FROM pending p"
        " CROSS JOIN snapshots s ON s.capture = p.capture WHERE s.covers_after IS NOT NULL"
        " ORDER BY s.list, s.capture"
    ).fetchall()
    step, shown = ("", ""), set[str]()
    for capture, name, after, until in windows:
        instant = capture[:16]
        rows = connection.execute(_MAY_LACK, (name, after, until, instant + "~")).fetchall()
        if not rows:
            continue
        if step != (instant, name):  # captures of one instant are one step, and come together
            step, shown = (instant, name), _shown_at(connection, instant, name)
        # What is joined of several cores may be shown by one and lacking for another.
        lacking = [row for row in rows if row[0] not in shown or not row[2]]
        _mark(
            connection,
            [row[0] for row in lacking if _tells_more(connection, coverage, capture, name, row)],
        )


def _shown_at(connection: sqlite3.Connection, instant: str, name: str) -> set[str]:
    query = "SELECT statement FROM sightings WHERE capture BETWEEN ? AND ? AND list = ?"
    return {row[0] for row in connection.execute(query, (instant, instant + "~", name))}


def _tells_more(
    connection: sqlite3.Connection,
    coverage: Coverage,
    capture: str,
    name: str,
    row: tuple[str, str, int, str, str, int],
) -> bool:
    """Say whether the absence of a statement from the window of *capture* is news."""
    key, first_capture, is_plain, day, last, is_missing = row
    if not is_plain or capture[:16] < first_capture[:16]:
        return True
    windows = coverage.of(name)
    if capture[:16] > last[:16]:
        earlier = next(windows.covering(day, last, capture), None)
        return not is_missing or earlier is None
    query = "SELECT capture FROM sightings WHERE statement = ? AND list = ? AND capture"
    before = connection.execute(
        f"{query} < ? ORDER BY capture DESC LIMIT 1", (key, name, capture[:16])
    ).fetchone()
    if before is None:
        return False
    behind = connection.execute(
        f"{query} > ? ORDER BY capture LIMIT 1", (key, name, capture[:16] + "~")
    ).fetchone()
    return (
        next(windows.covering(day, before[0], capture), None) is None
        or next(windows.covering(day, capture, behind[0]), None) is None
    )


def mark_forerunners(connection: sqlite3.Connection) -> None:
    """Mark the statements whose entry may have been renamed into a dirty one."""
    connection.execute(
        "INSERT OR IGNORE INTO dirty SELECT o.statement FROM dirty d"
        " CROSS JOIN forms n ON n.statement = d.key CROSS JOIN renames r ON r.new = n.core"
        " CROSS JOIN forms o ON o.core = r.old"
    )
