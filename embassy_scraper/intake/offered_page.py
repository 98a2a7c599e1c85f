"""Reading a page as it was offered.

Its instant may be known from its clock alone, and what it says of its address may not be what was
told.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from embassy_scraper.archives.provenance import told_by_page
from embassy_scraper.evidence import Evidence
from embassy_scraper.items import Page, PageProblem, RawCapture
from embassy_scraper.own_headers import CLOCK
from embassy_scraper.pages import read_page
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import Address, read_address
from pipelines.values.headers import read_clock
from pipelines.values.instants import instant_of

DISAGREES = "address disagrees"
_HTML = "text/html"


def read_offered_page(raw: RawCapture, profile: Profile) -> Page:
    """Return the page in *raw*; a saved one that tells another address has a problem that says so.

    An answer is of the address that was asked for, whatever the page says. A canonical link counts
    only where both are statements: sites write it carelessly elsewhere. A statement that is not
    read because its address is not a statement's is a problem too.
    """
    raw = dated(raw, profile)
    page = read_page(raw, profile)
    if raw.http_status is not None or raw.url is None or raw.media_type != _HTML:
        return page
    problems = (*_disagreements(raw, profile), *_passed_over(page, raw, profile))
    return replace(page, problems=(*page.problems, *problems)) if problems else page


def as_told(raw: RawCapture, told: Evidence, capture: str) -> RawCapture:
    """Return *raw* as the strongest offer *told* of it, which may not be the one that is kept.

    An instant that somebody told, and not its clock, is that of the id of the *capture*.
    """
    at = raw.captured_at or (None if told.instant_from == CLOCK else instant_of(capture))
    return replace(
        raw,
        captured_at=at,
        source=told.source,
        url_from=told.url_from,
        instant_from=told.instant_from,
    )


def dated(raw: RawCapture, profile: Profile) -> RawCapture:
    """Return *raw* as of the instant of its clock, if nothing else tells one and a layout asks.

    A layout may hold from or until a day, whoever tells the instant; the clock is read without it.
    """
    if raw.captured_at is not None or (without := _undated(profile)) is profile:
        return raw
    clock, _ = read_clock(read_page(raw, without).header, without, [])
    return replace(raw, captured_at=clock)


@lru_cache(maxsize=8)
def _undated(profile: Profile) -> Profile:
    """Return *profile* without the layouts that hold from or until a day."""
    own, layouts = (
        tuple(one for one in some if not one.from_ and not one.until)
        for some in (profile.own_layout, profile.layout)
    )
    if (own, layouts) == (profile.own_layout, profile.layout):
        return profile
    return replace(profile, own_layout=own, layout=layouts)


def _disagreements(raw: RawCapture, profile: Profile) -> Iterator[PageProblem]:
    given = read_address(raw.url, profile, raw.mirror)
    for one in told_by_page(raw.payload):
        told = read_address(one.url, profile, raw.mirror)
        if one.by == "canonical" and not _are_statements(given, told):
            continue
        if told.url != given.url and told.kind not in ("foreign", "unknown"):
            yield PageProblem(DISAGREES, one.by, f"{given.url}, the page says {told.url}")


def _passed_over(page: Page, raw: RawCapture, profile: Profile) -> Iterator[PageProblem]:
    """Yield a problem where the page shows a statement that its address hides."""
    given = read_address(raw.url, profile, raw.mirror)
    is_read = page.kind != "unreadable" and page.statement is None
    if not is_read or given.kind not in ("static", "home", "listing"):
        return
    alone = read_page(replace(raw, url=None), profile)
    if alone.kind == "statement" and alone.statement is not None:
        yield PageProblem(DISAGREES, "main part", f"{given.url}, the page shows a statement")


def _are_statements(*addresses: Address) -> bool:
    return all(one.kind == "statement" and not one.is_mobile for one in addresses)
