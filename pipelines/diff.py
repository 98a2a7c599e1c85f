"""Diff: what changed between snapshots.

In: the captures stored since the last time (``_pending``). Out: statements, versions, counters
and changes (``tables.derived``). Drops: nothing. Never: reads a page, or looks at when a capture
arrived.

One transaction: a kill leaves the captures marked as pending, and the next run does it all again.
"""

import sqlite3

from embassy_scraper.door import Stage
from pipelines.tables.database import writing
from pipelines.tables.derived import Progress, derive_pending
from pipelines.tables.reconcile import is_due


def settle(connection: sqlite3.Connection, progress: Progress | None = None) -> bool:
    """Derive what follows from the pending captures; say whether there were any."""
    with writing(connection):
        found = connection.execute("SELECT 1 FROM _pending LIMIT 1").fetchone() is not None
        if found or is_due(connection):
            derive_pending(connection, progress)
    return found


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
