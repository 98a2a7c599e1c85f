"""What is installed: everything by its version and its hash; the lowest is what is declared."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.supply.audit import unhashed
from tests.supply.locks import read_lock

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
LOCKS = re.findall(r"^LOCKS := (.+)$", MAKEFILE, re.M)[0].split()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
DECLARED = [Requirement(text) for text in sum(EXTRAS.values(), PROJECT["dependencies"])]


def locked(name: str) -> dict[str, Version]:
    found = read_lock(ROOT / name)
    return {str(canonicalize_name(one.name)): Version(one.version) for one in found}


@pytest.mark.parametrize("name", LOCKS)
def test_everything_that_is_installed_has_its_version_and_its_hash(name: str) -> None:
    found = read_lock(ROOT / name)
    assert found
    assert not list(unhashed(found))


@pytest.mark.parametrize(
    "line",
    [
        "a>=1 --hash=sha256:" + "0" * 64,
        "a==1",
        "a==1 --hash=md5:" + "0" * 32,
        "a==1 --hash=sha256:" + "0" * 63,
        "a @ https://example.org/a.whl --hash=sha256:" + "0" * 64,
        "--index-url https://example.org/",
    ],
)
def test_what_is_not_pinned_is_found(tmp_path: Path, line: str) -> None:
    lock = tmp_path / "lock.txt"
    good = "b==2 ; python_version < '4' \\\n    --hash=sha256:" + "1" * 64
    lock.write_text(f"# A lock\n{good}\n{line}\n", encoding="utf-8")
    first, second = read_lock(lock)
    assert (first.name, first.version, first.hashes) == ("b", "2", ("1" * 64,))
    assert list(unhashed([first, second])) == [
        f"{line[:80]}: not pinned to one version with its hashes; run: make lock"
    ]


def test_no_step_of_the_makefile_installs_what_has_no_hash() -> None:
    installs = [
        line for line in MAKEFILE.splitlines() if re.search(r"\bpip\b.*(install|load)", line)
    ]
    assert len(installs) >= 3
    for line in installs:
        assert "--require-hashes" in line or "--no-deps --no-build-isolation --editable ." in line
    assert not re.search(r"\bnpm (install|pack|exec)|\bnpx\b|\buvx\b", MAKEFILE)


@pytest.mark.parametrize("requirement", DECLARED, ids=str)
def test_what_is_declared_has_a_lowest_version_and_that_is_what_is_tried(
    requirement: Requirement,
) -> None:
    floors = [Version(one.version) for one in requirement.specifier if one.operator == ">="]
    assert len(floors) == 1, f"{requirement} names no lowest version"
    name = str(canonicalize_name(requirement.name))
    tried = locked("tests/supply/lowest.txt")[name]
    released = tried.release[: len(floors[0].release)]
    assert released == floors[0].release, f"{name}: {tried} is tried; run: make lock"
    assert locked("constraints.txt")[name] in requirement.specifier


def test_the_tests_have_every_extra() -> None:
    """Also where only `dev` is installed."""
    for name, extra in EXTRAS.items():
        assert name == "dev" or set(extra) <= set(EXTRAS["dev"])
