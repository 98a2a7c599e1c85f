"""Page by page the timeline tells every entry once, whole, whatever is filtered."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import sqlite_utils
from hypothesis import given
from hypothesis import strategies as st

from embassy_scraper.reports.entries import Change, Entry, entries_of
from embassy_scraper.reports.wanted import Wanted, read_changes
from embassy_scraper.web.told import read_page
from pipelines.tables.schema import migrations

KINDS = {
    "statement_withdrawn": ("home", "latest", "newarh"),
    "statement_edited": ("title", "body"),
    "page_gone": ("http_status",),
    "statement_added": ("latest", "home"),
}
LISTS = ("home", "latest", "newarh", "page")
WEIGHTS = ("cosmetic", "substantive")
DAYS = [f"2021-03-{day:02}T{hour:02}:00:00Z" for day in range(1, 9) for hour in (0, 9, 21)]


@st.composite
def rows(draw) -> tuple[object, ...]:
    kind = draw(st.sampled_from(sorted(KINDS)))
    by = draw(st.integers(1, len(DAYS) - 1))
    after = draw(st.integers(0, by - 1))
    whole = kind == "page_gone" and draw(st.booleans())
    is_edit = kind == "statement_edited"
    return (
        kind,
        draw(st.sampled_from(["fnapr/1", "fnapr/2", "fnapr/3"])),
        draw(st.sampled_from(KINDS[kind])),
        DAYS[after],
        DAYS[by],
        "with the whole site" if whole else None,
        draw(st.sampled_from(WEIGHTS)) if is_edit else None,
        draw(st.sampled_from([None, *DAYS])),
    )


def or_none(values) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


FILTERS = st.builds(
    Wanted,
    kinds=st.none() | st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=2).map(tuple),
    since=or_none(DAYS),
    until=or_none(DAYS),
    significance=or_none(WEIGHTS),
    list=or_none(LISTS),
    learned=or_none(DAYS),
)


def history(found: list[tuple[object, ...]]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    migrations.apply(sqlite_utils.Database(connection))
    for number, (*row, learned) in enumerate(found):
        id_ = f"{number * 7919 % 1000:04}"
        connection.execute(
            "INSERT INTO changes (change_id, kind, subject, field, observed_after, observed_by,"
            " capture_after, note, significance) VALUES (?,?,?,?,?,?,'c',?,?)",
            (id_, *row),
        )
        if learned is not None:
            connection.execute("INSERT INTO _learned VALUES (?, ?)", (id_, learned))
    return connection


def pages(connection: sqlite3.Connection, wanted: Wanted, most: int) -> list[Entry]:
    found: list[Entry] = []
    place = None
    while True:
        entries, place = read_page(connection, wanted, place, most)
        assert entries == sorted(entries, key=lambda e: e.observed_by, reverse=True)
        found += entries
        if place is None:
            return found


@given(st.lists(rows(), max_size=30), FILTERS, st.sampled_from([1, 2, 5, 60]))
def test_the_pages_together_are_all_entries_with_a_wanted_change(found, wanted, most) -> None:
    with closing(history(found)) as connection:
        every = read_changes(connection, Wanted())
        fit = {change.change_id for change in read_changes(connection, wanted)}
        there = pages(connection, wanted, most)
    expected = [e for e in entries_of(every) if {c.change_id for c in e.changes} & fit]
    assert sorted(map(ids, there)) == sorted(map(ids, expected))
    assert fit == {change.change_id for change in every if wanted.fits(change)}


def ids(entry: Entry) -> tuple[str, ...]:
    return tuple(sorted(change.change_id for change in entry.changes))


def test_a_change_is_what_the_report_says_of_it() -> None:
    with closing(
        history([("page_gone", "fnapr/1", "http_status", DAYS[0], DAYS[1], None, None, None)])
    ) as one:
        (change,) = read_changes(one, Wanted())
    assert isinstance(change, Change)
    assert (change.kind, change.observed_by, change.learned) == ("page_gone", DAYS[1], None)


def test_where_an_entry_ends_does_not_depend_on_the_page() -> None:
    """Three lists lose it within 36 hours: the first two together, as at most a day apart."""
    begin, first, second, third = DAYS[0], DAYS[1], DAYS[3], DAYS[5]
    gone: list[tuple[object, ...]] = [
        ("statement_withdrawn", "fnapr/1", name, begin, by, None, None, None)
        for name, by in (("home", first), ("latest", second), ("newarh", third))
    ]
    with closing(history(gone)) as connection:
        every = entries_of(read_changes(connection, Wanted()))
        assert sorted(len(entry.changes) for entry in every) == [1, 2]
        assert sorted(map(ids, pages(connection, Wanted(), 1))) == sorted(map(ids, every))
