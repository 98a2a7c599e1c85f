"""Where a statement stands: listed, out of view or withdrawn: a table of cases."""

from __future__ import annotations

import pytest

from pipelines.history.status import Place, status_of

LAST = {("newarh", 1): "9", ("newarh", 11): "9", ("home", 1): "9"}
CASES: dict[str, tuple[bool, list[Place], str]] = {
    "in the last window": (False, [("newarh", "9", 1, False)], "listed"),
    "in an earlier one": (False, [("newarh", "8", 1, False)], "out_of_view"),
    "missing from its only list": (False, [("newarh", "8", 1, True)], "withdrawn"),
    "missing from one, still in the other": (
        False, [("newarh", "8", 1, True), ("home", "9", 1, False)], "listed",
    ),
    "missing from the one that showed it last": (
        False, [("newarh", "8", 1, True), ("home", "5", 1, False)], "withdrawn",
    ),
    "missing from one of two that showed it last": (
        False, [("newarh", "8", 1, True), ("home", "8", 1, False)], "out_of_view",
    ),
    "its page is gone": (True, [("newarh", "9", 1, False)], "withdrawn"),
    "never in a list": (False, [], "out_of_view"),
    "in the last window of that page of the list": (
        False, [("newarh", "9", 11, False)], "listed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_status(case: str) -> None:
    is_gone, places, status = CASES[case]
    assert status_of(is_gone, places, LAST) == status
