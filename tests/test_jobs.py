"""``ingest --jobs``: the same history, whatever dies."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.test_schedule import children_of
from tests.world import program
from tests.world.chaos import make_chaos
from tests.world.files import write_world

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Captures of some worlds, and the database that one process makes of them."""
    folder = tmp_path_factory.mktemp("many")
    for seed in range(6):
        world = make_chaos(seed)
        groups = [[n] for n in range(len(world.captures))]
        write_world(world, folder / "in" / str(seed), groups)
    db = folder / "alone" / "embassy.db"
    db.parent.mkdir()
    assert program.ingest(db, folder / "in").exit_code in (0, 3)
    return folder / "in", db


def test_several_processes_give_the_same_history(many, tmp_path: Path) -> None:
    source, alone = many
    db = tmp_path / "embassy.db"
    done = program.run("ingest", str(source), "--jobs", "3", "--db", str(db))
    assert done.exit_code in (0, 3)
    assert not program.table_differences(alone, db)
    assert program.report(alone) == program.report(db)


def test_a_killed_worker_costs_nothing(many, tmp_path: Path) -> None:
    source, alone = many
    db = tmp_path / "embassy.db"
    run = subprocess.Popen(
        [sys.executable, "-m", "embassy_scraper", "ingest", str(source), "--jobs", "2",
         "--db", str(db)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    killed: set[int] = set()
    while run.poll() is None and len(killed) < 3:
        for child in children_of(run.pid):
            for worker in children_of(child):  # below the fork server
                if worker not in killed and len(killed) < 3:
                    os.kill(worker, signal.SIGKILL)
                    killed.add(worker)
        time.sleep(0.01)
    _, said = run.communicate(timeout=120)
    assert run.returncode in (0, 3), said
    assert killed
    assert not program.table_differences(alone, db)


def test_killed_whole_it_goes_on(many, tmp_path: Path) -> None:
    source, alone = many
    db = tmp_path / "embassy.db"
    command = ("ingest", str(source), "--jobs", "2", "--db", str(db))
    for moment in (0.5, 0.8, 1.1):
        program.killed_after(moment, *command)
    assert program.run(*command).exit_code in (0, 3)
    assert not program.table_differences(alone, db)
