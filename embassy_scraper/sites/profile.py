"""The facts of a site as frozen objects: what ``rusemb.toml`` says, read once."""

import json
import re
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from zoneinfo import ZoneInfo

from embassy_scraper.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Site:
    """``[site]``: where the site is. Base addresses end with ``/``."""

    base_url: str
    hosts: tuple[str, ...]
    mobile_url: str | None = None
    mobile_hosts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """``[clock]``: the zones, by their names in the time-zone database."""

    local_zone: str
    other_zone: str


@dataclass(frozen=True, slots=True)
class Language:
    """``[[language]]``: what the header prints in one language."""

    code: str
    local_city: str
    other_city: str
    contact_labels: tuple[str, ...]
    months: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dates:
    """``[dates]``: printed forms, in the letters of strftime (``%-d``: no leading zero)."""

    item: str
    header: str
    signature: str


@dataclass(frozen=True, slots=True)
class Counter:
    """``[counter]``: what stands between a counter's number and its event."""

    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """``[lines]``: lines of a page that are none of its text."""

    closing: str
    latest_heading: str
    latest_size: int = 10
    pager: str = "Pages:"
    page_size: int = 10
    pager_pages: int = 15


@dataclass(frozen=True, slots=True)
class Family:
    """``[[family]]``: statements with addresses of one kind, ``/<name>/<number>``.

    ``prefix`` is what lists print before their titles.
    """

    name: str
    prefix: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """``[[list]]``: a list with pages of its own, ``/<name>/``."""

    name: str
    heading: str
    families: tuple[str, ...] = ()
    on_home: bool = False
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class SideBox:
    """``[[box]]``: a box on the homepage that shows one statement."""

    heading: str
    prefix: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """``[[feed]]``: a box that shows what others published."""

    heading: str
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """``[menu]``: labels that stand in the site's menus and nowhere else."""

    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """``[[layout]]``: one known markup, by CSS selectors.

    ``marks`` must all be on a page of this layout. ``part`` is an element that holds one part of
    the page; in it stand ``heading``, ``date``, ``title``, ``entry``, the element with an entry's
    date and title, and ``lead``, the one element with its lead (where none is named, all
    that follows the entry). ``chrome`` is passed over.
    ``from_`` and ``until`` are days of capture.
    """

    name: str
    marks: tuple[str, ...]
    header: str
    part: str
    heading: str
    date: str
    title: str
    entry: str
    lead: str = ""
    chrome: tuple[str, ...] = ()
    from_: str = ""
    until: str = ""
    inferred: bool = False

    def __post_init__(self) -> None:
        """Refuse a layout that claims every page.

        Raises:
            ConfigError: there are no marks.
        """
        if not self.marks:
            raise ConfigError(
                f"[[layout]] {self.name!r} has no marks; name selectors that only its pages have"
            )
        for key, day in (("from", self.from_), ("until", self.until)):
            if day and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
                raise ConfigError(f"[[layout]] {self.name!r} {key} must be a day: 2018-03-31")

    def selectors(self) -> dict[str, tuple[str, ...]]:
        """Return all selectors by the key under which they stand."""
        one = ("header", "part", "heading", "date", "title", "entry", "lead")
        return {
            "marks": self.marks,
            "chrome": self.chrome,
            **{key: (getattr(self, key),) for key in one if getattr(self, key)},
        }


@dataclass(frozen=True, eq=False)
class Profile:
    """Everything that is known of one site; profiles with the same facts are equal.

    ``own_layout`` are the layouts of ``embassy.toml``, tried before those in ``layout``.
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
    own_layout: tuple[Layout, ...] = ()

    def __eq__(self, other: object) -> bool:
        """Compare by the facts."""
        return isinstance(other, Profile) and self.digest == other.digest

    def __hash__(self) -> int:
        """Hash by the facts: a profile is a key of what readings remember."""
        return hash(self.digest)

    @cached_property
    def digest(self) -> str:
        """Return a digest of all facts, sixteen hexadecimal digits."""
        facts = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
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
        told = {one.prefix for one in self.family} | {one.prefix for one in self.box}
        return tuple(sorted(told - {""}))

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
