"""Months of a replica, crawled by the real spiders over real HTTP: the report is what happened."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from embassy_scraper.replica import load_scenario
from tests.examples import thinned
from tests.live.story import OPENS, Story
from tests.live.truth import false_rows, missed
from tests.world import program

pytestmark = pytest.mark.peer

ROOT = Path(__file__).parents[2]
DAYS = int(os.environ.get("STORY_DAYS", max(30, 90 // thinned(1))))
EVERY = int(os.environ.get("STORY_HOURS", "6"))  # 1: the homepage every hour, as in life


def crawl_many(
    scenario: Path, folder: Path, steps: list[tuple[str, str, bool]], markup: str, **crawl: object
):
    (folder / "crawl.json").write_text(json.dumps(crawl))
    done = subprocess.run(
        [sys.executable, "-m", "tests.live.many", scenario, folder, json.dumps(steps), markup],
        cwd=ROOT, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told: list[dict[str, Any]] = json.loads(done.stdout)
    assert len(told) == len(steps), done.stderr[-3000:]
    return told


def all_steps(days: int) -> list[tuple[str, str, bool]]:
    """The homepage every few hours, everything once a day, to the end of the lists once a week."""
    steps = []
    for hour in range(0, 24 * days, EVERY):
        at = OPENS + timedelta(hours=hour + 1)
        is_round = hour % 24 == 0
        steps.append((at.isoformat(), "all" if is_round else "homepage",
                      is_round and hour % 168 == 0))  # fmt: skip
    return steps


@pytest.mark.parametrize(
    "seed, markup, disturbed",
    [(1, "frame", False), pytest.param(2, "modern", True, marks=pytest.mark.slow)],
)
def test_months_of_a_site_are_told_as_they_were(tmp_path, seed, markup, disturbed) -> None:
    story = Story(seed, DAYS)
    if disturbed:
        story.disturb()
    scenario = load_scenario(story.write(tmp_path / "scenario.toml"))
    steps = all_steps(DAYS)
    patience = {"timeout": 1.0 if disturbed else 60.0, "longest_wait": 3.0}
    told = crawl_many(
        tmp_path / "scenario.toml", tmp_path, steps, markup, recheck_first=20.0, **patience
    )  # fmt: skip
    db = tmp_path / "embassy.db"
    rows = program.report_rows(db)
    assert list(false_rows(scenario, rows)) == []
    rounds = [datetime.fromisoformat(run["at"]) for run, step in zip(told, steps, strict=True)
              if step[1] == "all" and run["outcome"] == "complete"]  # fmt: skip
    assert len(rounds) > DAYS / 2
    assert list(missed(scenario, rows, rounds)) == []
    outcomes = {run["outcome"] for run in told}
    assert outcomes == ({"complete", "partial", "failed"} if disturbed else {"complete"})
    assert program.run("verify", "--db", str(db)).exit_code == 0
    again = tmp_path / "again" / "embassy.db"
    assert program.ingest(again, tmp_path / "captures").exit_code == 0
    assert program.report(again) == program.report(db)
