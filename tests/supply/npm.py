"""Fetch packages from npm, each checked by a hash of its own; `lock` writes the hashes anew.

Only the packages themselves: none of what they depend on, and none of their scripts is run.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def pack(spec: str, folder: Path) -> dict[str, str]:
    """Put the package that *spec* names into *folder*; return what npm says of it."""
    command = ["npm", "pack", "--json", "--ignore-scripts", "--pack-destination", str(folder), spec]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{spec} could not be fetched from npm: {' '.join(done.stderr.split())[:300]}")
    said: list[dict[str, str]] = json.loads(done.stdout)
    return said[0]


def integrity(path: Path) -> str:
    """Return the hash of the file at *path* in the form that npm's locks have."""
    digest = hashlib.sha512(path.read_bytes()).digest()
    return f"sha512-{base64.b64encode(digest).decode()}"


def specs(path: Path) -> list[str]:
    """Return the lines of *path* that are not comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def lock(wanted: Path, locked: Path) -> None:
    """Write the newest version and the hash of each package that *wanted* names to *locked*."""
    lines = ["# Written by: make lock"]
    with tempfile.TemporaryDirectory() as folder:
        for spec in specs(wanted):
            said = pack(spec, Path(folder))
            lines.append(f"{said['id']} {integrity(Path(folder, said['filename']))}")
    locked.write_text("\n".join([*lines, ""]), encoding="utf-8")


def fetch(locked: Path, folder: Path) -> None:
    """Put the packages that *locked* names into *folder*, where their hashes are the right ones."""
    for line in specs(locked):
        spec, expected = line.split()
        with tempfile.TemporaryDirectory() as aside:
            path = Path(aside, pack(spec, Path(aside))["filename"])
            if integrity(path) != expected:
                sys.exit(f"{spec} from npm is not what {locked} names; nothing of it is kept")
            shutil.move(path, folder / path.name)


if __name__ == "__main__":
    verb, source, target = sys.argv[1:]
    {"lock": lock, "fetch": fetch}[verb](Path(source), Path(target))
