"""Where the peers live: an environment of their own, set up when it is needed first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WORK = HERE.parent / "work"


def run(*command: object, cwd: Path | None = None) -> None:
    """Run a command to its end.

    Raises:
        SystemExit: it failed, with what it said.
    """
    words = [str(word) for word in command]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # as an installed program has it
    done = subprocess.run(words, cwd=cwd, env=env, text=True, capture_output=True, check=False)
    if done.returncode not in (0, 3):
        said = (done.stdout + done.stderr)[-2000:]
        raise SystemExit(f"{' '.join(words)[:300]}: ended with {done.returncode}: {said}")


def program(name: str) -> Path:
    """Return a program of the peers' environment, which is made or brought up to date first."""
    folder = WORK / "peers"
    wanted = HERE / "requirements.txt"
    ready = folder / ".ready"
    if not ready.exists() or ready.read_bytes() != wanted.read_bytes():
        print(f"setting up {folder} (once) …", file=sys.stderr, flush=True)
        WORK.mkdir(exist_ok=True)
        run(sys.executable, "-m", "venv", "--clear", folder)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check"]
        run(*pip, "--quiet", "-r", wanted, "--editable", ROOT, cwd=Path(os.sep))
        ready.write_bytes(wanted.read_bytes())
    return folder / "bin" / name
