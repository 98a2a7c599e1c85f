"""The harness itself: its faults are real, and it notices a program that is worse than ours."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.found import INVENTED, LOST, UNCLEAN, UNCLEAR
from tests.faults.shim import FAULTS, compile_shim, compiler
from tests.faults.tried import try_verb
from tests.live.site import ROOT

pytestmark = pytest.mark.skipif(
    compiler() is None, reason="no C compiler is here; apt-get install gcc"
)
WRITER = """
import json, os, sqlite3, sys
from pathlib import Path
from tests.faults.shim import FAULTS, Shim
root, fault, number = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
shim = Shim(os.environ["LD_PRELOAD"], root)
shim.choose(FAULTS[fault - 1], number)
shim.arm()
told = []
for name in ("a", "b"):
    try:
        with (root / name).open("wb", buffering=0) as file:  # calls 1 and 4
            told.append(file.write(b"four"))  # calls 2 and 5
            os.fsync(file.fileno())  # calls 3 and 6
    except OSError as error:
        told.append(error.strerror)
print(json.dumps(told))
"""


def written(folder: Path, fault: int, number: int) -> tuple[int, list[object], list[bytes]]:
    """Exit status of the writer, what it was told, and what is in its two files."""
    root = folder / "root"
    root.mkdir()
    env = {**os.environ, "LD_PRELOAD": str(compile_shim(folder))}
    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(root), str(fault), str(number)],
        cwd=ROOT, env=env, text=True, capture_output=True, check=False,
    )  # fmt: skip
    told = json.loads(done.stdout) if done.stdout else []
    return done.returncode, told, [path.read_bytes() for path in sorted(root.iterdir())]


FULL, BROKEN = "No space left on device", "Input/output error"


@pytest.mark.parametrize(
    ("fault", "number", "status", "told", "files"),
    [
        (1, 5, -signal.SIGKILL, [], [b"four", b""]),
        (2, 5, -signal.SIGKILL, [], [b"four", b"fo"]),
        (3, 2, 0, [FULL, 4], [b"", b"four"]),
        (3, 4, 0, [4, FULL], [b"four"]),
        (4, 2, 0, [2, FULL, 4], [b"fo", b"four"]),
        (5, 2, 0, [FULL, FULL], [b""]),
        (6, 3, 0, [4, BROKEN, 4], [b"four", b"four"]),
    ],
)
def test_a_call_fails_as_the_kernel_would_let_it_fail(
    tmp_path: Path, fault: int, number: int, status: int, told: list[object], files: list[bytes]
) -> None:
    assert FAULTS[fault - 1].number == fault
    assert written(tmp_path, fault, number) == (status, told, files)


@pytest.mark.peer
@pytest.mark.parametrize(
    ("spoil", "verb", "column", "every", "kinds"),
    [
        ("swallow", "ingest-between", "ENOSPC", 20, {LOST}),
        ("note_first", "report", "kill -9", 1, {LOST}),
        ("piecemeal", "ingest-between", "kill -9", 40, {LOST, INVENTED, UNCLEAN}),
        ("litter", "ingest-between", "EIO", 30, {UNCLEAR}),
    ],
)
def test_a_worse_program_is_noticed(
    memory: Path, spoil: str, verb: str, column: str, every: int, kinds: set[str]
) -> None:
    found = try_verb(verb, memory, most=1, every=every, columns=[column], spoil=spoil)
    assert kinds <= set(found.wrong), found.lines
