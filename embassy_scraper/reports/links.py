"""Links: addresses that a report may lead to, the archives' copies among them."""

from collections.abc import Iterator
from urllib.parse import quote

from embassy_scraper.reports.entries import Change

_WAYBACK = "https://web.archive.org/web"
_KEPT = "%/:=&?~#+!$,;'@()*[]"  # what an address may hold as it is


def web_address(url: str | None) -> str | None:
    """Return *url* as an address that a browser asks for, ``None`` where it is no such.

    >>> web_address("https://www.rusemb.org.uk/fnapr/1"), web_address("javascript:alert(1)")
    ('https://www.rusemb.org.uk/fnapr/1', None)
    """
    if url is None or not url.startswith(("http://", "https://")):
        return None
    return quote(url.encode("utf-8", "replace"), safe=_KEPT)


def archive_address(url: str | None, capture: str | None) -> str | None:
    """Return where the Wayback Machine has *url* as it was at, or nearest to, a capture.

    A capture's id begins with its instant.

    >>> archive_address("https://www.rusemb.org.uk/", "20210301T090000Z-0466fff220b1a6c8")
    'https://web.archive.org/web/20210301090000/https://www.rusemb.org.uk/'
    """
    address = web_address(url)
    if address is None or capture is None:
        return None
    return f"{_WAYBACK}/{capture[:8]}{capture[9:15]}/{address}"


def copies_of(change: Change) -> Iterator[tuple[str, str]]:
    """Yield the archive's copies of the captures of *change*: ``before`` and ``after``."""
    for which, url, capture in (
        ("before", change.url_before, change.capture_before),
        ("after", change.url_after, change.capture_after),
    ):
        archived = archive_address(url, capture)
        if archived is not None:
            yield which, archived
