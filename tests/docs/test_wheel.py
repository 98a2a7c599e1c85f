"""The program as others get it: a wheel, installed in an empty environment, run from elsewhere."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = {".sql", ".toml", ".css", ".html", ".js", ".typed"}
pytestmark = pytest.mark.slow


def _run(*command: object, folder: Path) -> str:
    """Run *command* in *folder*, with nothing of this environment, and return its stdout."""
    variables = {"PATH": os.defpath, "HOME": str(folder), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, env=variables, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built of the files that git has, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in _tracked():
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    pip = (sys.executable, "-P", "-m", "pip", "wheel", "--quiet")
    _run(*pip, "--no-deps", "--no-build-isolation", "-w", folder, source, folder=folder)
    return next(folder.glob("*.whl"))


def _tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip("not a clone: which files belong to the project is known to git alone")
    return done.stdout.split("\0")[:-1]


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed program, in an environment that has the dependencies and not this folder."""
    folder = tmp_path_factory.mktemp("installed")
    _run(sys.executable, "-P", "-m", "venv", folder / "env", folder=folder)
    python = folder / "env" / "bin" / "python"
    install = ("-m", "pip", "install", "--quiet", "--no-index", "--no-deps")
    _run(python, *install, wheel, folder=folder)
    own = _run(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=folder
    )
    beside = sysconfig.get_path("purelib"), sysconfig.get_path("platlib")
    lines = "".join(f"{path}\n" for path in dict.fromkeys(beside))  # names alone: no .pth of theirs
    (Path(own.strip()) / "dependencies.pth").write_text(lines, encoding="utf-8")
    return folder / "env" / "bin" / "embassy-scraper"


def test_the_wheel_has_every_file_of_the_program_and_no_other(wheel: Path) -> None:
    rooms = ("embassy_scraper/", "pipelines/")
    wanted = {
        name
        for name in _tracked()
        if name.startswith(rooms)
        and Path(name).suffix in {".py", *DATA}
        and (ROOT / name).is_file()
    }
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
    assert names == wanted


def test_the_installed_program_is_the_wheels(program: Path, tmp_path: Path) -> None:
    python = program.with_name("python")
    where = _run(python, "-c", "import pipelines; print(pipelines.__file__)", folder=tmp_path)
    assert Path(where.strip()).is_relative_to(program.parents[1])


def test_the_installed_program_does_the_main_job_from_a_foreign_folder(
    program: Path, tmp_path: Path
) -> None:
    _run(program, "ingest", ROOT / "tests/captures", folder=tmp_path)
    report = _run(program, "report", folder=tmp_path)
    assert report.startswith("change_id,kind,subject,title,")
    assert "statement_edited" in report
    _run(program, "rebuild", folder=tmp_path)
    assert _run(program, "report", folder=tmp_path) == report


def test_the_installed_program_crawls_its_replica(program: Path, tmp_path: Path) -> None:
    assert "Counter fell behind the calendar" in _run(program, "demo", folder=tmp_path)
