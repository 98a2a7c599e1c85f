"""Dedupe: nothing is stored twice.

In: captures in values, and the evidence on which those of them rest that are stored. Out: which are
new, which came again, and of which of those the evidence is stronger. Drops: a capture that is
stored on evidence as strong; that it came again, and from which source, is noted. Never: compares
what captures say; which wordings are one statement says ``history.identity``.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from embassy_scraper.door import Stage
from embassy_scraper.evidence import Evidence
from embassy_scraper.items import Taken


@dataclass(frozen=True, slots=True)
class Ranked:
    """What is ``new``, what came ``again``, and what of that says more than what is stored."""

    new: tuple[Taken, ...]
    again: tuple[Taken, ...]
    stronger: tuple[Taken, ...]


def rank(taken: Iterable[Taken], known: Mapping[str, Evidence]) -> Ranked:
    """Return *taken* ranked, where *known* is the evidence of what is stored.

    Of several offers of one capture the strongest counts, and of equal ones the first.
    """
    best: dict[str, Taken] = {}
    again: list[Taken] = []
    for one in taken:
        name = one.capture.id
        before = best.setdefault(name, one)
        if name in known:
            again.append(one)
        elif before is not one:
            again.append(before if one.capture.evidence > before.capture.evidence else one)
        if one.capture.evidence > before.capture.evidence:
            best[name] = one
    new = tuple(one for name, one in best.items() if name not in known)
    met = (one for name, one in best.items() if name in known)
    stronger = tuple(one for one in met if one.capture.evidence > known[one.capture.id])
    return Ranked(new, tuple(again), stronger)


def note_again(
    connection: sqlite3.Connection, capture: str, source: str, digest: str | None
) -> None:
    """Note that a stored capture was offered again; of sources and digests the least counts.

    The same holds for one that is retracted, so that it can be brought back as it would be.
    """
    query = "SELECT source FROM captures WHERE id = ?"
    known = connection.execute(query, (capture,)).fetchone()
    for table in ("captures", "_retracted"):
        connection.execute(
            f"UPDATE {table} SET source = min(source, ?1), payload_digest ="
            " min(coalesce(payload_digest, ?2), coalesce(?2, payload_digest)) WHERE id = ?3",
            (source, digest, capture),
        )
    if known is not None and source < known[0]:
        connection.execute("INSERT OR IGNORE INTO _changed_sources VALUES (?)", (capture,))


class DedupePipeline(Stage):
    """Scrapy's adapter: drops what is stored already."""

    def process_item(self, item: Taken) -> Taken:
        """Return *item*, if it is new or says more than what is stored.

        Raises:
            DropItem: it is stored already.
        """
        from scrapy.exceptions import DropItem  # 0.4 s: only where Scrapy runs anyway

        if self._door.knows(item):
            raise DropItem(f"known: {item.capture.id}")
        return item
