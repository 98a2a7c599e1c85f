"""What comes from npm is what the lock names, or nothing of it is kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.supply import npm

NPM = """#!/bin/sh
# As npm does: npm pack --json --ignore-scripts --pack-destination FOLDER SPEC
printf %s "$(cat "$(dirname "$0")/served")" > "$5/a-1.0.2.tgz"
echo '[{"id": "a@1.0.2", "filename": "a-1.0.2.tgz", "integrity": "what the index says"}]'
"""


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bytes that an npm of ours answers with."""
    program = tmp_path / "bin/npm"
    program.parent.mkdir()
    program.write_text(NPM, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    path = program.with_name("served")
    path.write_bytes(b"the package")
    return path


def test_what_was_locked_is_fetched_and_nothing_else(served: Path, tmp_path: Path) -> None:
    wanted, locked, folder = tmp_path / "npm.txt", tmp_path / "lock.txt", tmp_path / "to"
    folder.mkdir()
    wanted.write_text("# Programs\na@~1.0.0\n", encoding="utf-8")
    npm.lock(wanted, locked)
    assert npm.specs(locked)[0].startswith("a@1.0.2 sha512-")
    npm.fetch(locked, folder)
    assert (folder / "a-1.0.2.tgz").read_bytes() == b"the package"

    served.write_bytes(b"another package")
    (folder / "a-1.0.2.tgz").unlink()
    with pytest.raises(SystemExit, match=r"is not what .* names"):
        npm.fetch(locked, folder)
    assert list(folder.iterdir()) == []


def test_an_npm_that_fails_is_told_in_one_line(served: Path, tmp_path: Path) -> None:
    served.with_name("npm").write_text("#!/bin/sh\necho E404 >&2\necho b >&2\nexit 1\n", "utf-8")
    with pytest.raises(SystemExit, match=r"^a@1 could not be fetched from npm: E404 b$"):
        npm.pack("a@1", tmp_path)
