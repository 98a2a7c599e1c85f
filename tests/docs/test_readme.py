"""The README says what the program does."""

import csv
import io
import re
import shlex
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from embassy_scraper import commands
from embassy_scraper.sites import Layout
from pipelines.tables.database import open_database

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROSE = ["README.md", "CONTRIBUTING.md", *(f"docs/{one.name}" for one in ROOT.glob("docs/*.md"))]
PROGRAM, DEMO = ".venv/bin/embassy-scraper", "data/demo/embassy.db"


def test_the_verbs_in_the_readme_are_the_verbs_there_are() -> None:
    rows = re.findall(
        r"^\| `([a-z-]+)` \| (.+?) \|$", README.split("## Commands")[1].split("## ")[0], re.M
    )
    assert dict(rows) == dict(commands._VERBS)


def test_every_verb_has_help_with_an_example() -> None:
    group = commands.main
    context = click.Context(group)
    for verb in group.list_commands(context):
        result = CliRunner().invoke(group, [verb, "--help"])
        assert result.exit_code == 0
        assert re.search(r"Example:\n\s+embassy-scraper ", result.output), verb


def test_the_commands_in_the_readme_print_what_it_says(tmp_path: Path, monkeypatch) -> None:
    session = re.search(r"```console\n(.+?)```", README, re.S)
    assert session
    folder = tmp_path / "captures"
    folder.mkdir()
    bundled = ROOT / "tests/captures/2-statement.txt"
    (folder / "march.txt").write_bytes(bundled.read_bytes())
    monkeypatch.chdir(tmp_path)
    said = re.split(r"^\$ ", session[1], flags=re.M)[1:]
    for command, _, output in (part.partition("\n") for part in said):
        words = shlex.split(command)
        if words[0] == "cat":
            Path(words[1]).write_text(output, encoding="utf-8")
            continue
        result = CliRunner().invoke(commands.main, words[1:])
        assert result.exit_code == 0, result.output
        assert result.output == output
    assert Path("changes.csv").read_bytes().startswith(b"change_id,kind,subject,title,")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> str:
    db = str(tmp_path_factory.mktemp("demo") / "embassy.db")
    assert CliRunner().invoke(commands.main, ["demo", "--db", db]).exit_code == 0
    return db


@pytest.mark.peer
def test_the_report_in_the_readme_is_the_demonstrations(demonstration: str) -> None:
    shown = re.search(r"```\n(kind,field,.+?)```", README, re.S)
    assert shown
    told = list(csv.DictReader(io.StringIO(shown[1])))
    result = CliRunner().invoke(commands.main, ["report", "--db", demonstration])
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    for line in told:
        assert any(line.items() <= row.items() for row in rows), line
    sentences = re.search(r"```\n8 March 2021\n\n(.+?)```", README, re.S)
    assert sentences
    text = ["report", "--db", demonstration, "--format", "text"]
    assert sentences[1] in CliRunner().invoke(commands.main, text).stdout


def _typed() -> list[list[str]]:
    """The calls of the program in the README, without its name."""
    lines = re.findall(rf"^{re.escape(PROGRAM)} (.+)$", README, re.M)
    return [shlex.split(line, comments=True) for line in lines]


@pytest.mark.peer
def test_what_the_readme_asks_the_demonstration_works_as_it_stands(
    demonstration: str, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = [words for words in _typed() if DEMO in words and words[0] != "serve"]
    assert {words[0] for words in asked} >= {"report", "as-of", "coverage", "show", "evidence"}
    for words in asked:
        there = [demonstration if word == DEMO else word for word in words]
        result = CliRunner().invoke(commands.main, there)
        assert result.exit_code == 0, (words, result.output)


def test_every_verb_and_option_that_the_readme_names_is_there() -> None:
    typed = _typed()
    assert {words[0] for words in typed} >= {"serve", "ingest", "backfill", "crawl"}
    context = click.Context(commands.main)
    for verb, *words in typed:
        command = commands.main.get_command(context, verb)
        assert command is not None, verb
        if isinstance(command, click.Group):
            command = command.get_command(context, words[0])
            assert command is not None, words
        options = {name for one in command.params for name in one.opts}
        assert {word for word in words if word.startswith("--")} <= options, (verb, words)


def test_the_tables_in_the_docs_are_the_tables_there_are(tmp_path: Path) -> None:
    named = re.findall(r"^### `(\w+)`$", (ROOT / "docs/tables.md").read_text("utf-8"), re.M)
    assert sorted(named) == sorted(_names(tmp_path, "table", "view"))
    part = README.split("| view | a row is |")[1].split("\n\n")[0]
    first = re.findall(r"^\| `(\w+)` \|", part, re.M)
    assert len(first) > 5
    assert set(first) <= set(_names(tmp_path, "view"))


def _names(folder: Path, *types: str) -> list[str]:
    """What a history has of these *types* that is not internal."""
    with closing(open_database(folder / "embassy.db")) as connection:
        found = connection.execute("SELECT type, name FROM sqlite_master").fetchall()
    return [
        name
        for type_, name in found
        if type_ in types and not name.startswith(("versions_fts", "_", "sqlite_"))
    ]


def test_the_layout_in_the_docs_reads_the_redesign_that_it_is_for(tmp_path: Path) -> None:
    text = (ROOT / "docs/redesign.md").read_text(encoding="utf-8")
    shown = re.search(r"```toml\n(.+?)```", text, re.S)
    assert shown
    config = tmp_path / "embassy.toml"
    config.write_text(shown[1], encoding="utf-8")
    page = (ROOT / "tests/captures/3-statement.html").read_text(encoding="utf-8")
    for old, new in (
        ("table_header_back", "top"),
        ('class="content"', 'class="box"'),
        ("table_corner_", "edge_"),
        ('class="menu"', 'class="side"'),
        ("<h2", '<p class="day"'),
        ("</h2>", "</p>"),
    ):
        assert old in page
        page = page.replace(old, new)
    saved = tmp_path / "saved.html"
    saved.write_text(page, encoding="utf-8")
    words = ["probe", str(saved), "--url", "https://www.rusemb.org.uk/fnapr/9005"]
    old = CliRunner().invoke(commands.main, words).output
    assert "no layout fits" in old
    found = CliRunner().invoke(commands.main, [*words, "--config", str(config)]).output
    assert "read by  layout 'a word of your choice'" in found
    assert "\ndate                 02.03.2021\n" in found
    assert "problems" not in found


def test_the_keys_of_a_layout_in_the_docs_are_the_keys_there_are() -> None:
    text = (ROOT / "docs/redesign.md").read_text(encoding="utf-8").split("| key | names |")[1]
    rows = re.findall(r"^\| (`.+?) \|", text, re.M)
    named = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
    keys = {one.name.rstrip("_") for one in fields(Layout)}
    assert named | {"name"} == keys


def test_the_problems_in_the_docs_are_what_the_program_says() -> None:
    text = (ROOT / "docs/redesign.md").read_text(encoding="utf-8")
    sources = (
        path.read_text(encoding="utf-8") for path in (ROOT / "embassy_scraper").rglob("*.py")
    )
    said = "\n".join(sources)
    tables = re.findall(r"^\| problem \| means \|\n(.+?)\n\n", text, re.M | re.S)
    rows = re.findall(r"^\| `[a-z ]+: (.+?)` \|", "\n".join(tables), re.M)
    assert len(rows) > 10
    for row in rows:
        for part in row.split(" … "):
            assert part in said, part


def test_the_kinds_of_problems_in_the_docs_are_those_there_are() -> None:
    told = set()
    for row in re.findall(
        r"^\| (`.+?) \|", (ROOT / "docs/problems.md").read_text(encoding="utf-8"), re.M
    ):
        told |= set(re.findall(r"`(.+?)`", row))
    folders = (ROOT / "embassy_scraper", ROOT / "pipelines")
    sources = "\n".join(path.read_text("utf-8") for one in folders for path in one.rglob("*.py"))
    said = re.findall(r'(?:PageProblem|CaptureRejected|NoPage)\(\s*"([a-z][a-z0-9 ]+)"', sources)
    names = re.findall(r"(?:PageProblem|CaptureRejected)\(\s*(?:\w+\.)?([A-Z_]{2,})\b", sources)
    said += [one for name in names for one in re.findall(rf'\b{name} = "(.+?)"', sources)]
    assert len(told) > 30
    assert len(names) > 2
    assert set(said) <= told, set(said) - told
    assert all(f'"{kind}"' in sources for kind in told)


def test_every_verb_takes_the_files_that_the_readme_says() -> None:
    group = commands.main
    context = click.Context(group)
    for verb in group.list_commands(context):
        command = group.get_command(context, verb)
        assert command is not None
        options = {name for one in command.params for name in one.opts}
        assert "--db" in options
        assert ("--config" in options) is (verb != "demo"), verb


@pytest.mark.parametrize("name", PROSE)
def test_every_file_that_a_document_names_exists(name: str) -> None:
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    for one in re.findall(r"`((?:embassy_scraper|pipelines|tests|benchmarks)/[\w/.]+)`", text):
        assert (ROOT / one).exists(), one
    for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (path.parent / link).exists(), link
