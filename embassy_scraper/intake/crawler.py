"""Captures from a crawler: the engine as its stages and its spider ask it, and how a crawl runs."""

import logging
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embassy_scraper import stopping
from embassy_scraper.config import config_of, reading_config
from embassy_scraper.disk import true_path, what_failed
from embassy_scraper.door import Door
from embassy_scraper.errors import DatabaseError, EmbassyError
from embassy_scraper.intake.anew import enter
from embassy_scraper.intake.engine import Intake
from embassy_scraper.intake.place import captures_folder, say
from embassy_scraper.intake.reading import Reader
from embassy_scraper.items import Taken
from embassy_scraper.voice import Lines
from pipelines.diff import settle
from pipelines.state.archive_history import ArchiveHistory
from pipelines.state.crawl_history import CrawlHistory
from pipelines.tables.database import open_database, writing
from pipelines.tables.site_and_reader import refuse_other_site

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess, Crawler
    from scrapy.settings import Settings

_PAUSE, _BATCH = 0.5, 128  # seconds and captures after which a crawl writes
_GRACE = 2.0  # seconds for requests under way when a run is told to end
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")  # as other programs heed them
_ITEMS = 1000  # after which a long crawl derives what follows
SPIDERS = {
    "homepage": "embassy_scraper.spiders.homepage.HomepageSpider",
    "archive": "embassy_scraper.spiders.archive.ArchiveSpider",
    "all": "embassy_scraper.spiders.archive.RoundSpider",
    "probe": "embassy_scraper.spiders.probe.ProbeSpider",
    "wayback": "embassy_scraper.spiders.wayback.WaybackSpider",
    "commoncrawl": "embassy_scraper.spiders.commoncrawl.CommonCrawlSpider",
    "commoncrawl-text": "embassy_scraper.spiders.commoncrawl_text.CommonCrawlTextSpider",
}
_open: dict["Crawler", "CrawlIntake"] = {}  # those whose crawlers run


def intake_of(crawler: "Crawler") -> Door:
    """Return the one engine of *crawler*, whose setting ``EMBASSY_DB`` names the database."""
    if crawler not in _open:
        _log_in_lines()
        _open[crawler] = CrawlIntake(crawler)
    return _open[crawler]


def _log_in_lines() -> None:
    """Let what Scrapy logs be one line a record, also where its own front door was taken."""
    from scrapy.utils.log import get_scrapy_root_handler

    if (handler := get_scrapy_root_handler()) is not None:
        handler.setFormatter(Lines("%(asctime)s [%(name)s] %(levelname)s: %(message)s"))


class CrawlIntake:
    """The engine of one crawler.

    It keeps captures soon, and in batches when they come fast: a batch is written with the first
    capture that comes so much later than the last writing. What is not written when the process
    dies was fetched for nothing, and is fetched again: that a page of a list was read is written
    with the page.

    Stats tell the spider what became of them: ``embassy/stored``, ``embassy/withheld``, what cannot
    be stored in the end by ``embassy/unstored``, what cannot be derived by ``embassy/underived``.
    """

    def __init__(self, crawler: "Crawler") -> None:
        """Store in the database that the settings name, and raw bytes in ``captures/`` beside it.

        Raises:
            EmbassyError: the settings make no sense, or the database cannot be opened.
        """
        config = config_of(crawler.settings)
        self._crawler = crawler  # whose stats are there once it crawls
        self._db = true_path(Path(crawler.settings["EMBASSY_DB"]))
        self.profile = config.profile
        self._connection = open_database(self._db, cache_mb=8)
        reader = Reader(config.profile, config.mirror)
        self._intake = Intake(self._connection, captures_folder(self._db), reader, say)
        self._has_entered = False
        self._waiting: list[Taken] = []
        self._written_at = 0.0
        self._passed = 0

    def enter(self) -> None:
        """Make sure that captures may be added to the history, if that is not sure yet.

        Raises:
            EmbassyError: they may not; the message says why.
        """
        if not self._has_entered:
            config = self._crawler.settings["EMBASSY_CONFIG"]
            reading_config(Path(config) if config else None)  # raises where a selector is wrong
            enter(self._connection, self._db, self.profile, say)
            self._has_entered = True

    def knows(self, taken: Taken) -> bool:
        """Say whether a capture is stored on evidence as strong; if so, note that it came again."""
        self.enter()
        with _one_kind_of_error():
            return self._intake.knows(taken)

    def add(self, taken: Taken) -> None:
        """Store a capture, or let it wait to be stored with the next ones."""
        self.enter()
        self._waiting.append(taken)
        is_time = time.monotonic() - self._written_at > _PAUSE
        if is_time or len(self._waiting) >= _BATCH:
            self._write()

    def flush(self) -> None:
        """Store what waits; where that cannot be, say so in the stats."""
        try:
            if self._waiting:
                self._write()
        except DatabaseError as error:
            why = f"{len(self._waiting)} pages could not be stored: {error}"
            self._tell("embassy/unstored", why)

    def settle_often(self) -> None:
        """Derive what follows from what is stored, once in so many calls."""
        self._passed += 1
        if self._passed % _ITEMS == 0:
            self._derive()

    def complete(self) -> None:
        """Do what the stored captures make possible, and derive what follows from them.

        A run that did not begin, or was told to end, leaves that to the next one.
        """
        if self._has_entered and stopping.told() is None:
            self._derive(is_last=True)
        self.close()

    def history(self) -> CrawlHistory:
        """Return the history as a spider of the live site sees it."""
        return CrawlHistory(self._db, self.profile)

    def archive_history(self, archive: str) -> ArchiveHistory:
        """Return the history as a spider of a web *archive* sees it."""
        return ArchiveHistory(self._db, self.profile, archive)

    def close(self) -> None:
        """Close the database and the raw file; to close them again does nothing."""
        with suppress(OSError):  # what the database names is on the disk; the rest comes again
            self._intake.close()
        self._connection.close()
        _open.pop(self._crawler, None)

    def _write(self) -> None:
        before = replace(self._intake.tally)
        try:
            with _one_kind_of_error(), writing(self._connection):
                self._intake.take(self._waiting)
        except DatabaseError:
            self._intake.tally = before  # nothing of it is stored
            raise
        self._waiting.clear()
        self._written_at = time.monotonic()
        tally = self._intake.tally
        self._tell("embassy/stored", tally.stored)
        self._tell("embassy/withheld", tally.withheld)
        self._tell("embassy/withheld_capture", self._intake.withheld or "")

    def _tell(self, name: str, value: object) -> None:
        assert self._crawler.stats is not None
        self._crawler.stats.set_value(name, value)

    def _derive(self, *, is_last: bool = False) -> None:
        self._tell("embassy/underived", "the changes could not be derived")
        try:
            with _one_kind_of_error():
                if is_last and not self._waiting:
                    self._intake.complete()
                settle(self._connection)
            self._tell("embassy/underived", None)
        except DatabaseError as error:
            why = f"the changes could not be derived: {error}"
            self._tell("embassy/underived", why)


@contextmanager
def _one_kind_of_error() -> Iterator[None]:
    """Raise what goes wrong with the disk or the database as what a spider may know.

    Raises:
        DatabaseError: what has failed, and what to do about it.
    """
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        where = getattr(error, "filename", None)
        told = what_failed(error, "run it again")
        raise DatabaseError(f"{where}: {told}" if where else told) from error


def run_spider(db: Path, config: Path | None, name: str, **arguments: Any) -> Any:
    """Run a spider, by its *name* in ``SPIDERS``, to its end in this process, once; return it.

    A reactor cannot be started twice, so a process can crawl once.

    Raises:
        EmbassyError: the settings make no sense, the history is of another site, or it cannot be
            opened.
    """
    profile = reading_config(config).profile  # both before Scrapy begins
    with closing(open_database(db)) as connection:
        refuse_other_site(connection, profile, db)
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.misc import load_object

    _tell_ignored_proxies()
    process = AsyncCrawlerProcess(crawl_settings(db, config))
    logging.getLogger("scrapy.core").setLevel(logging.CRITICAL)  # the summary tells it in a line
    crawler = process.create_crawler(load_object(SPIDERS[name]))
    crawl = process.crawl(crawler, **arguments)
    with stopping.ending_by(partial(_end_soon, process)):
        process.start(install_signal_handlers=False)
        spider: Any = crawler.spider
        if stopping.told() is not None and spider is not None and not spider.has_ended:
            spider.door.flush()
            spider.closed("shutdown")
    if crawl.done() and isinstance(crawl.exception(), EmbassyError):
        stopping.check()
        crawl.result()  # raises
    if spider is None:
        stopping.check()
        sys.exit(1)
    return spider


def _end_soon(process: "AsyncCrawlerProcess") -> None:
    """Let a crawl come to its end; what it still waits for it gives up after some seconds."""
    from scrapy.utils.defer import deferred_from_coro
    from twisted.internet import reactor

    loop: Any = reactor

    def end() -> None:
        loop.callLater(_GRACE, loop.stop)
        deferred_from_coro(process.stop())

    loop.callFromThread(end)


def _tell_ignored_proxies() -> None:
    """Say which settings of a proxy are not heeded; what they say may have a password in it."""
    there = [name for name in _PROXIES if os.environ.get(name) or os.environ.get(name.lower())]
    if there:
        say(f"ignored: {', '.join(there)}; this program asks the site and the archives itself")


def crawl_settings(db: Path, config: Path | None) -> "Settings":
    """Return Scrapy's settings for a crawl into *db*."""
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule("embassy_scraper.settings", priority="project")
    values = {"EMBASSY_DB": str(db), "EMBASSY_CONFIG": str(config) if config else None}
    settings.setdict(values, priority="cmdline")
    return settings
