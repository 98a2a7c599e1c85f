"""List what the installed program is made of, as CycloneDX JSON: `make sbom`.

All that it needs to run, with its extras, and none of the tools that build and test it. Hashes are
those that the lock allows; licences are as the packages tell them. The same environment gives the
same bytes: the instant is SOURCE_DATE_EPOCH, and the serial number is made of the rest.
"""

import json
import os
import platform
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply.locks import Locked, read_lock

_TOOLS = {"dev"}  # extras that are no part of the program
_SPDX = re.compile(r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*")
_VAGUE = {"BSD", "UNKNOWN"}  # which of the BSD licences it is, they do not say
_SPELLINGS = {  # what packages write for a licence that has an identifier
    "Apache 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "PSFL": "PSF-2.0",
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
}


def licence(package: Distribution) -> dict[str, Any]:
    """Return the licence that *package* tells: an SPDX expression where it has one, else words."""
    told = [
        words
        for field in ("License-Expression", "License", "Classifier")
        for words in package.metadata.get_all(field) or ()
        if field != "Classifier" or words.startswith("License :: ")
    ]
    for words in told:
        short = words.rpartition(" :: ")[2]
        short = _SPELLINGS.get(short, short)
        if _SPDX.fullmatch(short) and short not in _VAGUE:
            return {"expression": short}
    words = told[-1].rpartition(" :: ")[2] if told else "not told"
    return {"license": {"name": words[:60]}}


def needs(package: Distribution, extras: frozenset[str]) -> Iterator[Requirement]:
    """Yield what *package* with *extras* needs on this machine."""
    for text in package.requires or ():
        one = Requirement(text)
        environments = [{"extra": extra} for extra in sorted(extras | {""})]
        if one.marker is None or any(one.marker.evaluate(names) for names in environments):
            yield one


def closure(roots: list[Requirement]) -> dict[str, set[str]]:
    """Return the name of each package that *roots* need, and of what it needs itself."""
    found: dict[str, set[str]] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    left = list(roots)
    while left:
        one = left.pop()
        key = canonicalize_name(one.name), frozenset(one.extras)
        if key in seen:
            continue
        seen.add(key)
        wanted = list(needs(distribution(one.name), key[1]))
        found.setdefault(key[0], set()).update(canonicalize_name(each.name) for each in wanted)
        left += wanted
    return found


def component(name: str, locked: dict[tuple[str, str], Locked], scope: str) -> dict[str, Any]:
    """Return the entry of the installed package *name*."""
    package = distribution(name)
    pin = locked.get((name, package.version))
    if pin is None:
        sys.exit(f"{name} {package.version} is installed, and not what the lock names: make clean")
    return {
        "type": "library",
        "bom-ref": _purl(name, package.version),
        "name": name,
        "version": package.version,
        "scope": scope,
        "hashes": [{"alg": "SHA-256", "content": one} for one in sorted(pin.hashes)],
        "licenses": [licence(package)],
        "purl": _purl(name, package.version),
    }


def _purl(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


def describe(project: dict[str, Any], lock: Path, at: datetime) -> dict[str, Any]:
    """Return the list of what *project*, the table of pyproject.toml, is made of."""
    core = [Requirement(text) for text in project["dependencies"]]
    extras = project["optional-dependencies"]
    more = [Requirement(text) for name in extras if name not in _TOOLS for text in extras[name]]
    required, whole = closure(core), closure(core + more)
    locked = {(str(canonicalize_name(one.name)), one.version): one for one in read_lock(lock)}
    entries = [
        component(name, locked, "required" if name in required else "optional")
        for name in sorted(whole)
    ]
    refs = {one["name"]: one["bom-ref"] for one in entries}
    direct = {canonicalize_name(one.name) for one in core + more}
    own = _purl(project["name"], project["version"])
    bom: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"timestamp": at.isoformat(), "component": _root(project, own)},
        "components": entries,
        "dependencies": [
            {"ref": own, "dependsOn": sorted(refs[name] for name in direct)},
            *(
                {"ref": refs[name], "dependsOn": sorted(refs[each] for each in whole[name])}
                for name in sorted(whole)
            ),
        ],
    }
    bom["serialNumber"] = f"urn:uuid:{uuid5(NAMESPACE_URL, json.dumps(bom, sort_keys=True))}"
    return bom


def _root(project: dict[str, Any], own: str) -> dict[str, Any]:
    where = f"Python {platform.python_version()}, {sys.platform}, {platform.machine()}"
    return {
        "type": "application",
        "bom-ref": own,
        "name": project["name"],
        "version": project["version"],
        "description": project["description"],
        "licenses": [{"expression": project["license"]}],
        "purl": own,
        "properties": [{"name": "embassy-scraper:listed-on", "value": where}],
    }


def main(target: str) -> None:
    """Write the list for this environment to *target*."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    at = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    text = json.dumps(describe(project, Path("constraints.txt"), at), indent=1, sort_keys=True)
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    Path(target).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
