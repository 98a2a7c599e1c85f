"""Offers: what the web archives have, and what became of each capture that they offer.

In: rows of an archive's index, and what came of fetching them. Out: what is still to be fetched.
Drops: nothing; the ``state`` of an offer is ``waiting``, ``stored``, or ``given up`` with a reason.
Never: asks an archive.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from embassy_scraper.crawl_items import MOST_TRIES, Offered, Wanted

NOT_TO_BE_HAD = "not to be had from the archive"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which offers a person wants: timestamps or their beginnings, a part of the site."""

    since: str | None = None
    until: str | None = None
    family: str | None = None


_WAITING = (
    "archive = :archive AND state = 'waiting' AND (:since IS NULL OR timestamp >= :since)"
    " AND (:until IS NULL OR substr(timestamp, 1, length(:until)) <= :until)"
    " AND (:family IS NULL OR instr(url, '/' || :family || '/') > 0)"
)


def keep_offers(connection: sqlite3.Connection, archive: str, rows: Iterable[Offered]) -> int:
    """Write down what *archive* offers, each once; return how many are new."""
    before = connection.total_changes
    connection.executemany(
        "INSERT OR IGNORE INTO _offers (archive, timestamp, url, mime, http_status, digest, length,"
        " file, offset, state, tries) VALUES (?,?,?,?,?,?,?,?,?,'waiting',0)",
        [
            (archive, r.timestamp, r.url, r.mime, r.status, r.digest, r.length, r.file, r.offset)
            for r in rows
        ],
    )
    return connection.total_changes - before


def keep_query(
    connection: sqlite3.Connection, archive: str, query: str, place: str | None, *, is_done: bool
) -> None:
    """Write down how far a *query* of an index is read: the *place* to go on from, or its end."""
    connection.execute(
        "INSERT OR REPLACE INTO _queries VALUES (?,?,?,?)", (archive, query, place, int(is_done))
    )


def query_place(
    connection: sqlite3.Connection, archive: str, query: str
) -> tuple[str | None, bool] | None:
    """Return where a query goes on and whether it was read to its end; ``None`` if never begun."""
    row = connection.execute(
        "SELECT place, is_done FROM _queries WHERE archive = ? AND query = ?", (archive, query)
    ).fetchone()
    return (row[0], bool(row[1])) if row is not None else None


def wanted(
    connection: sqlite3.Connection,
    archive: str,
    choice: Choice,
    after: int,
    most: int,
    file: str | None = None,
) -> list[Wanted]:
    """Return offers that wait to be fetched, *most* of them, from number *after* on.

    With *file* only those of one file of the archive.
    """
    rows = connection.execute(
        "SELECT id, tries, reason, timestamp, url, mime, http_status, digest, length, file, offset"
        f" FROM _offers WHERE {_WAITING} AND id > :after AND (:file IS NULL OR file = :file)"
        " ORDER BY id LIMIT :most",
        {**asdict(choice), "archive": archive, "after": after, "most": most, "file": file},
    )
    return [Wanted(number, Offered(*row), tries, why) for number, tries, why, *row in rows]


def wanted_files(connection: sqlite3.Connection, archive: str, choice: Choice) -> list[str]:
    """Return the archive's files that hold captures which wait to be fetched."""
    rows = connection.execute(
        f"SELECT file FROM _offers WHERE {_WAITING} GROUP BY file ORDER BY min(id)",
        {**asdict(choice), "archive": archive},
    )
    return [row[0] for row in rows]


def plan(
    connection: sqlite3.Connection, archive: str, choice: Choice, most: int
) -> tuple[int, int]:
    """Return how many offers would be fetched, *most* of them, and their bytes.

    The bytes are those that the index tells.
    """
    row = connection.execute(
        "SELECT count(*), coalesce(sum(length), 0) FROM"
        f" (SELECT length FROM _offers WHERE {_WAITING} ORDER BY id LIMIT :most)",
        {**asdict(choice), "archive": archive, "most": most},
    ).fetchone()
    return row[0], row[1]


def stored(connection: sqlite3.Connection, number: int, capture: str) -> None:
    """Write down that an offer is stored as *capture*; the caller commits.

    An earlier failure is not a problem any more, unless another offer of the same URL and instant
    still fails.
    """
    connection.execute(
        "UPDATE _offers SET state = 'stored', capture = ?, reason = NULL WHERE id = ?",
        (capture, number),
    )
    connection.execute(
        'DELETE FROM problems WHERE capture IS NULL AND what = ? AND (path, "where") ='
        " (SELECT url, archive || ' ' || timestamp FROM _offers WHERE id = ?)"
        " AND text NOT IN (SELECT a.reason FROM _offers a JOIN _offers b"
        " USING (archive, url, timestamp) WHERE b.id = ? AND a.reason IS NOT NULL)",
        (NOT_TO_BE_HAD, number, number),
    )


def failed(
    connection: sqlite3.Connection, number: int, reason: str, *, is_counted: bool = True
) -> None:
    """Write down why an offer was not fetched; after some runs it is given up.

    A try *is_counted* if the answer said something of it, not if the archive was down or busy.
    """
    connection.execute(
        "UPDATE _offers SET tries = tries + ?1, reason = ?2,"
        " state = iif(tries + ?1 >= ?3, 'given up', state) WHERE id = ?4",
        (int(is_counted), reason, MOST_TRIES, number),
    )


def tally(connection: sqlite3.Connection, archive: str) -> dict[str, int]:
    """Return how many offers of *archive* are in each state."""
    rows = connection.execute(
        "SELECT state, count(*) FROM _offers WHERE archive = ? GROUP BY state", (archive,)
    )
    return dict(rows.fetchall())
