"""One statement's page over time: as text, then poured into a frame, then with a figure changed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from .lines import one_of
from .markup import NBSP
from .model import Entry, Head, Model
from .pour import Poured, pour
from .texts import statement
from .variant import Variant, amid, as_it_is, before_first, behind_first, inserted

_DAYS = (
    ("24 November 2020", "15:22", "12:22", "2020-11-24T12:22:00Z", 0),
    ("25 November 2020", "11:05", "08:05", "2020-11-25T08:05:00Z", 1),
    ("27 November 2020", "23:40", "20:40", "2020-11-27T20:40:00Z", 3),
)
_FIGURE = re.compile(r"\d+")


def heads() -> tuple[Head, ...]:
    """Return the header on three days; the counters go on with the calendar."""
    plain = Head()
    return tuple(
        replace(
            plain,
            date=date,
            moscow=moscow,
            london=london,
            clock=clock,
            counters=tuple((n + days, event, rest) for n, event, rest in plain.counters),
        )
        for date, moscow, london, clock, days in _DAYS
    )


def edited(model: Model) -> Model:
    """Return *model* with one figure of its text changed."""
    at = next(n for n, (_, words) in enumerate(model.body) if _FIGURE.search(words))
    kind, words = model.body[at]
    words = _FIGURE.sub(lambda found: str(int(found[0]) + 7), words, count=1)
    return replace(model, body=(*model.body[:at], (kind, words), *model.body[at + 1 :]))


DRESSES = (  # lines of the frame whose figures go on from look to look
    as_it_is,
    inserted(behind_first("signature"), one_of(("Views: 87", "Views: 1234"))),
    inserted(before_first("heading"), one_of(("Read 12 times", "Read 15 times"))),
    inserted(amid("text"), one_of(("Advertisement", "Subscribe"))),
)


def sequence(path: Path, html: str, number: int) -> tuple[str, Poured, Poured]:
    """Return the three captures: a text, and two pages in the frame *html*."""
    first, second, third = heads()
    model = statement(number)
    dress = DRESSES[number % len(DRESSES)]
    poured = [
        pour(path, html, Variant("statement", name, "other", dress=dress, change=change))
        for name, change in (
            ("second", lambda _: replace(model, head=second)),
            ("third", lambda _: replace(edited(model), head=third)),
        )
    ]
    return as_text(replace(model, head=first)), poured[0], poured[1]


def write(folder: Path, captures: tuple[str, Poured, Poured]) -> None:
    """Write the captures of one sequence with their manifest."""
    folder.mkdir(parents=True)
    text, *pages = captures
    (folder / "0.txt").write_text(text, "utf-8")
    rows = ["file\turl\tcaptured_at", f"0.txt\t{pages[0].model.url}\t{_DAYS[0][3]}"]
    for number, page in enumerate(pages, start=1):
        (folder / f"{number}.html").write_text(page.html, "utf-8")
        rows.append(f"{number}.html\t{page.model.url}\t{page.model.head.clock}")
    (folder / "manifest.tsv").write_text("\n".join(rows) + "\n", "utf-8")


def as_text(model: Model) -> str:
    """Return a statement's page as a text browser saves it."""
    head = model.head
    counters = [f"{days} days have passed since {e} - {rest}" for days, e, rest in head.counters]
    parts = [
        f"{head.date}\nMoscow: {head.moscow}\nLondon: {head.london}",
        f"{head.label}:{NBSP}{NBSP}\n{head.phone}{NBSP}{NBSP}\n{head.email}{NBSP}{NBSP}",
        (NBSP * 341).join(counters),
        *filter(None, (model.heading, model.on, model.title)),
        *(words for _, words in model.body),
        *filter(None, (model.signature,)),
        "LATEST EVENTS",
        *(part for entry in model.block for part in _item(entry)),
        "all messages",
    ]
    return "\n\n".join(parts)


def _item(entry: Entry) -> tuple[str, str]:
    return f"{entry.on} - {entry.title}", entry.lead
