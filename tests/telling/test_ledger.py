"""The ledger: what is new to a name, what it was told already, and what no longer holds."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from pipelines.state.told import COLUMNS, Row, Told, compare

KINDS = ("statement_edited", "statement_withdrawn")


def row(number: int, **more: str | None) -> Row:
    values: dict[str, str | None] = dict.fromkeys(COLUMNS)
    given = {
        "change_id": f"id{number}", "kind": KINDS[0], "subject": "fnapr/1", "field": "title",
        "before": "a", "after": "b", "observed_by": f"2021-03-0{number % 9 + 1}T00:00:00Z",
    }  # fmt: skip
    return {**values, **given, **more}


def told(*rows: Row) -> list[Told]:
    return [Told(number, one) for number, one in enumerate(rows, 1)]


def test_what_was_told_by_id_or_by_content_is_not_new() -> None:
    same_id = row(1, after="narrowed")
    found = compare([same_id, row(8)], told(row(1), row(2)))
    assert (found.new, found.gone) == ([], [])
    assert found.renamed == {2: "id8"}


def test_the_same_content_twice_is_told_twice() -> None:
    first, second = row(1), row(2)
    found = compare([first, second], told(first))
    assert found.new == [second] and not found.renamed


def test_of_two_alike_the_one_of_the_same_instant_is_the_one_that_was_told() -> None:
    early, late = row(3), row(4, observed_by="2021-03-05T00:00:00Z")
    found = compare([early, late], told(row(9, observed_by="2021-03-05T00:00:00Z")))
    assert found.renamed == {1: "id4"}
    assert found.new == [early]


def test_what_is_not_there_by_id_or_content_is_gone() -> None:
    found = compare([row(1, change_id="x", after="c")], told(row(1)))
    assert [one.row["after"] for one in found.gone] == ["b"]
    assert [one["after"] for one in found.new] == ["c"]


rows = st.builds(
    lambda n, k, s, b, a: row(n, kind=k, subject=s, before=b, after=a),
    st.integers(0, 30), st.sampled_from(KINDS), st.sampled_from("xy"),
    st.sampled_from(["p", None]), st.sampled_from(["q", None]),
)  # fmt: skip
unique = st.lists(rows, unique_by=lambda one: one["change_id"], max_size=12)


@given(unique, unique, st.randoms())
def test_every_change_is_new_or_told_and_order_does_not_matter(
    there: list[Row], before: list[Row], chance: random.Random
) -> None:
    ledger = told(*before)
    found = compare(there, ledger)
    news = [one["change_id"] for one in found.new]
    kept = {one.row["change_id"] for one in ledger} & {one["change_id"] for one in there}
    assert len(news) + len(found.renamed) + len(kept) == len(there)
    assert len(found.gone) + len(found.renamed) + len(kept) == len(before)
    assert len(set(found.renamed.values())) == len(found.renamed)
    shuffled, mixed = list(there), list(ledger)
    chance.shuffle(shuffled)
    chance.shuffle(mixed)
    again = compare(shuffled, mixed)
    assert sorted(one["change_id"] or "" for one in again.new) == sorted(map(str, news))
    assert again.renamed == found.renamed
    again = compare(there, told(*there))
    assert not (again.new or again.gone or again.renamed)
