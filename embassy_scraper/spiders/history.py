"""What a spider may ask of the history, and tell it; ``pipelines.state`` does what is said here.

So the spiders know nothing of the other wing but this.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal, Protocol

from embassy_scraper.crawl_items import Offered, Previous, Recheck, Walk, Wanted
from embassy_scraper.items import Page, RawCapture

Outcome = Literal["complete", "partial", "failed", "interrupted", "skipped"]
News = tuple[dict[str, tuple[int, int]], list[str]]  # per list new and added; URLs to read


class History(Protocol):
    """One run's view of the history; only one run of a kind at a time may begin."""

    captures_folder: Path

    def begin(self, command: str, enter: Callable[[], None]) -> bool:
        """Begin a run; say whether it may. It adds to the history once *enter* has not raised."""

    def finish(self, outcome: Outcome, counts: Mapping[str, int], note: str | None) -> int | None:
        """End the run; return how many changes it brought, ``None`` if that cannot be written."""

    def close(self) -> None:
        """Close the history."""

    def previous(self, url: str | None) -> Previous | None:
        """Return the last answer of a canonical address that can be asked for again."""

    def news(self, raw: RawCapture, page: Page) -> News:
        """Return how many entries are new and added in each list, and the URLs to read."""

    def due(self, instant: str, recheck: Recheck) -> list[str]:
        """Return the URLs of the statements that are due."""

    def open_walk(self, name: str) -> Walk | None:
        """Return where an earlier walk through a list was left off."""

    def known_robots(self, host: str, since: str) -> tuple[int, str] | None:
        """Return status and text of a robots.txt fetched after *since*."""

    def keep_robots(self, host: str, http_status: int, body: str) -> None:
        """Keep a robots.txt as it was answered."""

    def no_answer(self, url: str, what: str, at: str, text: str) -> None:
        """Write down that a page could not be fetched at the instant *at*."""


class ArchiveHistory(History, Protocol):
    """The same for a run that fetches from a web archive, with what the archive offers."""

    def query_place(self, query: str) -> tuple[str | None, bool] | None:
        """Return where a query goes on, and whether it was read to its end."""

    def keep_page(
        self, query: str, rows: Iterable[Offered], place: str | None, *, is_done: bool
    ) -> int:
        """Write down a page of an index and how the query goes on; return how much is new."""

    def choose(self, since: str | None, until: str | None, family: str | None) -> None:
        """Restrict what is wanted: timestamps or their beginnings, a part of the site."""

    def wanted(self, after: int, most: int, file: str | None = None) -> list[Wanted]:
        """Return offers that wait to be fetched, of one *file* of the archive or of all."""

    def wanted_files(self) -> list[str]:
        """Return the archive's files that hold captures which wait to be fetched."""

    def plan(self, most: int = ...) -> tuple[int, int]:
        """Return how many offers would be fetched, *most* of them, and their bytes."""

    def held(self, offer: Offered) -> tuple[str, int] | None:
        """Return file and offset of the bytes that an archive offers, if they are held."""

    def repeated(
        self, digest: str, url: str | None, refers_at: str | None, *, tells_itself: bool
    ) -> tuple[str, int] | None:
        """Return file and offset of the answer that a revisit repeats, if it is held."""

    def failed(self, wanted: Wanted, reason: str, *, is_counted: bool) -> None:
        """Write down why an offer was not fetched; until it is, that is a problem."""

    def tally(self) -> dict[str, int]:
        """Return how many offers are in each state."""
