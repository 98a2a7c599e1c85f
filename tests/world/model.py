"""The nouns of a made-up site: statements, what happens to them, and who looks when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

LISTS = ("latest", "home", "newarh", "apress_arh")


@dataclass(frozen=True)
class Text:
    """Everything of a statement that can be edited; `signed` is London wall time."""

    title: str
    lead: str
    paragraphs: tuple[str, ...]
    on: date
    signed: datetime | None = None


@dataclass(frozen=True)
class Statement:
    sid: int
    url_key: str
    text: Text
    titleless_page: bool = False
    alias: str = ""  # a second URL of the same page

    @property
    def family(self) -> str:
        return self.url_key.split("/")[0]

    @property
    def number(self) -> int:
        return int(self.url_key.split("/")[1])


@dataclass(frozen=True)
class Counter:
    """A "N days have passed since …" line; frozen_at stands still, offset runs beside."""

    event: str
    tail: str
    since: date
    offset: int = 0
    frozen_at: int | None = None
    shown: bool = True

    @property
    def label(self) -> str:
        return f"days have passed since {self.event} - {self.tail}"

    def value_on(self, day: date) -> int:
        if self.frozen_at is not None:
            return self.frozen_at
        return max((day - self.since).days + self.offset, 0)


@dataclass(frozen=True)
class Contact:
    label: str = "Consular queries:"
    phone: str = "+44 (0) 203 668 7474"
    email: str = "info@rusemb.org.uk"


@dataclass(frozen=True)
class Listed:
    """A statement and where it stands now: hidden lists, answer of its own page."""

    statement: Statement
    hidden: frozenset[str] = frozenset()
    status: int = 200


@dataclass(frozen=True)
class Site:
    """The whole site at one instant."""

    statements: tuple[Listed, ...] = ()
    counters: tuple[Counter, ...] = ()
    contact: Contact = Contact()
    by_date: bool = True  # else lists are in the order of publication, and dates may rise
    pinned: tuple[int, ...] = ()  # these stand at the head of every list that has them

    def listed(self, sid: int) -> Listed:
        return next(s for s in self.statements if s.statement.sid == sid)

    def stars(self) -> list[int]:
        """Two statements to which most things happen, so that captures meet events."""
        first = sorted(self.statements[:15], key=lambda s: s.statement.sid)
        return [s.statement.sid for s in first[-2:]]

    def put(self, changed: Listed) -> Site:
        kept = tuple(
            changed if s.statement.sid == changed.statement.sid else s for s in self.statements
        )
        return replace(self, statements=kept)

    def in_list(self, name: str) -> list[Statement]:
        """The list as the site shows it: newest date first, then the highest number."""
        members = [
            s.statement
            for s in self.statements
            if name not in s.hidden and (name != "apress_arh" or s.statement.family == "fnapr")
        ]
        members.sort(key=lambda s: (s.text.on, s.sid) if self.by_date else s.sid, reverse=True)
        return sorted(members, key=lambda s: s.sid not in self.pinned)


@dataclass(frozen=True)
class Publish:
    at: datetime
    statement: Statement


@dataclass(frozen=True)
class Edit:
    """The named field takes the given value (a piece of Text)."""

    at: datetime
    sid: int
    field: str
    value: object


@dataclass(frozen=True)
class Hide:
    """Withdrawn from these lists; an empty set restores it everywhere."""

    at: datetime
    sid: int
    lists: frozenset[str]


@dataclass(frozen=True)
class PageStatus:
    at: datetime
    sid: int
    status: int


@dataclass(frozen=True)
class Pin:
    """From now on these stand at the head of the lists."""

    at: datetime
    sids: tuple[int, ...]


@dataclass(frozen=True)
class CounterSet:
    """The counter at this place of the header is from now on this one."""

    at: datetime
    index: int
    counter: Counter


@dataclass(frozen=True)
class ContactSet:
    at: datetime
    contact: Contact


Event = Publish | Edit | Hide | Pin | PageStatus | CounterSet | ContactSet


@dataclass(frozen=True)
class Look:
    """What page is looked at: a statement's, a listing's (name, start), home, static, bare."""

    kind: str
    sid: int = 0
    alias: bool = False
    list_name: str = ""
    start: int = 1


@dataclass(frozen=True)
class Dress:
    """How a page is written down: medium, text form, markup, charset, and its small habits."""

    medium: str = "html"  # txt html response resource wet
    form: str = "A"
    markup: str = "frame"
    charset: str = "utf-8"
    declared: str = "meta"  # meta header none
    email: str = "plain"  # plain cf hidden none
    block: bool = True
    clock: bool = False  # captured_at is left to the page clock
    noise: bool = False  # other white space, invisible characters, other normal form
    packed: bool = False  # a response with Content-Encoding: gzip
    boxes: bool = False  # the homepage in the real frame has boxes beside its list

    @property
    def is_html(self) -> bool:
        return self.medium not in ("txt", "wet")

    @property
    def is_frame(self) -> bool:
        """The site's own markup, which is read by its layout; any other asks for proof."""
        return self.is_html and self.markup == "frame"


@dataclass(frozen=True)
class Capture:
    """One look at one page at one instant; fault is what went wrong, cut_at where."""

    at: datetime
    look: Look
    dress: Dress = Dress()
    url: str | None = None
    fault: str = ""  # cut short blocked 403 503
    cut_at: int = 0
    russian: bool = False
    said: datetime | None = None  # the instant the manifest or the WARC tells, if another
    bad_date: int | None = None  # this entry of the block has a date that cannot be
    keep: float | None = None  # this share of the bytes is left, whatever falls away


@dataclass(frozen=True)
class World:
    seed: int
    site: Site
    events: tuple[Event, ...]
    captures: tuple[Capture, ...] = ()

    def statement(self, sid: int) -> Statement:
        """The statement as it was first published."""
        added = [e.statement for e in self.events if isinstance(e, Publish)]
        every = [s.statement for s in self.site.statements] + added
        return next(s for s in every if s.sid == sid)
