"""The site at an instant: the start, and every event up to then applied in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from .model import (
    ContactSet,
    CounterSet,
    Edit,
    Event,
    Hide,
    Listed,
    PageStatus,
    Pin,
    Publish,
    Site,
    World,
)


def site_at(world: World, at: datetime) -> Site:
    site = world.site
    for event in sorted(world.events, key=lambda e: e.at):
        if event.at <= at:
            site = apply(site, event)
    return site


def apply(site: Site, event: Event) -> Site:
    match event:
        case Publish(statement=statement):
            return replace(site, statements=(*site.statements, Listed(statement)))
        case Edit(sid=sid, field=name, value=value):
            return _edited(site, sid, name, value)
        case Hide(sid=sid, lists=lists):
            return site.put(replace(site.listed(sid), hidden=lists))
        case Pin(sids=sids):
            return replace(site, pinned=sids)
        case PageStatus(sid=sid, status=status):
            return site.put(replace(site.listed(sid), status=status))
        case CounterSet(index=index, counter=counter):
            kept = list(site.counters)
            kept[index : index + 1] = [counter]
            return replace(site, counters=tuple(kept))
        case ContactSet(contact=contact):
            return replace(site, contact=contact)


def _edited(site: Site, sid: int, name: str, value: object) -> Site:
    old = site.listed(sid)
    text = replace(old.statement.text, **{name: value})  # type: ignore[arg-type]
    return site.put(replace(old, statement=replace(old.statement, text=text)))
