"""Which of the things that happened can be seen: two captures of one page differ by it.

The made-up site itself is asked, never the program: what stood on the page at either instant, and
what happened in between. A change that several pages show is one change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby, pairwise

from benchmarks.peers.site import Version
from tests.world.model import (
    ContactSet,
    CounterSet,
    Edit,
    Event,
    Hide,
    PageStatus,
    Publish,
    Site,
    World,
)
from tests.world.pages import Doc, Item, signature_text
from tests.world.timeline import site_at

KINDS = ("added", "edited", "withdrawn", "restored", "page", "counter", "contact")


@dataclass(frozen=True)
class Pair:
    """Two captures of one page, with nothing but faulty ones between them, and the site then."""

    url: str
    old: Version
    new: Version
    before: Site
    after: Site


@dataclass(frozen=True)
class Sight:
    """Where a change can be seen: in what is new on a page, and in what is gone from it."""

    url: str
    after: datetime
    by: datetime
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """Something that happened; ``what`` is the kind, for an edit with the field behind a dot."""

    number: int
    at: datetime
    what: str
    subject: str
    sights: list[Sight] = field(default_factory=list, compare=False)

    @property
    def kind(self) -> str:
        """Return one of KINDS."""
        return self.what.partition(".")[0]


def true_changes(world: World, found: Sequence[Version]) -> list[Change]:
    """Return everything that happened, each with the sights of it."""
    changes = [_change(n, event) for n, event in enumerate(world.events)]
    for pair in _pairs(world, found):
        for change, event in zip(changes, world.events, strict=True):
            if _is_last(changes, change, pair):
                change.sights.extend(_sights(event, pair))
    return changes


def _change(number: int, event: Event) -> Change:
    match event:
        case Publish(at=at, statement=s):
            return Change(number, at, "added", str(s.sid))
        case Edit(at=at, sid=sid, field=name):
            return Change(number, at, f"edited.{name}", str(sid))
        case Hide(at=at, sid=sid, lists=lists):
            return Change(number, at, "withdrawn" if lists else "restored", str(sid))
        case PageStatus(at=at, sid=sid, status=status):
            return Change(number, at, "page.back" if status == 200 else "page.gone", str(sid))
        case CounterSet(at=at, index=index):
            return Change(number, at, "counter", str(index))
        case _:
            return Change(number, event.at, "contact", "header")


def _pairs(world: World, found: Sequence[Version]) -> Iterator[Pair]:
    whole = sorted((v for v in found if v.is_whole), key=lambda v: (v.url, v.at))
    for url, of_page in groupby(whole, key=lambda v: v.url):
        for old, new in pairwise(of_page):
            yield Pair(url, old, new, site_at(world, old.at), site_at(world, new.at))


def _is_last(changes: Sequence[Change], change: Change, pair: Pair) -> bool:
    """Say whether it is what happened last to its subject before the second capture.

    It happened between the two; a counter that stands still shows it later, too.
    """
    if change.at > pair.new.at or (change.what != "counter" and change.at <= pair.old.at):
        return False
    alike = [c for c in changes if c.subject == change.subject and _group(c) == _group(change)]
    return max(c.number for c in alike if c.at <= pair.new.at) == change.number


def _group(change: Change) -> str:
    """Return what one thing that happens can undo."""
    if change.what in ("withdrawn", "restored"):
        return "lists"
    return "page" if change.kind == "page" else change.what


def _sights(event: Event, pair: Pair) -> Iterator[Sight]:
    at = Sight(pair.url, pair.old.at, pair.new.at)
    old, new = pair.old.doc, pair.new.doc
    match event:
        case Publish(statement=s):
            for items in _lists(new).values():
                if s.sid in items:
                    yield replace(at, plus=(items[s.sid].title,))
        case Edit(sid=sid, field=name):
            yield from _sights_of_edit(at, sid, name, old, new)
        case Hide(sid=sid, lists=lists):
            yield from _sights_in_lists(at, sid, pair, is_gone=bool(lists))
        case PageStatus(sid=sid):
            if sid in (old.sid, new.sid) and (old.status == 200) != (new.status == 200):
                yield at
        case CounterSet(index=index):
            yield from _sights_of_counter(at, index, pair)
        case ContactSet() if old.header and new.header:
            was, now = old.header.contact, new.header.contact
            for a, b in zip(*((c.label, c.phone, c.email) for c in (was, now)), strict=True):
                if a != b:
                    yield replace(at, plus=(b,), minus=(a,))


def _lists(doc: Doc) -> dict[tuple[str, int], dict[int, Item]]:
    """Return the lists of a page, by name and first place, with their items."""
    out = {}
    if doc.items:
        out[doc.list_name, doc.start] = {item.sid: item for item in doc.items}
    if doc.block:
        out["latest", 1] = {item.sid: item for item in doc.block}
    return out


def _sights_of_edit(at: Sight, sid: int, name: str, old: Doc, new: Doc) -> Iterator[Sight]:
    was, now = _texts(old, sid, name), _texts(new, sid, name)
    for place in was.keys() & now.keys():
        gone = tuple(text for text in was[place] if text not in now[place])
        come = tuple(text for text in now[place] if text not in was[place])
        if gone or come:
            yield replace(at, plus=come, minus=gone)


def _texts(doc: Doc, sid: int, name: str) -> dict[object, tuple[str, ...]]:
    """Return what a page shows of a field of a statement, place by place."""
    out: dict[object, tuple[str, ...]] = {}
    for place, items in _lists(doc).items():
        if sid in items and name in ("title", "lead", "on"):
            item = items[sid]
            out[place] = ({"title": item.title, "lead": item.lead, "on": item.date_text}[name],)
    if doc.sid == sid and doc.status == 200:
        on = (f"{doc.on:%d.%m.%Y}",) if doc.on else ()
        signed = (signature_text(doc.signed),) if doc.signed else ()
        title = (doc.title,) if doc.title else ()
        own = {"title": title, "on": on, "signed": signed, "paragraphs": doc.paragraphs}
        if own.get(name):
            out["page"] = own[name]
    return out


def _sights_in_lists(at: Sight, sid: int, pair: Pair, *, is_gone: bool) -> Iterator[Sight]:
    """A statement is gone from a list where it would stand otherwise, or back in one."""
    had, has = _lists(pair.old.doc), _lists(pair.new.doc)
    for place in had.keys() & has.keys():
        one, other = (had[place], has[place]) if is_gone else (has[place], had[place])
        site = pair.after if is_gone else pair.before
        if sid in one and sid not in other and _is_hidden(site, place, sid, len(other)):
            text = (one[sid].title,)
            yield replace(at, minus=text) if is_gone else replace(at, plus=text)


def _is_hidden(site: Site, place: tuple[str, int], sid: int, size: int) -> bool:
    """Say whether only its being hidden keeps a statement from that part of a list."""
    name, start = place
    known = next((s for s in site.statements if s.statement.sid == sid), None)
    if known is None or name not in known.hidden:
        return False
    shown = site.put(replace(known, hidden=frozenset())).in_list(name)
    return sid in [s.sid for s in shown[start - 1 : start - 1 + size]]


def _sights_of_counter(at: Sight, index: int, pair: Pair) -> Iterator[Sight]:
    """A counter comes, goes, says other words, or grows by other than the days gone by."""
    old, new = pair.old.doc.header, pair.new.doc.header
    if old is None or new is None:
        return
    was, now = pair.before.counters[index], pair.after.counters[index]
    lines = [
        (f"{c.value_on(h.page_date)} {c.label}",) if c.shown else ()
        for c, h in ((was, old), (now, new))
    ]
    grown = now.value_on(new.page_date) - was.value_on(old.page_date)
    is_off = grown != (new.page_date - old.page_date).days
    if was.shown != now.shown or (now.shown and (is_off or was.label != now.label)):
        yield replace(at, minus=lines[0], plus=lines[1])
