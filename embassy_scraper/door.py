"""The door: what the stages and spiders of a crawler ask of the one engine that takes captures in.

Scrapy's setting ``EMBASSY_INTAKE`` names it, so that neither wing imports what is between them.
"""

from typing import TYPE_CHECKING, Protocol, Self

from embassy_scraper.items import Taken

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from embassy_scraper.spiders.history import ArchiveHistory, History


class Door(Protocol):
    """The engine of one crawler."""

    def enter(self) -> None:
        """Make sure that captures may be added to the history.

        Raises:
            EmbassyError: they may not; the message says why.
        """

    def knows(self, taken: Taken) -> bool:
        """Say whether a capture is stored on evidence as strong; if so, note that it came again."""

    def add(self, taken: Taken) -> None:
        """Store a capture, soon and with others."""

    def flush(self) -> None:
        """Store what still waits to be stored."""

    def settle_often(self) -> None:
        """Derive what follows from what is stored, once in so many calls."""

    def complete(self) -> None:
        """Do what the stored captures make possible, and derive what follows from them."""

    def history(self) -> "History":
        """Return the history as a spider of the live site sees it."""

    def archive_history(self, archive: str) -> "ArchiveHistory":
        """Return the history as a spider of a web *archive* sees it."""

    def close(self) -> None:
        """Close the files; to close them again does nothing."""


class Stage:
    """What Scrapy's stages share: each hands what comes to the engine of its crawler."""

    def __init__(self, door: Door) -> None:
        """Ask the engine *door*."""
        self._door = door

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the stage of *crawler*."""
        return cls(door_of(crawler))


def door_of(crawler: "Crawler") -> Door:
    """Return the engine of *crawler*: the same one for its spider and for all stages."""
    from scrapy.utils.misc import load_object  # 0.4 s: only where Scrapy runs anyway

    door: Door = load_object(crawler.settings["EMBASSY_INTAKE"])(crawler)
    return door
