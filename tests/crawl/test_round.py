"""One live round, and what can go wrong with it, against the replica over real HTTP."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from embassy_scraper.replica import Replica
from embassy_scraper.replica.scenario import Fault
from tests.live.site import ROOT, Open, publish, site
from tests.live.story import OPENS
from tests.world import program

HOME, NEWARH = "/", "/newarh/&start={}&ps=10&ppp=15"
LISTS = [f"/{name}/&start=1&ps=10&ppp=15" for name in ("newarh", "apress_arh", "ambartarh")]


def test_a_first_round_reads_all_and_a_quiet_one_costs_little(live: Open) -> None:
    with live(site()) as it:
        it.crawl()
        first = it.asked()
        assert len(first) == len(set(first)) == 1 + 4 + 14  # home, lists (newarh twice), statements
        it.later(hours=1)
        said = it.crawl()
        assert it.asked() == [(path, 304) for path in (HOME, *LISTS)]
        assert "4 unchanged" in said and "changes: 0" in said
        assert it.kinds() == ["statement_discovered"] * 14
        sizes = it.rows("SELECT count(*), sum(is_revisit) FROM captures WHERE url LIKE '%/'")
        assert sizes == [(2, 1)]  # an answer 304 keeps no body a second time
        assert program.run("verify", "--db", str(it.db)).exit_code == 0
        assert program.run("rebuild", "--db", str(it.db)).exit_code == 0
        assert program.run("verify", "--db", str(it.db)).exit_code == 0
        assert it.outcomes()[:2] == ["complete", "complete"]


def test_what_is_new_is_read_at_once_and_no_deeper(live: Open) -> None:
    new = publish(9100, OPENS + timedelta(minutes=30))
    with live(site(34, new)) as it:
        it.crawl()
        it.asked()
        it.later(hours=1)
        it.crawl()
        paths = [path for path, _ in it.asked()]
        assert "/fnapr/9100" in paths
        assert NEWARH.format(11) in paths  # the head showed something new
        assert NEWARH.format(21) not in paths
        assert it.kinds().count("statement_added") == 1


def test_a_deep_walk_sees_what_was_taken_out_far_below(live: Open) -> None:
    unlist = {"at": OPENS + timedelta(minutes=5), "do": "unlist", "key": "fnapr/9007"}
    with live(site(34, unlist)) as it:
        it.crawl()
        it.later(hours=1)
        it.crawl()
        assert "statement_withdrawn" not in it.kinds()
        it.later(hours=1)
        it.crawl("--deep")
        assert it.kinds().count("statement_withdrawn") == 1


def test_a_page_that_is_gone_and_back_is_a_fact(live: Open) -> None:
    events = (
        {"at": OPENS + timedelta(hours=1), "do": "withdraw", "key": "fnapr/9013"},
        {"at": OPENS + timedelta(days=3), "do": "restore", "key": "fnapr/9013"},
    )
    with live(site(14, *events), recheck_first=1.0) as it:
        it.crawl()
        for _ in range(3):
            it.later(days=2)
            it.crawl()
        kinds = it.kinds()
        for kind in ("page_gone", "page_back", "statement_withdrawn", "statement_restored"):
            assert kinds.count(kind) == 1 + (kind.startswith("statement") * 2), kind
        assert set(it.outcomes()) == {"complete"}


def test_statements_are_due_less_often_the_older_they_are(live: Open) -> None:
    with live(site(3), recheck_first=24.0, recheck_growth=1.0) as it:
        visits = []
        for day in range(10):
            it.crawl()
            if any(path.startswith("/fnapr") for path, _ in it.asked()):
                visits.append(day)
            it.later(days=1, minutes=1)
        assert visits == [0, 1, 2, 4, 8]


def test_the_budget_is_kept_and_the_next_run_goes_on(live: Open) -> None:
    with live(site(64), budget=20) as it:
        said = it.crawl()
        assert "left" in said and "partial (budget)" in said
        seen = {path for path, _ in it.asked()}
        assert len(seen) == 19  # and robots.txt
        for _ in range(6):
            it.later(minutes=10)
            it.crawl()
        seen |= {path for path, status in it.asked() if status == 200}
        assert {f"/fnapr/{9000 + n}" for n in range(64)} <= seen
        assert {NEWARH.format(start) for start in range(1, 62, 10)} <= seen
        assert it.outcomes()[-1] == "complete"
        assert it.rows("SELECT count(*) FROM _walks") == [(0,)]


@pytest.mark.parametrize(
    "kind", "500 503 429 403 reset cut blocked soft404 to_home loop elsewhere inside".split()
)
def test_a_fault_is_told_and_nothing_is_taken_for_gone(live: Open, kind: str) -> None:
    since = OPENS + timedelta(minutes=30)
    fault = Fault("/newarh/*", kind, since=since, until=since + timedelta(hours=1))
    with live(site(24, faults=(fault,))) as it:
        it.crawl()
        before = it.kinds()
        it.later(hours=1)
        lost = kind in {"reset"}
        said = it.crawl(code=3 if lost else 0)
        assert it.outcomes() == ["complete", "partial"]
        assert "could not be read: " in said and "/newarh/" in said
        problems = it.rows("SELECT what, capture IS NULL FROM problems")
        assert len(problems) == 1 and problems[0][1] == lost
        it.later(hours=1)
        it.crawl()
        assert it.kinds() == before
        assert it.outcomes()[-1] == "complete"


@pytest.mark.parametrize("kind", ["timeout", "oversized"])
def test_what_takes_too_long_or_is_too_much_is_given_up(live: Open, kind: str) -> None:
    fault = Fault("/newarh/*", kind)
    with live(site(2, faults=(fault,)), timeout=4.0, retries=0) as it:
        said = it.crawl(code=3)
        assert "1 failed" in said
        assert it.rows("SELECT what FROM problems") == [("no answer",)]
        assert it.outcomes() == ["partial"]


def test_a_site_that_does_not_answer_is_a_failed_run(live: Open) -> None:
    with live(site(2, faults=(Fault("*", "reset"),)), retries=0) as it:
        said = it.crawl(code=1)
        assert "the crawl failed; check base_url" in said.splitlines()[-1]
        assert it.outcomes() == ["failed"]


def test_a_redesign_is_said_loudly(live: Open) -> None:
    with live(site(2, faults=(Fault("/newarh/*", "soft404"),))) as it:
        assert "WARNING: 1 pages do not look like the site's pages" in it.crawl()


@pytest.mark.parametrize("status, may", [(200, False), (404, True), (403, True), (503, False)])
def test_robots_are_obeyed_as_the_standard_says(live: Open, status: int, may: bool) -> None:
    with live(site(2), robots="User-agent: *\nDisallow: /\n", retries=0) as it:
        it.replica.robots_status = status
        it.crawl(code=0 if may else 1)
        assert bool(it.asked()) is may


def test_robots_are_asked_once_a_day_and_keep_their_pause(live: Open) -> None:
    robots = "User-agent: *\nCrawl-delay: 0.4\nDisallow: /newarh/\n"
    with live(site(2), robots=robots) as it:
        begun = time.monotonic()
        it.crawl()
        took = time.monotonic() - begun
        paths = [path for _, path, _ in it.replica.asked]
        assert paths.count("/robots.txt") == 1
        assert not any(path.startswith("/newarh") for path in paths)
        assert took > 0.4 * (len(paths) - 2)
        it.later(hours=1)
        it.crawl()
        assert [path for _, path, _ in it.replica.asked].count("/robots.txt") == 1


def test_a_server_that_asks_to_wait_is_waited_for(live: Open) -> None:
    fault = Fault("/newarh/*", "429", times=1, retry_after=2)
    with live(site(2, faults=(fault,))) as it:
        begun = time.monotonic()
        it.crawl()
        assert time.monotonic() - begun > 2
        assert it.outcomes() == ["complete"]


def test_a_server_that_asks_to_wait_too_long_ends_the_run(live: Open) -> None:
    fault = Fault("/newarh/*", "429", retry_after=7000)
    with live(site(2, faults=(fault,)), longest_wait=5.0) as it:
        said = it.crawl()
        assert "the server asks to wait 7000 s" in said
        assert it.outcomes() == ["partial"]


def test_a_second_run_at_the_same_time_is_skipped(live: Open) -> None:
    with live(site(6), delay=600.0) as it:
        it.db.parent.mkdir()
        first = subprocess.Popen(
            it.command(), cwd=it.folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while not it.replica.asked:
            time.sleep(0.05)
        said = it.crawl(code=1)
        assert "did not begin; another crawl is under way" in said
        first.send_signal(signal.SIGTERM)
        assert first.wait(300) == 1
        assert it.outcomes() == ["interrupted", "skipped"]


def test_it_ends_soon_when_it_is_told_to(live: Open) -> None:
    with live(site(6), delay=600.0) as it:
        run = subprocess.Popen(
            it.command(), cwd=it.folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while not it.replica.asked:
            time.sleep(0.05)
        time.sleep(0.5)
        run.send_signal(signal.SIGTERM)
        _, said = run.communicate(timeout=300)
        assert run.returncode == 1 and "stopped by SIGTERM" in said
        assert it.outcomes() == ["interrupted"]


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_as_if_nothing_had_happened(live: Open) -> None:
    rng = random.Random(7)
    with live(site(40), delay=0.02) as it:
        for _ in range(6):
            it.config.write_text(it.config.read_text().replace("delay = 0.02", "delay = 0.0"))
            run = subprocess.Popen(
                it.command(), cwd=it.folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            begun = len(it.replica.asked)
            while len(it.replica.asked) < begun + 2 and run.poll() is None:
                time.sleep(0.001)
            time.sleep(rng.uniform(0.0, 0.4))
            run.send_signal(signal.SIGKILL)
            run.wait()
            program.run("report", "--db", str(it.db))
        it.crawl()
        assert it.kinds() == ["statement_discovered"] * 40
        read = it.rows("SELECT count(DISTINCT url) FROM captures WHERE url LIKE '%fnapr%'")
        assert read == [(40,)]
        assert program.run("verify", "--db", str(it.db)).exit_code == 0
        assert "interrupted" in it.outcomes()
        assert it.rows("SELECT count(*) FROM _walks") == [(0,)]


def test_ingest_of_what_a_crawl_wrote_gives_its_report(live: Open, tmp_path: Path) -> None:
    edit = {"at": OPENS + timedelta(minutes=9), "do": "edit", "key": "fnapr/9013", "title": "New"}
    with live(site(14, edit)) as it:
        for _ in range(3):
            it.crawl()
            it.later(hours=1)
        other = tmp_path / "other" / "embassy.db"
        outcome = program.ingest(other, it.db.parent / "captures")
        assert outcome.exit_code == 0
        assert program.report(other) == program.report(it.db)
        differing = [n for n in program.TABLES if n not in {"captures"}]
        assert not program.table_differences(it.db, other, differing)


def test_a_crawl_beside_another_writer_and_a_reader(live: Open, demo_captures: Path) -> None:
    with live(site(20), delay=0.03) as it:
        it.db.parent.mkdir()
        run = subprocess.Popen(
            it.command(), cwd=it.folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while not it.replica.asked:
            time.sleep(0.02)
        ingest = program.start("ingest", str(demo_captures), "--db", str(it.db))
        reader = sqlite3.connect(it.db, timeout=300)
        while run.poll() is None:
            reader.execute("SELECT count(*) FROM captures").fetchone()
            time.sleep(0.02)
        assert run.returncode == 0, run.communicate()[1]
        assert ingest.wait(300) == 0
        captures = reader.execute("SELECT count(*) FROM captures").fetchone()[0]
        assert captures == 6 + 20 + 1 + 5
        reader.close()
        assert program.run("verify", "--db", str(it.db)).exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize("most", [1_600_000, 2_200_000])  # there is no room for all pages
def test_a_full_disk_ends_the_run_and_loses_nothing(live: Open, most: int) -> None:
    def no_space() -> None:  # what is written beyond so many bytes of a file fails
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    with live(site(200)) as it:
        done = subprocess.run(
            it.command(), cwd=it.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
            capture_output=True, preexec_fn=no_space, check=False,
        )  # fmt: skip
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr
        assert "could not be" in done.stderr.splitlines()[-1]
        it.crawl()
        assert it.kinds() == ["statement_discovered"] * 200
        assert it.outcomes()[-1] == "complete"
        assert program.run("verify", "--db", str(it.db)).exit_code == 0


def test_a_crawl_waits_for_a_writer_that_holds_the_database(live: Open) -> None:
    with live(site(8), delay=0.05) as it:
        it.crawl("--part", "homepage")
        other = sqlite3.connect(it.db, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        run = subprocess.Popen(
            it.command(), cwd=it.folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        time.sleep(3)
        assert run.poll() is None
        other.execute("COMMIT")
        _, said = run.communicate(timeout=300)
        assert run.returncode == 0, said
        assert it.outcomes() == ["complete"] * 2


def test_scrapy_itself_crawls_the_same_parts(live: Open) -> None:
    with live(site(3)) as it:
        for spider in ("homepage", "archive"):
            done = subprocess.run(
                [sys.executable, "-m", "scrapy", "crawl", spider, "-s", f"EMBASSY_DB={it.db}",
                 "-s", f"EMBASSY_CONFIG={it.config}"],
                cwd=ROOT, text=True, capture_output=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            assert done.stderr == ""
        assert it.rows("SELECT command, outcome FROM runs") == [
            ("crawl --part homepage", "complete"), ("crawl --part archive", "complete"),
        ]  # fmt: skip
        assert it.kinds() == ["statement_discovered"] * 3


def test_the_clock_of_the_machine_may_go_back(live: Open) -> None:
    with live(site(5)) as it:
        it.later(days=2)
        it.crawl()
        it.later(days=-2)
        it.crawl()
        it.later(days=3)
        it.crawl()
        assert it.kinds() == ["statement_discovered"] * 5
        assert set(it.outcomes()) == {"complete"}


def test_counts_stand_in_the_row_of_the_run(live: Open) -> None:
    with live(site(3)) as it:
        it.crawl()
        (counts,) = it.rows("SELECT counts FROM runs")[0]
        assert json.loads(counts) == {
            "requests": 8, "stored": 7, "unchanged": 0, "failed": 0, "unread": 0, "problems": 0,
            "withheld": 0, "left": 0, "changes": 3, "unread_heads": 0,
        }  # fmt: skip


def test_a_fault_is_what_the_scenario_says(live: Open) -> None:
    """The replica's faults count their hits, so that a test can end one."""
    fault = Fault("/a", "500", times=2)
    replica = Replica(replace(site(1), faults=(fault,)))
    assert [replica.fault_for("/a") for _ in range(3)] == [fault, fault, None]
    assert replica.fault_for("/b") is None
