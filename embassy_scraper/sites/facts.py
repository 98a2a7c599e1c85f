"""The tables of a site's file as frozen objects: what may stand in ``rusemb.toml``, key by key.

``tables`` reads them: a field is a key, its type what the value may be, a default says that the
key may be missing. ``inferred``: no known page proves it.
"""

import re
from dataclasses import dataclass

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
    """``[dates]``: printed forms, in the letters of strftime (``%-d``: no leading zero).

    Pages are searched for dates in these forms, and only these are read. Each is one form: a site
    that has printed its dates in two needs more than this.
    """

    item: str
    header: str
    signature: str


@dataclass(frozen=True, slots=True)
class Counter:
    """``[counter]``: what stands between a counter's number and its event."""

    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """``[lines]``: lines of a page that are not of its text."""

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
