"""Fetching from an archive capture by capture: a request each, but none for bytes that are held."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from embassy_scraper.archives.records import complete
from embassy_scraper.crawl_items import Offered, Wanted
from embassy_scraper.errors import ArchiveAnswerError, CaptureRejected
from embassy_scraper.fetching.downloads import over_limit
from embassy_scraper.fetching.manners import Refused
from embassy_scraper.fetching.robots import NO_ANSWER
from embassy_scraper.items import Fetched, RawCapture
from embassy_scraper.spiders.answers import has_digest, is_trouble
from embassy_scraper.spiders.backfill import BackfillSpider
from embassy_scraper.spiders.run import named

if TYPE_CHECKING:
    from twisted.python.failure import Failure

EARLY = "revisit without its original"  # which another run may bring
_NO_KIND = ("", "-", "unk")  # where an index does not know of what kind a page is
_AT_ONCE = 64  # offers looked up at a time


class CaptureSpider(BackfillSpider):
    """A spider of an archive that plays back single captures."""

    def capture_request(self, offer: Offered) -> Request:
        """Return the request for a capture that the archive offers."""
        raise NotImplementedError

    def read_answer(self, response: Response, offer: Offered) -> RawCapture:
        """Return the capture in the answer to ``capture_request``.

        Raises:
            CaptureRejected: the answer is not the capture asked for.
        """
        raise NotImplementedError

    async def captures(self) -> AsyncIterator[Request | Fetched]:
        """Yield the captures whose bytes are held, and the requests for the others."""
        after, left = 0, self.limit
        while left > 0 and (batch := self.history.wanted(after, min(_AT_ONCE, left))):
            for wanted in batch:
                yield self._held(wanted) or self._request(wanted)
            after, left = batch[-1].id, left - len(batch)

    def _held(self, wanted: Wanted) -> Fetched | None:
        """Return the capture without asking for it, where its bytes are held by their digest."""
        offer = wanted.offer
        original = self.read_held(self.history.held(offer), self.archive)
        if original is None or original.http_status != offer.status:
            return None
        if offer.mime.lower() not in (original.media_type, *_NO_KIND):
            return None  # the same bytes as a page of another kind
        refers_to = (original.url or "", original.captured_at or "")
        own = RawCapture(
            payload=b"",
            media_type="",
            source=self.archive,
            url=offer.url,
            captured_at=offer.captured_at,
            url_from="archive",
            instant_from="archive",
        )
        raw = replace(complete(own, original), record_type="revisit", refers_to=refers_to)
        self.counts.same += 1
        return Fetched(raw, self.read(raw), offer=(wanted.id, offer.digest))

    def _request(self, wanted: Wanted) -> Request:
        request = self.capture_request(wanted.offer)
        return request.replace(
            callback=self._answered,
            errback=self._no_answer,
            dont_filter=True,
            cb_kwargs={"wanted": wanted},
        )

    def _answered(self, response: Response, wanted: Wanted) -> Iterator[Fetched]:
        cut_off = f"cut off after {len(response.body)} bytes"
        try:
            raw = self.read_answer(response, wanted.offer)
            if "dataloss" in response.flags and not wanted.is_last(cut_off):
                raise CaptureRejected("playback", cut_off)
        except (CaptureRejected, ArchiveAnswerError) as error:
            is_early = isinstance(error, CaptureRejected) and error.what == EARLY
            is_counted = not (is_early or is_trouble(response))
            self.capture_failed(wanted, f"{error}", is_counted=is_counted)
            return
        is_proven = has_digest(wanted.offer.digest, raw.payload, response.meta.get("encoded"))
        digest = wanted.offer.digest if is_proven else ""
        yield Fetched(raw, self.read(raw), offer=(wanted.id, digest))

    def _no_answer(self, failure: "Failure") -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        if isinstance(error, Refused):  # it was not asked for, and is in the next run
            self.refused.add(f"{error}")
            return
        limit = over_limit(error)
        why = limit or named(error)
        if not isinstance(error, NO_ANSWER):
            self.break_off(why)
        is_counted = isinstance(error, IgnoreRequest) or limit is not None
        self.capture_failed(request.cb_kwargs["wanted"], why, is_counted=is_counted)
