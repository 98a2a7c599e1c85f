"""``python -m tests.faults.mother PLAN``: one verb, in a fork of its own for every fault.

It is started with the shim (``LD_PRELOAD``). PLAN is a JSON file: ``words`` is the command, with
``{db}`` for the database and ``{place}`` for its folder; ``begin``, which may be missing, a folder
with the history to which the command adds; ``work`` a folder that can be filled; ``out`` whether
what the command prints is a file like others, and to be told once; ``every`` and ``columns`` which
faults are tried; ``posts`` a folder where a webhook keeps what it was handed; ``spoil`` a function
of ``spoils.py`` that makes the program worse. What came of it is printed as JSON, see ``Found``.

Each try runs in a fork of this process, which has run nothing itself, but has imported what the
undisturbed run needed.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any
from zlib import crc32

from tests.faults.found import Found
from tests.faults.judge import Calm, Ended, judge
from tests.faults.shim import FAULTS, READS, Fault, Shim

_REACTOR = "twisted.internet.reactor"  # it belongs to one process: no fork may inherit it
_HELD = 0.03  # seconds for which the other process holds its lock
_FEWER_READS = 5  # of the reads only every n-th fails


class Trial:
    """One command, tried in folders of its own."""

    def __init__(self, plan: dict[str, Any], shim: Shim) -> None:
        self.plan, self.shim = plan, shim
        self.work = Path(plan["work"])
        self.logs = self.work.with_name(f"{self.work.name}.logs")  # no write to it counts
        self.logs.mkdir()
        self.found = Found(plan["name"])
        self.is_warm = False  # whether what a run needs is imported
        db = self.place("calm")
        ended = self.run(db, is_counted=True)
        self.moments = {fault: set(shim.moments(fault)) for fault in FAULTS}
        self.found.writes = shim.plan.counts[0]
        again, verified = self.run(db), self.verify(db)
        self.calm = Calm(plan, db, ended, again, verified)
        import_what_was_needed(self.logs / "modules")
        self.is_warm = True
        gc.freeze()  # what forks share is not looked through in each

    def place(self, name: str) -> Path:
        """A new folder with what is there before the command; its database."""
        folder = self.work / name
        if self.plan.get("begin"):
            shutil.copytree(self.plan["begin"], folder)
        else:
            folder.mkdir(parents=True)
        config = folder / "embassy.toml"
        if config.exists():
            config.write_text(config.read_text().replace("{place}", name))
        return folder / "embassy.db"

    def run(self, db: Path, *, is_counted: bool = False) -> Ended:
        """The command to its end, with the fault that was chosen if it *is counted*."""
        at = {"{db}": str(db), "{place}": str(db.parent)}
        words = []
        for word in self.plan["words"]:
            for name, value in at.items():
                word = word.replace(name, value)
            words.append(word)
        out = db.parent / "out.txt" if self.plan.get("out") else self.logs / "out.txt"
        return self.fork(words, out, db, is_counted=is_counted)

    def verify(self, db: Path) -> Ended:
        return self.fork(["verify", "--db", str(db)], self.logs / "out.txt", db)

    def fork(self, words: Sequence[str], out: Path, db: Path, *, is_counted: bool = False) -> Ended:
        err = self.logs / "err.txt"
        child = os.fork()
        if not child:
            self._become(words, out, err, is_counted=is_counted)
        status = os.waitpid(child, os.WUNTRACED)[1]
        if os.WIFSTOPPED(status):
            hold_and_write(db, child)
            status = os.waitpid(child, 0)[1]
        said = [path.read_bytes().decode(errors="replace") for path in (err, out)]
        return Ended(os.waitstatus_to_exitcode(status), *said)

    def _become(self, words: Sequence[str], out: Path, err: Path, *, is_counted: bool) -> None:
        """Run the command in this process, to its end."""
        status = 70
        os.chdir(self.logs)
        tempfile.tempdir = str(self.work / "tmp")
        for number, path in ((1, out), (2, err)):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(handle, number)
            os.close(handle)
        try:
            if is_counted:
                self.shim.arm()
            from embassy_scraper.commands import main

            main(list(words), prog_name="embassy-scraper")
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            status = _flushed(status)
            if not self.is_warm:
                with (self.logs / "modules").open("a") as file:
                    file.writelines(f"{name}\n" for name in sys.modules)
            os._exit(status)

    def try_all(self) -> Found:
        """Try a fault of each column at each call, or at every n-th."""
        every = self.plan.get("every", 1)
        for place, (column, counter) in enumerate(
            dict.fromkeys((f.column, f.counter) for f in FAULTS)
        ):
            if column not in self.plan.get("columns", [column]):
                continue
            kinds = [f for f in FAULTS if (f.column, f.counter) == (column, counter)]
            step = every * (_FEWER_READS if counter == READS else 1)
            calls = sorted({n for fault in kinds for n in self.moments[fault]})
            for number in calls[place % every :: step]:
                able = [fault for fault in kinds if number in self.moments[fault]]
                self.strike(able[crc32(b"%d" % number) % len(able)], number)
        return self.found

    def strike(self, fault: Fault, number: int) -> None:
        """Let one call fail, run the command again, and judge what came of both."""
        db = self.place(f"{fault.number}-{number}")
        self.shim.choose(fault, number)
        first = self.run(db, is_counted=True)
        what = self.shim.plan.what.decode(errors="replace")
        is_made = bool(self.shim.plan.made)
        self.shim.choose()
        if is_made:
            at = f"{fault.name}, call {number} ({what})"
            self.found.count(fault, judge(self.calm, db, fault, first, self), at)
        shutil.rmtree(db.parent)


def _flushed(status: int) -> int:
    """Write out what is still to be printed; the exit status: Python makes it 120 if it fails."""
    if sys.exc_info()[0] not in (None, SystemExit):
        traceback.print_exc()
    try:
        sys.stdout.flush()
    except OSError:
        status = status or 120
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    return status


def hold_and_write(db: Path, child: int) -> None:
    """Be the other process: take the lock for which the *child* was about to ask, and write."""
    held = sqlite3.connect(db, timeout=0, isolation_level=None)
    try:
        held.execute("BEGIN IMMEDIATE")
        held.execute("UPDATE runs SET note = note")
    except sqlite3.Error:  # it has that lock already, or there is nothing to write to yet
        os.kill(child, signal.SIGCONT)
    else:
        os.kill(child, signal.SIGCONT)
        time.sleep(_HELD)
        held.execute("COMMIT")
    finally:
        held.close()


def import_what_was_needed(modules: Path) -> None:
    """Import what a finished run had imported, but nothing that makes a reactor."""
    sys.modules[_REACTOR] = None  # type: ignore[assignment]  # makes its import fail
    for name in dict.fromkeys(modules.read_text().split()):
        with contextlib.suppress(ImportError):
            import_module(name)
    del sys.modules[_REACTOR]


def main() -> None:
    """Do what the plan says."""
    plan = json.loads(Path(sys.argv[1]).read_text())
    work = Path(plan["work"])
    (work / "tmp").mkdir(parents=True)
    shim = Shim(os.environ["LD_PRELOAD"], work)
    if plan.get("spoil"):
        getattr(import_module("tests.faults.spoils"), plan["spoil"])()
    print(json.dumps(asdict(Trial(plan, shim).try_all())))


if __name__ == "__main__":
    main()
