"""One page of the live site, asked for as politely as in a crawl, and kept nowhere."""

from collections.abc import Iterator
from typing import Any

from scrapy import Request

from embassy_scraper.door import News
from embassy_scraper.items import Page, RawCapture
from embassy_scraper.sites.addresses import read_address
from embassy_scraper.spiders.site_spider import SiteSpider


class ProbeSpider(SiteSpider):
    """Asks for one *url*; ``raw`` is the answer, ``None`` where there was none."""

    name = "probe"
    custom_settings = {"ITEM_PIPELINES": {}}  # noqa: RUF012 - Scrapy's own name and kind

    def __init__(self, url: str, **arguments: Any) -> None:
        """Prepare to ask for *url*."""
        super().__init__(**arguments)
        self.url = url
        self.raw: RawCapture | None = None

    def command(self) -> str:
        """Return the command as it stands in ``runs``."""
        return "probe --fetch"

    def first_requests(self) -> Iterator[Request]:
        """Yield the request for the page."""
        profile, mirror = self.config.profile, self.config.mirror
        address = read_address(self.url, profile, mirror)
        if address.url is not None:
            yield from self.ask(address.url, 1, self.keep)

    def keep(self, raw: RawCapture, page: Page, news: News) -> Iterator[Request]:
        """Keep the answer for who asked."""
        self.raw = raw
        yield from ()
