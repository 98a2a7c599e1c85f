"""Who writes the made-up site: its statements, its counters, and the instants of the looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from . import words
from .model import Counter, Listed, Statement, Text

FAMILIES = ("fnapr", "fnapr", "fnapr", "article", "ambarticles")
FIRST_NUMBER = {"fnapr": 7000, "article": 600, "ambarticles": 200}
# London shows the hour from 1 to 2 twice on these days
FOLDS = tuple(datetime(*d, tzinfo=UTC) for d in ((2019, 10, 27), (2020, 10, 25), (2021, 10, 31)))
EPOCH = datetime(2018, 12, 1, 9, 0, tzinfo=UTC)
TRAP_LINES = ("1265-18-06-2019", "(30 July, translated from Russian)", "Q: And then?", "Question.")


class Author:
    """Writes new statements: unlike one another, but for the twins it makes on purpose."""

    def __init__(self, rng: Random, with_links: bool) -> None:
        self.rng = rng
        self.with_links = with_links  # a page without a title is told by its links alone
        self.written: list[Statement] = []

    def write(self, on: date) -> Statement:
        rng = self.rng
        sid = len(self.written) + 1
        family = rng.choice(FAMILIES)
        title, lead = words.title(rng), words.lead(rng)
        if self.written and rng.random() < 0.12:  # a twin: same title, other lead
            title = rng.choice(self.written[-3:]).text.title
        if rng.random() < 0.04 and len(title.split()) > 12:
            lead = title  # site.md: a lead equal to its title
        text = Text(title, lead, self._body(lead), on, self._signature(on))
        titleless = self.with_links and rng.random() < 0.04 and lead != title
        statement = Statement(sid, f"{family}/{FIRST_NUMBER[family] + sid}", text, titleless)
        self.written.append(statement)
        return statement

    def _body(self, lead: str) -> tuple[str, ...]:
        rng = self.rng
        more = "" if rng.random() < 0.4 else " " + words.sentence(rng, 8, 14)
        rest = [words.sentence(rng, 12, 26) for _ in range(rng.randint(1, 3))]
        if rng.random() < 0.3:
            rest.insert(rng.randrange(len(rest)), rng.choice(TRAP_LINES))
        if rng.random() < 0.1:  # a body may hold lines that look like items
            rest.insert(0, f"05.03.2017 - {words.sentence(rng, 4, 6, '')}")
        return (lead + more, *rest)

    def _signature(self, on: date) -> datetime | None:
        if self.rng.random() > 0.25:
            return None
        return datetime(on.year, on.month, on.day, self.rng.randint(8, 20), self.rng.randint(0, 59))


def first_statements(rng: Random, author: Author, start: datetime) -> tuple[Listed, ...]:
    count = rng.randint(15, 24)
    days = sorted((rng.randint(1, 60) for _ in range(count)), reverse=True)
    return tuple(Listed(author.write((start - timedelta(days=d)).date())) for d in days)


def first_counters(rng: Random, start: datetime) -> tuple[Counter, ...]:
    tails = ("no credible answer or reply so far", "no word from the museum - nor from the ferry")
    events = ("the Lantern incident", "the loss of the copper kettle")
    every = tuple(
        Counter(e, t, start.date() - timedelta(days=rng.randint(5, 900) + 1000 * i))
        for i, (e, t) in enumerate(zip(events, tails, strict=True))
    )
    return every if rng.random() < 0.7 else tuple(replace(c, shown=False) for c in every)


def some_instants(rng: Random, start: datetime) -> list[datetime]:
    """When somebody looks: whole minutes apart, some close, some weeks away."""
    out = [start]
    for _ in range(rng.randint(3, 17)):
        gap = rng.choice((7, 90, 600, 1440, 3000, 9000, 20000, 45000))
        out.append(out[-1] + timedelta(minutes=gap + rng.randint(0, gap)))
    doubled = [day.replace(hour=h, minute=rng.randint(0, 59)) for day in FOLDS for h in (0, 1)]
    out += [at for at in doubled if start < at < out[-1] and rng.random() < 0.2]
    return sorted(set(out))
