"""Diff: what changed between snapshots.

In: the captures stored since the last time (``_pending``). Out: statements, versions, counters
and changes (``tables.derived``). Drops: nothing. Never: reads a page, or looks at when a capture
arrived.

One transaction: a kill leaves the captures marked as pending, and the next run does it all again.
"""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pipelines.tables.database import open_database, writing
from pipelines.tables.derived import Progress, derive_pending
from pipelines.tables.reconcile import is_due

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

__all__ = ["DiffPipeline", "Progress", "derive_pending", "settle"]
_ITEMS = 1000  # of a live crawl, after which it derives what follows


def settle(connection: sqlite3.Connection, progress: Progress | None = None) -> bool:
    """Derive what follows from the pending captures; say whether there were any."""
    with writing(connection):
        found = connection.execute("SELECT 1 FROM _pending LIMIT 1").fetchone() is not None
        if found or is_due(connection):
            derive_pending(connection, progress)
    return found


class DiffPipeline:
    """Scrapy's adapter: when the crawl ends, derives what follows from what it stored.

    In a long crawl also on the way, so that the work at its end needs little memory.
    """

    def __init__(self, db: Path, stats: "StatsCollector | None" = None) -> None:
        """Derive in the database *db*; what fails is told by the value ``embassy/underived``."""
        self._db, self._stats = db, stats
        self._passed = 0

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the stage for *crawler*, whose setting ``EMBASSY_DB`` names the database."""
        return cls(Path(crawler.settings["EMBASSY_DB"]), crawler.stats)

    def process_item(self, item: object) -> object:
        """Return *item* as it is; now and then derive what follows from those before it."""
        self._passed += 1
        if self._passed % _ITEMS == 0:
            self._settle()
        return item

    def close_spider(self) -> None:
        """Derive what follows from what is stored."""
        self._settle()

    def _settle(self) -> None:
        if self._stats is not None:
            self._stats.set_value("embassy/underived", "the changes could not be derived")
        connection = open_database(self._db, cache_mb=8)
        try:
            settle(connection)
            if self._stats is not None:
                self._stats.set_value("embassy/underived", None)
        except sqlite3.Error as error:
            if self._stats is None:
                raise
            self._stats.set_value("embassy/underived", f"the changes could not be derived: {error}")
        finally:
            connection.close()
