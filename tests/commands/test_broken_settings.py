"""Settings that make no sense: refused by every verb, in one line that gives no secret away."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from embassy_scraper.commands import main
from embassy_scraper.config_checks import check_address, without_secrets
from embassy_scraper.errors import ConfigError
from tests.live.site import Open, site
from tests.world import program

SECRET = "geheim"
VERBS: dict[str, tuple[str, ...]] = {
    "as-of": ("2021",), "backfill": ("wayback",), "config": (), "coverage": (), "crawl": (),
    "evidence": ("ab12",), "ingest": ("in",), "probe": ("2021",), "problems": (), "rebuild": (),
    "report": (), "retract": ("2021", "--why", "x"), "schedule": ("--print-crontab",),
    "serve": (), "show": ("2021",), "status": (), "tell": (), "verify": (),
}  # fmt: skip
ADDRESSES = [
    "http://[::1", "http://", "http:///a", "https://:80/", "http://a:99999/", "http://a:0/",
    "http://a:b/", f"https://me:{SECRET}@a.example/", f"https://me:{SECRET}/x@a.example/",
    f"https://{SECRET}@a.example/", "http://a b/", "http://a/?x=1", "http://a/#x", "http://<a>/",
    "ftp://a/", "a.example", "//a/", "http://a..b/", f"http://{'a' * 300}.example/", "http://-/",
    "http://[::g]/", "http://a\\u001b[31m/", "http://a\\u2028/", "javascript:alert(1)", "http://%0a/",
    f"ftp://me:{SECRET}@a/",
]  # fmt: skip
NO_NUMBERS = ["nan", "inf", "-inf", "-0.0", "1e400", "true", "'5'", "[5]", "-1", "1e9", "9" * 5000]
HIDDEN = ["a\\nb", "a\\u001b[31mb", "a\\u009bb", "a\\u202eb", "a\\u2028b", "a\\u0000b", "a\\rb"]
BROKEN: list[str] = [
    *(f'[site]\nbase_url = "{one}"' for one in ADDRESSES),
    *(f'[archives]\n{key} = "{one}"' for one in ADDRESSES[:8]
      for key in ("wayback", "commoncrawl_index", "commoncrawl_data")),
    *(f'[evidence]\ntimestamp = "{one}"' for one in ADDRESSES if "?" not in one and "#" not in one),
    *(f"[crawl]\ndelay = {one}" for one in NO_NUMBERS),
    *(f"[archives]\nindex_delay = {one}" for one in NO_NUMBERS[:4]),
    *(f"[crawl]\nbudget = {one}" for one in ("1.5", "0", "9" * 30, "true", "nan")),
    *(f'[[jobs]]\nname = "{one}"' for one in [*HIDDEN, "", "  ", "x" * 101]),
    *(f'[[alerts]]\nto = ["json://h"]\nname = "{one}"' for one in [*HIDDEN, "", "x" * 101]),
    *(f'[[jobs]]\nname = "a"\nrun = "{one}"' for one in [*HIDDEN, "", "nothing", "crawl '"]),
    *(f"[[jobs]]\nname = 'a'\ncron = '{one}'" for one in (
        "", "* * * *", "60 * * * *", "* * * * 8", "*/0 * * * *", "0 0 31 2 *", "x * * * *",
        "99999999999999999999 * * * *", "5-1 * * * *", "* * 1 * 1", "@daily", "0 0 1,,2 * *")),
    *(f'[crawl]\ncontact = "{one}"' for one in [*HIDDEN, f"https://me:{SECRET}@a.example/"]),
    *(f'[log]\nfile = "{one}"' for one in [*HIDDEN, "in", "/", " "]),
    *(f'[paths]\ndb = "{one}"' for one in [*HIDDEN, "in", "/", "", " "]),
    *(f'[site]\nprofile = "{one}"' for one in [*HIDDEN, "in", "nowhere.toml", "/dev/zero"]),
    f'[[alerts]]\nname = "a"\nto = "json://me:{SECRET}@h"',
    f'[[alerts]]\nname = "a"\nto = ["json://me:{SECRET}\\n@h"]',
    f'[[alerts]]\nname = "a"\nto = ["{SECRET}"]',
    f'[archives]\nwayback = ["https://me:{SECRET}@h/"]',
    f'[evidence]\ntimestamp = ["https://me:{SECRET}@h/"]',
    "a = " + "[" * 100_000, "a = " + "{a=" * 100_000, "a = " + "[" * 20 + "]" * 20,
    "a." * 100_000 + "b = 1", f"[{'a.' * 100_000}b]", "a = {" + "b." * 50 + "c = 1}",
    "".join(f"[{'.'.join('a' * n)}]\n" for n in range(1, 40)),
    "x = " + "9" * 10_000, "#" * 2_000_000, "a = 2021-99-99", "a = 1\na = 2", "\x00", "\ud800",
    "[[layout]]\nname = 'a'\nmarks = ['p:::b']\nheader = 'p'\npart = 'p'\nheading = 'p'\n"
    "date = 'p'\ntitle = 'p'\nentry = 'p'",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo_captures: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes((demo_captures / "1-home.txt").read_bytes())
    return tmp_path


def test_all_verbs_are_here() -> None:
    assert {*VERBS, "demo"} == set(main.list_commands(click.Context(main)))


@pytest.mark.parametrize("verb", VERBS)
def test_every_broken_setting_is_one_line_of_every_verb(folder: Path, verb: str) -> None:
    path = folder / "embassy.toml"
    for text in BROKEN:
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        for more in ((), ("--db", "e.db")):
            done = program.run(verb, *VERBS[verb], *more)
            assert done.exit_code == 1, (text[:200], done)
            assert done.err.count("\n") == 1, (text[:200], done.err)
            assert done.err.startswith("embassy-scraper: embassy.toml: ") or "profile" in text
            assert len(done.err) < 700 and done.out == "", (text[:200], done)
            assert SECRET not in done.err, text[:200]
    assert sorted(one.name for one in folder.iterdir()) == ["embassy.toml", "in"]


def test_options_of_jobs_are_checked_where_jobs_matter(folder: Path) -> None:
    for run in ("crawl --nothing", "ingest --help", "crawl x", "--help", "status --db in"):
        (folder / "embassy.toml").write_text(f"[[jobs]]\nname = 'a'\nrun = '{run}'\n")
        for verb in ("config", "schedule", "status"):
            done = program.run(verb)
            assert done.exit_code == 1 and done.err.count("\n") == 1, (run, done)


def test_a_job_may_name_other_settings(folder: Path) -> None:
    (folder / "embassy.toml").write_text("[[jobs]]\nname = 'a'\nrun = 'crawl --config b.toml'\n")
    assert program.run("config").exit_code == 0


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8080/", "http://[::1]:80/a/", "https://a.example", "http://localhost/",
     "https://xn--e1afmkfd.example/", "https://посольство.рф/", "http://a_b.example/~x/",
     "https://web.archive.org/@a/"],
)  # fmt: skip
def test_an_address_that_can_be_asked(url: str) -> None:
    if "@" in url:
        with pytest.raises(ConfigError):
            check_address(url, "x")
    else:
        check_address(url, "x")


def test_the_authority_named_on_the_command_line_is_checked_the_same(folder: Path) -> None:
    program.run("ingest", "in", "--db", "e.db")
    words = ("ab", "--db", "e.db", "--timestamp", f"https://me:{SECRET}@a.example/")
    done = program.run("evidence", *words)
    assert done.exit_code == 1 and SECRET not in done.err and done.err.count("\n") == 1


def test_no_secret_is_left_in_a_text() -> None:
    for text in (f"a https://me:{SECRET}@h/ b", f"//{SECRET}@h", f"https://a:{SECRET}/@b@h/x"):
        assert SECRET not in without_secrets(text)


@pytest.mark.peer
def test_a_proxy_is_said_to_be_ignored_once_a_run(live: Open, monkeypatch) -> None:
    monkeypatch.setenv("https_proxy", f"http://me:{SECRET}@proxy.example:1/")
    monkeypatch.setenv("NO_PROXY", "x")
    with live(site(3)) as it:
        said = it.crawl()
        assert said.count("ignored: HTTPS_PROXY, NO_PROXY; ") == 1
        assert SECRET not in said
        assert program.run("status", "--db", str(it.db)).err == ""


def test_what_config_prints_of_odd_texts_reads_back(folder: Path) -> None:
    from embassy_scraper.config import Alert, Job, read_config
    from embassy_scraper.config_text import _toml

    said = 'back\\slash "quotes" ⟨U+001B⟩ é'
    (folder / "embassy.toml").write_text(f"[[jobs]]\nname = {_toml(said)}\n", encoding="utf-8")
    printed = program.run("config").out
    (folder / "embassy.toml").write_text(printed, encoding="utf-8")
    assert read_config(None).jobs == [Job(said)] and read_config(None).alerts == list[Alert]()
    import tomllib

    hidden = "a\nb\x1b\u202e\U000e0041\\"
    assert tomllib.loads(f"a = {_toml(hidden)}") == {"a": hidden}
    assert _toml(hidden).isprintable()
