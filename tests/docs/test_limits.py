"""One table of limits: the code uses it, and docs/reliability.md shows it."""

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


def test_the_documentation_shows_the_table() -> None:
    text = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- limits -->\n(.*)<!-- /limits -->", text, re.S)
    assert found is not None
    printed = "python -m embassy_scraper.web.docs limits"
    assert found[1] == "".join(limits.as_markdown()), f"write what `{printed}` prints there"
