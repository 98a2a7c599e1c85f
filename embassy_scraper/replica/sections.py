"""What the replica's site calls its sections: the facts of a profile, as a page needs them.

A replica of another site is one with another profile. Which heading stands on a statement's own
page is inferred from the text captures.
"""

from dataclasses import dataclass
from functools import cache

from embassy_scraper.replica.page_text import PageText
from embassy_scraper.sites import Profile, load_profile

_ARTICLES = ("article", "ambarticles")  # what the box without a prefix shows


@dataclass(frozen=True, slots=True)
class Section:
    """A listing: its address, its heading, the families whose pages bear its heading too."""

    list: str
    heading: str
    families: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return its name in the menu: the heading in small letters."""
        return self.heading.capitalize()


@dataclass(frozen=True, slots=True)
class Side:
    """A box of the homepage: it shows the newest statement of its families alone.

    ``prefix`` is what the lists print before such a title, and the box does not.
    """

    heading: str
    families: tuple[str, ...]
    prefix: str


@dataclass(frozen=True, slots=True)
class Sections:
    """The names of one site in its first language; ``name`` is what its documents are called.

    ``cities`` are those of the clock, in the order in which they are printed: the other one first.
    """

    host: str
    cities: tuple[str, str]
    newest: Section
    others: tuple[Section, ...]
    sides: tuple[Side, ...]
    latest: str
    closing: str
    feed: str
    name: str = "An embassy"
    feed_path: str = "/twitter/"
    feed_url: str = "http://twitter.com/an_embassy"

    @property
    def all(self) -> tuple[Section, ...]:
        """Return every section, that of everything new first."""
        return (self.newest, *self.others)

    def heading_of_list(self, name: str) -> str:
        """Return the heading of a listing."""
        return next(section.heading for section in self.all if section.list == name)

    def heading_of_family(self, family: str) -> str:
        """Return the heading on the page of a statement of *family*."""
        found = (section.heading for section in self.others if family in section.families)
        return next(found, self.newest.heading)


@cache
def sections_of(profile: Profile) -> Sections:
    """Return the names that *profile* gives."""
    every = [Section(one.name, one.heading, one.families) for one in profile.list]
    newest = next(s for s, one in zip(every, profile.list, strict=True) if one.on_home)
    return Sections(
        host=profile.site.base_url.rstrip("/"),
        cities=(profile.language[0].other_city, profile.language[0].local_city),
        newest=newest,
        others=tuple(section for section in every if section is not newest),
        sides=tuple(
            Side(box.heading, _families(profile, box.prefix), box.prefix) for box in profile.box
        ),
        latest=profile.lines.latest_heading,
        closing=profile.lines.closing,
        feed=profile.feed[0].heading if profile.feed else "",
    )


def _families(profile: Profile, prefix: str) -> tuple[str, ...]:
    """Return the families that a box with *prefix* shows."""
    if not prefix:
        return _ARTICLES
    return tuple(family.name for family in profile.family if family.prefix == prefix)


def clock_lines(page: PageText, names: Sections) -> tuple[str, str]:
    """Return the two times of the header as they are printed.

    >>> page = PageText("", "15:22", "12:22", "", "", "", ())
    >>> clock_lines(page, SHIPPED)
    ('Moscow: 15:22', 'London: 12:22')
    """
    first, second = names.cities
    return f"{first}: {page.other_time}", f"{second}: {page.local_time}"


SHIPPED = sections_of(load_profile())
