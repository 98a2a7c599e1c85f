"""Worlds in which nothing happens, so that whatever a report tells beyond them is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from .author import EPOCH, Author, first_counters, first_statements
from .looks import Looker
from .model import Capture, Dress, Look, Site, World
from .pages import minutes
from .proof import in_frame_unless_proven

CUTTABLE = ("txt", "html", "response")


def quiet_world(seed: int) -> World:
    """A site that stands still, and two looks at each of some pages, days apart."""
    rng = Random(seed + 3_000_000)
    author = Author(rng, with_links=False)
    start = EPOCH + timedelta(days=rng.randint(0, 1000), minutes=rng.randint(0, 1440))
    world = World(seed, Site(first_statements(rng, author, start), first_counters(rng, start)), ())
    looker = Looker(rng, world, "mixed")
    medium = rng.choice(CUTTABLE)
    captures: list[Capture] = []
    for i, look in enumerate(_looks(rng, world)):
        form = "A" if medium not in ("txt", "wet") else rng.choice("AB")
        dress = in_frame_unless_proven(
            world, start, look, Dress(medium, form, looker.markup(), boxes=rng.random() < 0.5)
        )
        first = Capture(start + minutes(i), look, dress, looker.url(look))
        later = replace(first, at=first.at + timedelta(days=9, minutes=rng.randint(0, 600)))
        captures += [first, later]
    return replace(world, captures=tuple(sorted(captures, key=lambda c: c.at)))


def _looks(rng: Random, world: World) -> list[Look]:
    every = [
        Look("statement", rng.choice(world.site.stars())),
        Look("statement", rng.choice(world.site.statements).statement.sid),
        Look("listing", list_name="newarh"),
        Look("home"),
        Look("static"),
    ]
    return rng.sample(every, rng.randint(1, 3))


def dressed_anew(world: World, seed: int) -> World:
    """The same looks and as many again, each in a dress of its own."""
    rng = Random(seed)
    looker = Looker(rng, world, rng.choice(("text", "html", "warc", "mixed")))
    more = [replace(c, at=c.at + timedelta(days=d)) for c in world.captures for d in (0, 13, 31)]
    dressed = [
        replace(c, dress=in_frame_unless_proven(world, c.at, c.look, looker.dress())) for c in more
    ]
    return replace(world, captures=tuple(sorted(dressed, key=lambda c: c.at)))


def with_cut_capture(world: World, seed: int, share: float) -> World:
    """One page seen a third time in between, with this share of its bytes."""
    rng = Random(seed)
    chosen = rng.choice(world.captures[: len(world.captures) // 2])
    fault = "cut" if chosen.dress.medium == "response" else ""
    cut = replace(
        chosen, at=chosen.at + timedelta(days=rng.randint(1, 6)), keep=share, fault=fault, cut_at=-9
    )
    return replace(world, captures=(*world.captures, cut))


def with_refusal(world: World, seed: int) -> World:
    rng = Random(seed)
    chosen = rng.choice(world.captures[: len(world.captures) // 2])
    faults = ["blocked"] if chosen.dress.medium != "response" else ["blocked", "403", "503"]
    refused = replace(
        chosen, at=chosen.at + timedelta(days=rng.randint(1, 6)), fault=rng.choice(faults)
    )
    return replace(world, captures=(*world.captures, refused))
