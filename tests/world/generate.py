"""Worlds from a seed: a site, what happens to it, and captures that let the truth be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from .author import EPOCH, Author, first_counters, first_statements, some_instants
from .happen import Happenings
from .joinable import drop_unjoinable
from .looks import Looker
from .model import Capture, ContactSet, CounterSet, Look, Pin, Publish, Site, World
from .proof import in_frame_unless_proven

TOUCHLESS = (Publish, ContactSet, CounterSet, Pin)
KINDS = ("text", "html", "warc", "mixed")


def make_world(seed: int, kind: str | None = None) -> World:
    """The world of a seed. `kind` is its media (KINDS); the seed chooses when not given."""
    rng = Random(seed)
    kind = kind or KINDS[seed % len(KINDS)]
    author = Author(rng, kind in ("html", "warc"))
    start = EPOCH + timedelta(days=rng.randint(0, 1000), minutes=rng.randint(0, 1440))
    first = first_statements(rng, author, start)
    site = Site(first, first_counters(rng, start), by_date=rng.random() < 0.8)
    instants = some_instants(rng, start)
    world = World(seed, site, Happenings(rng, author, site, instants).events())
    world = replace(world, captures=Looker(rng, world, kind).captures(instants))
    return drop_unjoinable(with_alias(rng, world))


def with_alias(rng: Random, world: World) -> World:
    """Now and then one page is seen under two URLs, dated, and nothing happens to it."""
    touched = {e.sid for e in world.events if not isinstance(e, TOUCHLESS)}
    pool = [
        s
        for s in world.site.statements
        if s.statement.family == "article"
        and s.statement.sid not in touched
        and not s.statement.titleless_page  # its title must tell that both are one
    ]
    if not pool or rng.random() < 0.8 or len(world.captures) < 4:
        return world
    old = rng.choice(pool)
    sid, number = old.statement.sid, old.statement.number
    aliased = replace(old, statement=replace(old.statement, alias=f"ambarticles/{number}"))
    world = replace(world, site=world.site.put(aliased))
    looker = Looker(rng, world, "html")
    seen = []
    for is_alias, at in ((False, world.captures[1].at), (True, world.captures[-1].at)):
        look = Look("statement", sid, alias=is_alias)
        dress = replace(
            looker.dress(), medium=world.captures[0].dress.medium, form="A", clock=False
        )
        dress = in_frame_unless_proven(world, at, look, dress)
        seen.append(Capture(at + timedelta(minutes=3), look, dress, looker.url(look)))
    captures = sorted([*world.captures, *seen], key=lambda c: c.at)
    return replace(world, captures=tuple(captures))
