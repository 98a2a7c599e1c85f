"""Worlds in which anything goes: for the laws of order and repetition, not for the truth."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from . import words
from .author import EPOCH, Author, first_counters, first_statements, some_instants
from .happen import Happenings
from .looks import Looker
from .model import Capture, Edit, Event, Listed, Publish, Site, World


def make_chaos(seed: int) -> World:
    """Missing URLs, captures of one instant that disagree, cut bytes, twins with like leads."""
    rng = Random(seed + 7_000_000)
    start = EPOCH + timedelta(days=rng.randint(0, 1000), minutes=rng.randint(0, 1440))
    author = Author(rng, with_links=True)
    site = Site(first_statements(rng, author, start), first_counters(rng, start))
    site = _with_doubles(rng, site, author)
    instants = some_instants(rng, start)[:9]
    happenings = Happenings(rng, author, site, instants)
    events = _with_joint_edits(rng, happenings.events())
    world = World(seed, site, events)
    looker = Looker(rng, world, rng.choice(("text", "mixed", "mixed")))
    captures = looker.captures(instants)
    return replace(world, captures=tuple(_disturbed(rng, c, captures) for c in captures))


def _with_doubles(rng: Random, site: Site, author: Author) -> Site:
    """Statements of the same date whose title or lead is nearly another's."""
    out = list(site.statements)
    for _ in range(rng.randint(0, 3)):
        model = rng.choice(out).statement
        double = author.write(model.text.on)
        lead = words.change_word(rng, model.text.lead)
        title = model.text.title if rng.random() < 0.6 else words.change_word(rng, model.text.title)
        body = (lead, *model.text.paragraphs[1:])
        text = replace(model.text, title=title, lead=lead, paragraphs=body)
        out.append(Listed(replace(double, text=text)))
    return replace(site, statements=tuple(out))


def _with_joint_edits(rng: Random, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Title and date changed together, now and then."""
    out = list(events)
    for event in events:
        if isinstance(event, Edit) and event.field == "title" and rng.random() < 0.3:
            on = event.at.date() - timedelta(days=rng.randint(1, 9))
            out.append(Edit(event.at + timedelta(seconds=1), event.sid, "on", on))
        if isinstance(event, Publish) and rng.random() < 0.2:
            text = words.change_word(rng, event.statement.text.lead)
            out.append(Edit(event.at + timedelta(seconds=2), event.statement.sid, "lead", text))
    return tuple(out)


def _disturbed(rng: Random, capture: Capture, others: tuple[Capture, ...]) -> Capture:
    is_file = capture.dress.medium in ("txt", "html")
    if is_file and rng.random() < 0.3:
        capture = replace(capture, url=None)
    if rng.random() < 0.15:
        capture = replace(capture, said=rng.choice(others).at)
    if rng.random() < 0.15:
        fault = "cut" if capture.dress.medium == "response" and not capture.fault else capture.fault
        capture = replace(capture, keep=rng.random(), fault=fault, cut_at=capture.cut_at or 3)
    return capture
