"""Facts of the site: hosts, addresses, families, lists, headings, time zones, languages.

Source: 209 captures of www.rusemb.org.uk with header dates from 1 September 2014 to
16 August 2022.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import unquote, urljoin, urlsplit

BASE_URL = "https://www.rusemb.org.uk/"
MOBILE_URL = "https://m.rusemb.org.uk/"
MAIN_HOSTS = frozenset({"rusemb.org.uk", "www.rusemb.org.uk"})
MOBILE_HOSTS = frozenset({"m.rusemb.org.uk"})

LONDON, MOSCOW = "Europe/London", "Europe/Moscow"
CLOSING = "all messages"
LATEST_HEADING = "latest events"
LATEST_SIZE = 10
LISTINGS = frozenset({"newarh", "apress_arh", "ambartarh"})
HEADINGS = frozenset(
    {
        "PRESS RELEASES AND NEWS",
        "EMBASSY INFORMS",
        "SPEECHES, INTERVIEWS, ARTICLES",
        "AMBASSADOR'S ARTICLES",
        "VIDEOS",
    }
)
CONTACT_LABELS = frozenset({"consular queries", "consular section", "консульские вопросы", "tel."})
CLOCK_CITIES = {"moscow": "en", "london": "en", "москва": "ru", "лондон": "ru"}
MONTHS = {
    month: number
    for names in (
        "january february march april may june july august september october november december",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    )
    for number, month in enumerate(names.split(), start=1)
}

_ARCHIVE_PREFIX = re.compile(r"^(?:https?://[^/]+)?/web/\d{4,14}(?:[a-z]{2}_)?/(?=https?:)", re.I)
_STATEMENT_PATH = re.compile(r"^/([a-z][a-z_]*)/([0-9]{1,12})(?![\w-])", re.I)
_MOBILE_PATH = re.compile(r"^/([a-z][a-z_]*)/([\w-]+)", re.I)
_LISTING_PATH = re.compile(r"^/([a-z][a-z0-9_]*)/?(?:$|[&?].*?\bstart=([0-9]{1,9})(?![0-9]))", re.I)
_PAGE_SIZE = re.compile(r"[&?]ps=([0-9]{1,4})(?![0-9])")


@dataclass(frozen=True, slots=True)
class Address:
    """What a URL means on this site.

    ``url`` is canonical: scheme, ``www.``, ports, fragments and junk tails do not matter.
    ``key`` is the statement's (``fnapr/6956``); ``list``, ``start`` and ``page_size`` are a
    listing's.
    """

    url: str | None
    kind: Literal["home", "statement", "listing", "static", "foreign", "unknown"]
    key: str | None = None
    list: str | None = None
    start: int = 1
    page_size: int = 10


UNKNOWN = Address(None, "unknown")


@lru_cache(maxsize=4096)
def read_address(url: str | None, mirror: str | None = None) -> Address:
    """Return what *url* means; addresses below *mirror* are read as the site's own.

    >>> read_address("http://rusemb.org.uk/fnapr/5481%20%5D").key
    'fnapr/5481'
    >>> a = read_address("https://www.rusemb.org.uk/newarh/&start=221&ps=10&ppp=15")
    >>> a.list, a.start
    ('newarh', 221)
    """
    if not url or not (url := url.strip()):
        return UNKNOWN
    url = _ARCHIVE_PREFIX.sub("", url)
    if mirror and url.startswith(mirror):
        url = urljoin(BASE_URL, url[len(mirror) :])
    if url.startswith("//"):
        url = "https:" + url
    elif "://" not in url:
        url = "https://" + url
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return Address(url, "foreign")
    path = (unquote(parts.path) or "/") + (f"?{parts.query}" if parts.query else "")
    path = path.replace("&amp;", "&").replace("\n", "").replace("\t", "")
    if host in MAIN_HOSTS:
        return _read_path(path)
    if host in MOBILE_HOSTS:
        return _read_mobile_path(path)
    return Address(f"https://{host}{path}", "foreign")


def _read_path(path: str) -> Address:
    if re.fullmatch(r"/(?:index\.\w+)?/?(?:[?].*)?", path):
        return Address(BASE_URL, "home")
    if found := _STATEMENT_PATH.match(path):
        key = f"{found[1].lower()}/{int(found[2])}"
        return Address(BASE_URL + key, "statement", key=key)
    found = _LISTING_PATH.match(path)
    if found and (found[2] or found[1].lower() in LISTINGS):
        name, start = found[1].lower(), max(1, int(found[2] or 1))
        size = _PAGE_SIZE.search(path)
        return Address(
            BASE_URL.rstrip("/") + path.rstrip("/"),
            "listing",
            list=name,
            start=start,
            page_size=(int(size[1]) if size else 0) or 10,
        )
    return Address(BASE_URL.rstrip("/") + (path.rstrip("/") or "/"), "static")


def _read_mobile_path(path: str) -> Address:
    if found := _STATEMENT_PATH.match(path):
        key = f"{found[1].lower()}/{int(found[2])}"
        return Address(BASE_URL + key, "statement", key=key)
    if found := _MOBILE_PATH.match(path):
        key = f"{found[1].lower()}/{found[2]}"
        return Address(MOBILE_URL + key, "statement", key=key)
    return Address(MOBILE_URL + path.strip("/"), "static")


def statement_url(key: str) -> str:
    """Return the canonical address of the statement *key*.

    >>> statement_url("fnapr/6956")
    'https://www.rusemb.org.uk/fnapr/6956'
    """
    number = key.rpartition("/")[2]
    return (BASE_URL if number.isdigit() else MOBILE_URL) + key


def link_key(href: str | None, page_url: str | None, mirror: str | None = None) -> str | None:
    """Return the statement that *href*, printed on *page_url*, points to; ``None`` if to none."""
    if not href:
        return None
    if href.startswith(("/", "http://", "https://")) and not href.startswith("//"):
        page_url = None  # the page's own address does not matter, so the answer is kept
    return _link_key(href, page_url or BASE_URL, mirror)


@lru_cache(maxsize=8192)
def _link_key(href: str, page_url: str, mirror: str | None) -> str | None:
    try:
        absolute = urljoin(page_url, href.strip())
    except ValueError:
        return None
    if not absolute.startswith(("http://", "https://")):
        return None
    return read_address(absolute, mirror).key
