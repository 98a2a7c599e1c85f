"""What a program claims to have happened, against what did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from benchmarks.peers.truth import KINDS, Change
from tests.world.model import CounterSet, World


@dataclass(frozen=True)
class Claim:
    """One of these happened to a subject: after an instant, or ever, and by another."""

    whats: frozenset[str]
    subject: str
    after: datetime | None
    by: datetime


@dataclass(frozen=True)
class Score:
    """How one program did: what it found, by number, and how many claims are false."""

    name: str
    seconds: float
    found: frozenset[int]
    false: int
    unit: str  # what is counted as false

    def row(self, changes: Sequence[Change], against: float) -> str:
        """Return a line of the table: its time against another's, and what it found."""
        seen = [c for c in changes if c.sights]
        every = Counter(c.kind for c in seen)
        found = Counter(c.kind for c in seen if c.number in self.found)
        by_kind = ", ".join(f"{kind} {found[kind]}/{every[kind]}" for kind in KINDS if every[kind])
        count = found.total()
        return (
            f"| – {self.name}: time {self.seconds / against:.1f} | {count} of {len(seen)} found,"
            f" {len(seen) - count} missed; false {self.unit}: {self.false}"
            f" ({by_kind}) | stated | yes |"
        )


def judged(
    world: World, changes: Sequence[Change], claims: Iterable[Claim]
) -> tuple[frozenset[int], list[Claim]]:
    """Return the numbers of the changes that are claimed, and the claims that are false."""
    found: set[int] = set()
    false = []
    for claim in claims:
        true = [c.number for c in changes if _fits(claim, c)] or _standing_still(world, claim)
        found.update(true)
        if not true:
            false.append(claim)
    return frozenset(found), false


def _fits(claim: Claim, change: Change) -> bool:
    return (
        change.what in claim.whats
        and change.subject == claim.subject
        and change.at <= claim.by
        and (claim.after is None or change.at > claim.after)
    )


def _standing_still(world: World, claim: Claim) -> list[int]:
    """Return what stopped the counter of the claim earlier, if it still stands."""
    if "counter" not in claim.whats:
        return []
    of_counter = [
        (number, event)
        for number, event in enumerate(world.events)
        if isinstance(event, CounterSet)
        and str(event.index) == claim.subject
        and event.at <= claim.by
    ]
    last = of_counter[-1:]
    return [number for number, event in last if event.counter.frozen_at is not None]


def counter_subject(world: World, event: str) -> str:
    """Return the subject of the counter that ever had this event."""
    for number, counter in enumerate(world.site.counters):
        if counter.event == event:
            return str(number)
    named = [e for e in world.events if isinstance(e, CounterSet) and e.counter.event == event]
    return str(named[0].index) if named else f"no counter: {event}"


def statement_subject(world: World, key: str) -> str:
    """Return the subject of the statement with this key."""
    every = [s.statement for s in world.site.statements]
    every += [e.statement for e in world.events if hasattr(e, "statement")]
    return next((str(s.sid) for s in every if s.url_key == key), f"no statement: {key}")
