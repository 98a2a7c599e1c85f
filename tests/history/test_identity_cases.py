"""Which wordings are one statement: a table of cases (the laws of identity, without a database)."""

from __future__ import annotations

from itertools import permutations

import pytest

from embassy_scraper.text import digest64
from pipelines.history.identity import cluster
from pipelines.history.pairs import WordingRow
from pipelines.values.likeness import Text

LEAD = "The embassy opens its reading room on Monday at ten."
ALIKE = "The embassy opens its reading room on Monday at nine."
ANOTHER = "A concert is given in the garden, whatever the weather."
BODY = f"{LEAD} Visitors are asked to book a place, and to leave their bags at the door."
Row = dict[str, object]


def entry(title: str = "A notice", lead: str | None = LEAD, **more: object) -> Row:
    return {"title": title, "lead": lead, "date": "2021-03-05", **more}


def page(title: str = "A notice", body: str = BODY, **more: object) -> Row:
    return {"title": title, "body": body, "date": None, **more}


CASES: dict[str, tuple[list[Row], set[tuple[int, int]], list[list[int]]]] = {
    "one URL is one statement, whatever it says": (
        [entry(url="fnapr/9"), entry("Another", ANOTHER, url="fnapr/9")], set(), [[0, 1]],
    ),
    "leads alike": ([entry(), entry(lead=ALIKE)], set(), [[0, 1]]),
    "leads that differ": ([entry(), entry(lead=ANOTHER)], set(), [[0], [1]]),
    "alike, but side by side in one window": ([entry(), entry(lead=ALIKE)], {(0, 1)}, [[0], [1]]),
    "the same on another day": ([entry(), entry(date="2021-03-06")], set(), [[0], [1]]),
    "another title": ([entry(), entry("Another")], set(), [[0], [1]]),
    "an entry and the page that its lead begins": (
        [entry(), page(url="fnapr/9")], set(), [[0, 1]],
    ),
    "an entry and a page that says something else": (
        [entry(lead=ANOTHER), page(url="fnapr/9")], set(), [[0], [1]],
    ),
    "two URLs need both dates, title and text": (
        [page(url="article/9", date="2021-03-05"), page(url="ambarticles/9", date="2021-03-05")],
        set(), [[0, 1]],
    ),
    "two URLs without dates stay two": (
        [page(url="article/9"), page(url="ambarticles/9")], set(), [[0], [1]],
    ),
    "pages without URL and date are one by title and opening": ([page(), page()], set(), [[0, 1]]),
    "an undated page that fits two is joined with neither": (
        [entry(), entry(date="2021-03-06"), page()], set(), [[0], [1], [2]],
    ),
    "an entry without a lead is the one of its title and day": (
        [entry(), entry(lead=None)], set(), [[0, 1]],
    ),
    "an entry without a lead that fits two is joined with neither": (
        [entry(), entry(lead=ANOTHER), entry(lead=None)], set(), [[0], [1], [2]],
    ),
}  # fmt: skip


def row(number: int, given: Row) -> WordingRow:
    body = given.get("body")
    lead, title = given.get("lead"), given["title"]
    text = Text(lambda: body, body is not None, lead, title, False)  # type: ignore[arg-type]
    return WordingRow(
        number, body is not None, given.get("url"), title, given["date"], None, False, None, text,
        digest64(str(title)),
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_identity(case: str) -> None:
    given, beside, told = CASES[case]
    windows = {number: {pair for pair in beside if number in pair} for number in range(len(given))}
    for order in permutations(range(len(given))):
        rows = [row(number, given[number]) for number in order]
        found = cluster(rows, windows).statements
        assert sorted(sorted(one.id for one in group) for group in found) == told
