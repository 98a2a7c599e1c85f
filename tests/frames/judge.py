"""Judges what a reader makes of a page whose parts are known.

A part is ``right`` (read as poured), ``unknown`` (absent and, but for the header's, named by a
problem that says what did not fit) or ``wrong`` (read otherwise, invented, or absent without a
word). A page is ``right`` where every part is, ``wrong`` where one is, else ``refused``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from embassy_scraper.items import Capture, RawCapture, Sighting, Window, Wording
from embassy_scraper.pages import read_page
from embassy_scraper.sites import load_profile
from embassy_scraper.text import fold
from pipelines.normalise import normalise

from .model import CAPTURED_AT, Entry, Model, iso

RIGHT, REFUSED, WRONG = "right", "refused", "wrong"
UNKNOWN = "unknown"
REFUSALS = frozenset({"unknown layout", "not the site's page"})
UNREADABLE = "unreadable date"
WHOLE = frozenset({"page", "main part"})
NAMED = {
    "title": WHOLE | {"title"},
    "date": WHOLE | {"title", "date"},
    "body": WHOLE | {"body"},
    "signature": WHOLE | {"body", "signature"},
}


@dataclass(frozen=True, slots=True)
class Part:
    """The judgement of one part: what was poured, and what was read."""

    name: str
    verdict: str
    poured: object = None
    read: object = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The judgement of a page, and the problems that the reader gave."""

    parts: tuple[Part, ...]
    problems: tuple[tuple[str, str, str], ...]

    @property
    def verdict(self) -> str:
        """Return the worst of the parts."""
        verdicts = {part.verdict for part in self.parts}
        if WRONG in verdicts:
            return WRONG
        return REFUSED if UNKNOWN in verdicts else RIGHT

    @property
    def missed(self) -> tuple[Part, ...]:
        """Return the parts that are not right, the wrong ones first."""
        return tuple(
            sorted((p for p in self.parts if p.verdict != RIGHT), key=lambda p: p.verdict != WRONG)
        )


def read(
    page: str, url: str | None, captured_at: str = CAPTURED_AT, media_type: str = "text/html"
) -> Capture:
    """Return what the program reads from *page*: the one place that knows how it is asked."""
    raw = RawCapture(
        page.encode(), media_type, "test", url=url, captured_at=captured_at, charset="utf-8"
    )
    return normalise(raw, read_page(raw, load_profile()), load_profile())


def judge(model: Model, html: str) -> Judgement:
    """Return the judgement of what is read from *html*, in which *model* was poured."""
    return compare(model, read(html, model.url))


def judge_text(model: Model, text: str) -> Judgement:
    """Return the judgement of what is read from the text of a page, which has no links."""
    plain = replace(
        model, entries=_without_keys(model.entries), block=_without_keys(model.block), boxes=()
    )
    return compare(plain, read(text, model.url, media_type="text/plain"))


def _without_keys(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(replace(entry, key="") for entry in entries)


def compare(model: Model, capture: Capture) -> Judgement:
    """Return the judgement of *capture*."""
    problems = tuple((p.what, p.where, p.text) for p in capture.problems)
    named = {where for what, where, text in problems if what in REFUSALS and text.strip()}
    named |= {UNREADABLE for what, _, _ in problems if what == UNREADABLE}
    parts = [
        *_header(model, capture),
        *_statement(model, capture, named),
        *_lists(model, capture, named),
    ]
    return Judgement(tuple(parts), problems)


def _header(model: Model, capture: Capture) -> Iterator[Part]:
    head, facts = model.head, capture.header
    yield _told("clock", head.clock, capture.page_clock)
    for name in ("label", "phone", "email"):
        yield _told(name, getattr(head, name), getattr(facts, name) if facts else None)
    poured = [(days, event) for days, event, _ in head.counters]
    shown = [(reading.value, reading.event) for reading in capture.readings]
    is_unknown = facts is None or facts.shape is None
    if shown == poured:
        yield Part("counters", RIGHT)
    elif is_unknown and set(shown) < set(poured):
        yield Part("counters", UNKNOWN, poured, shown)
    else:
        yield Part("counters", WRONG, poured, shown)


def _told(name: str, poured: object, shown: object) -> Part:
    if shown == poured:
        return Part(name, RIGHT)
    return Part(name, UNKNOWN if shown is None else WRONG, poured, shown)


def _absent(name: str, poured: object, named: set[str], where: frozenset[str]) -> Part:
    """Return the judgement of a part that was not read."""
    return Part(name, UNKNOWN if named & where else WRONG, poured, "absent")


def _statement(model: Model, capture: Capture, named: set[str]) -> Iterator[Part]:
    seen = [sighting for sighting in capture.sightings if sighting.list == "page"]
    if model.title is None:
        for sighting in seen:
            yield Part("statement", WRONG, "none", (sighting.wording.title, sighting.wording.body))
        return
    key = model.url.removeprefix("https://www.rusemb.org.uk/")
    if len(seen) > 1 or any(sighting.wording.url_key != key for sighting in seen):
        yield Part("statement", WRONG, key, [sighting.wording.url_key for sighting in seen])
    wording = seen[0].wording if seen else None
    poured = {
        "title": fold(model.title),
        "date": iso(model.on) if model.on else None,
        "body": model.text,
        "signature": model.published_at,
    }
    shown = _statement_facts(wording)
    impossible = {"date": model.on, "signature": model.signature}
    for name, value in poured.items():
        if value is None and shown[name] is None and impossible.get(name):
            is_told = bool(named & (NAMED[name] | {UNREADABLE}))
            yield Part(name, RIGHT if is_told else WRONG, impossible[name], "no problem")
        elif value == shown[name] and (wording is not None or value is None):
            yield Part(name, RIGHT)
        elif shown[name] is None:
            yield _absent(name, value, named, NAMED[name])
        else:
            yield Part(name, WRONG, value, shown[name])


def _statement_facts(wording: Wording | None) -> dict[str, str | None]:
    if wording is None:
        return dict.fromkeys(NAMED)
    return {
        "title": wording.title,
        "date": wording.date,
        "body": None if wording.body is None else fold(wording.body),
        "signature": wording.published_at,
    }


def _lists(model: Model, capture: Capture, named: set[str]) -> Iterator[Part]:
    poured: dict[str, tuple[int, tuple[Entry, ...]]] = {}
    if model.name:
        poured[model.name] = (model.start, model.entries)
    if model.block:
        poured["latest"] = (1, model.block)
    shown = {s.list for s in capture.sightings if s.list != "page"}
    shown |= {window.list for window in capture.windows if window.entries}
    if _boxes_are_true(model, capture):
        shown.discard("box")
    for name in sorted(shown - set(poured)):
        entries = [s.wording.title for s in capture.sightings if s.list == name]
        yield Part(f"list {name}", WRONG, "none", entries)
    for name, (start, entries) in poured.items():
        sightings = [s for s in capture.sightings if s.list == name]
        windows = [w for w in capture.windows if w.list == name]
        yield _list(name, start, entries, sightings, windows, named)


def _boxes_are_true(model: Model, capture: Capture) -> bool:
    """Say whether every box that was read was poured; none need be read."""
    poured = {(box.key, iso(box.on), box.title) for box in model.boxes}
    wordings = [sighting.wording for sighting in capture.sightings if sighting.list == "box"]
    shown = {(wording.url_key, wording.date, wording.title) for wording in wordings}
    return shown <= poured and not any(window.list == "box" for window in capture.windows)


def _list(
    name: str,
    start: int,
    entries: tuple[Entry, ...],
    sightings: list[Sighting],
    windows: list[Window],
    named: set[str],
) -> Part:
    """Return the judgement of one list."""
    title, where = f"list {name}", WHOLE | {name, f"list {name}"}
    false = _false_entry(start, entries, sightings)
    if false is not None:
        return Part(title, WRONG, *false)
    positions = {sighting.position for sighting in sightings}
    is_whole = positions == _tellable(entries)
    claims = [(w.start, w.covers_after, w.covers_until) for w in windows if w.covers_after]
    expected = _covered(name, start, entries)
    if claims and (not is_whole or claims != expected):
        return Part(f"{title}: window", WRONG, expected if is_whole else "covers nothing", claims)
    is_told = bool(expected) or UNREADABLE in named
    if is_whole and is_told and claims == expected and not _without_lead(sightings):
        return Part(title, RIGHT)
    read = f"{len(positions)} of {len(entries)} entries"
    return Part(title, UNKNOWN if named & where else WRONG, f"{len(entries)} entries", read)


def _tellable(entries: tuple[Entry, ...]) -> set[int]:
    """Return the positions that a reader can tell: an entry without a readable date and without
    an address (as in every text) is only a problem, by the contract's §5."""
    return {n for n, entry in enumerate(entries, 1) if entry.key or iso(entry.on)}


def _false_entry(
    start: int, entries: tuple[Entry, ...], sightings: list[Sighting]
) -> tuple[object, object] | None:
    """Return what was poured and read of the first entry that is not as poured."""
    places = [sighting.position for sighting in sightings]
    if len(places) != len(set(places)):
        return "one entry a position", places
    for sighting in sightings:
        wording = sighting.wording
        shown = (sighting.start, wording.url_key, wording.date, wording.title, wording.lead)
        if not 1 <= sighting.position <= len(entries):
            return f"{len(entries)} entries", (sighting.position, shown)
        entry = entries[sighting.position - 1]
        true = (start, entry.key or None, iso(entry.on), fold(entry.title), fold(entry.lead))
        if shown[:4] != true[:4] or wording.lead not in (None, true[4]):
            return (sighting.position, true), (sighting.position, shown)
    return None


def _without_lead(sightings: list[Sighting]) -> list[Sighting]:
    return [sighting for sighting in sightings if sighting.wording.lead is None]


def _covered(
    name: str, start: int, entries: tuple[Entry, ...]
) -> list[tuple[int, str, str | None]]:
    """Return start and days between which a list covers; nothing where a date is unreadable.

    What is poured has no entry out of order.
    """
    days = [day for day in (iso(entry.on) for entry in entries) if day]
    if len(days) < len(entries):
        return []
    is_head = name in ("latest", "home") or start == 1
    return [(start, days[-1], None if is_head else days[0])]
