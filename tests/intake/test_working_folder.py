"""Nothing of ours runs code that lies in the folder it works in, among a stranger's captures."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from embassy_scraper.config import Job
from embassy_scraper.schedule import child_command, crontab

pytestmark = pytest.mark.peer

STRANGERS = (
    "zipfile",
    "random",
    "sqlite3",
    "socket",
    "lxml",
    "multiprocessing",
    "click",
    "tempfile",
)


@pytest.fixture
def folder(tmp_path: Path, demo_captures: Path) -> Path:
    """Captures, and modules that leave a file behind when they are imported."""
    shutil.copytree(demo_captures, tmp_path / "captures")
    for name in STRANGERS:
        (tmp_path / f"{name}.py").write_text(f"open('ran-{name}', 'w').close()\n")
    return tmp_path


def run(folder: Path, *command: str) -> None:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in folder.glob("ran-*")] == []


@pytest.mark.parametrize("more", [(), ("--jobs", "2"), ("--engine", "dask", "--jobs", "1")])
def test_an_import_runs_nothing_that_lies_there(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, more: tuple[str, ...]
) -> None:
    script = tmp_path_factory.mktemp("bin") / "embassy-scraper"  # as pip makes it
    script.write_text(
        "from embassy_scraper.commands import main\nif __name__ == '__main__':\n    main()\n"
    )
    program = (sys.executable, str(script))
    run(folder, *program, "ingest", "captures", "--db", "embassy.db", *more)


def test_a_job_and_a_crontab_line_run_nothing_that_lies_there(folder: Path) -> None:
    job = Job("home", "config", "7 4 * * *")
    db = folder / "embassy.db"
    (line,) = [line for line in crontab([job], db, None).splitlines() if "embassy_scraper" in line]
    assert " -P -m embassy_scraper config" in line
    run(folder, *child_command(job, db, None))
