"""The Wayback Machine: its CDX server says what there is, ``id_`` gives the bytes as captured."""

import re
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from embassy_scraper.archives.cdx import read_wayback
from embassy_scraper.archives.http import decode_body, read_content_type, read_length
from embassy_scraper.crawl_items import Offered
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.fetching.addresses import ArchivePlaces
from embassy_scraper.http_dates import read_http_date
from embassy_scraper.items import RawCapture
from embassy_scraper.limits import MAX_INDEX_EMPTY, MAX_URL
from embassy_scraper.spiders.answers import has_digest
from embassy_scraper.spiders.capture_by_capture import CaptureSpider

_COLUMNS = "timestamp,original,mimetype,statuscode,digest,length"
_ORIGINAL = "x-archive-orig-"
_NOTHING = "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"  # the digest of no bytes
_OWN = re.compile(
    r"memento-datetime|link|content-location|x-archive-.*|x-ts|x-tr|x-location|preference-applied"
    r"|server-timing|x-app-server|x-na|x-rl|x-page-cache|x-cache.*|connection|keep-alive",
    re.I,
)
_REWRITTEN = re.compile(
    rb"BEGIN WAYBACK TOOLBAR INSERT|/_static/js/(?:bundle-playback|wombat)\.js"
    rb"|__wm\.(?:init|wombat)|<!-- WB Insert -->|window\.wbinfo",
)


class WaybackSpider(CaptureSpider):
    """Fetches captures from the Wayback Machine."""

    name = "wayback"
    archive = "wayback"

    def archive_places(self) -> ArchivePlaces:
        """Return the hosts that this spider may ask."""
        return ArchivePlaces(self.config.archives.wayback)

    async def read_index(self) -> AsyncIterator[None]:
        """Read the CDX server's answers and write them down, from where an earlier run was left.

        Without ``collapse``: a day on which a page was seen unchanged is a fact.
        """
        for domain in self.config.profile.domains:
            async for _ in self._read_domain(domain):
                yield

    async def _read_domain(self, domain: str) -> AsyncIterator[None]:
        query = self._query(domain)
        name = urlencode(query)
        known = self.history.query_place(name)
        place: str | None = known[0] if known is not None and not known[1] else None
        met = {place}
        empty = 0  # pages in a row that brought nothing new
        while True:
            url = self._index_url(query, place)
            offered = self.counts.offered
            following = await self._read_page(url, name)
            yield
            if following is None:
                return
            if following in met:
                self.tell(f"{url}: its resume key repeats; giving up")
                return
            met.add(following)
            empty = empty + 1 if self.counts.offered == offered else 0
            if empty == MAX_INDEX_EMPTY:
                self.tell(f"{url}: {empty} empty pages in a row; giving up")
                return
            place = following

    def _query(self, domain: str) -> dict[str, str]:
        """Return what is asked of the index; by it is known how far that was read."""
        query = {"url": domain, "matchType": "domain"}
        if self.family:
            query = {"url": f"{domain}/{self.family}/", "matchType": "prefix"}
        if self.since:
            query["from"] = self.since
        if self.until:
            query["to"] = self.until
        return query

    def _index_url(self, query: dict[str, str], place: str | None) -> str:
        """Return the address of the answer to *query* that begins at the resume key *place*."""
        more = {
            "output": "json",
            "fl": _COLUMNS,
            "limit": str(self.config.archives.index_rows),
            "showResumeKey": "true",
        }
        if place:
            more["resumeKey"] = place
        base = self.config.archives.wayback.rstrip("/")
        return f"{base}/cdx/search/cdx?{urlencode(query | more)}"

    async def _read_page(self, url: str, name: str) -> str | None:
        """Read one answer and write it down; return the key of the next."""
        page = await self.read_index_page(url, read_wayback)
        if page is None:
            return None
        key, is_done = page.resume_key, page.resume_key is None
        if key is not None and (len(key) > MAX_URL or not key.isprintable()):
            self.tell(f"{url}: its resume key cannot be sent back; giving up")
            key = None
        self.counts.offered += len(page.rows)
        self.history.keep_page(name, page.rows, key, is_done=is_done)
        return key

    def capture_request(self, offer: Offered) -> Request:
        """Return the request for the bytes as they were captured."""
        base = self.config.archives.wayback.rstrip("/")
        return Request(f"{base}/web/{offer.timestamp}id_/{offer.url}")

    def read_answer(self, response: Response, offer: Offered) -> RawCapture:
        """Return the capture, if what is played back is the record asked for."""
        headers = _headers(response)
        _check(response, headers, offer)
        original = {
            name.removeprefix(_ORIGINAL): value
            for name, value in headers.items()
            if name.startswith(_ORIGINAL)
        }
        head = original or {n: v for n, v in headers.items() if not _OWN.fullmatch(n)}
        content_type = headers.get("content-type") or head.get("content-type") or ""
        media_type, charset = read_content_type(content_type)
        payload = _decoded(response.body, headers, media_type)
        announced = read_length(original.get("content-length")) or 0
        is_plain = "content-encoding" not in original
        is_cut = "dataloss" in response.flags or (is_plain and announced > len(payload))
        return RawCapture(
            payload=payload,
            media_type=media_type,
            source=self.archive,
            url=offer.url,
            captured_at=offer.captured_at,
            charset=charset,
            http_status=response.status,
            http_head=tuple(head.items()),
            announced_bytes_missing=is_cut,
            body_is_whole=not is_cut and "partial" not in response.flags,
            record_type="response",
            url_from="archive",
            instant_from="archive",
        )


def _headers(response: Response) -> dict[str, str]:
    """Return the last value of every header, by its name in small letters."""
    return {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }


def _decoded(body: bytes, headers: Mapping[str, str], media_type: str) -> bytes:
    """Return *body* free of an encoding that is left: one that the middleware could not undo."""
    encoding = headers.get("content-encoding")
    if not encoding:
        return body
    return decode_body(body, {"Content-Encoding": encoding}, media_type).payload


def _check(response: Response, headers: Mapping[str, str], offer: Offered) -> None:
    """Refuse a playback that is not the record asked for.

    Raises:
        CaptureRejected: it is of another instant or status, the archive's own page, or rewritten.
    """
    played = headers.get("memento-datetime")
    status = response.status
    is_proven = has_digest(offer.digest, response.body, response.meta.get("encoded"))
    if played is None and not (is_proven and status == (offer.status or 200)):
        location = headers.get("location", "")
        raise CaptureRejected(
            "playback", f"the archive answered with its own page: {status} {location}".strip()
        )
    if played is not None and _timestamp(played) != offer.timestamp:
        raise CaptureRejected("playback", f"the archive sent another instant, {played}")
    if offer.status is not None and status != offer.status:
        reason = f"the archive sent status {status} instead of {offer.status}"
        raise CaptureRejected("playback", reason)
    if not response.body and offer.digest not in ("", _NOTHING):
        reason = "the archive sent an empty page, but its copy is not empty"
        raise CaptureRejected("playback", reason)
    if _REWRITTEN.search(response.body):
        raise CaptureRejected("playback", "the archive sent a rewritten page")


def _timestamp(date: str) -> str:
    moment = read_http_date(date)
    return moment.strftime("%Y%m%d%H%M%S") if moment is not None else ""
