"""What was found: faults by kind, and what was not as it should be after them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.faults.shim import COLUMNS, Fault

Wrong = tuple[str, str]
LOST, INVENTED, UNCLEAN, UNCLEAR = "lost", "invented", "verify finds faults", "unclear message"
WRONGS = (LOST, INVENTED, UNCLEAN, UNCLEAR)

_ALL = "all"


@dataclass
class Found:
    """One row of the table, and a line for each thing that was wrong."""

    name: str
    writes: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def count(self, fault: Fault, wrongs: Iterable[Wrong], at: str) -> None:
        """Count a *fault*, and what was wrong after it: its kind and a line."""
        self.faults[fault.column] = self.faults.get(fault.column, 0) + 1
        found = list(wrongs)
        for kind in {kind for kind, _ in found}:
            self.wrong[kind] = self.wrong.get(kind, 0) + 1
        self.lines += [f"{self.name}: {at}: {kind}: {line}" for kind, line in found[:6]]

    def __add__(self, other: Found) -> Found:
        """Both in one row, by the name of the first."""
        return Found(
            self.name,
            self.writes + other.writes,
            dict(Counter(self.faults) + Counter(other.faults)),
            dict(Counter(self.wrong) + Counter(other.wrong)),
            self.lines + other.lines,
        )


def read_table(text: str) -> list[Found]:
    """The rows of a table in a *text*, but the last one, which adds them up."""
    found = []
    for line in re.findall(r"^\| (.*) \|$", text, re.M)[2:]:
        name, *cells = line.split(" | ")
        writes, *counts = (int(cell.replace(",", "")) for cell in cells)
        faults, wrong = dict(zip(COLUMNS, counts, strict=False)), counts[len(COLUMNS) + 1 :]
        found.append(Found(name, writes, faults, dict(zip(WRONGS, wrong, strict=True))))
    return [one for one in found if one.name != _ALL]


def table(found: Iterable[Found]) -> str:
    """All of it as a table in Markdown."""
    rows = list(found)
    if len(rows) > 1:
        rows.append(sum(rows, Found(_ALL)))
    head = ["verb", "writes", *COLUMNS, "faults", *WRONGS]
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *map(_cells, rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _cells(row: Found) -> list[str]:
    counts = [row.faults.get(column, 0) for column in COLUMNS]
    wrongs = [row.wrong.get(kind, 0) for kind in WRONGS]
    numbers = [row.writes, *counts, sum(counts), *wrongs]
    return [row.name, *(f"{number:,}" for number in numbers)]
