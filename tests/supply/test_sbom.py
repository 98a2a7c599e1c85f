"""The list of parts: whole, the same twice, with hashes and licences that go with ours."""

from __future__ import annotations

import json
import subprocess
import tomllib
from datetime import UTC, datetime
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply.locks import read_lock
from tests.supply.sbom import describe
from tests.supply.tools import TOOLS, needs_tools

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "constraints.txt"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
AT = datetime(2026, 11, 28, tzinfo=UTC)
GO_TOGETHER = {  # with Apache-2.0, when each part is handed on under its own licence
    "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD", "BSD License", "ISC", "MIT", "MIT-0",
    "MPL-2.0", "PSF-2.0", "Public Domain", "ZPL-2.1",
}  # fmt: skip
IS_LOCKED = distribution("scrapy").version in {
    one.version for one in read_lock(LOCK) if one.name == "scrapy"
} and distribution("lxml").version in {one.version for one in read_lock(LOCK) if one.name == "lxml"}
pytestmark = pytest.mark.skipif(not IS_LOCKED, reason="other versions than those of the lock")


@pytest.fixture(scope="module")
def bom() -> dict[str, Any]:
    return describe(PROJECT, LOCK, AT)


def test_it_is_of_this_version_and_of_what_is_installed(bom: dict[str, Any]) -> None:
    assert bom["metadata"]["component"]["version"] == PROJECT["version"]
    assert bom["metadata"]["timestamp"] == "2026-11-28T00:00:00+00:00"
    for one in bom["components"]:
        assert one["version"] == distribution(one["name"]).version
        assert one["hashes"], one["name"]


def test_it_has_what_the_program_and_its_extras_need_and_no_tool(bom: dict[str, Any]) -> None:
    scopes = {one["name"]: one["scope"] for one in bom["components"]}
    assert {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]} <= {
        name for name, scope in scopes.items() if scope == "required"
    }
    assert scopes["w3lib"] == scopes["cryptography"] == "required"
    assert scopes["apprise"] == scopes["distributed"] == scopes["dask"] == "optional"
    assert not {"pytest", "mypy", "ruff", "playwright", "hypothesis"} & set(scopes)


def test_every_part_hangs_on_the_program(bom: dict[str, Any]) -> None:
    uses = {one["ref"]: one["dependsOn"] for one in bom["dependencies"]}
    left, seen = [bom["metadata"]["component"]["bom-ref"]], set()
    while left:
        ref = left.pop()
        if ref not in seen:
            seen.add(ref)
            left += uses[ref]
    assert (
        seen
        == set(uses)
        == {bom["metadata"]["component"]["bom-ref"]} | {one["bom-ref"] for one in bom["components"]}
    )


def test_its_licences_go_with_ours(bom: dict[str, Any]) -> None:
    assert PROJECT["license"] == "Apache-2.0"
    for one in bom["components"]:
        (told,) = one["licenses"]
        words = told.get("expression") or told["license"]["name"]
        parts = words.replace(" AND ", " OR ").split(" OR ")
        assert set(parts) <= GO_TOGETHER, f"{one['name']}: {words}"


def test_it_is_the_same_twice_and_another_at_another_instant(bom: dict[str, Any]) -> None:
    again = describe(PROJECT, LOCK, AT)
    assert json.dumps(again) == json.dumps(bom)
    later = describe(PROJECT, LOCK, datetime(2027, 1, 1, tzinfo=UTC))
    assert later["serialNumber"] != bom["serialNumber"]


def test_what_the_lock_does_not_name_is_not_listed(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(LOCK.read_text("utf-8").replace("\nlxml==", "\nlxml==0."), encoding="utf-8")
    with pytest.raises(SystemExit, match=r"lxml .* is installed, and not what the lock names"):
        describe(PROJECT, lock, AT)


@pytest.mark.peer
@needs_tools
def test_it_fits_the_schema_and_what_does_not_is_told(tmp_path: Path, bom: dict[str, Any]) -> None:
    path = tmp_path / "sbom.json"
    command = [str(TOOLS), "-m", "tests.supply.schema", str(path)]
    path.write_text(json.dumps(bom), encoding="utf-8")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    path.write_text(json.dumps({**bom, "components": [{"name": "a"}]}), encoding="utf-8")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{path} does not fit CycloneDX 1.6: ")
