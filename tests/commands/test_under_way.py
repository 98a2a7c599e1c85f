"""A run that is under way is no interrupted one, for whoever asks: ``status``, and ``serve``."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable
from fcntl import LOCK_SH, flock
from pathlib import Path

import pytest
from filelock import FileLock

from embassy_scraper.sites import load_profile
from pipelines.state.crawl_history import CrawlHistory
from pipelines.tables.under_way import _is_held
from tests.crawl.test_signals import archives, served
from tests.live.many import write_config
from tests.signalled import start
from tests.web.history import Site
from tests.web.test_lists import words
from tests.world import program


@pytest.mark.peer
@pytest.mark.parametrize("verb", ["crawl", "backfill wayback"])
def test_a_run_is_under_way_until_it_ends_however_that_is(tmp_path: Path, verb: str) -> None:
    makes: dict[str, Callable[[Path, str], Path]] = {"crawl": write_config}
    with served(lambda path: None if path == "/" or "/cdx/" in path else (404, b"")) as (url, _):
        config = makes.get(verb, archives)(tmp_path, url)
        db = tmp_path / "embassy.db"
        one = start(tmp_path, *verb.split(), "--db", db, "--config", config)
        one.wait_for(lambda: program.count(db, "runs"))
        assert last(db).endswith("under way") and last(db) == last(db)
        one.process.kill()
        one.process.wait()
    assert last(db).endswith("interrupted")


def last(db: Path) -> str:
    """What ``status`` says of the last run."""
    told = json.loads(program.run("status", "--db", str(db), "--json").out)["last_run"]
    said = program.run("status", "--db", str(db)).out.splitlines()[0]
    assert told["outcome"] == "interrupted" and told["is_under_way"] is ("under way" in said)
    return said


def test_of_the_runs_of_one_lock_the_newest_alone_is_under_way(tmp_path: Path) -> None:
    db = tmp_path / "embassy.db"
    program.ingest(db, tmp_path)
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE runs SET outcome = 'interrupted', finished = NULL")
        connection.execute(
            "INSERT INTO runs (started, finished, command, counts, outcome) VALUES"
            " ('2021-03-01T09:00:00Z', NULL, 'rebuild', '{}', 'interrupted'),"
            " ('2021-03-01T09:00:00Z', '2021-03-01T09:00:00Z', 'ingest', '{}', 'skipped')"
        )
    connection.close()
    site = Site(db)
    assert "rebuild interrupted" in words(site, "/problems")
    with FileLock(f"{db}.lock"):
        said = words(site, "/problems")
        assert "rebuild under way" in said and "ingest interrupted" in said
    with FileLock(f"{db}.crawl.lock"):
        assert "under way" not in words(site, "/problems")
    site.close()


def test_a_pipe_in_the_place_of_a_lock_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lock")
    looking = threading.Thread(target=_is_held, args=(tmp_path / "lock",), daemon=True)
    looking.start()
    looking.join(2)
    assert not looking.is_alive()


def test_a_look_at_its_lock_keeps_no_run_from_beginning(tmp_path: Path) -> None:
    db = tmp_path / "embassy.db"
    history = CrawlHistory(db, load_profile())
    looking = Path(f"{db}.crawl.lock").open("wb")  # noqa: SIM115 - the timer closes it
    flock(looking, LOCK_SH)
    threading.Timer(0.05, looking.close).start()
    assert history.begin("crawl", lambda: None)
    history.close()
