"""One table of limits, which the code uses."""

from __future__ import annotations

import re
from pathlib import Path

from embassy_scraper import limits

ROOT = Path(__file__).parents[2]
ROWS = [row for rows in limits.TABLE.values() for row in rows]


def test_every_limit_stands_in_the_table_with_its_value() -> None:
    told = {row.name: row.value for row in ROWS}
    assert told == {name: one for name, one in vars(limits).items() if name.startswith("MAX_")}
    assert len(told) == len(ROWS)


def test_every_limit_is_kept_somewhere() -> None:
    code = [*ROOT.glob("embassy_scraper/**/*.py"), *ROOT.glob("pipelines/**/*.py")]
    text = "\n".join(one.read_text(encoding="utf-8") for one in code if one.name != "limits.py")
    imported_and_used = 2
    used = {row.name: len(re.findall(rf"\b{row.name}\b", text)) for row in ROWS}
    assert [name for name, times in used.items() if times < imported_and_used] == []
