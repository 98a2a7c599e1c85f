"""Entries of which the same is told stand together, and none is lost or told in another's words."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from embassy_scraper.reports.days import alike, subjects
from embassy_scraper.reports.entries import entries_of
from embassy_scraper.reports.sentences import sentence, when

from .samples import DAY, change, edit

FIRST: dict[str, Any] = {"kind": "statement_discovered", "field": "page", "observed_after": None}


@st.composite
def changes(draw):
    number = draw(st.integers(1, 40))
    given = {"change_id": f"{draw(st.integers(0, 10**9)):016x}", "subject": f"fnapr/{number}"}
    by = DAY.format(draw(st.integers(4, 6)))
    if draw(st.booleans()):
        return edit("title", "one", "two", observed_by=by, **given)
    return change(
        **{**FIRST, "field": draw(st.sampled_from(["page", "home"])), **given}, observed_by=by
    )


@given(st.lists(changes(), max_size=20, unique_by=lambda c: c.change_id))
def test_every_entry_stands_in_one_group_whose_words_are_its_own(found) -> None:
    entries = entries_of(found)
    groups = alike(entries)
    assert sorted(map(id, entries)) == sorted(id(entry) for group in groups for entry in group)
    for group in groups:
        assert len({(sentence(entry), when(entry)) for entry in group}) == 1
        assert len(group) == 1 or not any(c.before for entry in group for c in entry.changes)


def test_statements_that_are_first_seen_at_once_are_told_once_with_their_number() -> None:
    found = [change(**FIRST, change_id=f"{n:016}", subject=f"fnapr/{n}") for n in range(3)]
    box = change(**{**FIRST, "field": "box"}, change_id="f" * 16, subject="fnapr/1a")
    (first, second) = alike(entries_of([*found, box]))
    assert sorted((len(first), len(second))) == [1, 3]
    assert {subjects(first), subjects(second)} == {"", ": 3 statements"}
