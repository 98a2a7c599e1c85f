"""Dates and counters at the edge of what can be reckoned: the capture is stored all the same."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from tests.world import program

CAPTURES = Path(__file__).parents[1] / "captures"
DAYS = ["31 December 9999", "30 December 9999", "1 January 0001", "2 January 0001", "0 May 0000"]
HOURS = [("00:00", "00:00"), ("23:59", "02:59"), ("24:00", "03:00"), ("0:01", "21:01")]
MANY = [
    "0", "999999999", "9999999999", "999,999,999", "3652059", "1" + "0" * 5000,
    "9" + ",999" * 20, "9" + ",999" * 2000,
]  # fmt: skip
VERBS = ("verify", "rebuild", "verify", "report", "coverage", "problems", "status")


def write(folder: Path, pages: list[str], *, is_given: bool) -> None:
    folder.mkdir()
    lines = ["file\turl\tcaptured_at"]
    for number, page in enumerate(pages):
        (folder / f"{number}.txt").write_text(page)
        at = f"2021-03-03T10:{number:02}:00Z" if is_given else ""
        lines.append(f"{number}.txt\thttps://www.rusemb.org.uk/fnapr/{6000 + number}\t{at}")
    (folder / "manifest.tsv").write_text("\n".join(lines) + "\n")


def is_stored(tmp_path: Path, pages: list[str], *, is_given: bool = True, least: int) -> None:
    db = tmp_path / "data" / "embassy.db"
    write(tmp_path / "in", pages, is_given=is_given)
    done = program.ingest(db, tmp_path / "in")
    assert done.exit_code == (0 if least == len(pages) else 3), done.err
    assert "reading it failed" not in done.err
    assert program.query(db, "SELECT count(*) FROM captures") == [(least,)]
    for verb in VERBS:
        assert program.run(verb, "--db", str(db)).exit_code in (0, verb == "status"), verb
    assert program.run("as-of", "9999-12-31T23:59:59Z", "--db", str(db)).exit_code == 0


def pages_of(day: str, local: str, other: str) -> str:
    text = (CAPTURES / "2-statement.txt").read_text()
    text = re.sub(r"\A3 March 2021", day, text)
    text = re.sub(r"^London: .*", f"London: {local}", text, flags=re.M)
    return re.sub(r"^Moscow: .*", f"Moscow: {other}", text, flags=re.M)


@pytest.mark.parametrize("is_given", [True, False])
def test_a_page_clock_at_the_edge_of_time(tmp_path: Path, is_given: bool) -> None:
    pages = [pages_of(day, *hours) for day, hours in product(DAYS, HOURS)]
    unreadable = 4 + 4  # "0 May" with any hour, and 24:00 on the other days
    least = len(pages) if is_given else len(pages) - unreadable
    is_stored(tmp_path, pages, is_given=is_given, least=least)


def test_dates_of_items_at_the_edge_of_time(tmp_path: Path) -> None:
    text = (CAPTURES / "1-home.txt").read_text()
    days = re.findall(r"^\d\d\.\d\d\.\d{4}$", text, re.M)
    for old, new in zip(
        days, ["31.12.9999", "01.01.0001", "31.12.9999", "02.01.0001"], strict=False
    ):
        text = text.replace(old, new)
    is_stored(tmp_path, [text], least=1)


def test_counters_that_cannot_be_reckoned_with(tmp_path: Path) -> None:
    text = (CAPTURES / "2-statement.txt").read_text()
    known = [text.replace("302 days", f"{value} days") for value in MANY]
    unknown = [page.replace("3 March 2021", "31 February 2021", 1) for page in known]
    is_stored(tmp_path, known + unknown, least=2 * len(MANY))
