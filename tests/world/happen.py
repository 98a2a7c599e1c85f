"""What happens to a made-up site between the looks: one or a few events in each gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from . import words
from .author import Author
from .model import (
    LISTS,
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
    Statement,
)
from .timeline import apply

FEWEST = 13  # so many stay in every list: the block always holds ten


class Happenings:
    def __init__(
        self, rng: Random, author: Author, site: Site, instants: Sequence[datetime]
    ) -> None:
        self.rng = rng
        self.author = author
        self.site = site
        self.instants = instants
        self.out: list[Event] = []
        self.edited: dict[tuple[int, str], int] = {}

    def events(self) -> tuple[Event, ...]:
        for before, after in pairwise(self.instants):
            count = self.rng.choice((0, 0, 1, 1, 1, 2, 3))
            step = (after - before) / (count + 1)
            for i in range(count):
                self._happen(before + step * (i + 1))
        return tuple(self.out)

    def _happen(self, at: datetime) -> None:
        event = self.rng.choice(KINDS)(self, at)
        if event is not None:
            self.site = apply(self.site, event)
            self.out.append(event)

    def _some(self) -> Statement:
        """Mostly one of the newest, which most pages show; often one of two stars."""
        if self.rng.random() < 0.5:
            return self.site.listed(self.rng.choice(self.site.stars())).statement
        newest = sorted(self.site.statements, key=lambda s: s.statement.text.on)[-12:]
        pool = newest if self.rng.random() < 0.85 else self.site.statements
        return self.rng.choice(pool).statement

    def publish(self, at: datetime) -> Event:
        back = self.rng.choice((0, 0, 0, 0, 3, 9))
        return Publish(at, self.author.write((at - timedelta(days=back)).date()))

    def edit_text(self, at: datetime) -> Event | None:
        s = self._some()
        name = self.rng.choice(("title", "title", "lead", "body", "body"))
        times = self.edited.get((s.sid, name), 0)
        if times >= (2 if name != "lead" else 1):
            return None
        self.edited[(s.sid, name)] = times + 1
        if name == "body":
            return Edit(at, s.sid, "paragraphs", self._changed_body(s))
        change = words.change_word if self.rng.random() < 0.7 else words.change_cosmetics
        if name == "lead":
            return Edit(at, s.sid, "lead", words.change_word(self.rng, s.text.lead))
        return Edit(at, s.sid, "title", change(self.rng, s.text.title))

    def _changed_body(self, s: Statement) -> tuple[str, ...]:
        first, *rest = s.text.paragraphs
        roll = self.rng.random()
        if roll < 0.3:
            return (first, *rest, words.sentence(self.rng, 6, 12))
        if roll < 0.5 and len(rest) > 1:
            return (first, *rest[1:])
        is_long = len(rest[-1].split()) > 3
        changed = words.change_word(self.rng, rest[-1]) if is_long else "So be it."
        return (first, *rest[:-1], changed)

    def edit_star(self, at: datetime) -> Event | None:
        """The body or the signature of a star, whose own page is looked at often."""
        s = self.site.listed(self.rng.choice(self.site.stars())).statement
        if self.edited.get((s.sid, "body"), 0) >= 3:
            return None
        self.edited[(s.sid, "body")] = self.edited.get((s.sid, "body"), 0) + 1
        return Edit(at, s.sid, "paragraphs", self._changed_body(s))

    def revert(self, at: datetime) -> Event | None:
        """The old title again: A, B, A."""
        edits = [e for e in self.out if isinstance(e, Edit) and e.field == "title"]
        if not edits:
            return None
        last = edits[-1]
        if self.edited[(last.sid, "title")] > 1:
            return None
        self.edited[(last.sid, "title")] = 2
        first = next(s for s in self.author.written if s.sid == last.sid)
        return Edit(at, last.sid, "title", first.text.title)

    def redate(self, at: datetime) -> Event | None:
        s = self._some()
        move = self.rng.choice((-4, -2, -1, 1, 2))
        on = s.text.on + timedelta(days=move)
        if on > at.date() or self.edited.get((s.sid, "on")):
            return None
        if any(t.statement.text.on == on for t in self.site.statements if self._is_twin(t, s)):
            return None  # a page cut off before its body would be either's
        self.edited[(s.sid, "on")] = 1
        return Edit(at, s.sid, "on", on)

    def _is_twin(self, other: Listed, s: Statement) -> bool:
        return other.statement.text.title == s.text.title

    def sign(self, at: datetime) -> Event | None:
        s = self.site.listed(self.rng.choice(self.site.stars())).statement
        if s.text.signed is None or self.edited.get((s.sid, "signed")):
            return None
        self.edited[(s.sid, "signed")] = 1
        return Edit(at, s.sid, "signed", s.text.signed.replace(hour=21))

    def hide(self, at: datetime) -> Event | None:
        hidden = [s for s in self.site.statements if s.hidden]
        if hidden and self.rng.random() < 0.5:
            return Hide(at, self.rng.choice(hidden).statement.sid, frozenset())
        if len(self.site.statements) - len(hidden) <= FEWEST:
            return None
        lists = LISTS if self.rng.random() < 0.75 else (self.rng.choice(LISTS),)
        return Hide(at, self._some().sid, frozenset(lists))

    def pin(self, at: datetime) -> Event:
        """One or two older items at the head of every list, or none any more."""
        if self.site.pinned:
            return Pin(at, ())
        older = sorted(self.site.statements, key=lambda s: s.statement.text.on)[:-3]
        chosen = self.rng.sample(older, self.rng.choice((1, 1, 2)))
        return Pin(at, tuple(s.statement.sid for s in chosen))

    def page_status(self, at: datetime) -> Event:
        gone = [s for s in self.site.statements if s.status != 200]
        if gone and self.rng.random() < 0.5:
            return PageStatus(at, self.rng.choice(gone).statement.sid, 200)
        return PageStatus(at, self._some().sid, self.rng.choice((404, 410)))

    def contact(self, at: datetime) -> Event:
        now = self.site.contact
        phone, email, label = "+44 (0) 203 161 8868", "office@rusemb.org.uk", "Consular Section:"
        roll = self.rng.random()
        if roll < 0.5:
            return ContactSet(at, replace(now, phone=phone))
        if roll < 0.8:
            return ContactSet(at, replace(now, email=email))
        return ContactSet(at, replace(now, label=label))

    def counter(self, at: datetime) -> Event:
        index = self.rng.randrange(len(self.site.counters))
        now = self.site.counters[index]
        today = at.date()
        if not now.shown:
            return CounterSet(at, index, replace(now, shown=True))
        changes: list[dict[str, object]] = [
            {"frozen_at": None if now.frozen_at is not None else now.value_on(today)},
            {"offset": now.offset + self.rng.randint(1, 40)},
            {"offset": now.offset - self.rng.randint(1, 3)},
            {"since": today, "offset": 0, "frozen_at": None},
            {"shown": False},
            {"tail": f"no {self.rng.choice(words.NOUNS)} was found since then"},
            {"event": f"the {self.rng.choice(words.NOUNS)} affair"},
        ]
        return CounterSet(at, index, replace(now, **self.rng.choice(changes)))  # type: ignore[arg-type]


KINDS: tuple[Callable[[Happenings, datetime], Event | None], ...] = (
    Happenings.publish,
    Happenings.publish,
    Happenings.publish,
    Happenings.edit_text,
    Happenings.edit_text,
    Happenings.edit_text,
    Happenings.edit_text,
    Happenings.edit_star,
    Happenings.edit_star,
    Happenings.revert,
    Happenings.redate,
    Happenings.redate,
    Happenings.sign,
    Happenings.hide,
    Happenings.hide,
    Happenings.hide,
    Happenings.pin,
    Happenings.pin,
    Happenings.page_status,
    Happenings.page_status,
    Happenings.contact,
    Happenings.counter,
    Happenings.counter,
)
