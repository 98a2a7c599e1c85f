"""What a capture truly shows, told from the document and not from its bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import combinations

from .model import World
from .pages import IN_ITEMS, Doc, Item, document
from .render import HIDDEN_EMAIL, TEXT_MEDIA


@dataclass(frozen=True)
class Shown:
    """A statement in one place at one instant; None: that field is not shown there."""

    at: datetime
    place: str  # page, or the list
    sid: int
    title: str | None
    on: date | None
    lead: str | None = None
    body: str | None = None
    signed: datetime | None = None
    linked: bool = True


BOX = "box"


def is_list(place: str) -> bool:
    """Whether a place is a list, of which windows are seen: no page, and no box beside a list."""
    return place not in ("page", BOX)


@dataclass(frozen=True)
class Window:
    at: datetime
    place: str
    head: bool
    whole: bool  # may cover dates at all
    entries: tuple[Shown, ...]
    doubtful: Shown | None = None  # the last entry of a cut-off capture

    def trunk(self) -> tuple[Shown, ...]:
        """The window without the entries that stand out of order; empty where it covers nothing."""
        if not self.whole:
            return ()
        return _trunk(self.entries, self.head)

    def newest(self) -> date:
        """The newest date of the trunk."""
        return _dates(self.trunk())[0]

    def covers(self, day: date) -> bool:
        return _covers(_dates(self.trunk()), self.head, day)

    def left_out(self, sid: int) -> bool:
        """Whether the statement is shown, and nowhere in the trunk."""
        return bool(self.trunk()) and sid not in {e.sid for e in self.trunk()}

    def has(self, sid: int) -> bool:
        return any(e.sid == sid for e in self.entries)


def _dates(entries: Iterable[Shown]) -> list[date]:
    return [entry.on for entry in entries if entry.on]


def _covers(dates: list[date], head: bool, day: date) -> bool:
    """The contract's word for *covers*, for the dates of a trunk."""
    if not dates:
        return False
    above_last = dates[-2:-1]
    is_far = above_last and above_last[0] - dates[-1] > timedelta(days=30)
    return (above_last[0] if is_far else dates[-1]) < day and (head or day < dates[0])


@cache
def _trunk(entries: tuple[Shown, ...], head: bool) -> tuple[Shown, ...]:
    """Of all ways to leave out at most two entries the best, tried one by one."""
    for count in range(3):
        ways = []
        for places in combinations(range(len(entries)), count):
            rest = [e for place, e in enumerate(entries) if place not in places]
            dates = _dates(rest)
            if dates and dates == sorted(dates, reverse=True):
                ways.append((_how_much(dates, head), places, tuple(rest)))
        if ways:
            return min(ways, key=lambda way: way[:2])[2]
    return ()


def _how_much(dates: list[date], head: bool) -> int:
    """How many days are covered up to the year after the newest of them."""
    oldest = min(dates)
    days = (oldest + timedelta(days=n) for n in range((max(dates) - oldest).days + 1))
    covered = sum(_covers(dates, head, day) for day in days)
    return covered if not head else covered - max(dates).toordinal()


@dataclass(frozen=True)
class Answer:
    """What a statement's own page answered."""

    at: datetime
    sid: int
    status: int


@dataclass(frozen=True)
class HeaderSeen:
    at: datetime
    page_date: date
    readings: tuple[tuple[str, str, int], ...]  # event, label, value
    language: str
    label: str
    phone: str
    email: str | None


@dataclass(frozen=True)
class Seen:
    """One capture."""

    at: datetime
    windows: tuple[Window, ...] = ()
    page: Shown | None = None
    answer: Answer | None = None
    header: HeaderSeen | None = None
    cut: bool = False
    boxes: tuple[Shown, ...] = ()  # sightings that belong to no list and to no window

    def shown(self) -> list[Shown]:
        """Every sighting for certain."""
        own = [self.page] if self.page else []
        return own + [e for w in self.windows for e in w.entries] + list(self.boxes)


def observe_world(world: World) -> list[Seen]:
    seen = [observe(document(world, c)) for c in world.captures]
    return sorted(seen, key=lambda s: s.at)


def observe(doc: Doc) -> Seen:
    capture = doc.capture
    answer = None
    if doc.sid is not None and doc.status in (200, 404, 410):
        answer = Answer(capture.at, doc.sid, doc.status)
    if doc.kind == "refusal":
        return Seen(capture.at, answer=answer)
    cut = _cut(doc) is not None
    boxes = tuple(_shown(doc, BOX, item) for _, item in doc.boxes)
    return Seen(capture.at, tuple(_windows(doc)), _page(doc), answer, _header(doc), cut, boxes)


def _cut(doc: Doc) -> int | None:
    return doc.capture.cut_at if doc.capture.fault in ("cut", "short") else None


def _page(doc: Doc) -> Shown | None:
    if doc.sid is None:
        return None
    whole = _cut(doc) is None
    body = "\n\n".join(doc.paragraphs) if whole else None
    signed = doc.signed if whole else None
    return Shown(doc.capture.at, "page", doc.sid, doc.title, doc.on, None, body, signed)


def _windows(doc: Doc) -> Iterable[Window]:
    """The main list, then the block; a cut ends the window it falls into and all after it."""
    cut = _cut(doc)
    if doc.items:
        place = doc.list_name if doc.capture.url else "unknown"
        at = cut - IN_ITEMS if cut is not None and cut >= IN_ITEMS else None
        head = doc.kind == "home" or doc.start == 1
        yield _window(doc, place, head, doc.items, at)
    if doc.block and (cut is None or 0 <= cut < IN_ITEMS):
        yield _window(doc, "latest", True, doc.block, cut)


def _window(doc: Doc, place: str, head: bool, items: tuple[Item, ...], cut: int | None) -> Window:
    readable = all(not item.is_unreadable for item in items)
    whole = _cut(doc) is None and place != "unknown" and readable
    linked = doc.capture.dress.medium not in TEXT_MEDIA
    entries = [_shown(doc, place, i) for i in items if linked or not i.is_unreadable]
    if cut is None:
        return Window(doc.capture.at, place, head, whole, tuple(entries))
    return Window(doc.capture.at, place, head, whole, tuple(entries[:cut]), entries[cut])


def _shown(doc: Doc, place: str, item: Item) -> Shown:
    linked = doc.capture.dress.medium not in TEXT_MEDIA
    return Shown(
        doc.capture.at,
        place,
        item.sid,
        item.title,
        None if item.is_unreadable else item.on,
        lead=item.lead or None,
        linked=linked,
    )


def _header(doc: Doc) -> HeaderSeen | None:
    header = doc.header
    if header is None:
        return None
    how = doc.capture.dress.email
    if doc.capture.dress.medium in TEXT_MEDIA and how == "cf":
        how = "plain"
    known = doc.form_a and how in ("plain", "cf")
    readings = tuple((c.event, c.label, c.value_on(header.page_date)) for c in header.counters)
    assert header.contact.email != HIDDEN_EMAIL
    return HeaderSeen(
        doc.capture.at,
        header.page_date,
        readings,
        "ru" if header.russian else "en",
        header.contact.label.rstrip(":"),
        header.contact.phone,
        header.contact.email if known else None,
    )
