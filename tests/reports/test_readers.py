"""pandas and csvkit give back what stands in a report, whatever a page says."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from embassy_scraper.commands import main
from embassy_scraper.reports.formats import LONGEST_CELL, for_spreadsheet
from tests.peers.servers import PYWB, ROOT

from .samples import HOSTILE

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(
        not (PYWB / "bin/csvjson").exists() or not list(PYWB.glob("lib/*/site-packages/pandas")),
        reason="pandas and csvkit are not here; make peers",
    ),
]
TEXTS = (
    *(text for text in HOSTILE if "\ud800" not in text),  # no database has half a character
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\n=1+1", "one\nline\n\nfeed", '"quoted", "', ",;|\t",
    "\x01\x08\x0b\x0c\x1c\x1f\x7f\x85\u2028", "NA", "null", "007", "1e5", " spaces ", "x" * 40_000,
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history in which every change says one of the texts."""
    db = tmp_path_factory.mktemp("readers") / "embassy.db"
    done = CliRunner().invoke(main, ["ingest", str(ROOT / "tests/captures"), "--db", str(db)])
    assert done.exit_code == 0, done.output
    with closing(sqlite3.connect(db)) as connection, connection:
        changes = connection.execute("SELECT change_id FROM changes ORDER BY change_id").fetchall()
        assert len(changes) >= len(TEXTS) / 2
        for number, (change,) in enumerate(changes):
            title, text = (TEXTS[(2 * number + one) % len(TEXTS)] for one in (0, 1))
            connection.execute(
                "UPDATE changes SET title = ?, before = ?, after = ? WHERE change_id = ?",
                (title, text, f'{title}\n"{text}"', change),
            )
    return db


def _report(db: Path, *options: str) -> str:
    done = CliRunner().invoke(main, ["report", "--db", str(db), *options])
    assert done.exit_code == 0, done.output
    return done.stdout


def _told(db: Path) -> list[dict[str, Any]]:
    """The changes as the report has them in JSON, each cell a text."""
    with closing(sqlite3.connect(db)) as connection:
        connection.row_factory = sqlite3.Row
        found = {row["change_id"]: dict(row) for row in connection.execute("SELECT * FROM changes")}
    order = [row["change_id"] for row in json.loads(_report(db, "--format", "json"))]
    return [{name: _cell(cell) for name, cell in found[change].items()} for change in order]


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return "" if value is None else value


@pytest.mark.parametrize("reader", ["pandas", "csvkit"])
@pytest.mark.parametrize("options", [(), ("--spreadsheet",)])
def test_they_read_what_stands_in_the_history(hostile, tmp_path, reader, options) -> None:
    path = tmp_path / "report.csv"
    _report(hostile, "--format", "csv", *options, "--output", str(path))
    script = [str(PYWB / "bin/python"), str(ROOT / "tests/peers/tables.py"), reader, str(path)]
    done = subprocess.run(script, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    told = _told(hostile)
    assert len(rows) == len(told)
    names = list(rows[0])
    wanted = [[row[name] for name in names] for row in told]
    if options:
        wanted = [list(row) for row in for_spreadsheet(wanted)]
        assert any(len(cell) == LONGEST_CELL for row in wanted for cell in row)
    assert len(names) > 12
    for row, cells in zip(rows, wanted, strict=True):
        assert row == dict(zip(names, cells, strict=True))
