"""``embassy.toml``: every key has a default, and a slip of the pen is said."""

import tomllib

import pytest

from embassy_scraper.config import read_config, show_config
from tests.world import program


def test_what_config_prints_is_what_is_in_force(tmp_path) -> None:
    printed = program.run("config").out
    path = tmp_path / "embassy.toml"
    path.write_text(printed)
    assert read_config(path) == read_config(None)
    assert show_config(read_config(path)) == printed
    assert set(tomllib.loads(printed)) == {
        "site", "crawl", "archives", "paths", "evidence", "jobs",
    }  # fmt: skip
    lines = printed.splitlines()
    keys = [n for n, line in enumerate(lines) if " = " in line and not line.startswith("#")]
    assert all(lines[n - 1].startswith("# ") for n in keys)


@pytest.mark.parametrize(
    "text, said",
    [
        ("[crawl]\ndelai = 1", "[crawl] delai is not a known key; the keys are delay, "),
        ("[crawl]\ndelay = 'fast'", "[crawl] delay must be a value like 5.0, not 'fast'"),
        ("[crawl]\ndelay = -1", "[crawl] delay must be at least 0, not -1"),
        ("[crawl]\nbudget = true", "[crawl] budget must be a value like 500, not True"),
        ("[crawl]\nclock = 'moon'", "[crawl] clock must be one of local, server, not 'moon'"),
        ("[crawl]\nlists = [1]", "[crawl] lists must be a list of words"),
        (
            "[croll]\n",
            "[croll] is not a section; the sections are site, crawl, archives, paths, evidence,"
            " layout, jobs",
        ),
        ("[site]\nbase_url = 'ftp://a'", "'ftp://a' must be an http or https address"),
        ("site = 3", "[site] must be a table of keys"),
        ("[[jobs]]\nrun = 'crawl'", "[[jobs]] name: every job needs a name of its own"),
        ("[jobs]\n", "jobs are written as [[jobs]], with double brackets"),
        ("[[jobs]]\nname='a'\ncron='* * * *'", "cron '* * * *' must have five fields"),
        ("[crawl\n", "correct the file or name another"),
    ],
)
def test_what_makes_no_sense_is_one_line(tmp_path, text: str, said: str) -> None:
    path = tmp_path / "embassy.toml"
    path.write_text(text)
    outcome = program.run("config", "--config", str(path))
    assert outcome.exit_code == 1
    assert outcome.err.startswith("embassy-scraper: ")
    assert outcome.err.count("\n") == 1
    assert said in outcome.err


def test_whole_numbers_stand_for_fractions(tmp_path) -> None:
    path = tmp_path / "embassy.toml"
    path.write_text("[crawl]\ndelay = 2\n[site]\nbase_url = 'http://127.0.0.1:1'")
    config = read_config(path)
    assert config.crawl.delay == 2
    assert config.mirror == "http://127.0.0.1:1/"


def test_the_database_may_be_named_in_the_settings(tmp_path, monkeypatch, demo_captures) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "embassy.toml").write_text("[paths]\ndb = 'elsewhere/history.db'\n")
    assert program.run("ingest", str(demo_captures)).exit_code == 0
    assert (tmp_path / "elsewhere" / "history.db").exists()
    assert program.run("report").exit_code == 0
    (tmp_path / "other.toml").write_text("[paths]\ndb = 'other.db'\n")
    assert program.run("ingest", str(demo_captures), "--config", "other.toml").exit_code == 0
    assert (tmp_path / "other.db").exists()
    (tmp_path / "embassy.toml").write_text("[paths]\ndb = 3\n")
    broken = program.run("report")
    assert broken.exit_code == 1
    assert broken.err.count("\n") == 1
