"""The profile of a site: all its facts, and what follows from them."""

import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from embassy_scraper.sites.facts import (
    Clock,
    Counter,
    Dates,
    Family,
    Feed,
    Language,
    Layout,
    Lines,
    Listing,
    Menu,
    SideBox,
    Site,
)


@dataclass(frozen=True, eq=False)
class Profile:
    """Everything that is known of one site; profiles with the same facts are equal.

    ``own_layout`` are the layouts of ``embassy.toml``, tried before those in ``layout``; ``file``,
    the name of the file that says the rest, is no fact of the site.
    """

    name: str
    site: Site
    clock: Clock
    language: tuple[Language, ...]
    dates: Dates
    counter: Counter
    lines: Lines
    family: tuple[Family, ...]
    list: tuple[Listing, ...]
    box: tuple[SideBox, ...] = ()
    feed: tuple[Feed, ...] = ()
    menu: Menu = field(default_factory=Menu)
    layout: tuple[Layout, ...] = ()
    own_layout: tuple[Layout, ...] = field(default=(), metadata={"internal": True})
    file: str = field(default="", metadata={"internal": True})

    def __eq__(self, other: object) -> bool:
        """Compare by the facts."""
        return isinstance(other, Profile) and self.digest == other.digest

    def __hash__(self) -> int:
        """Hash by the facts: a profile is a key of what readings remember."""
        return hash(self.digest)

    @cached_property
    def digest(self) -> str:
        """Return a digest of all facts, sixteen hexadecimal digits."""
        values = {name: value for name, value in asdict(self).items() if name != "file"}
        facts = json.dumps(values, ensure_ascii=False, sort_keys=True)
        return sha256(facts.encode()).hexdigest()[:16]

    @cached_property
    def local_zone(self) -> ZoneInfo:
        """Return the zone of the header's date, the counters and the signatures."""
        return ZoneInfo(self.clock.local_zone)

    @cached_property
    def other_zone(self) -> ZoneInfo:
        """Return the zone of the header's second time."""
        return ZoneInfo(self.clock.other_zone)

    @cached_property
    def domains(self) -> tuple[str, ...]:
        """Return the hosts below which all others stand: what an archive is asked for."""
        hosts = (*self.site.hosts, *self.site.mobile_hosts)
        return tuple(h for h in hosts if not any(h.endswith(f".{other}") for other in hosts))

    @cached_property
    def families(self) -> frozenset[str]:
        """Return the names of all families."""
        return frozenset(one.name for one in self.family)

    @cached_property
    def listings(self) -> dict[str, Listing]:
        """Return the lists that have pages of their own, by name."""
        return {one.name: one for one in self.list}

    @cached_property
    def list_headings(self) -> dict[str, str]:
        """Return the headings of the site's lists, by their names."""
        return {one.name: one.heading for one in self.list}

    @cached_property
    def host(self) -> str:
        """Return the name of the site's main host."""
        return urlsplit(self.site.base_url).hostname or self.site.base_url

    @cached_property
    def headings(self) -> frozenset[str]:
        """Return the section headings, in capitals."""
        return frozenset(one.heading.upper() for one in self.list)

    @cached_property
    def home_headings(self) -> frozenset[str]:
        """Return the headings, in capitals, under which the homepage shows its list."""
        return frozenset(one.heading.upper() for one in self.list if one.on_home)

    @cached_property
    def title_prefixes(self) -> tuple[str, ...]:
        """Return what lists print before titles and side boxes do not."""
        prefixes = {one.prefix for one in self.family} | {one.prefix for one in self.box}
        return tuple(sorted(prefixes - {""}))

    def bare_title(self, title: str) -> str:
        """Return *title* as a side box prints it, without the word that lists put before it.

        >>> from embassy_scraper.sites import load_profile
        >>> load_profile().bare_title("VIDEO: A talk on the pier")
        'A talk on the pier'
        """
        word = next((word for word in self.title_prefixes if title.startswith(word)), "")
        return title.removeprefix(word)

    @cached_property
    def feed_headings(self) -> frozenset[str]:
        """Return the headings of feeds, in capitals."""
        return frozenset(one.heading.upper() for one in self.feed)

    @cached_property
    def menu_labels(self) -> frozenset[str]:
        """Return the labels of the menus, in small letters."""
        return frozenset(label.lower() for label in self.menu.labels)

    @cached_property
    def months(self) -> dict[str, int]:
        """Return the months' numbers by their names in small letters, of all languages."""
        return {
            month.lower(): number
            for language in self.language
            for number, month in enumerate(language.months, start=1)
        }

    @cached_property
    def cities(self) -> dict[str, Language]:
        """Return the languages by the cities of their clocks, in small letters."""
        return {
            city.lower(): one for one in self.language for city in (one.local_city, one.other_city)
        }

    @cached_property
    def contact_labels(self) -> frozenset[str]:
        """Return the known labels of contacts, in small letters."""
        return frozenset(label.lower() for one in self.language for label in one.contact_labels)
