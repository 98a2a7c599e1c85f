"""What the replica's site calls its sections, and where each stands.

The one place of the replica that knows which site it copies; for another site it is another
``Sections``. Source: the site's homepage of 18 March 2018; which heading stands on a statement's
own page is inferred from the text captures.
"""

from dataclasses import dataclass

from embassy_scraper import site


@dataclass(frozen=True, slots=True)
class Section:
    """A listing: its address, its name in the menu, the families whose pages bear its heading."""

    list: str
    label: str
    families: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """Return what its pages are headed with: its name in capitals."""
        return self.label.upper()


@dataclass(frozen=True, slots=True)
class SideBox:
    """A box of the homepage: it shows the newest statement of its families alone.

    ``prefix`` is what the lists print before such a title, and the box does not.
    """

    heading: str
    families: tuple[str, ...]
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Sections:
    """The names of one site in one language; the first section lists all that is new."""

    name: str
    host: str
    sections: tuple[Section, ...]
    side_boxes: tuple[SideBox, ...]
    latest: str
    closing: str
    feed: str
    feed_path: str
    feed_url: str

    @property
    def newest(self) -> Section:
        """Return the section of everything new: the homepage's list, and where it leads."""
        return self.sections[0]

    def heading_of_list(self, name: str) -> str:
        """Return the heading of a listing."""
        return next((s.heading for s in self.sections if s.list == name), self.newest.heading)

    def heading_of_family(self, family: str) -> str:
        """Return the heading on the page of a statement of *family*."""
        found = (s.heading for s in self.sections if family in s.families)
        return next(found, self.newest.heading)


ENGLISH = Sections(
    name="An embassy",
    host=site.BASE_URL.rstrip("/"),
    sections=(
        Section("newarh", "Embassy informs"),
        Section("artarh", "Speeches, interviews, articles", ("article",)),
        Section("ambartarh", "Ambassador's Articles", ("ambarticles",)),
        Section("apress_arh", "Press Releases and News", ("fnapr", "press", "foreignpolicy")),
        Section("photarh", "Photo Reports", ("activity", "photogal")),
        Section("varh", "Videos", ("video",)),
        Section("oparh", "Different Opinions"),
        Section("relarh", "Bilateral agreements"),
    ),
    side_boxes=(
        SideBox("ARTICLE", ("article", "ambarticles")),
        SideBox("VIDEO", ("video",), "VIDEO: "),
        SideBox("PHOTO REPORT", ("activity", "photogal"), "PHOTO: "),
    ),
    latest=site.LATEST_HEADING.upper(),
    closing=site.CLOSING,
    feed="TWITTER NEWS",
    feed_path="/twitter/",
    feed_url="http://twitter.com/an_embassy",
)
