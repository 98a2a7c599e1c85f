"""What a URL means on a site."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal
from urllib.parse import unquote, urljoin, urlsplit

from embassy_scraper.limits import MAX_NAME, MAX_NESTED
from embassy_scraper.sites.archives import Held, find_held
from embassy_scraper.sites.profile import Profile

_STATEMENT_PATH = re.compile(r"^/([a-z][a-z_]*)/([0-9]{1,12})(?![\w-])", re.I)
_MOBILE_PATH = re.compile(r"^/([a-z][a-z_]*)/([\w-]+)", re.I)
_LISTING_PATH = re.compile(
    rf"^/([a-z][a-z0-9_]{{0,{MAX_NAME - 1}}})/?(?:$|[&?].*?\bstart=([0-9]{{1,9}})(?![0-9]))", re.I
)
_PAGE_SIZE = re.compile(r"[&?]ps=([0-9]{1,4})(?![0-9])")


@dataclass(frozen=True, slots=True)
class Address:
    """What a URL means on the site.

    ``url`` is canonical: scheme, ``www.``, ports, fragments and junk tails do not matter.
    ``key`` is the statement's (``fnapr/6956``); ``list``, ``start`` and ``page_size`` are a
    listing's. ``is_mobile``: it is of the mobile twin.
    """

    url: str | None
    kind: Literal["home", "statement", "listing", "static", "foreign", "unknown"]
    key: str | None = None
    list: str | None = None
    start: int = 1
    page_size: int = 10
    is_mobile: bool = False


UNKNOWN = Address(None, "unknown")


@lru_cache(maxsize=4096)
def read_address(url: str | None, profile: Profile, mirror: str | None = None) -> Address:
    """Return what *url* means; addresses below *mirror* are read as the site's own.

    >>> from embassy_scraper.sites import load_profile
    >>> read_address("http://rusemb.org.uk/fnapr/5481%20%5D", load_profile()).key
    'fnapr/5481'
    >>> url = "https://www.rusemb.org.uk/newarh/&start=221&ps=10&ppp=15"
    >>> a = read_address(url, load_profile())
    >>> a.list, a.start
    ('newarh', 221)
    >>> read_address("https://www.rusemb.org.uk/historyukrel/300/", load_profile()).kind
    'static'
    """
    if not url or not (url := url.strip()):
        return UNKNOWN
    url = held_address(url, profile)
    site = profile.site
    if mirror and url.startswith(mirror):
        url = urljoin(site.base_url, url[len(mirror) :])
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
    if host in site.hosts:
        return _read_path(path, profile)
    if host in site.mobile_hosts:
        return _read_mobile_path(path, profile)
    return Address(f"https://{host}{path}", "foreign")


def held_address(url: str, profile: Profile | None = None) -> str:
    """Return the address that *url*, if it is a web archive's, holds; else *url* itself.

    Archives inside archives are unwrapped too. With a *profile*, an address below a folder of its
    site is that site's own, whatever it looks like.

    >>> held_address("https://web.archive.org/web/20210305090500id_/http://rusemb.org.uk/fnapr/1")
    'http://rusemb.org.uk/fnapr/1'
    >>> held_address("https://archive.ph/o/Ab1Cd/https://www.rusemb.org.uk/fnapr/1")
    'https://www.rusemb.org.uk/fnapr/1'
    """
    steps = _unwrap(url, profile)
    return steps[-1].url if steps else url


def archive_instant(url: str, profile: Profile | None = None) -> str | None:
    """Return the instant (UTC) at which the archive of *url* saw what it holds.

    Of archives inside archives it is the innermost one's, which saw the page itself; the others
    saw an archive's page. ``None`` where that one names no full instant, or one that there is not.

    >>> archive_instant("https://archive.ph/2021.03.05-090500/http://www.rusemb.org.uk/")
    '2021-03-05T09:05:00Z'
    >>> archive_instant("https://web.archive.org/web/2021/http://www.rusemb.org.uk/")
    """
    steps = _unwrap(url, profile)
    stamp = steps[-1].stamp if steps else None
    if stamp is not None:
        with suppress(ValueError):
            return datetime.strptime(stamp, "%Y%m%d%H%M%S").isoformat() + "Z"
    return None


@lru_cache(maxsize=4096)
def _unwrap(url: str, profile: Profile | None) -> tuple[Held, ...]:
    """Return what *url* holds, what that holds, and so on."""
    hosts: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    if profile is not None:
        hosts = frozenset({*profile.site.hosts, *profile.site.mobile_hosts})
        folders = profile.families | frozenset(profile.listings)
    steps: list[Held] = []
    held = find_held(url.strip(), hosts, folders)
    while held is not None and len(steps) < MAX_NESTED:
        steps.append(held)
        held = find_held(held.url, hosts, folders)
    return tuple(steps)


def _read_path(path: str, profile: Profile) -> Address:
    base = profile.site.base_url
    if re.fullmatch(r"/(?:index\.\w+)?/?(?:[?].*)?", path):
        return Address(base, "home")
    if (key := _statement_key(path, profile)) is not None:
        return Address(base + key, "statement", key=key)
    found = _LISTING_PATH.match(path)
    if found and (found[2] or found[1].lower() in profile.listings):
        name, start = found[1].lower(), max(1, int(found[2] or 1))
        size = _PAGE_SIZE.search(path)
        return Address(
            base.rstrip("/") + path.rstrip("/"),
            "listing",
            list=name,
            start=start,
            page_size=(int(size[1]) if size else 0) or profile.lines.page_size,
        )
    return Address(base.rstrip("/") + (path.rstrip("/") or "/"), "static")


def _statement_key(path: str, profile: Profile) -> str | None:
    found = _STATEMENT_PATH.match(path)
    if found is None or found[1].lower() not in profile.families:
        return None
    return f"{found[1].lower()}/{int(found[2])}"


def _read_mobile_path(path: str, profile: Profile) -> Address:
    base, mobile = profile.site.base_url, profile.site.mobile_url or profile.site.base_url
    if (key := _statement_key(path, profile)) is not None:
        return Address(base + key, "statement", key=key, is_mobile=True)
    found = _MOBILE_PATH.match(path)
    if found and found[1].lower() in profile.families:
        key = f"{found[1].lower()}/{found[2]}"
        return Address(mobile + key, "statement", key=key, is_mobile=True)
    return Address(mobile + path.strip("/"), "static", is_mobile=True)


def list_url(name: str, start: int, profile: Profile) -> str:
    """Return the address of the page of a list that begins at offset *start*.

    >>> from embassy_scraper.sites import load_profile
    >>> list_url("newarh", 11, load_profile())
    'https://www.rusemb.org.uk/newarh/&start=11&ps=10&ppp=15'
    """
    size, pages = profile.lines.page_size, profile.lines.pager_pages
    return f"{profile.site.base_url}{name}/&start={start}&ps={size}&ppp={pages}"


def statement_url(key: str, profile: Profile) -> str:
    """Return the canonical address of the statement *key*.

    >>> from embassy_scraper.sites import load_profile
    >>> statement_url("fnapr/6956", load_profile())
    'https://www.rusemb.org.uk/fnapr/6956'
    """
    number = key.rpartition("/")[2]
    mobile = profile.site.mobile_url
    return (profile.site.base_url if number.isdigit() or not mobile else mobile) + key


def is_absolute(href: str | None) -> bool:
    """Say whether *href*, if it is any link, means the same on every page of a site."""
    if not href:
        return True
    return href.startswith(("/", "http://", "https://")) and not href.startswith("//")


def link_key(
    href: str | None, page_url: str | None, profile: Profile, mirror: str | None = None
) -> str | None:
    """Return the statement that *href*, printed on *page_url*, points to; ``None`` if to none."""
    if not href:
        return None
    if is_absolute(href):
        page_url = None  # so the answer is kept for all pages
    return _link_key(href, page_url or profile.site.base_url, profile, mirror)


@lru_cache(maxsize=8192)
def _link_key(href: str, page_url: str, profile: Profile, mirror: str | None) -> str | None:
    try:
        absolute = urljoin(page_url, href.strip())
    except ValueError:
        return None
    if not absolute.startswith(("http://", "https://")):
        return None
    return read_address(absolute, profile, mirror).key
