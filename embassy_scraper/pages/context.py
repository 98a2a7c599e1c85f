"""What reading a part of a page needs to know beside its lines."""

from dataclasses import dataclass

from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import KeyOf
from embassy_scraper.pages.parts import Extent
from embassy_scraper.pages.roles import Trace
from embassy_scraper.sites.addresses import Address


@dataclass(frozen=True, slots=True)
class Context:
    """Where the page is, what its words are, how far it goes, and who asks what was read."""

    address: Address
    grammar: Grammar
    extent: Extent
    key_of: KeyOf
    trace: Trace
