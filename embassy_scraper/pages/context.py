"""What reading a page, or a part of it, needs to know beside its lines."""

from dataclasses import dataclass

from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import KeyOf
from embassy_scraper.pages.parts import Extent
from embassy_scraper.pages.roles import Trace
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import Address, link_key


@dataclass(frozen=True, slots=True)
class Links:
    """Tells which statement a link on the page *page_url* leads to."""

    page_url: str | None
    profile: Profile
    mirror: str | None = None

    def __call__(self, href: str | None) -> str | None:
        """Return the key of the statement; ``None`` where *href* leads to none."""
        return link_key(href, self.page_url, self.profile, self.mirror)


@dataclass(frozen=True, slots=True)
class PartContext:
    """What the words are, how far the part goes, and where links lead.

    Equal for two pages on which an equal part says the same.
    """

    grammar: Grammar
    extent: Extent
    key_of: KeyOf


@dataclass(frozen=True, slots=True)
class Context:
    """Where the page is, what its words are, how far it goes, and who asks what was read."""

    address: Address
    grammar: Grammar
    extent: Extent
    key_of: Links
    trace: Trace
