"""Whatever breaks in a run makes it failed, with a note and exit status 1; nothing is lost."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.tables.database import open_database
from tests.live.site import site
from tests.peers.backfill import ROOT, Backfill
from tests.peers.servers import needs_pywb
from tests.world import program

BREAKS = {  # a trigger that refuses what is written: where it hits, and what the note says
    "begin": ("INSERT ON runs", "the database: no room"),
    "robots": ("INSERT ON _robots", "the database: no room"),
    "index": ("INSERT ON _queries", "the database: no room"),
    "failure": (
        "INSERT ON problems WHEN NEW.capture IS NULL",
        "its answer could not be handled: the database: no room",
    ),
    "capture": ("INSERT ON captures", "it could not be stored: no room"),
    "captures at the end": (
        "INSERT ON captures WHEN (SELECT count(*) FROM captures) > 2",
        "could not be stored: no room",
    ),
    "changes": ("INSERT ON changes", "the changes could not be derived: no room"),
    "finish": ("UPDATE ON runs", "the outcome of the run could not be written down"),
}
CRAWLED = [name for name in BREAKS if name not in {"index", "failure"}]
BACKFILLED = [name for name in BREAKS if name != "robots"]


def break_off(db: Path, where: str | None) -> None:
    with closing(open_database(db)) as connection:
        connection.execute("DROP TRIGGER IF EXISTS no_room")
        if where is not None:
            refused = "BEGIN SELECT RAISE(ABORT, 'no room'); END"
            connection.execute(f"CREATE TRIGGER no_room BEFORE {where} {refused}")
        connection.commit()


def verified(db: Path) -> bool:
    return program.run("verify", "--db", str(db)).exit_code == 0


def outcomes(db: Path) -> list[str]:
    return [str(row[0]) for row in program.query(db, "SELECT outcome FROM runs ORDER BY id")]


@needs_pywb
@pytest.mark.parametrize("name", BACKFILLED)
def test_what_breaks_in_a_backfill_is_told(tmp_path, archive, machine, name) -> None:
    where, note = BREAKS[name]
    if name == "failure":
        machine.moods.append(lambda path: (404, {}, b"") if "id_/" in path else None)
    fill = Backfill(tmp_path / "fill", machine.url)
    break_off(fill.db, where)
    said = fill.run(code=1).stderr
    assert note in said.splitlines()[-1]
    assert "Traceback" not in said
    kept = fill.rows("SELECT count(*) FROM captures")[0][0]
    assert f"captures: {kept} stored" in said
    told = {"begin": [], "finish": ["interrupted"]}
    assert outcomes(fill.db) == told.get(name, ["failed"])
    machine.moods.clear()
    break_off(fill.db, None)
    fill.run()
    assert fill.rows("SELECT count(*) FROM captures") == [(archive[2],)]
    assert outcomes(fill.db)[-1] == "complete"
    assert verified(fill.db)


@pytest.mark.parametrize("name", CRAWLED)
def test_what_breaks_in_a_crawl_is_told(live, name) -> None:
    where, note = BREAKS[name]
    with live(site(3)) as it:
        break_off(it.db, where)
        said = it.crawl(code=1)
        assert note in said.splitlines()[-1]
        assert f"the disk of {it.db}" in said.splitlines()[-1]
        assert "Traceback" not in said
        break_off(it.db, None)
        it.crawl()
        assert it.kinds() == ["statement_discovered"] * 3
        assert it.rows("SELECT count(*) FROM problems") == [(0,)]
        assert it.outcomes()[-1] == "complete"
        assert verified(it.db)


@needs_pywb
@pytest.mark.parametrize("most", [150_000, 400_000])
def test_a_full_disk_ends_a_backfill(tmp_path, archive, machine, most) -> None:
    def no_space() -> None:  # what is written beyond so many bytes of a file fails
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    fill = Backfill(tmp_path / "fill", machine.url)
    open_database(fill.db).close()
    done = subprocess.run(
        fill.command(), cwd=fill.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        capture_output=True, preexec_fn=no_space, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    fill.run()
    assert fill.rows("SELECT count(*) FROM captures") == [(archive[2],)]
    assert verified(fill.db)


@needs_pywb
def test_an_error_that_is_only_logged_is_told(tmp_path, machine) -> None:
    fill = Backfill(tmp_path / "fill", machine.url)
    more = {"EMBASSY_DB": fill.db, "EMBASSY_CONFIG": fill.config,
            "EXTENSIONS": '{"tests.peers.broken.Broken": 1}'}  # fmt: skip
    words = [word for name, value in more.items() for word in ("-s", f"{name}={value}")]
    command = [sys.executable, "-m", "scrapy", "crawl", "wayback", *words]
    subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False)
    told = program.query(fill.db, "SELECT outcome, note FROM runs")
    assert told == [("failed", "RuntimeError: it broke down")]
