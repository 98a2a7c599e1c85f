"""docs/reliability.md is as the programs print it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.docs.reliability import DOCS, PRINTED, section, with_section, with_table


@pytest.mark.parametrize("put", PRINTED)
def test_it_is_as_it_is_printed(put: Callable[[str], str]) -> None:
    docs = DOCS.read_text(encoding="utf-8")
    assert put(docs) == docs, "run python -m tests.docs.reliability"


def test_a_table_takes_the_place_of_the_one_before_in_its_section_alone() -> None:
    docs = (
        "| a |\n| b |\n<!-- x -->\nWords.\n\n{}More.\n\n| c |\n| d |\n<!-- /x -->\n| e |\n| f |\n"
    )
    old, new = docs.format("| 1 |\n| 2 |\n"), docs.format("| \\1 |\n| 3 |\n| 4 |\n")
    assert with_table(old, "x", "| \\1 |\n| 3 |\n| 4 |\n") == new
    assert with_section(new, "x", section(old, "x")) == old
    assert section(with_table("<!-- x -->\n<!-- /x -->", "x", "| 1 |\n"), "x") == "| 1 |\n"
