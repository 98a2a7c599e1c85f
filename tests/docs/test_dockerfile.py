"""The Dockerfile of docs/server: its RUN lines, run in an empty environment, make the program."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "docs/server/Dockerfile").read_text("utf-8").replace("\\\n", " ")
LINES = [line for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]
IGNORED = (ROOT / "docs/server/Dockerfile.dockerignore").read_text("utf-8").splitlines()
LEFT_OUT = {"useradd": "it would add a user to this machine"}
NO_INDEX = ("Failed to establish a new connection", "Could not fetch URL", "ConnectTimeoutError")


def test_it_ends_as_a_user_without_rights_with_the_history_in_a_volume() -> None:
    last = LINES[max(n for n, line in enumerate(LINES) if line.startswith("FROM ")) :]
    words = {line.split(" ", 1)[0]: line.split(" ", 1)[1] for line in last}
    assert words["USER"] == "embassy"
    assert words["VOLUME"] == words["WORKDIR"] == "/data"
    assert words["ENTRYPOINT"] == '["embassy-scraper"]'
    bases = {line.split()[1] for line in LINES if line.startswith("FROM ")}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", bases.pop())


def test_it_is_given_what_the_program_is_built_of_and_no_more() -> None:
    assert IGNORED[0] == "*"
    given = {line[1:] for line in IGNORED if line.startswith("!")}
    assert given == {
        "LICENSE", "README.md", "constraints.txt", "embassy_scraper", "pipelines",
        "pyproject.toml",
    }  # fmt: skip
    assert all((ROOT / name).exists() for name in given)


@pytest.mark.slow
def test_its_run_lines_make_the_program_in_an_empty_environment(tmp_path: Path) -> None:
    base, source = tmp_path / "base", tmp_path / "src"
    _copy_given(source)
    subprocess.run([sys.executable, "-m", "venv", str(base)], check=True)
    places = {
        "/opt/embassy-scraper": str(tmp_path / "opt/embassy-scraper"),
        "/wheels": str(tmp_path / "wheels"),
    }
    path = f"{base}/bin:{os.defpath}"
    ran = 0
    for line in LINES:
        if not line.startswith("RUN "):
            continue
        command = line.removeprefix("RUN ")
        if command.split()[0] in LEFT_OUT:
            continue
        for old, new in places.items():
            command = command.replace(old, new)
        done = _run(["sh", "-ec", command], source, tmp_path, path)
        if any(one in done.stderr for one in NO_INDEX):
            pytest.skip("the index of packages cannot be reached")
        assert done.returncode == 0, done.stderr
        ran += 1
    assert ran == 3
    program = str(tmp_path / "opt/embassy-scraper/bin/embassy-scraper")
    empty = tmp_path / "data"
    empty.mkdir()
    shutil.rmtree(source)  # nothing of it is needed any more
    version = _run([program, "--version"], empty, tmp_path, os.defpath)
    assert version.stdout.startswith("embassy-scraper, version "), version.stderr
    demo = _run([program, "demo"], empty, tmp_path, os.defpath)
    assert demo.returncode == 0, demo.stderr
    assert "Counter fell behind the calendar" in demo.stdout
    assert [path.name for path in empty.iterdir()] == ["data"]  # where it keeps its history
    there = {path.name.split("-")[0] for path in tmp_path.glob("opt/*/lib/*/site-packages/*-info")}
    assert {"scrapy", "apprise", "rfc3161_client"} <= there
    assert not {"pytest", "mypy", "playwright"} & there


def _copy_given(folder: Path) -> None:
    """Copy what the image is built of, as .dockerignore says."""
    folder.mkdir()
    for line in IGNORED:
        if not line.startswith("!"):
            continue
        one = ROOT / line[1:]
        if one.is_dir():
            shutil.copytree(one, folder / one.name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(one, folder / one.name)


def _run(
    words: list[str], folder: Path, home: Path, path: str
) -> "subprocess.CompletedProcess[str]":
    """Run *words* in *folder* with nothing of this environment, but where pip finds packages."""
    kept = {key: value for key, value in os.environ.items() if re.match("PIP_|SSL_|HTTPS?_", key)}
    variables = {**kept, "PATH": path, "HOME": str(home), "LANG": "C.UTF-8"}
    return subprocess.run(words, cwd=folder, env=variables, capture_output=True, text=True)
