"""Dedupe: nothing is stored twice.

In: a capture in values. Out: the same capture. Drops: one that is stored already, on evidence as
strong; that it was met again, and by which source, is noted. Never: compares what captures say;
which forms are one statement is told by ``identity``.
"""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Self

from embassy_scraper.items import Taken
from pipelines.state import offers
from pipelines.tables.database import open_database, writing
from pipelines.tables.known import known_captures

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def note_again(
    connection: sqlite3.Connection, capture: str, source: str, digest: str | None
) -> None:
    """Note that a stored capture was offered again; of sources and digests the least counts."""
    known = connection.execute("SELECT source FROM captures WHERE id = ?", (capture,)).fetchone()
    connection.execute(
        "UPDATE captures SET source = min(source, ?1), payload_digest ="
        " min(coalesce(payload_digest, ?2), coalesce(?2, payload_digest)) WHERE id = ?3",
        (source, digest, capture),
    )
    if source < known[0]:
        connection.execute("INSERT OR IGNORE INTO _changed_sources VALUES (?)", (capture,))


class DedupePipeline:
    """Scrapy's adapter: drops what is stored already."""

    def __init__(self, db: Path) -> None:
        """Look into the database *db*."""
        self._connection = open_database(db, cache_mb=4)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the stage for *crawler*, whose setting ``EMBASSY_DB`` names the database."""
        return cls(Path(crawler.settings["EMBASSY_DB"]))

    def process_item(self, item: Taken) -> Taken:
        """Return *item*, if it is new.

        Raises:
            DropItem: it is stored already.
        """
        from scrapy.exceptions import DropItem  # 0.4 s: only where Scrapy runs anyway

        known = known_captures(self._connection, [item.capture.id]).get(item.capture.id)
        if known is not None:
            digest = offers.declared_digest(item.offer)
            with writing(self._connection):
                note_again(self._connection, item.capture.id, item.capture.source, digest)
                if item.offer is not None:
                    offers.stored(self._connection, item.offer[0], item.capture.id)
            if item.capture.evidence <= known:
                raise DropItem(f"known: {item.capture.id}")
        return item

    def close_spider(self) -> None:
        """Close the database."""
        self._connection.close()
