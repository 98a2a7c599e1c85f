"""Where a statement stands now: listed, out of view, or withdrawn."""

import sqlite3
from collections.abc import Iterable

from pipelines.values.instants import instant_of
from pipelines.values.places import BOX

Place = tuple[str, str, int, bool]  # list, instant last seen in it, offset, missing since


def last_windows(connection: sqlite3.Connection) -> dict[tuple[str, int], str]:
    """Return the instant of the last window of every list and offset (as in capture ids)."""
    rows = connection.execute(
        "SELECT list, start, max(capture) FROM snapshots GROUP BY list, start"
    )
    return {(name, start): capture[:16] for name, start, capture in rows}


class Standing:
    """Tells the status of statements, and keeps it up to date where nothing else changed."""

    def __init__(self, connection: sqlite3.Connection, last: dict[tuple[str, int], str]) -> None:
        self._connection = connection
        self._last = last

    def status(self, is_gone: bool, places: Iterable[Place]) -> str:
        """Return the status of a statement seen last at *places*.

        Withdrawn: its page is gone, or it is missing from every list in which it was last
        known, that is, which showed it at its last sighting. Listed: in the last window of some
        list at that offset. Else it is out of view.
        """
        places = list(places)
        last = max((instant for _, instant, _, _ in places), default="")
        last_known = [missing for _, instant, _, missing in places if instant == last]
        if is_gone or (last_known and all(last_known)):
            return "withdrawn"
        for name, instant, start, missing in places:
            if not missing and self._last.get((name, start)) == instant:
                return "listed"
        return "out_of_view"

    def refresh(self, seen_again: dict[str, dict[str, tuple[str, int]]]) -> None:
        """Move on what was only *seen again* (statement → place → instant, offset), and what
        the newest windows no longer show."""
        for key, places in seen_again.items():
            self._see_again(key, places)
        for key in {*seen_again, *self._once_last()}:
            self._write_status(key)

    def _see_again(self, key: str, places: dict[str, tuple[str, int]]) -> None:
        run = self._connection.execute
        last = instant_of(max(instant for instant, _ in places.values()))
        texts = [instant for name, (instant, _) in places.items() if name != BOX]
        if texts:  # all that was seen of it agrees, so there is but one version
            query = "UPDATE versions SET last_seen = ?1 WHERE statement = ?2 AND last_seen < ?1"
            run(query, (instant_of(max(texts)), key))
        run("UPDATE statements SET last_seen = ?1 WHERE key = ?2 AND last_seen < ?1", (last, key))
        for name, (instant, start) in places.items():
            run(
                "UPDATE places SET last_instant = ?1, last_start = ?2 WHERE statement = ?3"
                " AND list = ?4 AND (last_instant < ?1 OR (last_instant = ?1 AND last_start > ?2))",
                (instant, start, key, name),
            )

    def _once_last(self) -> set[str]:
        """Return the statements in windows that were the last of their list before."""
        keys: set[str] = set()
        pairs = self._connection.execute(
            "SELECT DISTINCT s.list, s.start FROM pending p JOIN snapshots s USING (capture)"
        ).fetchall()
        for name, start in pairs:
            row = self._connection.execute(
                "SELECT capture FROM snapshots WHERE list = ? AND start = ?"
                " AND capture NOT IN (SELECT capture FROM pending) ORDER BY capture DESC LIMIT 1",
                (name, start),
            ).fetchone()
            if row is not None:
                keys.update(self._shown_at(name, row[0][:16]))
        return keys

    def _shown_at(self, name: str, instant: str) -> set[str]:
        rows = self._connection.execute(
            "SELECT statement FROM sightings WHERE capture BETWEEN ? AND ? AND list = ?",
            (instant, instant + "~", name),
        )
        return {row[0] for row in rows}

    def _write_status(self, key: str) -> None:
        run = self._connection.execute
        row = run("SELECT is_gone FROM statements WHERE key = ?", (key,)).fetchone()
        if row is None:
            return
        places = run(
            "SELECT list, last_instant, last_start, is_missing FROM places WHERE statement = ?",
            (key,),
        ).fetchall()
        status = self.status(bool(row[0]), [(n, c, s, bool(m)) for n, c, s, m in places])
        run("UPDATE statements SET status = ?1 WHERE key = ?2 AND status != ?1", (status, key))
