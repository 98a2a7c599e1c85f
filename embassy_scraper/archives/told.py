"""What one teller says of a capture's URL and instant, and what several statements of one come to.

An address counts where it could be a page's: ASCII, ``http`` or ``https``, with a host.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from embassy_scraper.evidence import Teller
from embassy_scraper.sites.addresses import held_address

_ADDRESS = re.compile(r"https?://[!#-;=?-\[\]_a-z~]{1,4000}", re.A | re.I)
_SCHEME = re.compile(r"https?://(?:www\.)?", re.I)
_PORT = re.compile(r":(?:80|443)\Z")
_APART = 60  # seconds; HTTrack prints the time twice, as it writes a page's first and last lines


@dataclass(frozen=True, slots=True)
class Told:
    """What one teller says of a capture: its URL, its instant (UTC), or both.

    ``redirect`` is where an answer before this one led to from the address that was asked for; it
    is empty where several answers came and nobody tells which address the last is of.
    """

    by: Teller
    url: str | None = None
    instant: str | None = None
    redirect: str | None = field(default=None, repr=False)


def is_address(text: str) -> bool:
    """Say whether *text* is an absolute address of the web.

    >>> is_address("https://www.rusemb.org.uk/"), is_address("file:///C:/9005.html")
    (True, False)
    """
    if not _ADDRESS.fullmatch(text):
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def agreed(statements: Iterable[Told]) -> Told | None:
    """Return what the *statements* of one teller on one page come to; ``None`` if to nothing.

    Where two name different addresses none counts, for the page may be a copy of a copy; where
    only their instants differ, the address does. Seconds are no difference: savers write the time
    more than once, and the first is meant.

    >>> page = Told("saver", "http://rusemb.org.uk/fnapr/1", "2021-03-05T09:05:00Z")
    >>> agreed([page, Told("saver", "https://www.rusemb.org.uk/fnapr/1/")]) == page
    True
    >>> agreed([page, Told("saver", "http://rusemb.org.uk/fnapr/2")])
    """
    said = list(dict.fromkeys(statements))
    urls = [one.url for one in said if one.url]
    instants = sorted(one.instant for one in said if one.instant)
    if not (urls or instants) or not all(is_same_page(url, urls[0]) for url in urls):
        return None
    url = urls[0] if urls else None
    if instants and _seconds(instants[0], instants[-1]) > _APART:
        return Told(said[0].by, url) if url else None
    return Told(said[0].by, url, instants[0] if instants else None)


def is_same_page(one: str, other: str) -> bool:
    """Say whether two addresses are one page's, whatever scheme, ``www.`` and archive.

    >>> shown = "https://web.archive.org/web/20210305090500/https://www.rusemb.org.uk:443/fnapr/1/"
    >>> is_same_page("http://rusemb.org.uk/fnapr/1", shown)
    True
    """
    return one == other or _bare(one) == _bare(other)


def _bare(url: str) -> str:
    url = _SCHEME.sub("", held_address(url)).partition("#")[0]
    host, slash, path = url.partition("/")
    return (_PORT.sub("", host).lower() + slash + path).rstrip("/")


def _seconds(first: str, last: str) -> float:
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()
