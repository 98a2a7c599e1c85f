"""Store: keep captures, raw records first, then their facts.

In: captures in values, with their raw bytes. Out: raw records on the disk, and rows of facts
(``facts``) that name them. Drops: nothing; of a capture already known, stronger evidence is kept
for later. Never: compares captures.
"""

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from embassy_scraper.captures import WarcWriter, make_record
from embassy_scraper.errors import DatabaseError
from embassy_scraper.items import Capture, Taken
from pipelines.state import offers
from pipelines.state.evidence import note_evidence
from pipelines.state.visits import keep_walk, note_visit
from pipelines.tables.database import open_database, writing
from pipelines.tables.facts import RawPlace, store_captures
from pipelines.tables.known import known_captures
from pipelines.tables.withheld import newest_withheld

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

_PAUSE, _BATCH = 0.5, 128  # seconds and captures after which a live run writes


@dataclass(frozen=True, slots=True)
class NewCapture:
    """A capture to keep: its values, its raw WARC record, the digest an archive declared."""

    capture: Capture
    record: bytes
    digest: str | None = None
    is_revisit: bool = False


def restore(connection: sqlite3.Connection, writer: WarcWriter, lost: Sequence[NewCapture]) -> None:
    """Write the raw records of stored captures whose files were *lost*. The caller commits."""
    for one in lost:
        place = writer.append(one.record)
        connection.execute(
            "UPDATE captures SET warc_file = ?, warc_offset = ?, is_revisit = 0 WHERE id = ?",
            (*place, one.capture.id),
        )
    name_written(connection, writer)
    connection.execute(
        "DELETE FROM _warc_files WHERE name NOT IN (SELECT warc_file FROM captures)"
        " AND name NOT IN (SELECT warc_file FROM _evidence)"
    )


def keep(connection: sqlite3.Connection, writer: WarcWriter, new: Sequence[NewCapture]) -> None:
    """Write the raw records of *new* captures, bring them to the disk, then write their facts.

    The caller commits.
    """
    rows = [
        (one.capture, RawPlace(*writer.append(one.record), one.digest, one.is_revisit))
        for one in new
    ]
    name_written(connection, writer)
    store_captures(connection, rows)


def name_written(connection: sqlite3.Connection, writer: WarcWriter) -> None:
    """Bring what was written to the disk, and only then name it in the database."""
    connection.executemany(
        "INSERT OR REPLACE INTO _warc_files VALUES (?,?,?)",
        [(state.name, state.bytes, state.sha256) for state in writer.flush()],
    )


def _new(item: Taken) -> NewCapture:
    return NewCapture(
        capture=item.capture,
        record=make_record(item.raw, item.capture.id, item.capture.captured_at),
        digest=offers.declared_digest(item.offer),
        is_revisit=item.raw.record_type == "revisit",
    )


class StorePipeline:
    """Scrapy's adapter: keeps captures soon, and in batches when they come fast.

    A batch is written with the first capture that comes so much later than the last writing. What
    is not written when the process dies was fetched for nothing, and is fetched again: that a page
    of a list was read is written with the page.
    """

    def __init__(self, db: Path, stats: "StatsCollector | None" = None) -> None:
        """Store in the database *db*, and raw bytes in ``captures/`` beside it.

        How many were stored is told by the value ``embassy/stored`` of *stats*, and what cannot be
        stored in the end by ``embassy/unstored``.
        """
        self._stats = stats
        self._connection = open_database(db, cache_mb=8)
        self._writer = WarcWriter(db.parent / "captures")
        self._waiting: list[Taken] = []
        self._written_at = 0.0

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the stage for *crawler*, whose setting ``EMBASSY_DB`` names the database."""
        return cls(Path(crawler.settings["EMBASSY_DB"]), crawler.stats)

    def process_item(self, item: Taken) -> Taken:
        """Return *item* when it is stored, or waits to be stored with the next ones."""
        self._waiting.append(item)
        is_time = time.monotonic() - self._written_at > _PAUSE
        if is_time or len(self._waiting) >= _BATCH:
            self._write()
        return item

    def _write(self) -> None:
        best: dict[str, Taken] = {}
        for item in sorted(self._waiting, key=lambda item: item.capture.evidence):
            best[item.capture.id] = item
        with writing(self._connection):
            known = known_captures(self._connection, list(best))
            new = [_new(item) for name, item in best.items() if name not in known]
            for name, item in best.items():
                if name in known and item.capture.evidence > known[name]:
                    self._will_count(item)
            keep(self._connection, self._writer, new)
            for item in self._waiting:
                note_visit(self._connection, item.raw, item.capture)
                if item.step is not None:
                    keep_walk(self._connection, item.step)
                if item.offer is not None:
                    offers.stored(self._connection, item.offer[0], item.capture.id)
        self._waiting.clear()
        self._written_at = time.monotonic()
        if self._stats is not None:
            self._stats.inc_value("embassy/stored", len(new))
            count, newest = newest_withheld(one.capture for one in new)
            self._stats.inc_value("embassy/withheld", count)
            self._stats.max_value("embassy/withheld_capture", newest or "")

    def _will_count(self, item: Taken) -> None:
        """Keep the record of a stored capture of which it says more; a revisit with its bytes."""
        whole = replace(item.raw, refers_to=None)
        if whole.record_type == "revisit":
            whole = replace(whole, record_type="response")
        capture = item.capture
        place = self._writer.append(make_record(whole, capture.id, capture.captured_at))
        note_evidence(self._connection, capture.id, capture.evidence, place)

    def close_spider(self) -> None:
        """Write what waits; close the raw file and the database."""
        try:
            if self._waiting:
                self._write()
        except (DatabaseError, sqlite3.Error, OSError) as error:
            if self._stats is None:
                raise
            count = len(self._waiting)
            self._stats.set_value("embassy/unstored", f"{count} pages could not be stored: {error}")
        finally:
            self._writer.close()
            self._connection.close()
