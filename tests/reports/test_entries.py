"""Which changes stand together as one entry, in whatever order they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embassy_scraper.reports.entries import Change, Entry, entries_of
from tests.examples import examples

from .samples import DAY, change, edit

GONE = "statement_withdrawn"


def named(*changes: Change) -> list[set[str]]:
    """Which changes stand together, by their ids, newest first."""
    return [{one.change_id for one in entry.changes} for entry in entries_of(changes)]


def gone(name: str, after: int, by: int, **more: object) -> Change:
    return change(
        GONE, field=f"list{name}", change_id=name, observed_after=DAY.format(after),
        observed_by=DAY.format(by), **more,
    )  # fmt: skip


TOGETHER = [
    ("four lists", [gone("a", 3, 5), gone("b", 3, 5), gone("c", 3, 5)], [{"a", "b", "c"}]),
    ("a day between the looks", [gone("a", 3, 5), gone("b", 4, 6)], [{"a", "b"}]),
    ("more than a day between them", [gone("a", 3, 5), gone("b", 3, 7)], [{"b"}, {"a"}]),
    ("one after the other", [gone("a", 3, 5), gone("b", 5, 6)], [{"b"}, {"a"}]),
    ("two statements", [gone("a", 3, 5), gone("b", 3, 5, subject="fnapr/1")], [{"b"}, {"a"}]),
    (
        "out of the lists, and its page gone",
        [gone("a", 3, 5), change("page_gone", field="http_status", change_id="b")],
        [{"a", "b"}],
    ),
    (
        "pages gone with the whole site, whichever they are",
        [
            change("page_gone", field="http_status", change_id="a", note="with the whole site"),
            change("page_gone", field="http_status", change_id="b", note="with the whole site",
                   subject="fnapr/1"),
            change("page_gone", field="http_status", change_id="c"),
        ],
        [{"c"}, {"a", "b"}],
    ),
    (
        "re-dated and re-titled",
        [edit("title", "a", "b", change_id="a"), edit("published_on", "x", "y", change_id="b")],
        [{"a", "b"}],
    ),
    (
        "what came and went",
        [gone("a", 3, 5), change("statement_restored", field="newarh", change_id="b")],
        [{"a"}, {"b"}],
    ),
    (
        "phone and e-mail",
        [
            change("contact_changed", subject="header", field="phone", change_id="a"),
            change("contact_changed", subject="header", field="email", change_id="b"),
        ],
        [{"a", "b"}],
    ),
    (
        "two counters",
        [
            change("counter_anomaly", subject="one", change_id="a"),
            change("counter_anomaly", subject="two", change_id="b"),
        ],
        [{"a"}, {"b"}],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "found"), [row[1:] for row in TOGETHER])
def test_what_may_have_been_one_act_stands_together(changes, found) -> None:
    assert named(*changes) == found
    assert named(*changes[::-1]) == found


def test_an_entry_spans_the_intervals_of_all_its_changes() -> None:
    entry = Entry.of([gone("a", 3, 5, learned=DAY.format(7)), gone("b", 4, 6)])
    assert (entry.observed_after, entry.observed_by) == (DAY.format(3), DAY.format(6))
    assert entry.learned == DAY.format(7)
    assert Entry.of([change("statement_discovered", observed_after=None)]).observed_after is None


CHANGES = st.lists(
    st.builds(
        change,
        st.sampled_from([GONE, "page_gone", "statement_edited", "statement_restored"]),
        subject=st.sampled_from(["fnapr/1", "fnapr/2"]),
        field=st.sampled_from(["newarh", "latest", "title"]),
        observed_after=st.none() | st.sampled_from([DAY.format(day) for day in range(1, 5)]),
        observed_by=st.sampled_from([DAY.format(day) for day in range(5, 9)]),
        change_id=st.uuids().map(str),
        note=st.sampled_from([None, "with the whole site"]),
    ),
    max_size=8,
    unique_by=lambda one: one.change_id,
)


@given(CHANGES, st.randoms(use_true_random=False))
@examples(200)
def test_the_order_in_which_changes_come_tells_nothing(changes, random) -> None:
    other = list(changes)
    random.shuffle(other)
    assert entries_of(other) == entries_of(changes)


@given(CHANGES)
@examples(200)
def test_every_change_is_told_once_and_the_newest_first(changes) -> None:
    entries = entries_of(changes)
    told = [one.change_id for entry in entries for one in entry.changes]
    assert sorted(told) == sorted(one.change_id for one in changes)
    times = [entry.observed_by for entry in entries]
    assert times == sorted(times, reverse=True)
    for entry in entries:  # there is an instant at which all of it may have happened
        after = max(one.observed_after or "" for one in entry.changes)
        assert after < min(one.observed_by for one in entry.changes)
