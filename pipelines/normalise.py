"""Normalise: from a page as printed to values.

In: a raw capture and the page read from it. Out: a ``Capture`` with dates, windows, readings and
forms. Drops: nothing; what cannot be read becomes a problem. Never: compares captures, touches
the database, guesses a date.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING

from embassy_scraper.errors import CaptureRejected
from embassy_scraper.items import (
    Capture,
    Entry,
    Fetched,
    Form,
    Header,
    HeaderFacts,
    ListText,
    Page,
    PageProblem,
    RawCapture,
    Reading,
    Sighting,
    StatementText,
    Taken,
    Window,
)
from embassy_scraper.site import Address, link_key, read_address
from embassy_scraper.text import one_line
from pipelines import instants
from pipelines.instants import UnreadableDate

if TYPE_CHECKING:
    pass

_OPEN = ("", "open")
_REMEMBERED = 2000  # characters; longer leads do not come again
HEAD_LISTS = frozenset({"latest", "home"})


def normalise(raw: RawCapture, page: Page) -> Capture:
    """Return what *page* shows, in values.

    Raises:
        CaptureRejected: nothing says when the page was captured.
    """
    problems = list(page.problems)
    address = read_address(raw.url, raw.mirror)
    if address.kind == "foreign":
        problems.append(PageProblem("another site", "url", raw.url or ""))
    clock, deviation = _page_clock(page.header, problems)
    captured_at = raw.captured_at or clock
    if captured_at is None:
        raise CaptureRejected(
            "no instant",
            "nothing says when it was captured; give captured_at in a manifest.tsv beside it",
        )
    digest = sha256(raw.payload).hexdigest()
    readings = _readings(page.header, problems)
    sightings, windows = _lists(page, address, raw.mirror, problems)
    if page.statement is not None:
        sightings.insert(0, _page_sighting(page.statement, address, problems))
    return Capture(
        id=capture_id(address.url, captured_at, digest),
        url=address.url,
        key=address.key,
        page_kind=page.kind,
        captured_at=captured_at,
        page_clock=clock,
        clock_deviation=deviation,
        http_status=raw.http_status,
        source=raw.source,
        sha256=digest,
        media_type=raw.media_type,
        payload_bytes=len(raw.payload),
        is_cut=page.is_cut,
        evidence=_evidence(raw),
        header=_header_facts(page.header, readings),
        sightings=tuple(sightings),
        windows=tuple(windows),
        readings=readings,
        problems=tuple(dict.fromkeys(problems)),
    )


def _evidence(raw: RawCapture) -> str:
    """Return what reading *raw* rests on beside its bytes; the greater text is the stronger.

    An answer with its status outweighs a saved file, a known cut what calls the page whole.
    """
    facts = (
        raw.http_status is not None,
        raw.announced_bytes_missing,
        raw.body_is_whole,
        raw.http_status,
        raw.media_type,
        raw.charset,
        raw.mirror,
    )
    return "|".join(
        str(int(fact)) if isinstance(fact, bool) else "" if fact is None else str(fact)
        for fact in facts
    )


# A live crawl asks what is new on a page before the stages get it: one reading serves both.
normalise_recent = lru_cache(maxsize=8)(normalise)


def capture_id(url: str | None, captured_at: str, payload_sha256: str) -> str:
    """Return the id of a capture: its instant and a digest of address, instant and payload.

    Ids sort as instants do.
    """
    seed = "\n".join((url or "", captured_at, payload_sha256))
    return f"{instants.compact(captured_at)}-{sha256(seed.encode()).hexdigest()[:16]}"


def _page_clock(
    header: Header | None, problems: list[PageProblem]
) -> tuple[str | None, int | None]:
    if header is None or header.date_text is None:
        return None, None
    try:
        day = instants.read_long_date(header.date_text)
        if header.london_text is None:
            return None, None
        return instants.read_page_clock(day, header.london_text, header.moscow_text)
    except UnreadableDate as error:
        problems.append(PageProblem("unreadable date", "page clock", str(error)))
        return None, None


def _readings(header: Header | None, problems: list[PageProblem]) -> tuple[Reading, ...]:
    """Return the counters' readings; the first of two lines with the same event counts."""
    if header is None:
        return ()
    day = _header_day(header)
    readings: dict[str, Reading] = {}
    for line in header.counters:
        if line.event in readings:
            problems.append(PageProblem("two readings of one counter", "header", line.label))
            continue
        try:
            since = instants.days_before(day, line.value) if day else None
        except OverflowError:
            problems.append(
                PageProblem("impossible counter", "header", f"{line.value} {line.label}")
            )
            continue
        readings[line.event] = Reading(line.event, line.unit, line.label, line.value, day, since)
    return tuple(readings.values())


def _header_day(header: Header) -> str | None:
    try:
        return instants.read_long_date(header.date_text or "").isoformat()
    except UnreadableDate:
        return None


def _header_facts(header: Header | None, readings: Iterable[Reading]) -> HeaderFacts | None:
    if header is None or header.date_text is None or header.language is None:
        return None
    day = _header_day(header)
    shape = None
    if header.counters_known and day is not None:
        shape = json.dumps(sorted((r.event, r.label, r.since_date) for r in readings))
    return HeaderFacts(
        page_date=day,
        language=header.language,
        label=header.label,
        phone=header.phone,
        email=header.email,
        shape=shape,
    )


def _lists(
    page: Page, address: Address, mirror: str | None, problems: list[PageProblem]
) -> tuple[list[Sighting], list[Window]]:
    sightings: list[Sighting] = []
    windows: list[Window] = []
    for part in page.lists:
        dates = [_entry_date(entry, part.name, problems) for entry in part.entries]
        forms = _entry_forms(part, dates, address.url, mirror, problems)
        sightings += [
            Sighting(form, part.name, part.start, position)
            for position, form in enumerate(forms, start=1)
            if form is not None
        ]
        windows.append(_window(part, dates))
    return sightings, windows


def _entry_date(entry: Entry, where: str, problems: list[PageProblem]) -> str | None:
    if entry.date_text is None:
        return None
    try:
        return instants.read_item_date(entry.date_text)
    except UnreadableDate:
        text = f"{entry.date_text} - {entry.title or ''}"
        problems.append(PageProblem("unreadable date", where, text))
        return None


def _entry_forms(
    part: ListText,
    dates: list[str | None],
    page_url: str | None,
    mirror: str | None,
    problems: list[PageProblem],
) -> list[Form | None]:
    """Return the form of every entry; ``None`` where nothing says which statement it is."""
    forms: list[Form | None] = []
    seen: Counter[str] = Counter()
    for entry, day in zip(part.entries, dates, strict=True):
        key = link_key(entry.href, page_url, mirror)
        if key is None and (day is None or entry.title is None):
            forms.append(None)
            if entry.title is not None and entry.date_text is None:
                problems.append(PageProblem("no date and no link", part.name, entry.title))
            continue
        form = _entry_form(entry, day, key)
        if key is None:
            seen[form.digest] += 1
            if seen[form.digest] > 1:
                twin = seen[form.digest]
                form = replace(form, twin=twin, digest=f"{form.digest}-{twin}")
        forms.append(form)
    return forms


def _entry_form(entry: Entry, day: str | None, key: str | None) -> Form:
    """Return the form of an entry.

    The ten newest items stand on every page of their days, so the last forms are remembered.
    """
    make = _remembered_form if len(entry.lead or "") < _REMEMBERED else _make_form
    return make(entry, day, key)


def _make_form(entry: Entry, day: str | None, key: str | None) -> Form:
    title, lead = entry.title, entry.lead
    return Form(
        digest=_digest("entry", key, day, entry.date_text, title, lead, _OPEN[entry.lead_is_open]),
        is_page=False,
        url_key=key,
        title=title,
        lead=lead,
        body=None,
        date=day,
        date_text=entry.date_text,
        published_at=None,
        signature_text=None,
        is_open=entry.lead_is_open,
        twin=1,
    )


_remembered_form = lru_cache(maxsize=4096)(_make_form)


def _digest(*fields: str | None) -> str:
    seed = "\x1f".join(["\x00" if field is None else field for field in fields])
    return blake2b(seed.encode(), digest_size=16).hexdigest()


def _window(part: ListText, dates: list[str | None]) -> Window:
    """Return what *part* covers.

    From the newest date down to the oldest one before the first rise; both edges are left out,
    for items of the edge date can be cut off, but at the head of a list nothing is above it.
    """
    is_head = part.name in HEAD_LISTS or part.start == 1
    known = [day for day in dates if day is not None]
    if part.covers_nothing or not known or len(known) < len(dates):
        return Window(part.name, part.start, None, None, max(known, default=None), len(dates))
    oldest = known[0]
    for day in known[1:]:
        if day > oldest:
            break
        oldest = day
    until = None if is_head else known[0]
    return Window(part.name, part.start, oldest, until, max(known), len(dates))


def _page_sighting(
    statement: StatementText, address: Address, problems: list[PageProblem]
) -> Sighting:
    day = published_at = None
    if statement.date_text is not None:
        try:
            day = instants.read_item_date(statement.date_text)
        except UnreadableDate as error:
            problems.append(PageProblem("unreadable date", "page", str(error)))
    if statement.signature_text is not None:
        try:
            published_at = instants.read_signature(statement.signature_text)
        except UnreadableDate as error:
            problems.append(PageProblem("unreadable date", "signature", str(error)))
    title = statement.title
    body = one_line(statement.body) if statement.body is not None else None
    texts = (title, body, statement.signature_text)
    form = Form(
        digest=_digest("page", address.key, statement.date_text, *texts, _OPEN[statement.is_open]),
        is_page=True,
        url_key=address.key,
        title=title,
        lead=None,
        body=statement.body,
        date=day,
        date_text=statement.date_text,
        published_at=published_at,
        signature_text=statement.signature_text,
        is_open=statement.is_open,
        twin=1,
    )
    return Sighting(form, "page", 0, 0)


class NormalisePipeline:
    """Scrapy's adapter: a read page goes in, a capture in values comes out."""

    def process_item(self, item: Fetched) -> Taken:
        """Return the capture in values.

        Raises:
            DropItem: nothing says when it was captured.
        """
        from scrapy.exceptions import DropItem  # 0.4 s: only where Scrapy runs anyway

        try:
            return Taken(item.raw, normalise_recent(item.raw, item.page), item.step, item.offer)
        except CaptureRejected as error:
            raise DropItem(f"{error.what}: {item.raw.url}: {error}") from error
