"""The archive pages: listings from the head on, new statements, and known ones that are due."""

from collections.abc import Iterator
from typing import Any

from scrapy import Request

from embassy_scraper.crawl_items import Recheck, WalkStep
from embassy_scraper.door import News
from embassy_scraper.items import GONE, Page, RawCapture
from embassy_scraper.sites.addresses import list_url
from embassy_scraper.spiders.homepage import DUE, LISTS, HomepageSpider
from embassy_scraper.spiders.walks import Walker


class ArchiveSpider(HomepageSpider):
    """Walks the listings of the settings, and asks again for statements that are due.

    ``scrapy crawl archive -a deep=1`` walks to the end of every list, and so can see what was taken
    out or put in far below its head.
    """

    name = "archive"

    def __init__(self, deep: object = False, **arguments: Any) -> None:
        """Take ``-a deep=1``."""
        super().__init__(**arguments)
        self.is_deep = str(deep).lower() in {"1", "true", "yes"}
        self._is_planned = False

    def command(self) -> str:
        """Return the command as it stands in ``runs``."""
        return super().command() + (" --deep" if self.is_deep else "")

    def first_requests(self) -> Iterator[Request]:
        """Yield the request for the head of every list."""
        for name in self.config.crawl.lists:
            size = self.config.profile.lines.page_size
            walker = Walker(name, self.is_deep, self.history.open_walk(name), size)
            yield from self._ask_for_list(walker, 1)

    def _ask_for_list(self, walker: Walker, start: int) -> Iterator[Request]:
        url = list_url(walker.name, start, self.config.profile)
        yield from self.ask(url, LISTS, self.read_list, walker=walker, start=start)

    def read_list(
        self, raw: RawCapture, page: Page, news: News, walker: Walker, start: int
    ) -> Iterator[Request | WalkStep]:
        """Yield requests for what is new on a page of a listing, and how its walk goes on."""
        yield from self.plan(raw)
        yield from self.ask_for_new(news)
        if raw.http_status in GONE and start > 1:
            yield WalkStep(walker.name, None)
            return
        entries = next((part.entries for part in page.lists if part.name == walker.name), ())
        if (
            page.is_cut
            or (not entries and start == 1)
            or (not entries and page.kind != "listing")
            or raw.http_status != 200
        ):
            return  # not a page of the list: the walk stays open from here
        shown = tuple(f"{e.href} {e.date_text} {e.title}" for e in entries)
        new, added = news[0].get(walker.name, (0, 0))
        walk = walker.after(start, shown, new, added)
        if any(problem.where == walker.name for problem in page.problems):
            return  # an entry could not be read, so the page may only look like the last one
        yield WalkStep(walker.name, walk)
        if walk is not None:
            yield from self._ask_for_list(walker, walk.open_from)

    def plan(self, raw: RawCapture) -> Iterator[Request]:
        """Yield, with the first answer, requests for the statements that are due by its clock."""
        if self._is_planned or raw.captured_at is None:
            return
        self._is_planned = True
        crawl = self.config.crawl
        recheck = Recheck(crawl.recheck_first, crawl.recheck_growth, crawl.recheck_longest)
        for url in self.history.due(raw.captured_at, recheck)[: crawl.budget]:
            yield from self.ask(url, DUE, self.read_statement)


class RoundSpider(ArchiveSpider):
    """One live round: the homepage, the archive pages, the statements that are due."""

    name = "round"

    def command(self) -> str:
        """Return the command as it stands in ``runs``."""
        return "crawl --deep" if self.is_deep else "crawl"

    def first_requests(self) -> Iterator[Request]:
        """Yield the requests for the homepage and for the head of every list."""
        yield from HomepageSpider.first_requests(self)
        yield from super().first_requests()

    def read_home(self, raw: RawCapture, page: Page, news: News) -> Iterator[Request]:
        """Yield requests for what is new on the homepage, and for what is due."""
        yield from self.plan(raw)
        yield from super().read_home(raw, page, news)
