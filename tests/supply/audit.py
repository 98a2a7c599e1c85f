"""Judge locks: what has no hash, what was withdrawn, what has a known weakness.

Prints one line for each finding, and for what could not be asked. Exit status 1 with any of them.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.supply.locks import Locked, read_lock

_YANKED = re.compile(r"^warning: `(.+?)` is yanked(.*)$", re.MULTILINE)
_SECONDS = 540


def unhashed(locked: Iterable[Locked]) -> Iterator[str]:
    """Yield what is not pinned to a version, or has no hash."""
    for one in locked:
        if not (one.name and one.hashes):
            yield f"{one.text[:80]}: not pinned to one version with its hashes; run: make lock"


def yanked(locked: Iterable[Locked], sources: Iterable[str]) -> Iterator[str]:
    """Yield what its maintainers withdrew from the index.

    The packages named in *sources* have no wheel: to ask for them is to run their build.
    """
    pins = [re.sub(r" --hash=\S+", "", one.text) for one in locked if one.name not in sources]
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder, "lock.in")
        lock.write_text("\n".join(pins), encoding="utf-8")
        ask = ("-m", "uv", "pip", "compile", "--no-deps", "--no-build", "--no-header", str(lock))
        done = _run(*ask)
    if done.returncode:
        yield f"what was withdrawn could not be asked: {_last_line(done.stderr)}"
    for name, why in _YANKED.findall(done.stderr):
        yield f"{name}: withdrawn by its maintainers{why}; run: make lock"


def weak(lock: Path, service: str | None) -> Iterator[str]:
    """Yield the known weaknesses of what *lock* names, as *service* knows them."""
    at = ("-s", "osv", "--osv-url", service) if service else ("-s", "pypi")
    how = ("--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json")
    done = _run("-m", "pip_audit", *how, *at, "--requirement", str(lock))
    try:
        answer = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        yield f"known weaknesses could not be asked: {_last_line(done.stderr)}"
        return
    unasked = [one["name"] for one in answer if "skip_reason" in one]
    if unasked:
        yield f"known weaknesses could not be asked of {len(unasked)} packages: {unasked[0]} …"
    for one in answer:
        for weakness in one.get("vulns", ()):
            yield _sentence(one, weakness)


def _sentence(package: dict[str, Any], weakness: dict[str, Any]) -> str:
    mended = " or ".join(weakness["fix_versions"])
    names = ", ".join([weakness["id"], *weakness["aliases"]])
    what = f"mended in {mended}" if mended else "not mended"
    return f"{package['name']} {package['version']}: {names}, {what}"


def _run(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *words]
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, errors="replace"
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no answer in {_SECONDS} s")


def _last_line(text: str) -> str:
    """Return what *text*, the complaint of a program, ends with, on one line."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "no reason was given"


def main(words: list[str] | None = None) -> int:
    """Judge the locks that *words* name; return the exit status."""
    parser = argparse.ArgumentParser(prog="tests.supply.audit", description=__doc__)
    parser.add_argument("lock", nargs="+", type=Path)
    parser.add_argument("--source", action="append", default=[], help="a package without a wheel")
    parser.add_argument("--service", help="the address of a service that answers as osv.dev does")
    options = parser.parse_args(words)
    found = 0
    for lock in options.lock:
        locked = read_lock(lock)
        findings = [*unhashed(locked), *yanked(locked, options.source)]
        findings += weak(lock, options.service)
        for line in findings:
            print(f"{lock}: {line}")
        found += len(findings)
        print(f"{lock}: {len(locked)} packages, {len(findings)} findings", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
