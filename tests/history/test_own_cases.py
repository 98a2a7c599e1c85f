"""The cases of ``tests/cases``: each a folder of captures, and the report that it must give."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.casework import assert_every_verb_ends, assert_one_history, taken
from tests.world import program

CASES = sorted((Path(__file__).parents[1] / "cases").iterdir())
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each_case
def test_any_order_gives_one_history(case: Path, tmp_path: Path) -> None:
    assert_one_history(case / "in", tmp_path)


@each_case
def test_the_report_is_what_happened(case: Path, tmp_path: Path) -> None:
    db, exit_code = taken(tmp_path, "db", [case / "in"])
    with (case / "changes.tsv").open(encoding="utf-8", newline="") as file:
        right = list(csv.DictReader(file, delimiter="\t"))
    told = [{name: row[name] for name in right[0]} for row in program.report_rows(db)]
    assert exit_code == 0
    assert sorted(map(str, told)) == sorted(map(str, right))
    assert program.query(db, "SELECT * FROM problems") == []
    assert_every_verb_ends(db)
