"""Whether an answer is a page as the site's are: else it may block us, or have been redesigned."""

from embassy_scraper.items import GONE, UNREAD, Page, RawCapture
from embassy_scraper.pages.parts import NO_ITEMS, NO_STATEMENT
from embassy_scraper.sites.addresses import Address

_KINDS = frozenset({"home", "listing", "statement", "static"})


def fault_of(raw: RawCapture, page: Page, address: Address) -> str | None:
    """Return in what an answer to *address* is not as the site's pages are; ``None`` if in nothing.

    That a statement is gone is no fault.
    """
    if page.kind in UNREAD and not _is_gone_statement(raw, address):
        return _in_words(raw, page)
    if raw.http_status == 200 and (page.is_cut or not _is_as_expected(page)):
        what = page.problems[0].what if page.problems else "no header"
        return f"not like the site's pages ({what})"
    return None


def _in_words(raw: RawCapture, page: Page) -> str:
    """Return what came instead of the page, as a person would say it."""
    if raw.http_status == 200 and raw.announced_bytes_missing:
        return f"the connection broke off ({len(raw.payload)} bytes came)"
    if raw.http_status not in (None, 200):
        return f"answered {raw.http_status}"
    what = next((problem.text or problem.what for problem in page.problems), page.kind)
    return f"blocked ({what})" if page.kind == "blocked" else f"not the site's page ({what})"


def is_head(address: Address) -> bool:
    """Say whether a round begins at *address*: the homepage, or the head of a list."""
    return address.kind == "home" or (address.kind == "listing" and address.start == 1)


def _is_gone_statement(raw: RawCapture, address: Address) -> bool:
    """Say whether a 404 or 410 is a fact about a statement; of the site's lists it is a fault.

    But behind the head of a list it is only the list's end.
    """
    is_end = address.kind == "listing" and address.start > 1
    return raw.http_status in GONE and (address.kind == "statement" or is_end)


def _is_as_expected(page: Page) -> bool:
    """Say whether a page looks as the site's do: a header with its clock, and a main part."""
    has_clock = page.header is not None and page.header.date_text is not None
    has_main = all(problem.what not in {NO_ITEMS, NO_STATEMENT} for problem in page.problems)
    return page.kind in _KINDS and has_clock and has_main
