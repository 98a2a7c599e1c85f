"""What a run that fetches captures from a web archive may know of the history, and tell it.

In: rows of an archive's index, and what came of fetching them. Out: what is still to be fetched.
Drops: nothing; the ``state`` of an offer is ``waiting``, ``stored``, or ``given up`` with a reason.
Never: asks an archive.
"""

from collections.abc import Iterable
from pathlib import Path

from embassy_scraper.crawl_items import Offered, Wanted
from embassy_scraper.items import PageProblem
from embassy_scraper.limits import MAX_TRIES
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import read_address
from pipelines.state.arrivals import NOT_TO_BE_HAD
from pipelines.state.crawl_history import CrawlHistory
from pipelines.tables.database import writing
from pipelines.tables.known import find_answer, find_repeated
from pipelines.tables.problems import store_problems

UNREADABLE_ROW = "unreadable index row"
_WAITING = (
    "archive = :archive AND state = 'waiting' AND (:since IS NULL OR timestamp >= :since)"
    " AND (:until IS NULL OR substr(timestamp, 1, length(:until)) <= :until)"
    " AND (:family IS NULL OR instr(url, '/' || :family || '/') > 0)"
)


class ArchiveHistory(CrawlHistory):
    """What a spider of *archive* may know and tell; its lock is the archive's own."""

    def __init__(self, db: Path, profile: Profile, archive: str) -> None:
        """Open the database; nothing is written before ``begin``."""
        super().__init__(db, profile, lock=f"{archive}.lock")
        self._archive = archive
        self.choose(None, None, None)

    def query_place(self, query: str) -> tuple[str | None, bool] | None:
        """Return where a query goes on and whether it was read to its end; ``None``: not begun."""
        row = self._connection.execute(
            "SELECT place, is_done FROM _queries WHERE archive = ? AND query = ?",
            (self._archive, query),
        ).fetchone()
        return (row[0], bool(row[1])) if row is not None else None

    def keep_page(
        self, query: str, rows: Iterable[Offered], place: str | None, *, is_done: bool
    ) -> int:
        """Write down a page of an index, each offer once; return how many of them are new.

        With it how far the *query* is read: the *place* to go on from, or its end.
        """
        with writing(self._connection):
            before = self._connection.total_changes
            self._connection.executemany(
                "INSERT OR IGNORE INTO _offers (archive, timestamp, url, mime, http_status, digest,"
                " length, file, offset, state, tries) VALUES (?,?,?,?,?,?,?,?,?,'waiting',0)",
                [
                    (
                        self._archive, r.timestamp, r.url, r.mime, r.status, r.digest, r.length,
                        r.file, r.offset,
                    )
                    for r in rows
                ],
            )  # fmt: skip
            new = self._connection.total_changes - before
            row = (self._archive, query, place, int(is_done))
            self._connection.execute("INSERT OR REPLACE INTO _queries VALUES (?,?,?,?)", row)
        return new

    def keep_unread(self, rows: Iterable[str]) -> None:
        """Write down rows of the index that cannot be read: each is one problem, however often met.

        Where in the index a row stands is not told, for that is another place in each run.
        """
        problems = [PageProblem(UNREADABLE_ROW, "index", row) for row in rows]
        with writing(self._connection):
            store_problems(self._connection, problems, path=self._archive)

    def choose(self, since: str | None, until: str | None, family: str | None) -> None:
        """Restrict what is wanted: timestamps or their beginnings, a part of the site."""
        self._choice: dict[str, str | None] = {
            "archive": self._archive, "since": since, "until": until, "family": family,
        }  # fmt: skip

    def wanted(self, after: int, most: int, file: str | None = None) -> list[Wanted]:
        """Return offers that wait to be fetched, *most* of them, from number *after* on.

        With *file* only those of one file of the archive.
        """
        rows = self._connection.execute(
            "SELECT id, tries, reason, timestamp, url, mime, http_status, digest, length, file,"
            f" offset FROM _offers WHERE {_WAITING} AND id > :after"
            " AND (:file IS NULL OR file = :file) ORDER BY id LIMIT :most",
            {**self._choice, "after": after, "most": most, "file": file},
        )
        return [Wanted(number, Offered(*row), tries, why) for number, tries, why, *row in rows]

    def wanted_files(self) -> list[str]:
        """Return the archive's files that hold captures which wait to be fetched."""
        query = f"SELECT file FROM _offers WHERE {_WAITING} GROUP BY file ORDER BY min(id)"
        return [row[0] for row in self._connection.execute(query, self._choice)]

    def plan(self, most: int = 10**12) -> tuple[int, int]:
        """Return how many offers would be fetched, *most* of them, and their bytes.

        The bytes are those that the index tells.
        """
        row: tuple[int, int] = self._connection.execute(
            "SELECT count(*), CAST(total(length) AS INTEGER) FROM"
            f" (SELECT length FROM _offers WHERE {_WAITING} ORDER BY id LIMIT :most)",
            {**self._choice, "most": most},
        ).fetchone()
        return row

    def held(self, offer: Offered) -> tuple[str, int] | None:
        """Return file and offset of the bytes that an archive offers, if they are held."""
        if not offer.digest or offer.status is None:
            return None
        url, digest = read_address(offer.url, self._profile).url, f"sha1:{offer.digest}"
        found = find_answer(self._connection, digest, url, offer.status)
        return found.place if found is not None else None

    def repeated(
        self, digest: str, url: str | None, refers_at: str | None, *, tells_itself: bool
    ) -> tuple[str, int] | None:
        """Return file and offset of the answer that a revisit repeats, if it is held."""
        url = read_address(url, self._profile).url
        found = find_repeated(self._connection, digest, url, refers_at, tells_itself=tells_itself)
        return found.place if found is not None else None

    def failed(self, wanted: Wanted, reason: str, *, is_counted: bool) -> None:
        """Write down why an offer was not fetched; until it is, that is a problem.

        After some runs it is given up: those count (*is_counted*) in which the answer said
        something of it, none in which the archive was down or busy.
        """
        offer = wanted.offer
        problem = PageProblem(NOT_TO_BE_HAD, f"{self._archive} {offer.timestamp}", reason)
        with writing(self._connection):
            self._connection.execute(
                "UPDATE _offers SET tries = tries + ?1, reason = ?2,"
                " state = iif(tries + ?1 >= ?3, 'given up', state) WHERE id = ?4",
                (int(is_counted), reason, MAX_TRIES, wanted.id),
            )
            store_problems(self._connection, [problem], path=offer.url)

    def tally(self) -> dict[str, int]:
        """Return how many offers of the archive are in each state."""
        rows = self._connection.execute(
            "SELECT state, count(*) FROM _offers WHERE archive = ? GROUP BY state", (self._archive,)
        )
        return dict(rows.fetchall())
