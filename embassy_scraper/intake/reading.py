"""Reading shards: what a worker does, in this process or another.

It is pure: a shard goes in, values and WARC records come out. The process that began the run is
the only one that touches the database.
"""

import atexit
import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from embassy_scraper.archives import LeftOut, Offer, Revisit
from embassy_scraper.archives.saved import SavedReader
from embassy_scraper.archives.shards import Shard, read_shard
from embassy_scraper.errors import CaptureRejected
from embassy_scraper.intake.noted import with_notes
from embassy_scraper.intake.offered_page import read_offered_page
from embassy_scraper.items import NOT_OWN, Page, RawCapture, Taken
from embassy_scraper.sites import Profile
from embassy_scraper.sites.addresses import read_address
from pipelines.normalise import normalise
from pipelines.state.waiting import WaitingRevisit
from pipelines.store import pack as pack_record

Made = TypeVar("Made")
_NOTHING_SHOWN = frozenset({NOT_OWN, "empty page", "not text"})  # problems of a page
_OFFERS, _BYTES = 250, 16_000_000  # of which a piece has one at most


@dataclass(frozen=True, slots=True)
class Rejected:
    """An offer that cannot be stored, and its file: its name, with the folders it is known by."""

    file: str
    error: CaptureRejected


Found = Taken | Rejected | WaitingRevisit | LeftOut


@dataclass(frozen=True, slots=True)
class Piece:
    """What some offers of a shard say, in their order; ``at`` is how far it is read, in bytes."""

    shard: Shard
    found: list[Found]
    at: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """How a run reads: as captures of which site and *mirror*, and whether of this site alone."""

    profile: Profile
    mirror: str | None = None
    only_site: bool = False

    @property
    def name(self) -> str:
        """Return what tells one way of reading from another."""
        return f"{self.profile.digest} {self.mirror} {self.only_site}"

    @property
    def hosts(self) -> frozenset[str]:
        """Return the hosts whose names in a path tell that a file is of the site."""
        site = self.profile.site
        mirror = urlsplit(self.mirror).netloc if self.mirror else ""
        return frozenset(filter(None, (*site.hosts, *site.mobile_hosts, mirror)))

    def pieces(
        self, shard: Shard, skip: int = 0, *, pack: bool = False, saved: SavedReader | None = None
    ) -> Iterator[Piece]:
        """Yield what *shard* says behind its first *skip* offers, piece by piece.

        Who reads many shards brings one *saved*, which remembers the manifests of their folders.
        A piece fits into memory; where one ends depends on nothing but shard and *skip*.
        """
        offers: list[Offer] = []
        size = at = 0
        for offer in self.offers(shard, skip, saved):
            offers.append(offer)
            size += len(offer.found.payload) if isinstance(offer.found, RawCapture) else 0
            at = int(offer.where) - shard.begin if offer.where.isdigit() else at
            if len(offers) == _OFFERS or size > _BYTES:
                yield Piece(shard, self._read_all(offers, pack=pack), at, is_last=False)
                offers, size = [], 0
        yield Piece(shard, self._read_all(offers, pack=pack), shard.size, is_last=True)

    def offers(
        self, shard: Shard, skip: int = 0, saved: SavedReader | None = None
    ) -> Iterator[Offer]:
        """Yield what *shard* offers, behind its first *skip* offers."""
        offers = read_shard(
            saved or SavedReader(self.hosts), shard, self._is_own if self.only_site else None
        )
        if len(shard.files) == 1 and shard.files[0].is_warc:
            offers = with_notes(offers, shard.files[0].path)
        return (offer for number, offer in enumerate(offers) if number >= skip)

    def _is_own(self, url: str, mirror: str | None) -> bool:
        return read_address(url, self.profile, mirror or self.mirror).kind != "foreign"

    def read(self, offer: Offer, *, pack: bool = False) -> Found:
        """Return what *offer* says."""
        return self._read_all([offer], pack=pack)[0]

    def _read_all(self, offers: list[Offer], *, pack: bool) -> list[Found]:
        """Return what *offers* say, each step done for all of them before the next.

        What the processor has just done it does again in half the time (measured on pages of
        30 KB, whose reading leaves nothing else in its cache).
        """
        pages = [self._page(offer) for offer in offers]
        found = [self._values(*one) for one in zip(offers, pages, strict=True)]
        if not pack:
            return found
        return [
            _tried(offer, partial(pack_record, one)) if isinstance(one, Taken) else one
            for offer, one in zip(offers, found, strict=True)
        ]

    def _page(self, offer: Offer) -> tuple[RawCapture, Page] | Found:
        """Return the page of an *offer* that is a capture; what else it is, is known at once."""
        found = offer.found
        if isinstance(found, LeftOut):
            return found
        if isinstance(found, CaptureRejected):
            return Rejected(_name(offer), found)
        if isinstance(found, Revisit):
            return self._waiting(offer, found)
        return _tried(offer, lambda: self._read_page(found))

    def _read_page(self, found: RawCapture) -> tuple[RawCapture, Page]:
        raw = self._placed(found)
        page = read_offered_page(raw, self.profile)
        if raw.source == "text" and "manifest" not in (raw.url_from, raw.instant_from):
            _refuse_any_text(page)
        return raw, page

    def _values(self, offer: Offer, page: tuple[RawCapture, Page] | Found) -> Found:
        if not isinstance(page, tuple):
            return page
        raw, shown = page
        return _tried(
            offer, lambda: Taken(normalise(raw, shown, self.profile), raw, digest=offer.digest)
        )

    def _placed(self, raw: RawCapture) -> RawCapture:
        """Return *raw* as one of the mirror that the settings name, if they name any."""
        if self.mirror is None or raw.mirror is not None:
            return raw
        return replace(raw, mirror=self.mirror)

    def _waiting(self, offer: Offer, found: Revisit) -> WaitingRevisit:
        placed = replace(found, raw=self._placed(found.raw))
        return WaitingRevisit(_name(offer), offer.where, placed)


def collect_garbage_seldom() -> None:
    """Let Python look for garbage less often: reading leaves next to none.

    What is loaded when this is called is none. Looking at it took a tenth of the time. Nor is it
    looked for when the process ends, with which everything goes: 50 ms.
    """
    gc.freeze()
    atexit.register(gc.freeze)
    gc.set_threshold(50_000, 20, 50)


def _tried(offer: Offer, step: Callable[[], Made]) -> Made | Rejected:
    """Return what a *step* of reading *offer* makes, or why it cannot be made."""
    try:
        return step()
    except CaptureRejected as error:
        return _rejected(offer, error.what, str(error))
    except Exception as error:  # noqa: BLE001 - a page that breaks the reader stops no other
        reason = f"reading it failed ({type(error).__name__}: {error}); please report it"
        return _rejected(offer, "reading failed", reason)


def _refuse_any_text(page: Page) -> None:
    """Refuse a text that shows nothing of the site: any note that lies in the folder is one.

    Raises:
        CaptureRejected: it shows nothing.
    """
    if any(problem.what in _NOTHING_SHOWN for problem in page.problems):
        raise CaptureRejected(
            "unknown kind of file",
            "a text that shows nothing of the site; if it is a page of it, give its url and"
            " captured_at in a manifest.tsv beside it",
        )


def _name(offer: Offer) -> str:
    return offer.name or Path(offer.path).name


def _rejected(offer: Offer, what: str, reason: str) -> Rejected:
    where = f" at {offer.where}" if offer.where else ""
    payload = offer.found.payload if isinstance(offer.found, RawCapture) else b""
    evidence = f"sha256 {sha256(payload).hexdigest()}"
    message = f"{offer.path}{where}: {reason}"
    return Rejected(_name(offer), CaptureRejected(what, message, offer.where, evidence))
