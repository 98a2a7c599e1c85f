"""Failures and silence: told when they begin, and once more when they are over."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from embassy_scraper.commands.schedule import with_tell
from embassy_scraper.config import read_config
from pipelines.tables.database import open_database
from tests.live.site import Live, Open, site
from tests.telling.posts import Hook
from tests.world import program


def alert(config: Path, **more: object) -> None:
    lines = [f"{key} = {json.dumps(value)}" for key, value in more.items()]
    config.write_text("\n".join([config.read_text(), "[[alerts]]", 'name = "desk"', *lines]) + "\n")


def aged(it: Live, **span: float) -> None:
    """Let all runs so far have been begun so much earlier."""
    with closing(open_database(it.db)) as connection, connection:
        for number, started in connection.execute("SELECT id, started FROM runs").fetchall():
            at = datetime.fromisoformat(started) - timedelta(**span)
            connection.execute(
                "UPDATE runs SET started = ? WHERE id = ?", (f"{at:%Y-%m-%dT%H:%M:%SZ}", number)
            )


def tell(it: Live) -> None:
    outcome = program.run("tell", "--db", str(it.db), "--config", str(it.config))
    assert outcome.exit_code == 0, outcome.err


@pytest.mark.peer
def test_a_failure_is_told_once_and_that_it_is_over_once(live: Open) -> None:
    hook = Hook()
    with live(site(2), retries=0) as it, hook.up():
        alert(it.config, to=[hook.address])
        it.crawl()
        hook.had.clear()
        it.replica.raw["/robots.txt"] = b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"
        with closing(open_database(it.db)) as connection, connection:
            connection.execute("DELETE FROM _robots")
        it.crawl(code=1)
        it.crawl(code=1)
        it.crawl(code=1)
        ((_, text),) = hook.had
        reason = "robots.txt could not be fetched: the server answered 503"
        assert f"Failed: crawl: {reason}" in text
        assert "last good run: none" not in text
        it.replica.raw.clear()
        it.crawl()
        it.crawl()
        assert len(hook.had) == 2
        assert f"Works again: crawl (was: {reason})" in hook.had[1][1]
    said = program.run("report", "--new", "desk", "--db", str(it.db)).out
    assert "run_failed" not in said


@pytest.mark.peer
def test_silence_is_told_once_and_that_it_is_over_once(live: Open) -> None:
    hook = Hook()
    with live(site(2)) as it, hook.up():
        alert(it.config, to=[hook.address], silence_days=2)
        it.crawl()
        hook.had.clear()
        aged(it, hours=47)
        tell(it)
        assert not hook.had
        aged(it, hours=2)
        it.crawl("--part", "homepage")  # a part is no round
        tell(it)
        ((_, text),) = hook.had
        assert "Silence: no complete round for 2 days" in text
        assert "the last was begun " in text
        it.crawl()
        assert len(hook.had) == 2
        assert "Not silent any more: a live round was complete" in hook.had[1][1]


@pytest.mark.peer
def test_who_does_not_want_to_know_is_not_told(live: Open) -> None:
    hook = Hook()
    with live(site(2), retries=0) as it, hook.up():
        alert(it.config, to=[hook.address], silence_days=0, failures=False)
        it.crawl()
        aged(it, days=9)
        hook.had.clear()
        it.replica.robots_status = 503
        with closing(open_database(it.db)) as connection, connection:
            connection.execute("DELETE FROM _robots")
        it.crawl(code=1)
        tell(it)
        assert not hook.had


def test_the_scheduler_and_its_crontab_tell_every_hour_where_there_are_alerts(tmp_path) -> None:
    config = tmp_path / "embassy.toml"
    config.write_text("")
    assert with_tell(read_config(config)) == read_config(config).jobs
    alert(config, to=["json://127.0.0.1:1/"])
    words = ("schedule", "--print-crontab", "--config", str(config), "--db", str(tmp_path / "a.db"))
    (line,) = [one for one in program.run(*words).out.splitlines() if " tell --db " in one]
    assert line.startswith("35 * * * * cd ")
    config.write_text(
        config.read_text() + '[[jobs]]\nname = "x"\nrun = "tell"\ncron = "1 1 * * *"\n'
    )
    assert [job.name for job in with_tell(read_config(config))] == ["x"]


def test_without_alerts_tell_is_one_line(run) -> None:
    outcome = run("tell")
    assert outcome.exit_code == 1
    assert "no [[alerts]] in it" in outcome.stderr and outcome.stderr.count("\n") == 1
