"""Normalise: from a page as printed to values.

In: a raw capture and the page read from it. Out: a ``Capture`` with dates, windows, readings and
wordings; what cannot be read becomes a problem. Drops: a capture of which nothing says when it was
made, or whose address is too long. Never: compares captures, touches the database, guesses a date.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256

from embassy_scraper.door import Stage
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.evidence import Evidence
from embassy_scraper.items import (
    Capture,
    Fetched,
    Header,
    Page,
    PageProblem,
    RawCapture,
    Sighting,
    StatementText,
    Taken,
    Window,
    Wording,
)
from embassy_scraper.limits import MAX_URL
from embassy_scraper.recent import remembered
from embassy_scraper.sites import Profile, reader_digest
from embassy_scraper.sites.addresses import Address, read_address
from embassy_scraper.text import one_line
from pipelines.values import instants
from pipelines.values.digests import OPEN, digest_of
from pipelines.values.headers import counter_readings, header_facts, read_clock
from pipelines.values.instants import UnreadableDate
from pipelines.values.lists import read_lists
from pipelines.values.places import PAGE

CLOCK_DISAGREES = "clock disagrees"
_LIVE = "live"  # the source of what this program fetched from the site itself


def normalise(raw: RawCapture, page: Page, profile: Profile) -> Capture:
    """Return what *page*, of the site of *profile*, shows, in values.

    Raises:
        CaptureRejected: nothing says when the page was captured, or its address is too long.
    """
    if len(raw.url or "") > MAX_URL:
        told = f"its address has over {MAX_URL} characters"
        raise CaptureRejected("unreadable address", told)
    problems = list(page.problems)
    address = read_address(raw.url, profile, raw.mirror)
    clock, deviation = read_clock(page.header, profile, problems)
    header = _own_header(page, address, problems)
    captured_at = _captured_at(raw, clock)
    problems += _disagreements(raw, clock)
    digest = sha256(raw.payload).hexdigest()
    readings = counter_readings(header, profile, problems)
    sightings, windows = _shown(page, address, profile, raw.mirror, problems)
    return Capture(
        id=capture_id(address.url, captured_at, digest),
        url=address.url,
        key=address.key,
        page_kind=page.kind,
        captured_at=captured_at,
        page_clock=clock,
        clock_deviation=deviation,
        http_status=raw.http_status,
        sha256=digest,
        media_type=raw.media_type,
        payload_bytes=len(raw.payload),
        is_cut=page.is_cut,
        evidence=evidence_of(raw),
        reader=reader_digest(profile),
        header=header_facts(header, profile, readings),
        sightings=tuple(sightings),
        windows=tuple(windows),
        readings=readings,
        problems=tuple(dict.fromkeys(problems)),
    )


def _own_header(page: Page, address: Address, problems: list[PageProblem]) -> Header | None:
    """Return the header; what another site says of itself is none of this one's history."""
    if address.kind != "foreign":
        return page.header
    problems.append(PageProblem("another site", "url", address.url or ""))
    return None


def _shown(
    page: Page, address: Address, profile: Profile, mirror: str | None, problems: list[PageProblem]
) -> tuple[list[Sighting], list[Window]]:
    """Return what the main part and the lists show, and the windows; the rest are *problems*."""
    sightings, windows = read_lists(page, address, profile, mirror, problems)
    if page.statement is not None:
        sighting, unread = _page_sighting(page.statement, address, profile)
        sightings.insert(0, sighting)
        problems += unread
    return sightings, windows


def _captured_at(raw: RawCapture, clock: str | None) -> str:
    """Return when a page was captured: as it was given, else by its own *clock*."""
    found = raw.captured_at or clock
    if found is None:
        raise CaptureRejected(
            "no instant",
            "nothing says when it was captured; give captured_at in a manifest.tsv beside it",
        )
    return found


def _disagreements(raw: RawCapture, clock: str | None) -> Iterator[PageProblem]:
    """Yield a problem where the instant that was given is not the page's own.

    A live capture's is that of the local clock, which is the better one.
    """
    given = raw.captured_at
    if given and clock and raw.source != _LIVE and instants.is_a_day_apart(given, clock):
        yield PageProblem(CLOCK_DISAGREES, "page clock", f"{given}, the page says {clock}")


def evidence_of(raw: RawCapture) -> Evidence:
    """Return what reading *raw* rests on beside its bytes."""
    return Evidence(
        is_answer=raw.http_status is not None,
        is_cut=raw.announced_bytes_missing,
        is_whole=raw.body_is_whole,
        http_status=raw.http_status or 0,
        media_type=raw.media_type,
        charset=raw.charset or "",
        mirror=raw.mirror or "",
        instant_from=raw.instant_from if raw.captured_at else "clock",
        url_from=raw.url_from if raw.url else None,
        source=raw.source,
    )


# A live crawl asks what is new on a page before the stages get it: one reading serves both.
normalise_recent = lru_cache(maxsize=8)(normalise)


def capture_id(url: str | None, captured_at: str, payload_sha256: str) -> str:
    """Return the id of a capture: its instant and a digest of address, instant and payload.

    Ids sort as instants do.
    """
    seed = "\n".join((url or "", captured_at, payload_sha256))
    return f"{instants.compact(captured_at)}-{sha256(seed.encode()).hexdigest()[:16]}"


@remembered(128, lambda statement: len(statement.body or ""))
def _page_sighting(
    statement: StatementText, address: Address, profile: Profile
) -> tuple[Sighting, tuple[PageProblem, ...]]:
    """Return what the main part shows, and what of it cannot be read."""
    day = published_at = signed_on = None
    problems: list[PageProblem] = []
    if statement.date_text is not None:
        try:
            day = instants.read_item_date(statement.date_text, profile)
        except UnreadableDate as error:
            problems.append(PageProblem("unreadable date", "page", str(error)))
    if statement.signature_text is not None:
        try:
            signed_on = instants.read_signature_day(statement.signature_text, profile)
            published_at = instants.read_signature(statement.signature_text, profile)
        except UnreadableDate:
            problems.append(PageProblem("unreadable date", "signature", statement.signature_text))
    title = statement.title
    body = one_line(statement.body) if statement.body is not None else None
    texts = (title, body, statement.signature_text)
    wording = Wording(
        digest=digest_of("page", address.key, statement.date_text, *texts, OPEN[statement.is_open]),
        is_page=True,
        url_key=address.key,
        title=title,
        lead=None,
        body=statement.body,
        date=day,
        date_text=statement.date_text,
        published_at=published_at,
        signed_on=signed_on,
        signature_text=statement.signature_text,
        is_open=statement.is_open,
        bare_title=profile.bare_title(title) if title is not None else None,
    )
    return Sighting(wording, PAGE, 0, 0, 1), tuple(problems)


class NormalisePipeline(Stage):
    """Scrapy's adapter: a read page goes in, a capture in values comes out."""

    def process_item(self, item: Fetched) -> Taken:
        """Return the capture in values.

        Raises:
            DropItem: nothing says when it was captured.
        """
        from scrapy.exceptions import DropItem  # 0.4 s: only where Scrapy runs anyway

        try:
            capture = normalise_recent(item.raw, item.page, self._door.profile)
        except CaptureRejected as error:
            raise DropItem(f"{error.what}: {item.raw.url}: {error}") from error
        number, declared = item.offer or (None, "")
        digest = f"sha1:{declared}" if declared else None  # as WARC records write it
        return Taken(capture, item.raw, digest=digest, offer=number, step=item.step)
