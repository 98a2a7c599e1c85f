"""Keeps worlds away from captures in which contract identity and true identity part.

Text captures carry no links, so a title or a date edited is told from a withdrawal and an
addition only by the lists around it (contract section 4). Events that no list joins are dropped,
and so are captures that are doubtful for another reason named here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from .model import Edit, World
from .observe import Seen, Shown, Window, observe_world


def drop_unjoinable(world: World) -> World:
    """The world without the edits that contract identity cannot follow."""
    while bad := next(_unjoined(observe_world(world)), None):
        edits = [e for e in world.events if _is_identity_edit(e, bad)]
        assert edits, f"identity of {bad} parts without an edit"
        world = replace(world, events=tuple(e for e in world.events if e not in edits))
    return world


def is_joinable(world: World) -> bool:
    """Whether contract identity follows every edit that is seen."""
    return next(_unjoined(observe_world(world)), None) is None


def _is_identity_edit(event: object, sid: int) -> bool:
    return isinstance(event, Edit) and event.sid == sid and event.field in ("title", "on", "lead")


def _unjoined(seen: Sequence[Seen]) -> Iterator[int]:
    shown = [e for s in seen for e in s.shown()]
    for sid in sorted({e.sid for e in shown}):
        own = [e for e in shown if e.sid == sid]
        if not all(e.linked or e.place == "page" for e in own) and not _follows(seen, own):
            yield sid


def _follows(seen: Sequence[Seen], own: list[Shown]) -> bool:
    """Whether every step between two texts that were seen is joined by some list."""
    entries = [e for e in own if e.place != "page" and e.on]
    pages = [e for e in own if e.place == "page"]
    if any(not _stands_by(page, entries) for page in pages):
        return False
    steps = pairwise(entries)
    return all(_same_name(a, b) or _joined(seen, entries, a, b) for a, b in steps)


def _same_name(a: Shown, b: Shown) -> bool:
    return (a.title, a.on) == (b.title, b.on)


def _stands_by(page: Shown, entries: list[Shown]) -> bool:
    """A page is told by an entry of the same title and date, or by having no entry at all."""
    if not entries:
        return True
    return any(page.title == e.title and page.on in (None, e.on) for e in entries)


def _joined(seen: Sequence[Seen], entries: list[Shown], a: Shown, b: Shown) -> bool:
    if a.title != b.title and a.on != b.on:
        return False
    return any(
        _joined_in(place, seen, entries, a, b) for place in sorted({e.place for e in entries})
    )


def _joined_in(place: str, seen: Sequence[Seen], entries: list[Shown], a: Shown, b: Shown) -> bool:
    """Old in one window of the list, new in the next that covers the old date."""
    assert a.on is not None and b.on is not None
    old = [e for e in entries if e.place == place and _same_name(e, a) and e.at <= a.at]
    if not old:
        return False
    later = [
        w
        for s in seen
        for w in s.windows
        if w.place == place and w.at > old[-1].at and w.covers(a.on)
        if w.head or not _was_left_out(seen, place, old[-1])
    ]
    return bool(later) and _shows(later[0], b)


def _was_left_out(seen: Sequence[Seen], place: str, old: Shown) -> bool:
    """Whether the list showed it out of order, so that only its head can lack it."""
    showing = [w for s in seen for w in s.windows if w.place == place and w.at == old.at]
    showing = [w for w in showing if w.has(old.sid)]
    return bool(showing) and all(w.left_out(old.sid) for w in showing)


def _shows(window: Window, b: Shown) -> bool:
    assert b.on is not None
    return any(e.sid == b.sid and _same_name(e, b) for e in window.entries) and window.covers(b.on)
