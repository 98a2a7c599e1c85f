"""What a spider may know of the history, and where its run is written down.

In: what a spider asks or tells. Out: what is known, a row of ``runs``, problems of pages that gave
no answer. Drops: nothing. Never: fetches or reads a page. Spiders know it as the protocol in
``embassy_scraper.door`` alone.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from filelock import Timeout

from embassy_scraper.crawl_items import Outcome, Previous, Recheck, Walk
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import UNREAD, Capture, Page, PageProblem, RawCapture, Sighting
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import statement_url
from pipelines.normalise import normalise_recent
from pipelines.tables.database import lock_beside, open_database, writing
from pipelines.tables.problems import store_problems
from pipelines.tables.runs import Run, count_changes, note_run, now
from pipelines.values.digests import digest_of
from pipelines.values.instants import moment_of
from pipelines.values.places import PAGE, is_list

_SHOWN_IN = (
    "SELECT 1 FROM _wordings v JOIN _entries e ON e.wording = v.id"
    " JOIN _parts p ON p.id = e.part AND p.place = ? WHERE"
)
_A_LOOK = 0.2  # seconds: whoever only asks whether the lock is held has freed it by then
_OFTEN_CHANGED = ("statement_edited", "page_gone", "page_back", "statement_restored")


def due_at(recheck: Recheck, fetched_at: datetime, changed_at: datetime) -> datetime:
    """Return when a statement that was fetched and had changed then is due again.

    >>> start = datetime(2021, 3, 1)
    >>> due_at(Recheck(24, 0.5, 90), start + timedelta(days=10), start).day
    16
    """
    grown = (fetched_at - changed_at) * recheck.growth
    pause = max(timedelta(hours=recheck.first), grown)
    return fetched_at + min(pause, timedelta(days=recheck.longest))


class CrawlHistory:
    """One live run's view of the database *db*; only one run at a time may begin."""

    def __init__(self, db: Path, profile: Profile, lock: str = "crawl.lock") -> None:
        """Open the database; nothing is written before ``begin``."""
        self._profile = profile
        self._lock = lock_beside(db, lock)
        self._connection: sqlite3.Connection = open_database(db, cache_mb=4)
        self._run: Run | None = None
        self._before = 0
        self._met: set[bytes] = set()  # digests of entries whose pages were asked for, if new
        self.captures_folder = db.parent / "captures"

    def begin(self, command: str, enter: Callable[[], None]) -> bool:
        """Begin a run; say whether it may. Where another one is under way it is skipped.

        *enter* makes sure that it may add to the history, or raises.

        The lock is freed with the process, however it ends, and agrees with ``flock(1)``.
        """
        try:
            self._lock.acquire(timeout=_A_LOOK, poll_interval=_A_LOOK / 10)
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
        """Return the last answer of *url*, a canonical address, if it can be asked for again.

        Only what has a validator, and was a whole page that could be read.
        """
        row = self._connection.execute(
            "SELECT v.etag, v.last_modified, c.url, c.captured_at, c.warc_file, c.warc_offset"
            " FROM _visits v JOIN captures c ON c.id = v.capture"
            " WHERE v.url = ? AND NOT c.is_cut AND NOT c.is_revisit"
            " AND coalesce(v.etag, v.last_modified) IS NOT NULL"
            f" AND c.page_kind NOT IN ({','.join('?' * len(UNREAD))})",
            (url, *UNREAD),
        ).fetchone()
        if row is None:
            return None
        etag, last_modified, shown_url, captured_at, *place = row
        return Previous(etag, last_modified, shown_url, captured_at, (place[0], place[1]))

    def news(self, raw: RawCapture, page: Page) -> tuple[dict[str, tuple[int, int]], list[str]]:
        """Return how many entries are new and added in each list, and the URLs to read."""
        try:
            capture = normalise_recent(raw, page, self._profile)
        except CaptureRejected:  # reported when it is stored
            return {}, []
        fresh = [
            s for s in capture.sightings if s.list != PAGE and s.wording.digest not in self._met
        ]
        lists = self._new_in_lists(capture) if page.kind in {"home", "listing"} else {}
        urls = dict.fromkeys(self._urls_to_read(fresh))
        self._met.update(sighting.wording.digest for sighting in fresh)
        return lists, list(urls)

    def _new_in_lists(self, capture: Capture) -> dict[str, tuple[int, int]]:
        """Return, list by list, how many entries that *capture* shows are new there.

        First how many were never seen there so, then how many of them are of statements never seen
        there.
        """
        news = {window.list: (0, 0) for window in capture.windows}
        for sighting in capture.sightings:
            if is_list(sighting.list) and not self._was_in(
                sighting.list, "v.digest = ?", sighting.wording.digest
            ):
                new, added = news[sighting.list]
                news[sighting.list] = (new + 1, added + self._is_added(sighting))
        return news

    def _is_added(self, sighting: Sighting) -> bool:
        """Say whether no entry with the address, else the title, of *sighting* was in the list."""
        wording = sighting.wording
        if wording.url_key is not None:
            return not self._was_in(sighting.list, "v.url_key = ?", wording.url_key)
        title = digest_of(wording.title)
        which = "v.title = (SELECT id FROM _texts WHERE digest = ?)"
        return not self._was_in(sighting.list, which, title)

    def _was_in(self, name: str, which: str, value: str | bytes) -> bool:
        query = f"{_SHOWN_IN} {which} LIMIT 1"
        return self._connection.execute(query, (name, value)).fetchone() is not None

    def _urls_to_read(self, sightings: Iterable[Sighting]) -> Iterator[str]:
        """Yield the URLs of the entries that are new, shown differently, or were never read."""
        for wording in (sighting.wording for sighting in sightings):
            if wording.url_key is None:
                continue
            url = statement_url(wording.url_key, self._profile)
            row = self._connection.execute(
                "SELECT (SELECT 1 FROM _wordings WHERE digest = ?),"
                " (SELECT 1 FROM _visits WHERE url = ?)",
                (wording.digest, url),
            ).fetchone()
            if None in row:
                yield url

    def due(self, instant: str, recheck: Recheck) -> list[str]:
        """Return the URLs of the statements that are due at an *instant*.

        First those never read, the newest before the others; then those longest due.
        """
        marks = ",".join("?" * len(_OFTEN_CHANGED))
        rows = self._connection.execute(
            "SELECT s.url, s.published_on, s.first_seen, v.fetched_at,"
            f" (SELECT max(observed_by) FROM changes WHERE subject = s.key AND kind IN ({marks}))"
            " FROM statements s LEFT JOIN _visits v ON v.url = s.url WHERE s.url IS NOT NULL",
            _OFTEN_CHANGED,
        ).fetchall()
        unread = ((day or "", url) for url, day, _, at, _ in rows if at is None)
        moment = moment_of(instant)
        overdue = []
        for url, _, first_seen, fetched_at, changed_at in rows:
            if fetched_at is not None:
                fetched = moment_of(fetched_at)
                at = moment  # where the clock was once ahead
                if fetched <= moment:
                    at = due_at(recheck, fetched, moment_of(max(first_seen, changed_at or "")))
                if at <= moment:
                    overdue.append((at, url))
        return [url for _, url in [*sorted(unread, reverse=True), *sorted(overdue)]]

    def open_walk(self, name: str) -> Walk | None:
        """Return where an earlier walk through the list *name* was left off, if one was."""
        row = self._connection.execute(
            "SELECT open_from, sure_until, is_deep FROM _walks WHERE list = ?", (name,)
        ).fetchone()
        return Walk(row[0], row[1], bool(row[2])) if row is not None else None

    def known_robots(self, host: str, since: str) -> tuple[int, str] | None:
        """Return status and text of a host's robots.txt fetched after *since*."""
        row: tuple[int, str] | None = self._connection.execute(
            "SELECT http_status, body FROM _robots WHERE host = ? AND fetched_at BETWEEN ? AND ?",
            (host, since, now()),
        ).fetchone()
        return row

    def keep_robots(self, host: str, http_status: int, body: str) -> None:
        """Keep a host's robots.txt as it was answered."""
        row = (host, now(), http_status, body)
        with writing(self._connection):
            self._connection.execute("INSERT OR REPLACE INTO _robots VALUES (?,?,?,?)", row)

    def no_answer(self, url: str, what: str, at: str, text: str) -> None:
        """Write down that a page could not be fetched at the instant *at*."""
        with writing(self._connection):
            store_problems(self._connection, [PageProblem(what, at, text)], path=url)
