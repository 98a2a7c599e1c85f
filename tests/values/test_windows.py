"""What a window covers (contract, section 1), against every way to leave out two entries tried."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.values.windows import Trunk, find_trunk
from tests.examples import examples

FIRST = date(2021, 3, 1)


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def by_brute_force(days: Sequence[str], is_head: bool) -> Trunk | None:
    """The contract's sentence word by word: fewest left out, covers least, nearest the top."""
    for count in range(min(3, len(days))):
        ways = []
        for left_out in combinations(range(len(days)), count):
            rest = [d for i, d in enumerate(days) if i not in left_out]
            if all(a >= b for a, b in pairwise(rest)):
                after = oldest_sure(rest)
                until = None if is_head else rest[0]
                ways.append((len(covered(after, until)), left_out, rest[0], after, until))
        if ways:
            _, left_out, newest, after, until = min(ways)
            return Trunk(after, until, newest, frozenset(left_out))
    return None


def oldest_sure(rest: Sequence[str]) -> str:
    if len(rest) > 1:
        gap = date.fromisoformat(rest[-2]) - date.fromisoformat(rest[-1])
        return rest[-2] if gap.days > 30 else rest[-1]
    return rest[-1]


def covered(after: str, until: str | None) -> list[str]:
    """The days covered, of all days near enough to be told apart."""
    near = (day(n) for n in range(-200, 400))
    return [d for d in near if after < d and (until is None or d < until)]


@examples(2000)
@given(
    st.lists(st.integers(0, 9) | st.sampled_from([-31, -30, 39, 40, 90]), min_size=1, max_size=8),
    st.booleans(),
    st.booleans(),
)
def test_the_trunk_is_the_best_of_all_ways(numbers: list[int], in_order: bool, head: bool) -> None:
    if in_order:
        numbers = [*numbers[:1], *sorted(numbers[1:], reverse=True)]
    days = [day(n) for n in numbers]
    assert find_trunk(days, is_head=head) == by_brute_force(days, head)


@pytest.mark.parametrize(
    ("numbers", "is_head", "left_out", "after"),
    [
        ([9, 8, 8, 5], True, [], 5),
        ([-90, 9, 8, 5], True, [0], 5),  # pinned at the head
        ([-90, -80, 9, 8, 5], True, [0, 1], 5),  # two of them
        ([9, 2, 8, 7, 5], True, [1], 5),  # pinned in the midst
        ([9, 8, 7, 5, -90], True, [], 5),  # sunk to the end: more than 30 days older
        ([9, 8, 7, 5, -25], True, [], -25),  # exactly 30 days: still of the list
        ([9, 8, 5, 7], True, [2], 7),  # either of two may go: the one that leaves less covered
        ([5, 9], True, [0], 9),
        ([9, 3, 8, 7], False, [1], 7),
        ([7], True, [], 7),
    ],
)
def test_by_hand(numbers: list[int], is_head: bool, left_out: list[int], after: int) -> None:
    trunk = find_trunk([day(n) for n in numbers], is_head=is_head)
    assert trunk is not None
    assert (sorted(trunk.left_out), trunk.covers_after) == (left_out, day(after))
    kept = next(n for i, n in enumerate(numbers) if i not in left_out)
    assert trunk.newest == day(kept)
    assert trunk.covers_until == (None if is_head else day(kept))


@pytest.mark.parametrize("numbers", [[1, 2, 3, 4], [5, 9, 4, 8, 3, 7, 2], [3, 9, 2, 8, 1, 7]])
def test_more_than_two_out_of_order_cover_nothing(numbers: list[int]) -> None:
    assert find_trunk([day(n) for n in numbers], is_head=True) is None


def test_time_grows_with_the_entries_alone() -> None:
    """Ten times the entries take about ten times as long, two of them out of order or not."""

    def seconds(count: int) -> float:
        days = [day(count - n) for n in range(count)]
        days[count // 3], days[-2] = day(0), day(count)
        began = process_time()
        for _ in range(3):
            assert find_trunk(days, is_head=True) is not None
        return process_time() - began

    assert seconds(40_000) < 40 * max(seconds(4_000), 0.002)
