"""A command killed at its n-th write, for every n, and run again: the undisturbed history."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.live.site import ROOT, Open, publish, site
from tests.live.story import OPENS
from tests.world import program
from tests.world.chaos import make_chaos
from tests.world.files import write_world

SEED = 3  # eleven captures, of four media, out of their order


@dataclass(frozen=True)
class Told:
    """How many kills of each kind there were, and what was not as it should be."""

    kills: dict[str, int]
    faults: list[str]


def killed_at_every_write(folder: Path, words: Sequence[str], begin: Path | None = None) -> Told:
    plan = {"words": words, "work": str(folder / "tries"), "begin": str(begin) if begin else None}
    (folder / "plan.json").write_text(json.dumps(plan))
    command = [sys.executable, "-m", "tests.intake.kills", str(folder / "plan.json")]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    told = Told(**json.loads(done.stdout))
    print(f"{words[0]}: {sum(told.kills.values())} kills, {told.kills}")
    return told


@pytest.mark.peer
def test_an_ingest_killed_at_any_write_ends_in_the_same_history(tmp_path: Path) -> None:
    world = make_chaos(SEED)
    paths = write_world(world, tmp_path / "world", [range(len(world.captures))])
    told = killed_at_every_write(tmp_path, ["ingest", *map(str, paths), "--db", "{db}"])
    assert told.faults == []
    assert min(told.kills[k] for k in ("append", "half of an append")) >= len(world.captures)
    assert told.kills["commit"] >= 3 and told.kills["fsync"] >= 1
    assert sum(told.kills.values()) >= 25


@pytest.mark.peer
def test_captures_that_fall_between_known_ones_killed_at_any_write(tmp_path: Path) -> None:
    world = make_chaos(SEED)
    count = len(world.captures)
    late, first = write_world(world, tmp_path / "world", [range(1, count, 3), range(0, count, 2)])
    begin = tmp_path / "begin"
    begin.mkdir()
    assert program.ingest(begin / "embassy.db", first).exit_code in (0, 3)
    told = killed_at_every_write(tmp_path, ["ingest", str(late), "--db", "{db}"], begin)
    assert told.faults == []
    assert told.kills["commit"] >= 3 and told.kills["half of an append"] >= 2


def test_a_crawl_killed_at_any_write_ends_in_the_same_history(live: Open, tmp_path: Path) -> None:
    with live(site(3)) as it:
        words = ["crawl", "--db", "{db}", "--config", str(it.config)]
        told = killed_at_every_write(tmp_path, words)
    assert told.faults == []
    assert told.kills["commit"] >= 4 and told.kills["half of an append"] >= 4


def test_a_second_round_killed_at_any_write_ends_in_the_same_history(
    live: Open, tmp_path: Path
) -> None:
    hours = [OPENS + timedelta(hours=n) for n in (1, 2)]
    events = (
        publish(9100, hours[0]),
        {"at": hours[0], "do": "unlist", "key": "fnapr/9001"},
        {"at": hours[1], "do": "withdraw", "key": "fnapr/9002"},
    )
    with live(site(3, *events), recheck_first=1.0) as it:
        it.crawl()
        it.later(hours=30)
        words = ["crawl", "--db", "{db}", "--config", str(it.config)]
        told = killed_at_every_write(tmp_path, words, it.db.parent)
    assert told.faults == []
    assert told.kills["commit"] >= 4 and told.kills["half of an append"] >= 4
