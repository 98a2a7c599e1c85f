"""Common Crawl, record by record: each WARC record comes by HTTP Range."""

import io
import zlib
from dataclasses import replace

from fastwarc.warc import ArchiveIterator
from scrapy import Request
from scrapy.http import Response

from embassy_scraper.archives import Revisit
from embassy_scraper.archives.records import complete, read_record, tells_itself
from embassy_scraper.archives.soundness import is_blank
from embassy_scraper.crawl_items import Offered
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.fetching.ranges import range_request, read_part
from embassy_scraper.items import RawCapture
from embassy_scraper.sites.addresses import read_address
from embassy_scraper.spiders.capture_by_capture import EARLY, CaptureSpider
from embassy_scraper.spiders.commoncrawl_index import CommonCrawlIndex


class CommonCrawlSpider(CommonCrawlIndex, CaptureSpider):
    """Fetches captures from Common Crawl."""

    name = "commoncrawl"
    archive = "commoncrawl"

    def capture_request(self, offer: Offered) -> Request:
        """Return the request for the bytes of one record."""
        return range_request(self.data_url(offer.file or ""), offer.offset or 0, offer.length or 0)

    def read_answer(self, response: Response, offer: Offered) -> RawCapture:
        """Return the capture in a record, if it is the one asked for."""
        length = offer.length or 0
        body = read_part(response, offer.offset or 0, length).body
        if len(body) != length:
            got = f"{len(body)} bytes instead of {length}"
            raise CaptureRejected("range", f"{got}: the record is cut off")
        try:
            if is_blank(body):
                raise CaptureRejected("damaged record", "no WARC record is there")
            for record in ArchiveIterator(io.BytesIO(body), parse_http=False):
                found = read_record(record, self.archive)
                break
            else:
                raise CaptureRejected("damaged record", "no WARC record is there")
        except (OSError, ValueError, zlib.error) as error:
            raise CaptureRejected("damaged record", f"{error}") from error
        if isinstance(found, Revisit):
            found = self._resolved(found)
        profile = self.config.profile
        is_same = read_address(found.url, profile).url == read_address(offer.url, profile).url
        if not is_same or found.captured_at != offer.captured_at:
            raise CaptureRejected("damaged record", f"it is of {found.url} at {found.captured_at}")
        return replace(found, source=self.archive)

    def _resolved(self, revisit: Revisit) -> RawCapture:
        """Return the capture that a *revisit* stands for: the bytes are held, or will be."""
        own, url = revisit.raw, revisit.refers_to or revisit.raw.url
        place = self.history.repeated(
            revisit.digest, url, revisit.refers_at, tells_itself=tells_itself(own)
        )
        original = self.read_held(place, self.archive)
        if original is None:
            raise CaptureRejected(EARLY, "the record that it repeats is not here yet")
        return complete(replace(own, source=self.archive), original)
