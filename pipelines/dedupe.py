"""Dedupe: nothing is stored twice.

In: captures in values, and the evidence on which those of them rest that are stored. Out: which are
new, which came again, and of which of those the evidence is stronger. Drops: a capture that is
stored on evidence as strong; that it came again is noted. Never: compares what captures say; which
wordings are one statement says ``history.identity``.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from embassy_scraper.door import Stage
from embassy_scraper.evidence import Evidence
from embassy_scraper.items import Taken


@dataclass(frozen=True, slots=True)
class Ranked:
    """What is ``new``, what came ``again``, and what of that says more than what is stored.

    Of what says more, the ``stronger`` is to be read again; the ``retold`` reads the same, and only
    who told of it is better.
    """

    new: tuple[Taken, ...]
    again: tuple[Taken, ...]
    stronger: tuple[Taken, ...]
    retold: tuple[Taken, ...]


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
    stronger: list[Taken] = []
    retold: list[Taken] = []
    for one in met:
        evidence, rested_on = one.capture.evidence, known[one.capture.id]
        if evidence > rested_on:
            (retold if evidence.reads_as(rested_on) else stronger).append(one)
    return Ranked(new, tuple(again), tuple(stronger), tuple(retold))


def note_again(connection: sqlite3.Connection, capture: str, digest: str | None) -> bool:
    """Note that a stored capture was offered again with a declared *digest*: the least counts.

    The same holds for one that is retracted, so that it can be brought back as it would be. Say
    whether it is another digest than before.
    """
    if digest is None:
        return False
    count = 0
    for table in ("captures", "_retracted"):
        count += connection.execute(
            f"UPDATE {table} SET payload_digest = ?1"
            " WHERE id = ?2 AND coalesce(payload_digest > ?1, 1)",
            (digest, capture),
        ).rowcount
    return count > 0


def note_teller(connection: sqlite3.Connection, capture: str, evidence: Evidence) -> None:
    """Note who told of a stored *capture*, where the better *evidence* reads the same.

    Where the capture waits to be read again, it will be told by this then.
    """
    waiting = "UPDATE _evidence SET evidence = ? WHERE capture = ?"
    if connection.execute(waiting, (str(evidence), capture)).rowcount:
        return
    query = "SELECT source FROM captures WHERE id = ?"
    known = connection.execute(query, (capture,)).fetchone()
    for table in ("captures", "_retracted"):
        connection.execute(
            f"UPDATE {table} SET evidence = ?, source = ?, url_from = ?, instant_from = ?"
            " WHERE id = ?",
            (str(evidence), evidence.source, evidence.url_from, evidence.instant_from, capture),
        )
    if known is not None and evidence.source != known[0]:
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
