"""When the whole site was down: a page that is gone then was not taken out.

Told from what the homepage answered nearest before and after, as far as it was asked at all. What
is not the site's own page, whatever its status, is no homepage.
"""

import sqlite3
from collections.abc import Iterator

from embassy_scraper.items import UNREAD

WITH_THE_SITE = "with the whole site"
_END = "~"  # sorts behind every capture of one instant
_BEFORE = "SELECT max(id) FROM captures WHERE url = ? AND id < ?"
_AFTER = "SELECT min(id) FROM captures WHERE url = ? AND id > ?"


class Outages:
    """What the homepage answered around an instant (the first 16 characters of capture ids)."""

    def __init__(self, connection: sqlite3.Connection, home_url: str) -> None:
        """Ask *connection* whenever asked; *home_url* is the homepage's canonical address."""
        self._connection = connection
        self._home_url = home_url

    def have_at(self, capture: str) -> bool:
        """Say whether the homepage answered no 200 either, at or before *capture* and after it."""
        end = capture[:16] + _END
        nearest = [n for n in (self._one(_BEFORE, end), self._one(_AFTER, end)) if n is not None]
        return bool(nearest) and not any(self._is_there(name[:16]) for name in nearest)

    def around_pending(self) -> Iterator[tuple[str | None, str | None]]:
        """Yield, for each new capture of the homepage, the instants of those before and after."""
        query = "SELECT id FROM captures WHERE url = ? AND id IN (SELECT capture FROM pending)"
        for (name,) in self._connection.execute(query, (self._home_url,)).fetchall():
            before = self._one(_BEFORE, name[:16])
            behind = self._one(_AFTER, name[:16] + _END)
            yield before and before[:16], behind and behind[:16]

    def _one(self, query: str, bound: str) -> str | None:
        row: tuple[str | None] = self._connection.execute(query, (self._home_url, bound)).fetchone()
        return row[0]

    def _is_there(self, instant: str) -> bool:
        """Say whether any capture of one instant shows the homepage."""
        rows = self._connection.execute(
            "SELECT http_status, page_kind FROM captures WHERE url = ? AND id BETWEEN ? AND ?",
            (self._home_url, instant, instant + _END),
        )
        return any(status in {None, 200} and kind not in UNREAD for status, kind in rows)
