"""Long histories: memory and size at 100,000 captures, a new round, a site that stands still.

A round is twenty pages of recent statements, five minutes apart.
"""

import shutil
import sqlite3
import statistics
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from benchmarks.world import START, captures, page, write_warc

MANY, FEW, STATEMENT_EVERY = 100_000, 1_000, 5  # captures; in how many there is one statement more
STILL, EARLY, PAIRS, PAGES = 500, 10, 5, 20  # rounds, pairs of rounds measured, pages of a round
Page = tuple[str, str, bytes]


class Cost(Protocol):
    """What a process cost."""

    @property
    def megabytes(self) -> float:
        """Peak memory."""

    @property
    def processor(self) -> float:
        """Seconds of processor time."""


Ingest = Callable[[Path, Path], Cost]  # of a WARC file into a database


def still_round(number: int) -> Iterator[Page]:
    """Yield the pages of round *number* of a site that publishes nothing: only clocks go on."""
    for own in range(PAGES):
        at = START + timedelta(hours=6 * number, minutes=5 * own)
        yield (
            f"https://www.rusemb.org.uk/fnapr/{20 + own}",
            f"{at:%Y-%m-%dT%H:%M:%SZ}",
            page(at, 20 + PAGES, 20 + own),
        )


def still(folder: Path, ingest: Ingest) -> float:
    """Return what the last of 500 rounds of a still site costs, as a ratio to the tenth."""
    early = _held(folder / "early", ingest, (p for n in range(1, EARLY) for p in still_round(n)))
    late = _held(
        folder / "late", ingest, (p for n in range(1, STILL - PAIRS) for p in still_round(n))
    )
    return _ratio(
        folder,
        ingest,
        (late, lambda number: still_round(STILL - PAIRS + number)),
        (early, lambda number: still_round(EARLY + number)),
    )


def new_round(folder: Path, ingest: Ingest, large: Path) -> float:
    """Return what a new round costs on a history of 100,000, as a ratio to one of 1,000."""
    small = _held(folder / "few", ingest, captures(FEW, 0, every=STATEMENT_EVERY))

    def following(first: int) -> Callable[[int], Iterator[Page]]:
        return lambda number: captures(PAGES, first + number * PAGES, every=STATEMENT_EVERY)

    return _ratio(folder, ingest, (large, following(MANY)), (small, following(FEW)))


def large_history(folder: Path, ingest: Ingest) -> tuple[Path, float, float]:
    """Make a history of 100,000 captures; return it, the peak memory in MB, and its size.

    The size is in bytes over its bound: 1.6 times its distinct texts and 3 KB a capture.
    """
    source, db = folder / "many.warc.gz", folder / "many" / "embassy.db"
    write_warc(source, captures(MANY, 0, every=STATEMENT_EVERY))
    cost = ingest(db, source)
    connection = sqlite3.connect(db)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (texts,) = connection.execute("SELECT sum(length(CAST(text AS BLOB))) FROM _texts").fetchone()
    connection.close()
    source.unlink()
    return db, cost.megabytes, db.stat().st_size / (1.6 * texts + 3_000 * MANY)


def _held(folder: Path, ingest: Ingest, pages: Iterator[Page]) -> Path:
    folder.mkdir()
    source = folder / "source.warc.gz"
    write_warc(source, pages)
    ingest(folder / "embassy.db", source)
    return folder / "embassy.db"


def _ratio(
    folder: Path,
    ingest: Ingest,
    one: tuple[Path, Callable[[int], Iterator[Page]]],
    other: tuple[Path, Callable[[int], Iterator[Page]]],
) -> float:
    """Return the median ratio of processor time of pairs of rounds, run in turn."""
    source = folder / "round.warc.gz"
    ratios = []
    for number in range(PAIRS):
        costs = []
        for db, pages in (one, other):
            write_warc(source, pages(number))
            costs.append(ingest(db, source).processor)
        ratios.append(costs[0] / costs[1])
    return statistics.median(ratios)


def remove(db: Path) -> None:
    """Remove a history with its raw captures."""
    shutil.rmtree(db.parent)
