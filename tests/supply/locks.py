"""Reading a lock: one requirement a paragraph, pinned to a version, with the hashes it may have."""

import re
from dataclasses import dataclass
from pathlib import Path

_PINNED = re.compile(r"([A-Za-z0-9._-]+)==([^\s;]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Locked:
    """One requirement of a lock; ``name`` is empty where it is not pinned to a version."""

    text: str
    name: str
    version: str
    hashes: tuple[str, ...]


def read_lock(path: Path) -> list[Locked]:
    """Return the requirements of the lock at *path*, in its order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    found = (" ".join(line.split()) for line in text.replace("\\\n", " ").splitlines())
    return [_requirement(line) for line in found if line]


def _requirement(line: str) -> Locked:
    pinned = _PINNED.match(line)
    name, version = pinned.groups() if pinned else ("", "")
    return Locked(line, name, version, tuple(_HASH.findall(line)))
