"""``embassy.toml``: every key has a default, and a slip of the pen is said."""

import tomllib

import pytest

from embassy_scraper.config import read_config
from embassy_scraper.config_text import show_config
from tests.world import program


def test_what_config_prints_is_what_is_in_force(tmp_path) -> None:
    printed = program.run("config").out
    path = tmp_path / "embassy.toml"
    path.write_text(printed)
    assert read_config(path) == read_config(None)
    assert show_config(read_config(path)) == printed
    assert set(tomllib.loads(printed)) == {
        "site", "crawl", "archives", "paths", "evidence", "log", "jobs",
    }  # fmt: skip
    lines = printed.splitlines()
    keys = [n for n, line in enumerate(lines) if " = " in line and not line.startswith("#")]
    assert all(lines[n - 1].startswith("# ") for n in keys)


@pytest.mark.parametrize(
    "text, said",
    [
        ("[crawl]\ndelai = 1", "[crawl] delai is not a known key; the keys are delay, "),
        ("[crawl]\ndelay = 'fast'", "[crawl] delay must be a number such as 5.0, not 'fast'"),
        ("[crawl]\ndelay = -1", "[crawl] delay must be at least 0, not -1"),
        ("[crawl]\nbudget = true", "[crawl] budget must be a number such as 500, not True"),
        ("[crawl]\nclock = 'moon'", "[crawl] clock must be one of local, server, not 'moon'"),
        ("[crawl]\nlists = [1]", '[crawl] lists must be a list of texts: ["one", "two"]'),
        (
            "[croll]\n",
            "[croll] is not a section; the sections are site, crawl, archives, paths, evidence,"
            " log, layout, jobs, alerts",
        ),
        (
            "[site]\nbase_url = 'ftp://a'",
            "[site] base_url must be an http or https address, not 'ftp://a'",
        ),
        ("[site]\nbase_url = 3", "[site] base_url must be text in quotes, not 3"),
        (
            "[crawl]\ncontact = 'Москва@пример.рф'",
            "[crawl] contact has 'М' in it, which a User-Agent",
        ),
        (
            "[crawl]\ncontact = 'press) Other/1'",
            "[crawl] contact has a bracket without its other one in it, which a User-Agent",
        ),
        (f"[crawl]\ncontact = '{'(' * 400_000}'", "a bracket without its other one"),
        ("[crawl]\ncontact = 'a\\b'", "in it, which a User-Agent may not hold"),
        ("site = 3", "[site] must be a table of keys"),
        ("[[jobs]]\nrun = 'crawl'", "[[jobs]] name: every job needs a name of its own"),
        ("[jobs]\n", "jobs are written as [[jobs]], with double brackets"),
        ("[[alerts]]\nto = []", "[[alerts]] name: every alert needs a name of its own"),
        ("[[alerts]]\nname='a'\nfailures = 1", "failures must be true or false, not 1"),
        ("[[alerts]]\nname='a'\nsignificance='some'", "must be one of all, substantive, not"),
        ("[[alerts]]\nname='a'\nto='json://u:pw@h'", 'to must be a list of texts: ["one", "two"]'),
        ("[[alerts]]\nname='a'\nto=['json://***']", "[[alerts]] a: address 1 of to is not whole"),
        ("[[alerts]]\nname='a'", "[[alerts]] a: to is empty; name an address"),
        ("[[alerts]]\nname='a'\nkinds=['x']", "[[alerts]] a: 'x' is not a kind of change"),
        ("[alerts]", "alerts are written as [[alerts]], with double brackets"),
        ("[log]\nlevel = 'loud'", "[log] level must be one of error, warning, info, debug"),
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
    assert "pw" not in outcome.err


def test_settings_may_begin_with_the_mark_that_notepad_writes(tmp_path) -> None:
    path = tmp_path / "embassy.toml"
    contact = "press@example.org (desk (night)), +44 20 7946 0000"
    path.write_text(f"[crawl]\ncontact = '{contact}'", "utf-8-sig")
    outcome = program.run("config", "--config", str(path))
    assert outcome.exit_code == 0
    assert f'contact = "{contact}"' in outcome.out


def test_addresses_of_alerts_are_printed_by_their_kind_alone(tmp_path) -> None:
    path = tmp_path / "embassy.toml"
    path.write_text(
        "[[alerts]]\nname = 'desk'\nto = ['mailtos://me:geheim@mail.example?to=a@b.c']\n"
    )
    printed = program.run("config", "--config", str(path)).out
    assert 'to = ["mailtos://***"]' in printed
    assert "geheim" not in printed and "example" not in printed.split("[[alerts]]")[1]
    path.write_text(printed)
    again = program.run("config", "--config", str(path))
    assert again.exit_code == 1 and "address 1 of to is not whole" in again.err


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
