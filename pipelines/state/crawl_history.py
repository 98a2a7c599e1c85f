"""What a spider may know of the history, and where its run is written down.

In: what a spider asks or tells. Out: what is known, a row of ``runs``, problems of pages that gave
no answer. Drops: nothing. Never: fetches or reads a page. Spiders know it as the protocol in
``spiders.history`` alone.
"""

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from filelock import FileLock, Timeout

from embassy_scraper.crawl_items import Previous, Recheck, Walk
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import Page, PageProblem, RawCapture
from embassy_scraper.sites import Profile
from pipelines.normalise import normalise_recent
from pipelines.state import visits
from pipelines.tables.database import open_database, writing
from pipelines.tables.problems import store_problems
from pipelines.tables.runs import Outcome, Run, count_changes, note_run, now
from pipelines.values.places import PAGE


class CrawlHistory:
    """One live run's view of the database *db*; only one run at a time may begin."""

    def __init__(self, db: Path, profile: Profile, lock: str = "crawl.lock") -> None:
        """Open the database; nothing is written before ``begin``."""
        self._profile = profile
        self._connection: sqlite3.Connection = open_database(db, cache_mb=4)
        self._lock = FileLock(f"{db}.{lock}")
        self._run: Run | None = None
        self._before = 0
        self._met: set[bytes] = (
            set()
        )  # digests of entries whose pages this run has asked for, if new
        self.captures_folder = db.parent / "captures"

    def begin(self, command: str, enter: Callable[[], None]) -> bool:
        """Begin a run; say whether it may. Where another one is under way it is skipped.

        *enter* makes sure that it may add to the history, or raises.

        The lock is freed with the process, however it ends, and agrees with ``flock(1)``.
        """
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            note_run(self._connection, command, "skipped", "another run is under way")
            return False
        try:
            enter()
        except BaseException:
            self._lock.release()
            raise
        self._run = Run(self._connection, command)
        self._before = count_changes(self._connection)
        return True

    def finish(self, outcome: Outcome, counts: Mapping[str, int], note: str | None) -> int | None:
        """End the run; return how many changes it brought.

        ``None`` where that cannot be written, on a full disk: its row stays "interrupted".
        """
        try:
            changes = count_changes(self._connection) - self._before
            if self._run is not None:
                self._run.finish(outcome, {**counts, "changes": changes}, note)
        except sqlite3.Error:
            return None
        finally:
            self._lock.release()
        return changes

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def previous(self, url: str | None) -> Previous | None:
        """Return the last answer of a canonical address that can be asked for again."""
        return visits.previous(self._connection, url) if url is not None else None

    def news(self, raw: RawCapture, page: Page) -> tuple[dict[str, tuple[int, int]], list[str]]:
        """Return how many entries are new and added in each list, and the URLs to read."""
        try:
            capture = normalise_recent(raw, page, self._profile)
        except CaptureRejected:  # reported when it is stored
            return {}, []
        fresh = [
            s for s in capture.sightings if s.list != PAGE and s.wording.digest not in self._met
        ]
        lists: dict[str, tuple[int, int]] = {}
        if page.kind in {"home", "listing"}:
            lists = visits.new_in_lists(self._connection, capture)
        urls = dict.fromkeys(visits.urls_to_read(self._connection, fresh, self._profile))
        self._met.update(sighting.wording.digest for sighting in fresh)
        return lists, list(urls)

    def due(self, instant: str, recheck: Recheck) -> list[str]:
        """Return the URLs of the statements that are due."""
        return visits.due(self._connection, instant, recheck)

    def open_walk(self, name: str) -> Walk | None:
        """Return where an earlier walk through a list was left off."""
        return visits.open_walk(self._connection, name)

    def known_robots(self, host: str, since: str) -> tuple[int, str] | None:
        """Return status and text of a robots.txt fetched after *since*."""
        return visits.known_robots(self._connection, host, since, now())

    def keep_robots(self, host: str, http_status: int, body: str) -> None:
        """Keep a robots.txt as it was answered."""
        visits.keep_robots(self._connection, host, now(), http_status, body)

    def no_answer(self, url: str, what: str, at: str, text: str) -> None:
        """Write down that a page could not be fetched at the instant *at*."""
        with writing(self._connection):
            store_problems(self._connection, [PageProblem(what, at, text)], path=url)
