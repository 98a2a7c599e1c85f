"""Where a crawl may go: the site's own hosts, and never from outside into a private network."""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import SplitResult, urljoin, urlsplit

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from embassy_scraper.config import Config, config_of
from embassy_scraper.sites.addresses import Address, read_address

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred


def _parts(url: str) -> SplitResult | None:
    """Return the parts of an address for http or https; ``None`` where it is no such address."""
    try:
        parts = urlsplit(url)
        is_sound = parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        return None
    return parts if is_sound else None


class Places:
    """The addresses of the site, or of the mirror of the settings that stands in for it."""

    def __init__(self, config: Config) -> None:
        """Take the base address and the profile from the settings."""
        self.base_url, self.mirror = config.site.base_url, config.mirror
        self._profile = config.profile

    def is_own(self, url: str) -> bool:
        """Say whether *url* is of the site's own hosts, or of the mirror's."""
        parts = _parts(url)
        if parts is None:
            return False
        if self.mirror is not None:
            return parts.netloc == urlsplit(self.mirror).netloc
        return parts.hostname in self._profile.site.hosts and parts.port in (None, 80, 443)

    def read(self, url: str) -> Address:
        """Return what *url* means on the site."""
        return read_address(url, self._profile, self.mirror)

    def fetchable(self, canonical: str) -> str | None:
        """Return where a canonical address of the main host is fetched; ``None`` for others."""
        own = self._profile.site.base_url
        return self.base_url + canonical[len(own) :] if canonical.startswith(own) else None

    def redirect_target(self, url: str, location: str) -> str | None:
        """Return where a redirect leads if it is the same page under another spelling."""
        try:
            target = urljoin(url, location)
        except ValueError:
            return None
        is_same = self.is_own(target) and self.read(target).url == self.read(url).url
        return target if is_same and target != url else None


def is_private(base_url: str) -> bool:
    """Say whether *base_url* itself is on this machine or in a private network.

    >>> is_private("http://127.0.0.1:8080/"), is_private("https://www.rusemb.org.uk/")
    (True, False)
    """
    host = urlsplit(base_url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def private_hosts(config: Config) -> frozenset[str]:
    """Return the hosts that the settings name by an address of this machine or a private net."""
    named = (config.site.base_url, *config.archives.bases)
    return frozenset(urlsplit(url).hostname or "" for url in named if is_private(url))


@lru_cache(maxsize=256)
def _is_global(address: str) -> bool:
    return ipaddress.ip_address(address).is_global


class PublicResolver(CachingThreadedResolver):
    """Resolves names to public addresses alone: a public site never leads into a private net.

    Unless the settings name a host by its private address.
    """

    private_hosts: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: "Crawler", reactor: "ReactorBase") -> Self:
        """Return the resolver for *crawler*."""
        resolver: Self = super().from_crawler(crawler, reactor)
        resolver.private_hosts = private_hosts(config_of(crawler.settings))
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":
        """Return the address of *name*, to come.

        Raises:
            DNSLookupError: it is not public.
        """
        found = super().getHostByName(name, timeout)
        if name not in self.private_hosts:
            found.addCallback(_public)
        return found


def _public(address: Any) -> Any:
    if not _is_global(address):
        raise DNSLookupError(f"{address} is not a public address")
    return address


class ArchivePlaces:
    """The hosts of an archive, by their base addresses."""

    def __init__(self, *bases: str) -> None:
        """Take the base addresses from the settings."""
        self._hosts = frozenset(urlsplit(base).netloc for base in bases)

    def is_own(self, url: str) -> bool:
        """Say whether *url* is of the archive's own hosts."""
        parts = _parts(url)
        return parts is not None and parts.netloc in self._hosts
