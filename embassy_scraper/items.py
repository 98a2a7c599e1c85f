"""Every noun that crosses a wall between the wings, frozen and slotted.

All texts of a page are folded (``text.fold``), a body line by line; those ending in ``_text``
are dates as printed; instants (``_at``) are UTC ``YYYY-MM-DDTHH:MM:SSZ``;
dates (``_on``) are ``YYYY-MM-DD``.
"""

from dataclasses import dataclass
from typing import Literal

from embassy_scraper.crawl_items import WalkStep
from embassy_scraper.evidence import Evidence, Teller

PageKind = Literal[
    "home", "statement", "listing", "static", "foreign", "blocked", "error", "other", "unreadable"
]
GONE = frozenset({404, 410})  # statuses by which a server says that there is no such page
BOX, UNKNOWN = "box", "unknown"  # places: a side box; a listing whose address is not known
UNPROVEN = "unknown layout"  # problem: a part that the page does not prove; the part is named
NOT_OWN = "not the site's page"  # problem: nothing on it shows that it is one of the site's pages
WITHHELD = (UNPROVEN, NOT_OWN)  # problems of a page of which a part, or all, was not read
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})  # media types
UNREAD: frozenset[PageKind] = frozenset({"blocked", "error", "unreadable"})  # no page of the site


@dataclass(frozen=True, slots=True)
class RawCapture:
    """One capture as it was brought: bytes, and what is known of where and when.

    ``payload`` is free of transfer and content encodings. ``announced_bytes_missing`` says that
    fewer bytes came than were announced. ``body_is_whole`` says that the announced length was
    kept, so the page ends where the server ended it. ``record_type`` is the WARC type under
    which the bytes are kept; ``http_head`` is the status line and headers of a response.
    ``mirror`` is the base address of the mirror or replica that the page came from, whose
    addresses are read as the site's own. ``refers_to`` is URL and instant of the capture that a
    revisit repeats: the server said "not modified", and ``payload`` is what it was then.
    ``url_from`` and ``instant_from`` say who told URL and instant.
    """

    payload: bytes
    media_type: str
    source: str
    url: str | None = None
    captured_at: str | None = None
    charset: str | None = None
    http_status: int | None = None
    http_head: tuple[tuple[str, str], ...] = ()
    announced_bytes_missing: bool = False
    body_is_whole: bool = False
    record_type: Literal["response", "resource", "conversion", "revisit"] = "resource"
    mirror: str | None = None
    refers_to: tuple[str, str] | None = None
    url_from: Teller | None = None
    instant_from: Teller | None = None


@dataclass(frozen=True, slots=True)
class PageProblem:
    """Something on a page that could not be read: what, where on the page, the text as printed."""

    what: str
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class CounterLine:
    """One counter of the header: ``label`` is its line without the number."""

    value: int
    unit: str
    event: str
    label: str


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the main part: page clock, contacts, counters.

    The clock prints a date and two times: ``local_time`` is that of the site's own city, whose
    date it is, ``other_time`` that of the other one. ``counters_known`` is false when the page ends
    inside the header, so that a missing counter says nothing.
    """

    date_text: str | None = None
    other_time: str | None = None
    local_time: str | None = None
    language: str | None = None
    label: str | None = None
    phone: str | None = None
    email: str | None = None
    email_text: str | None = None
    counters: tuple[CounterLine, ...] = ()
    counters_known: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list: date, title, lead.

    ``title`` and ``lead`` are ``None`` where the page was cut off inside them; ``lead_is_open``
    says that the text may go on behind what was seen.
    """

    date_text: str | None
    title: str | None
    lead: str | None
    href: str | None = None
    lead_is_open: bool = False


@dataclass(frozen=True, slots=True)
class ListText:
    """A list as one page prints it: its name, the offset of its first item, the items in order."""

    name: str
    start: int
    entries: tuple[Entry, ...]
    covers_nothing: bool = False


@dataclass(frozen=True, slots=True)
class StatementText:
    r"""The main part of a statement page.

    ``body`` keeps the line structure of this capture: lines parted by ``\n``, paragraphs by an
    empty line; it is ``None`` where the page is known to be cut off, for then it is no sighting.
    ``is_open`` says that nothing shows where the text ends.
    """

    title: str | None
    body: str | None
    heading: str | None = None
    date_text: str | None = None
    signature_text: str | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What one capture says, once read; ``layout`` is the known markup by which it was read."""

    kind: PageKind
    header: Header | None = None
    statement: StatementText | None = None
    lists: tuple[ListText, ...] = ()
    pager: str | None = None
    is_cut: bool = False
    problems: tuple[PageProblem, ...] = ()
    layout: str | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """One distinct text under which a statement was printed: in a list, or on its own page.

    Texts are folded; ``body`` alone keeps the lines of its first capture. A wording of a box has no
    lead. ``signed_on`` is the signature's day, good though its hour be impossible; ``bare_title``
    is the title as a side box prints it, without its family's word. ``digest`` is equal for equal
    wordings.
    """

    digest: bytes
    is_page: bool
    url_key: str | None
    title: str | None
    lead: str | None
    body: str | None
    date: str | None
    date_text: str | None
    published_at: str | None
    signed_on: str | None
    signature_text: str | None
    is_open: bool
    is_box: bool = False
    bare_title: str | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A wording seen in one capture: on its own ``page``, in a ``box``, or in a list.

    ``number`` counts the sightings of one place from 1; it is the ``position`` too, which a box
    has none of, and an own page has 0. ``is_left_out``: it stands out of order in its list.
    """

    wording: Wording
    list: str
    start: int
    position: int | None
    number: int
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """The part of one list that one capture shows.

    It covers a date ``d`` when ``covers_after < d`` and (``covers_until`` is ``None`` or
    ``d < covers_until``). ``covers_after`` is ``None`` when it covers nothing. ``newest`` is the
    newest date of its trunk.
    """

    list: str
    start: int
    covers_after: str | None
    covers_until: str | None
    newest: str | None
    entries: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A counter's value on one capture; ``since_date`` is the header date less that many days."""

    event: str
    unit: str
    label: str
    value: int
    page_date: str | None
    since_date: str | None


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """The header in values: the site's own calendar day, contacts, and the counters as one shape.

    ``shape`` is equal for two headers whose counters have the same words and the same since
    dates, that is, whose counters stayed on schedule; ``None`` where the counters are unknown.
    """

    page_date: str | None
    language: str
    label: str | None
    phone: str | None
    email: str | None
    shape: str | None


@dataclass(frozen=True, slots=True)
class Capture:
    """One observation of one URL at one instant, in values, with everything it shows.

    ``evidence`` is what is known of it beside its bytes; where one capture is offered twice, the
    stronger counts, whichever came first. ``reader`` is the digest of the profile and the reader
    that read it.
    """

    id: str
    url: str | None
    key: str | None
    page_kind: str
    captured_at: str
    page_clock: str | None
    clock_deviation: int | None
    http_status: int | None
    sha256: str
    media_type: str
    payload_bytes: int
    is_cut: bool
    evidence: Evidence
    reader: str
    header: HeaderFacts | None
    sightings: tuple[Sighting, ...] = ()
    windows: tuple[Window, ...] = ()
    readings: tuple[Reading, ...] = ()
    problems: tuple[PageProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A raw capture and the page read from it: what a spider yields.

    ``offer`` is the number of an archive's offer that it comes from, and the digest it declared.
    """

    raw: RawCapture
    page: Page
    step: WalkStep | None = None
    offer: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A capture in values, with what is to be kept of it.

    That is its raw capture, or the WARC record that a worker has packed of it. ``digest`` is the
    payload digest that an archive declared, as WARC records write it; ``offer`` is the number of
    the archive's offer.
    """

    capture: Capture
    raw: RawCapture | None
    record: bytes | None = None
    digest: str | None = None
    offer: int | None = None
    step: WalkStep | None = None
