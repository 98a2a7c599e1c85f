"""Killed at its first write, its second, and so on: all is told, and by the keys once."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.telling.posts import Hook, Mail
from tests.telling.test_alerts import ROOT, Desk
from tests.world import program

pytestmark = pytest.mark.slow


def killed_at(number: int, words: list[str]) -> bool:
    """Run the words, killed at a write; whether there was such a write."""
    command = [sys.executable, "-m", "tests.telling.kill_at", str(number), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode == -signal.SIGKILL


def test_alerts_killed_at_each_write(tmp_path: Path, demo_captures: Path) -> None:
    desk = Desk(tmp_path, demo_captures)
    settings = desk.config.read_text()
    desk.config.write_text("")
    desk.run("ingest", desk.part(0, 1, 4))
    shutil.copytree(desk.db.parent, tmp_path / "calm")
    number = 1
    while True:
        shutil.rmtree(desk.db.parent)
        shutil.copytree(tmp_path / "calm", desk.db.parent)
        desk.hook, desk.mail = Hook(desk.hook.port), Mail(desk.mail.port)
        desk.config.write_text(settings)
        with desk.hook.up(), desk.mail.up():
            was_killed = killed_at(number, desk.words("tell"))
            desk.run("tell")
            desk.judge()
        if not was_killed:
            break
        assert len(desk.hook.all_keys()) == len(desk.mail.all_keys()) == 1
        number += 1
    assert number > 4  # ledger and message, each address, the end


def test_report_new_killed_at_each_write(tmp_path: Path, demo_captures: Path) -> None:
    desk = Desk(tmp_path, demo_captures)
    desk.config.write_text("")
    desk.run("ingest", desk.part(0, 1, 4))
    every = program.report(desk.db)
    number = 1
    while killed_at(number, desk.words("report", "--new", f"desk{number}")):
        assert program.run(*desk.words("report", "--new", f"desk{number}")).out == every
        number += 1
    assert number > 1
    assert program.run(*desk.words("report", "--new", f"desk{number}")).out.count("\n") == 1
