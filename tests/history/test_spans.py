"""Spans: which there are follows from what was observed, whatever came when and beside what."""

import sqlite3
from contextlib import closing

import pytest
import sqlite_utils
from hypothesis import given
from hypothesis import strategies as st

from pipelines.history.spans import Span, find_spans
from pipelines.tables.schema import migrations
from pipelines.tables.spans import StoredLooks, follow
from pipelines.values.instants import instant


def at(hour: int, name: str = "a") -> str:
    """Return the id of a capture of an instant."""
    return f"20210301T{hour:02}0000Z-{name}"


CASES = {
    "nothing": ([], []),
    "one": ([(at(1), 5)], [(at(1), at(1), 5)]),
    "a run": ([(at(1), 5), (at(2), 5), (at(3), 5)], [(at(1), at(3), 5)]),
    "two": ([(at(1), 5), (at(2), 6)], [(at(1), at(1), 5), (at(2), at(2), 6)]),
    "back again": (
        [(at(1), 5), (at(2), 6), (at(3), 5)],
        [(at(1), at(1), 5), (at(2), at(2), 6), (at(3), at(3), 5)],
    ),
    "the first by id stands for an instant": (
        [(at(1, "a"), 5), (at(1, "b"), 5), (at(2, "a"), 5), (at(2, "b"), 5)],
        [(at(1, "a"), at(2, "a"), 5)],
    ),
    "two values at one instant part what is around": (
        [(at(1), 5), (at(2, "a"), 5), (at(2, "b"), 6), (at(3), 5)],
        [(at(1), at(1), 5), (at(2, "a"), at(2, "a"), 5), (at(2, "b"), at(2, "b"), 6),
         (at(3), at(3), 5)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_spans_are_unbroken_runs(case: str) -> None:
    observed, spans = CASES[case]
    assert [tuple(span[1:]) for span in find_spans(1, observed)] == spans


observations = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from("abc"), st.integers(5, 7), st.integers(0, 4)),
    unique_by=lambda one: one[:2],
    max_size=16,
)


@given(observations, st.randoms(use_true_random=False))
def test_whatever_comes_when_the_spans_are_those_of_all_at_once(observed, random) -> None:
    shown = [(at(hour, name), value) for hour, name, value, _ in observed]
    came = list(observed)
    random.shuffle(came)
    with closing(open_database_in_memory()) as connection:
        connection.execute("CREATE TEMP TABLE due (capture TEXT PRIMARY KEY)")
        for batch in range(5):
            for hour, name, value, when in came:
                if when == batch:
                    row = (1, at(hour, name), value)
                    connection.execute("INSERT INTO _observations VALUES (?,?,?)", row)
                    connection.execute("INSERT INTO due VALUES (?)", row[1:2])
            follow(connection)
            connection.execute("DELETE FROM due")
        kept = connection.execute("SELECT * FROM _spans ORDER BY first").fetchall()
    assert [Span(*row) for row in kept] == list(find_spans(1, sorted(shown)))


def open_database_in_memory() -> sqlite3.Connection:
    """Return a database with the tables that spans need."""
    connection = sqlite3.connect(":memory:")
    migrations.apply(sqlite_utils.Database(connection))
    return connection


def test_what_lies_inside_a_span_is_found() -> None:
    with closing(open_database_in_memory()) as connection:
        for hour in (1, 3, 5):
            for name in "ab":
                row = (1, at(hour, name), 5)
                connection.execute("INSERT INTO _observations VALUES (?,?,?)", row)
        looks = StoredLooks(connection)
        assert looks.last_before(1, instant(at(5))) == at(3)
        assert looks.last_before(1, instant(at(1))) is None
        assert looks.first_after(1, instant(at(1))) == at(3)
        assert looks.first_after(1, instant(at(5))) is None
        assert looks.between(1, instant(at(2)), instant(at(3))) == [at(3, "a"), at(3, "b")]
