"""What a run that fetches captures from a web archive may know of the history, and tell it."""

from collections.abc import Iterable
from pathlib import Path

from embassy_scraper.crawl_items import Offered, Wanted
from embassy_scraper.items import PageProblem
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import read_address
from pipelines.state import offers
from pipelines.state.crawl_history import CrawlHistory
from pipelines.tables.database import writing
from pipelines.tables.known import find_answer, find_repeated
from pipelines.tables.problems import store_problems


class ArchiveHistory(CrawlHistory):
    """What a spider of *archive* may know and tell; its lock is the archive's own."""

    def __init__(self, db: Path, profile: Profile, archive: str) -> None:
        """Open the database; nothing is written before ``begin``."""
        super().__init__(db, profile, lock=f"{archive}.lock")
        self._archive = archive
        self._choice = offers.Choice()

    def query_place(self, query: str) -> tuple[str | None, bool] | None:
        """Return where a query goes on, and whether it was read to its end."""
        return offers.query_place(self._connection, self._archive, query)

    def keep_page(
        self, query: str, rows: Iterable[Offered], place: str | None, *, is_done: bool
    ) -> int:
        """Write down a page of an index and how the query goes on; return how much is new."""
        with writing(self._connection):
            new = offers.keep_offers(self._connection, self._archive, rows)
            offers.keep_query(self._connection, self._archive, query, place, is_done=is_done)
        return new

    def choose(self, since: str | None, until: str | None, family: str | None) -> None:
        """Restrict what is wanted: timestamps or their beginnings, a part of the site."""
        self._choice = offers.Choice(since, until, family)

    def wanted(self, after: int, most: int, file: str | None = None) -> list[Wanted]:
        """Return offers that wait to be fetched, of one *file* of the archive or of all."""
        return offers.wanted(self._connection, self._archive, self._choice, after, most, file)

    def wanted_files(self) -> list[str]:
        """Return the archive's files that hold captures which wait to be fetched."""
        return offers.wanted_files(self._connection, self._archive, self._choice)

    def plan(self, most: int = 10**12) -> tuple[int, int]:
        """Return how many offers would be fetched, *most* of them, and their bytes."""
        return offers.plan(self._connection, self._archive, self._choice, most)

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

        *is_counted*: the answer said something of it, so it is given up after some tries.
        """
        offer = wanted.offer
        where = f"{self._archive} {offer.timestamp}"
        with writing(self._connection):
            offers.failed(self._connection, wanted.id, reason, is_counted=is_counted)
            problem = PageProblem(offers.NOT_TO_BE_HAD, where, reason)
            store_problems(self._connection, [problem], path=offer.url)

    def tally(self) -> dict[str, int]:
        """Return how many offers are in each state."""
        return offers.tally(self._connection, self._archive)
