"""What all spiders share: a run that is judged by what really happened, never by Scrapy's word.

Scrapy calls a run "finished" whatever raised in it. Here an unexpected exception in a stage,
in ``start``, in a task or in a signal's handler makes a run "failed", with a note.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from scrapy import Spider, signals
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from embassy_scraper import __version__, stopping
from embassy_scraper.archives.records import read_record
from embassy_scraper.captures import read_back
from embassy_scraper.config import Config, config_of
from embassy_scraper.crawl_items import Outcome, as_note
from embassy_scraper.door import Door, History, door_of
from embassy_scraper.errors import CaptureRejected, EmbassyError, RawCaptureMissing
from embassy_scraper.items import Page, RawCapture
from embassy_scraper.pages import read_page

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

_OF_A_ROW = ("IntegrityError", "DataError")  # SQLite works, but refuses what is to be written
_TOLD_BY_STAGES = ("embassy/unstored", "embassy/underived")  # values of Scrapy's stats


@dataclass(slots=True)
class RunCounts:
    """What came of a run, in pages."""

    requests: int = 0
    stored: int = 0
    withheld: int = 0
    failed: int = 0


class RunSpider(Spider):
    """A spider whose run is a row of ``runs``; ``outcome`` and ``note`` tell what came of it.

    ``counts`` is a dataclass with what is counted; ``failures`` are lines for a person.
    """

    config: Config
    door: Door
    history: History
    counts: RunCounts

    def __init__(self, **arguments: Any) -> None:
        """Prepare a run; Scrapy's ``-a name=value`` arguments come as *arguments*."""
        super().__init__(**arguments)
        self.outcome: Outcome = "interrupted"
        self.note: str | None = None
        self.failures: list[str] = []
        self.refused: set[str] = set()  # why manners forbade to ask for what is left
        self.changes = 0
        self.withheld: str | None = None  # the newest capture with a withheld part
        self.has_ended = False
        self._broken: str | None = None
        self._ending: asyncio.Future[None] | None = None
        self._errors = _Errors(self.break_off)

    @classmethod
    def update_settings(cls, settings: "BaseSettings") -> None:
        """Say who asks: this program, and the contact that ``embassy.toml`` gives."""
        super().update_settings(settings)
        config = config_of(settings)
        contact = config.crawl.contact
        about = "archive of public statements" + (f"; {contact}" if contact else "")
        timeout, most_bytes, concurrency = cls.limits(config)
        told = {
            "USER_AGENT": f"embassy-scraper/{__version__} ({about})",
            "DOWNLOAD_TIMEOUT": timeout,
            "DOWNLOAD_MAXSIZE": most_bytes,
            "CONCURRENT_REQUESTS": concurrency,
            "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
        }
        settings.setdict(told, priority="spider")

    @classmethod
    def limits(cls, config: Config) -> tuple[float, int, int]:
        """Return seconds to wait for an answer, its bytes at most, and requests at a time."""
        raise NotImplementedError

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> Self:
        """Return the spider with its settings; it listens to what goes wrong."""
        spider: Self = super().from_crawler(crawler, *args, **kwargs)
        spider.config = config_of(crawler.settings)
        spider.door = door_of(crawler)
        spider.prepare()
        crawler.signals.connect(spider._stage_failed, signal=signals.item_error)
        crawler.signals.connect(spider._raised, signal=signals.spider_error)
        logging.getLogger().addHandler(spider._errors)
        return spider

    def prepare(self) -> None:
        """Take from the settings where to ask, how politely, and what to know of the history."""
        raise NotImplementedError

    def command(self) -> str:
        """Return the command as it stands in ``runs``."""
        raise NotImplementedError

    def begin(self, why_not: str) -> bool:
        """Begin the run; say whether it may. If it may not, the note says *why not*."""
        try:
            if self.history.begin(self.command(), self.door.enter):
                return True
            self.outcome, self.note = "skipped", why_not
        except EmbassyError as error:
            self.break_off(str(error))
        return False

    @property
    def is_broken(self) -> bool:
        """Say whether something unexpected went wrong."""
        return self._broken is not None

    def break_off(self, why: str) -> None:
        """Count the run as failed; the first of several reasons is kept."""
        self._broken = self._broken or as_note(why)

    def _stage_failed(self, failure: "Failure") -> None:
        """End the run: what cannot be stored must not be fetched."""
        if self._ending is None and self.crawler.engine is not None:
            end = self.crawler.engine.close_spider_async(reason="storage failed")
            self._ending = asyncio.ensure_future(end)
        self.break_off(f"it could not be stored: {failure.value}")

    def _raised(self, failure: "Failure", response: object) -> None:
        """Judge what raised: the handling of one answer, or, without one, the run itself.

        What a signal has broken off is no fault of the answer, nor is a database that fails.
        """
        if stopping.told() is not None:
            return
        name = type(failure.value).__name__
        is_of_answer = not is_of_database(failure.value) or name in _OF_A_ROW
        if isinstance(response, Response) and is_of_answer:
            self.answer_failed(response, failure)
        else:
            self.break_off(named(failure.value))

    def read_held(self, place: tuple[str, int] | None, source: str) -> RawCapture | None:
        """Return the answer that is held at *place*, if it can be read, as one of *source*."""
        if place is None:
            return None
        try:
            held = read_record(read_back(self.history.captures_folder, *place), source)
        except (RawCaptureMissing, CaptureRejected):
            return None
        return held if isinstance(held, RawCapture) else None

    def read(self, raw: RawCapture) -> Page:
        """Return what a capture says.

        Raises:
            CloseSpider: as ``broken_off``.
        """
        with broken_off():
            return read_page(raw, self.config.profile)

    def answer_failed(self, response: Response, failure: "Failure") -> None:
        """Write down that an answer could not be handled."""
        raise NotImplementedError

    def count_up(self) -> None:
        """Complete ``counts`` at the end of the run."""
        self.counts.requests = self._stat("downloader/request_count") or 0
        self.counts.stored = self._stat("embassy/stored") or 0
        self.counts.withheld = self._stat("embassy/withheld") or 0
        self.withheld = self._stat("embassy/withheld_capture") or None

    def _stat(self, name: str) -> Any:
        """Return a value of Scrapy's stats, ``None`` where there is none."""
        assert self.crawler.stats is not None
        return self.crawler.stats.get_value(name)

    def reason(self) -> str | None:
        """Return in words why the run did not do all of its work, if that is known."""
        return None

    def is_void(self) -> bool:
        """Say whether the run brought nothing at all, though it should."""
        return False

    def is_partial(self) -> bool:
        """Say whether the run left something undone."""
        raise NotImplementedError

    def closed(self, reason: str) -> None:
        """Write down what came of the run."""
        self.has_ended = True
        logging.getLogger().removeHandler(self._errors)
        if self.outcome != "skipped":
            self.count_up()
            self._judge(reason)
            changes = self.history.finish(self.outcome, asdict(self.counts), self.note)
            if changes is None:
                self.break_off("the outcome of the run could not be written down")
                self.outcome, self.note = "failed", self._broken
            self.changes = changes or 0
        self.history.close()
        self.door.close()

    def _judge(self, reason: str) -> None:
        for name in _TOLD_BY_STAGES:
            if (told := self._stat(name)) is not None:
                self.break_off(told)
        if reason == "shutdown" or stopping.told() is not None:
            self.outcome = "interrupted"
        elif self._broken or self.is_void():
            self.outcome = "failed"
        else:
            self.outcome = "partial" if self.is_partial() else "complete"
        why = None if self.outcome == "complete" else self.reason()
        told = "; ".join(filter(None, [*sorted(self.refused), why]))
        self.note = stopping.told() or self._broken or as_note(told) or None


class _Errors(logging.Handler):
    """Hears errors that are only logged; those of Scrapy's core come as signals."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("scrapy.core"):
            error = record.exc_info[1] if record.exc_info else None
            self._tell(record.getMessage() if error is None else named(error))


@contextmanager
def broken_off() -> Iterator[None]:
    """Let a signal break off what is done inside, as the reading of a page, which may take long.

    Raises:
        CloseSpider: one did; the run is ending.
    """
    try:
        with stopping.raising():
            yield
    except stopping.Stopped as stopped:
        raise CloseSpider("shutdown") from stopped


def named(error: BaseException | None) -> str:
    """Return the kind of *error* and what it says; of a file or the database what failed there."""
    if is_of_database(error):
        return f"the database: {error}"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return f"{type(error).__name__}: {error}"


def is_of_database(error: BaseException | None) -> bool:
    """Say whether *error* is one of SQLite's, which the spiders do not import."""
    return type(error).__module__ == "sqlite3"
