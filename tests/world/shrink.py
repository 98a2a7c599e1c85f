"""Fewer captures that still fail: drops one after the other while the failure stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .model import World


def shrunk(world: World, fails: Callable[[World], bool]) -> World:
    """The world with no capture and no event left that the failure can do without."""
    size = len(world.captures)
    chunk = max(size // 2, 1)
    while chunk:
        at = 0
        while at < len(world.captures):
            kept = world.captures[:at] + world.captures[at + chunk :]
            smaller = replace(world, captures=kept)
            if kept and fails(smaller):
                world = smaller
            else:
                at += chunk
        chunk //= 2
    return _with_fewer_events(world, fails)


def _with_fewer_events(world: World, fails: Callable[[World], bool]) -> World:
    for event in world.events:
        smaller = replace(world, events=tuple(e for e in world.events if e is not event))
        if not _is_whole(smaller):
            continue
        if fails(smaller):
            world = smaller
    return world


def _is_whole(world: World) -> bool:
    """Whether every event still has the statement that it happens to."""
    there = {s.statement.sid for s in world.site.statements}
    there |= {e.statement.sid for e in world.events if hasattr(e, "statement")}
    looked_at = {c.look.sid for c in world.captures if c.look.sid}
    return looked_at <= there and all(getattr(e, "sid", 0) in there | {0} for e in world.events)
