"""docs/server.md and the files that it names: what it says can be typed, and does what it says."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from embassy_scraper import commands
from embassy_scraper.config import read_config
from embassy_scraper.cron import next_fire

ROOT = Path(__file__).parents[2]
SERVER = ROOT / "docs/server"
TEXT = (ROOT / "docs/server.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.+?)^```", TEXT, re.M | re.S)
LINES = [line for block in BLOCKS for line in block.replace("\\\n", " ").splitlines()]
BACKUP = re.findall(
    r"^```\n(.+?)^```", TEXT.split("## 6. Backup")[1].split("\n## ")[0], re.M | re.S
)
UNITS = sorted(path.name for path in SERVER.iterdir() if path.suffix in (".service", ".timer"))
PROGRAM = Path(sys.executable).with_name("embassy-scraper")
STARTS = "/opt/embassy-scraper/bin/embassy-scraper"


def _unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string((SERVER / name).read_text("utf-8").replace("\\\n", " "))
    return parser


def _called() -> list[list[str]]:
    """Every call of the program: in blocks, in the text, in the units, in the container."""
    inline = re.findall(r"`((?:sudo -u embassy )?embassy-scraper [^`]+)`", TEXT)
    starts = [_unit(name)["Service"]["ExecStart"] for name in UNITS if name.endswith(".service")]
    found = []
    for line in [*LINES, *inline, *starts]:
        words = shlex.split(line, comments=True)
        for number, word in enumerate(words):
            ends = word in ("embassy-scraper", STARTS)
            if ends and words[number + 1 : number + 2] and "ln" not in words:
                found.append(words[number + 1 :])
    return [words for words in found if not words[0].startswith(("-", ">", ".", "/", "&"))]


def test_every_verb_and_option_that_it_names_is_there() -> None:
    called = _called()
    assert {words[0] for words in called} >= {"crawl", "schedule", "serve", "status", "verify"}
    context = click.Context(commands.main)
    for verb, *words in called:
        command = commands.main.get_command(context, verb)
        assert command is not None, verb
        options = {name for one in command.params for name in one.opts} | {"--help"}
        for word in words:
            assert not word.startswith("--") or word in options, (verb, word)


def test_every_file_that_it_names_is_there_and_every_file_is_named() -> None:
    named = set(re.findall(r"docs/server/([\w.-]+\w)", TEXT))
    there = {path.name for path in SERVER.iterdir()}
    assert named == there - {"Dockerfile.dockerignore"}  # docker finds that one by its name


def test_the_extras_that_it_names_are_those_there_are() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    rows = re.findall(r"^\| `(\w+)` \|", TEXT.split("| extra | brings |")[1].split("##")[0], re.M)
    assert set(rows) == set(project["optional-dependencies"]) - {"dev"}
    asked = set(re.findall(r"'\.\[(.+?)\]'", TEXT + (SERVER / "Dockerfile").read_text("utf-8")))
    assert {name for one in asked for name in one.split(",")} <= set(rows)


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_can_be_parsed_and_says_where_it_belongs(name: str) -> None:
    text = (SERVER / name).read_text("utf-8")
    assert text.startswith(f"# /etc/systemd/system/{name}: ")
    unit = _unit(name)
    assert unit["Unit"]["Description"]
    assert ("Install" in unit) is not (name == "embassy-scraper.service")  # its timer starts it


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    for name in UNITS:
        text = (SERVER / name).read_text("utf-8").replace(STARTS, str(PROGRAM))
        (tmp_path / name).write_text(text, encoding="utf-8")
    verify = ["systemd-analyze", "verify", *(str(tmp_path / name) for name in UNITS)]
    done = subprocess.run(verify, capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "embassy" in line or str(tmp_path) in line]
    assert (done.returncode, ours) == (0, [])


def test_units_give_the_program_no_more_than_it_needs() -> None:
    services = {name: _unit(name)["Service"] for name in UNITS if name.endswith(".service")}
    for name, service in services.items():
        assert service["User"] == service["Group"] == "embassy"
        assert service["NoNewPrivileges"] == service["ProtectHome"] == "yes"
        assert service["ProtectSystem"] == "strict"
        writes = name != "embassy-serve.service"
        assert (service.get("StateDirectory") == "embassy-scraper") is writes
        assert "ReadWritePaths" not in service
    assert services["embassy-serve.service"]["IPAddressDeny"] == "any"


def test_the_timer_begins_the_job_of_the_settings_at_its_time() -> None:
    (job,) = read_config(SERVER / "embassy.toml").jobs
    service, timer = _unit("embassy-scraper.service")["Service"], _unit("embassy-scraper.timer")
    assert service["Environment"] == f"EMBASSY_JOB={job.name}"
    assert shlex.split(service["ExecStart"])[1] == job.run
    assert timer["Timer"]["Persistent"] == "yes"
    hour, minute, zone = re.fullmatch(  # type: ignore[union-attr]
        r"\*-\*-\* (\d\d):(\d\d):00 (\w+)", timer["Timer"]["OnCalendar"]
    ).groups()
    begins = next_fire(job.cron, datetime(2026, 7, 1, tzinfo=UTC))
    assert begins is not None
    assert (f"{begins:%H}", f"{begins:%M}", "UTC") == (hour, minute, zone)


def test_the_address_of_the_pages_is_one_in_the_unit_and_the_proxy() -> None:
    words = shlex.split(_unit("embassy-serve.service")["Service"]["ExecStart"])
    port, base = words[words.index("--port") + 1], words[words.index("--base-url") + 1]
    proxy = (SERVER / "nginx.conf").read_text("utf-8")
    assert set(re.findall(r"proxy_pass (\S+);", proxy)) == {f"http://127.0.0.1:{port}"}
    assert f"location {base} {{" in proxy


def _complete(shell: str, typed: str) -> list[str]:
    """What *shell* would offer behind what is *typed*."""
    words = typed.split(" ")
    told = words[-1] if shell == "fish" else str(len(words) - 1)
    done = subprocess.run(
        [str(PROGRAM)], capture_output=True, text=True, check=True,
        env={**os.environ, "_EMBASSY_SCRAPER_COMPLETE": f"{shell}_complete",
             "COMP_WORDS": typed, "COMP_CWORD": told},
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_verbs_and_options(shell: str) -> None:
    assert f"_EMBASSY_SCRAPER_COMPLETE={shell}_source embassy-scraper > " in TEXT
    offered = "\n".join(_complete(shell, "embassy-scraper "))
    for verb in commands._VERBS:
        assert re.search(rf"\b{verb}\b", offered), verb
    begun = "\n".join(_complete(shell, "embassy-scraper re"))
    assert "rebuild" in begun
    assert "serve" not in begun
    options = "\n".join(_complete(shell, "embassy-scraper serve --"))
    assert "--base-url" in options
    assert "--db" in options
    assert "--help" in "\n".join(_complete(shell, "embassy-scraper --"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell_is_one_that_it_reads(shell: str, tmp_path: Path) -> None:
    variables = {**os.environ, "_EMBASSY_SCRAPER_COMPLETE": f"{shell}_source"}
    done = subprocess.run([str(PROGRAM)], env=variables, capture_output=True, text=True, check=True)
    assert f"{shell}_complete" in done.stdout
    if shutil.which(shell):
        script = tmp_path / "script"
        script.write_text(done.stdout)
        subprocess.run([shell, "-n", str(script)], check=True)


def test_completing_a_verb_imports_none() -> None:
    script = (
        "import sys\nfrom embassy_scraper.commands import main\n"
        "try:\n    main(prog_name='embassy-scraper')\nexcept SystemExit:\n    pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env={**os.environ, "_EMBASSY_SCRAPER_COMPLETE": "bash_complete",
             "COMP_WORDS": "embassy-scraper ", "COMP_CWORD": "1"},
    )  # fmt: skip
    assert "plain,backfill" in done.stdout
    loaded = set(done.stderr.split())
    assert "embassy_scraper.commands" in loaded
    assert not {"scrapy", "lxml", "sqlite3", "datasette", "filelock"} & loaded
    assert not {name for name in loaded if name.startswith("embassy_scraper.commands.")}


def test_a_backup_as_described_restores_beside_a_log_that_the_file_alone_lacks(
    tmp_path: Path, demo_captures: Path
) -> None:
    place = tmp_path / "lib"
    db = place / "embassy.db"
    config = tmp_path / "embassy.toml"
    text = (SERVER / "embassy.toml").read_text("utf-8")
    config.write_text(text.replace("/var/lib/embassy-scraper", str(place)))

    def program(*words: object) -> str:
        done = CliRunner().invoke(commands.main, [str(word) for word in words])
        assert done.exit_code == 0, done.output
        return done.stdout

    program("ingest", demo_captures, "--db", db)
    before = program("report", "--db", db)
    saving, restoring, again = BACKUP
    _type(saving, place, config)
    for path in [*place.glob("embassy.db*"), *place.glob("captures/*")]:
        path.unlink()
    db.with_name("embassy.db-wal").write_bytes(b"of another database")
    _type(restoring, place, config)
    assert program("report", "--db", db) == before
    for path in place.glob("embassy.db*"):
        path.unlink()
    _type(again, place, config)
    assert program("report", "--db", db) == before


def _type(block: str, place: Path, config: Path) -> None:
    """Type the lines of a *block*, as this user, in another *place*; systemd is left out."""
    assert shutil.which("sqlite3"), "sqlite3 is not here; apt-get install sqlite3"
    for line in block.splitlines():
        if "systemctl" in line:
            continue
        here = (
            line.removeprefix("sudo -u embassy ")
            .replace("/etc/embassy-scraper/embassy.toml", str(config))
            .replace("/var/lib/embassy-scraper", str(place))
        )
        here = re.sub(r"^embassy-scraper", shlex.quote(str(PROGRAM)), here)
        done = subprocess.run(here, shell=True, capture_output=True, text=True)
        assert done.returncode == 0, (here, done.stderr)
