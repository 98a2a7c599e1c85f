"""One verb tried: its plans, each given to a mother process with the shim."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.faults.found import Found
from tests.faults.shim import compile_shim
from tests.faults.verbs import VERBS, Plan
from tests.live.site import ROOT

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # where files wear out no disk


def try_verb(verb: str, folder: Path, most: int | None = None, **more: object) -> Found:
    """What was found of a *verb*, with what the plans say *more*, such as ``every``.

    Of several plans so many at *most* are tried.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shim = compile_shim(folder)
    found: list[Found] = []
    with VERBS[verb](folder) as plans:
        for number, plan in enumerate(plans[:most]):
            work = folder / f"work{number}"
            found.append(_give({**plan, **more, "work": str(work)}, work, shim))
    return sum(found[1:], found[0])


def _give(plan: Plan, work: Path, shim: Path) -> Found:
    """Give a *plan* to a mother process."""
    path = work.with_suffix(".json")
    path.write_text(json.dumps(plan))
    env = {**os.environ, "LD_PRELOAD": str(shim), "SQLITE_TMPDIR": str(work / "tmp")}
    command = [sys.executable, "-m", "tests.faults.mother", str(path)]
    done = subprocess.run(command, cwd=ROOT, env=env, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return Found(**json.loads(done.stdout))
