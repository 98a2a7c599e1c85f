"""The homepage, and the statements that are new on it."""

from collections.abc import Iterator

from scrapy import Request

from embassy_scraper.door import News
from embassy_scraper.items import Page, RawCapture
from embassy_scraper.spiders.site_spider import SiteSpider

HOME, NEW, LISTS, DUE = 400, 300, 200, 100  # priorities: what is asked for first


class HomepageSpider(SiteSpider):
    """Asks for the homepage, and at once for what is new on it."""

    name = "homepage"

    def first_requests(self) -> Iterator[Request]:
        """Yield the request for the homepage."""
        yield from self.ask(self.config.profile.site.base_url, HOME, self.read_home)

    def read_home(self, raw: RawCapture, page: Page, news: News) -> Iterator[Request]:
        """Yield requests for the statements that are new on the homepage."""
        yield from self.ask_for_new(news)

    def ask_for_new(self, news: News) -> Iterator[Request]:
        """Yield requests for statements that a list shows for the first time, or differently."""
        for url in news[1]:
            yield from self.ask(url, NEW, self.read_statement)

    def read_statement(self, raw: RawCapture, page: Page, news: News) -> Iterator[Request]:
        """Yield requests for what is new in the latest block of a statement's page."""
        yield from self.ask_for_new(news)
