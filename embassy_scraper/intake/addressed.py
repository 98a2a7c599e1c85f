"""Reading a page that may tell of another address than the one it was given with."""

from collections.abc import Iterator
from dataclasses import replace

from embassy_scraper.archives.provenance import told_by_page
from embassy_scraper.items import Page, PageProblem, RawCapture
from embassy_scraper.pages import read_page
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import Address, read_address

DISAGREES = "address disagrees"
_HTML = "text/html"


def read_addressed(raw: RawCapture, profile: Profile) -> Page:
    """Return the page in *raw*; a saved one that tells another address has a problem that says so.

    An answer is of the address that was asked for, whatever the page says. A canonical link counts
    only where both are statements: sites write it carelessly elsewhere.
    """
    page = read_page(raw, profile)
    if raw.http_status is not None or raw.url is None or raw.media_type != _HTML:
        return page
    problems = tuple(_disagreements(raw, profile))
    return replace(page, problems=(*page.problems, *problems)) if problems else page


def _disagreements(raw: RawCapture, profile: Profile) -> Iterator[PageProblem]:
    given = read_address(raw.url, profile, raw.mirror)
    for one in told_by_page(raw.payload):
        told = read_address(one.url, profile, raw.mirror)
        if one.by == "canonical" and not _are_statements(given, told):
            continue
        if told.url != given.url and told.kind not in ("foreign", "unknown"):
            yield PageProblem(DISAGREES, one.by, f"{given.url}, the page says {told.url}")


def _are_statements(*addresses: Address) -> bool:
    return all(one.kind == "statement" and not one.is_mobile for one in addresses)
