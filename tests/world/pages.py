"""What one capture of the made-up site holds, before it is written down in any form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .model import Capture, Contact, Counter, Edit, Listed, Site, Statement, World
from .timeline import site_at

LONDON = ZoneInfo("Europe/London")
MOSCOW = ZoneInfo("Europe/Moscow")
CUT = "\ue000"  # stands where the page is cut off; never part of a written page
BLOCK_SIZE, HOME_SIZE, PAGE_SIZE = 10, 15, 10
IN_BODY, IN_ITEMS = -1, 100  # Capture.cut_at: the body; 100 + k: item k of the list; k: of block
HEADINGS = {
    "fnapr": "PRESS RELEASES AND NEWS",
    "article": "SPEECHES, INTERVIEWS, ARTICLES",
    "ambarticles": "AMBASSADOR'S ARTICLES",
    "listing": "EMBASSY INFORMS",
}
SIDE_BOXES = (("ARTICLE", ""), ("VIDEO", "VIDEO: "), ("PHOTO REPORT", "PHOTO: "))
RUSSIAN_LABEL = "Консульские вопросы:"
RUSSIAN_MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


@dataclass(frozen=True)
class Header:
    page_date: date
    date_text: str
    clocks: tuple[str, str]
    contact: Contact
    counters: tuple[Counter, ...]
    russian: bool

    def counter_texts(self) -> list[str]:
        return [f"{c.value_on(self.page_date)} {c.label}" for c in self.counters]


@dataclass(frozen=True)
class Item:
    sid: int
    url_key: str
    on: date
    title: str
    lead: str
    is_unreadable: bool = False  # its date is printed as one that cannot be

    @property
    def date_text(self) -> str:
        return "31.02.2020" if self.is_unreadable else f"{self.on:%d.%m.%Y}"


@dataclass(frozen=True)
class Doc:
    """One page as shown; `items` is the list of a listing or of the homepage."""

    capture: Capture
    status: int
    kind: str  # statement listing home static bare refusal
    header: Header | None = None
    sid: int | None = None
    url_key: str = ""
    heading: str | None = None
    on: date | None = None
    title: str | None = None
    paragraphs: tuple[str, ...] = ()
    signed: datetime | None = None
    list_name: str = ""
    start: int = 1
    items: tuple[Item, ...] = ()
    block: tuple[Item, ...] | None = None
    boxes: tuple[tuple[str, Item], ...] = ()  # heading, and what stands alone under it

    @property
    def form_a(self) -> bool:
        return self.capture.dress.form == "A"


def signature_text(signed: datetime) -> str:
    return f"{signed.day} {signed:%B %Y, %H:%M}"


def document(world: World, capture: Capture) -> Doc:
    site = site_at(world, capture.at)
    if capture.fault in ("blocked", "403", "503"):
        status = {"blocked": 200, "403": 403, "503": 503}[capture.fault]
        return Doc(capture, status, "refusal")
    header = _header(site, capture)
    block = None
    if capture.dress.block and capture.look.kind != "home":
        shown = enumerate(site.in_list("latest")[:BLOCK_SIZE])
        block = tuple(replace(_item(s), is_unreadable=i == capture.bad_date) for i, s in shown)
    doc = Doc(capture, 200, capture.look.kind, header, block=block)
    if capture.look.kind == "home" and capture.dress.is_frame and capture.dress.boxes:
        doc = replace(doc, boxes=side_boxes(world, site))
    return with_cut_mark(_main(doc, site))


def side_boxes(world: World, site: Site) -> tuple[tuple[str, Item], ...]:
    """The boxes beside the homepage's list: each shows one statement alone, under a heading.

    Only statements that are never edited stand there: of an edit that a box shows first, the
    contract leaves open which place tells it.
    """
    edited = {event.sid for event in world.events if isinstance(event, Edit)}
    still = [s for s in site.in_list("box") if s.sid not in edited]
    out: dict[int, tuple[str, Item]] = {}
    for heading, prefix in SIDE_BOXES:
        fits = [s for s in still if _fits_box(s, prefix) and s.sid not in out]
        if fits:
            item = _item(fits[0])
            title = item.title.removeprefix(prefix)
            out[item.sid] = (heading, replace(item, title=title, lead=""))
    return tuple(out.values())


def _fits_box(s: Statement, prefix: str) -> bool:
    if prefix:
        return s.text.title.startswith(prefix)
    return s.family != "fnapr" and not s.text.title.startswith(("VIDEO: ", "PHOTO: "))


def _header(site: Site, capture: Capture) -> Header:
    london = capture.at.astimezone(LONDON)
    moscow = capture.at.astimezone(MOSCOW)
    month = RUSSIAN_MONTHS[london.month - 1] if capture.russian else f"{london:%B}"
    return Header(
        london.date(),
        f"{london.day} {month} {london.year}",
        (f"{moscow:%H:%M}", f"{london:%H:%M}"),
        replace(site.contact, label=RUSSIAN_LABEL) if capture.russian else site.contact,
        tuple(c for c in site.counters if c.shown),
        capture.russian,
    )


def _item(s: Statement) -> Item:
    return Item(s.sid, s.url_key, s.text.on, s.text.title, s.text.lead)


def _main(doc: Doc, site: Site) -> Doc:
    look = doc.capture.look
    match look.kind:
        case "statement":
            return _statement(doc, site.listed(look.sid))
        case "listing":
            members = site.in_list(look.list_name)[look.start - 1 : look.start - 1 + PAGE_SIZE]
            heading = HEADINGS["listing"] if doc.form_a else None
            return replace(
                doc,
                heading=heading,
                list_name=look.list_name,
                start=look.start,
                items=tuple(_item(s) for s in members),
            )
        case "home":
            members = site.in_list("home")[:HOME_SIZE]
            heading = HEADINGS["listing"] if doc.form_a else None
            items = tuple(_item(s) for s in members)
            return replace(doc, heading=heading, list_name="home", items=items)
        case "static":
            paragraphs = ("Open on Mondays.", "Bring tea.")
            return replace(doc, title="Visiting hours", paragraphs=paragraphs)
    return doc


def _statement(doc: Doc, listed: Listed) -> Doc:
    s = listed.statement
    if listed.status != 200:
        return Doc(doc.capture, listed.status, "refusal", sid=s.sid, url_key=s.url_key)
    return replace(
        doc,
        sid=s.sid,
        url_key=s.url_key,
        heading=HEADINGS.get(s.family) if doc.form_a else None,
        on=s.text.on if doc.form_a else None,
        title=None if s.titleless_page else s.text.title,
        paragraphs=s.text.paragraphs,
        signed=s.text.signed,
    )


def with_cut_mark(doc: Doc) -> Doc:
    """The document with the mark put where the fault says the page ends."""
    at = doc.capture.cut_at
    if doc.capture.fault not in ("cut", "short") or doc.kind == "refusal":
        return doc
    if at == IN_BODY:
        last = len(doc.paragraphs) - 1
        kept = [_marked(p) if i == last else p for i, p in enumerate(doc.paragraphs)]
        return replace(doc, paragraphs=tuple(kept))
    if at >= IN_ITEMS:
        return replace(doc, items=_mark_item(doc.items, at - IN_ITEMS))
    return replace(doc, block=_mark_item(doc.block or (), at))


def _mark_item(items: tuple[Item, ...], at: int) -> tuple[Item, ...]:
    return tuple(
        replace(item, lead=_marked(item.lead)) if i == at else item for i, item in enumerate(items)
    )


def _marked(text: str) -> str:
    half = len(text) // 2
    return text[:half] + CUT + text[half:]


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)
