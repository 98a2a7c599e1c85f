"""``python -m tests.intake.kills PLAN``: killed at its first write, its second, and so on.

A write is what every program of this kind has to do, whatever it is made of: a commit of SQLite
(a statement that writes outside a transaction is one too), an append to a WARC file, an fsync. An
append counts twice: before it, and with half of its bytes in the file. Each try runs in a fork of
this process, which has run nothing itself, but has imported what the undisturbed run needed.

PLAN is a JSON file: ``words`` is the command, ``{db}`` in it the database; ``begin``, which may be
missing, a folder with the history to which the command adds; ``work`` a folder that can be filled.
What came of it is printed as JSON: ``kills`` by kind, and ``faults``, one line each.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import signal
import sqlite3
import sys
import traceback
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

_COMMITS = {"COMMIT", "END"}
_WRITES = {"INSERT", "REPLACE", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "VACUUM"}
_REACTOR = "twisted.internet.reactor"  # it belongs to one process: no fork may inherit it


class Moments:
    """The writes of this process: counted, and the end of it at the one that is chosen."""

    def __init__(self) -> None:
        self.count = 0
        self.chosen = 0  # 0: none
        self.note = Path(os.devnull)  # told what the end came before

    def come(self, kind: str) -> None:
        """A write comes: the process ends if it is the chosen one."""
        if self.is_next():
            self.end(kind)
        self.count += 1

    def is_next(self) -> bool:
        return self.count + 1 == self.chosen

    def end(self, kind: str) -> None:
        self.note.write_text(kind)
        os.kill(os.getpid(), signal.SIGKILL)


MOMENTS = Moments()


class _WarcFile(io.BufferedWriter):
    """A file that is being written, each append a moment before it and one within it."""

    def write(self, data: Any) -> int:
        MOMENTS.come("append")
        if MOMENTS.is_next():
            super().write(bytes(data)[: len(data) // 2])
            super().flush()
        MOMENTS.come("half of an append")
        return super().write(data)


def _counted_open(real: Any) -> Any:
    def opened(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
        is_written = isinstance(file, str | os.PathLike) and set(mode) & set("wxa+")
        if is_written and ".warc" in os.fspath(file):
            return _WarcFile(io.FileIO(file, mode.replace("b", "")))
        return real(file, mode, *more, **named)

    return opened


class _Commits:
    """Sees the statements of a connection before they run, whoever asked for them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._outermost = ""  # the savepoint that began the transaction, and ends it

    def __call__(self, statement: str) -> None:
        verb, *rest = statement.upper().rstrip("; \n").split() or [""]
        is_first = not self._connection.in_transaction
        if verb == "SAVEPOINT" and is_first:
            self._outermost = rest[-1]
        is_last = verb == "RELEASE" and rest[-1] == self._outermost
        if verb in _COMMITS or is_last or (verb in _WRITES and is_first):
            self._outermost = ""
            MOMENTS.come("commit")


def _counted_connect(real: Any) -> Any:
    def connected(*args: Any, **named: Any) -> Any:
        connection = real(*args, **named)
        connection.set_trace_callback(_Commits(connection))
        return connection

    return connected


def _counted_fsync(real: Any) -> Any:
    def synced(file: Any) -> None:
        MOMENTS.come("fsync")
        real(file)

    return synced


def count_writes() -> None:
    """From here on this process and its forks count what they write."""
    import builtins

    io.open = builtins.open = _counted_open(io.open)
    sqlite3.connect = sqlite3.dbapi2.connect = _counted_connect(sqlite3.connect)
    os.fsync = _counted_fsync(os.fsync)


def fork(log: Path, words: Sequence[str], chosen: int = 0) -> int:
    """Run the command in a fork; its exit status, or minus the signal that ended it."""
    child = os.fork()
    if not child:
        _become(log, words, chosen)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _become(log: Path, words: Sequence[str], chosen: int) -> None:
    """Run the command in this process, to its end."""
    status = 70
    try:
        told = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(told, 1)
        os.dup2(told, 2)
        MOMENTS.chosen, MOMENTS.note = chosen, log.with_suffix(".killed")
        from embassy_scraper.commands import main

        main(list(words), prog_name="embassy-scraper")
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        log.with_suffix(".modules").write_text("\n".join(sys.modules))
        os._exit(status)


def import_what_was_needed(log: Path) -> None:
    """Import what a finished run had imported, but nothing that makes a reactor."""
    sys.modules[_REACTOR] = None  # type: ignore[assignment]  # makes its import fail
    for name in log.with_suffix(".modules").read_text().split("\n"):
        with contextlib.suppress(ImportError):
            import_module(name)
    del sys.modules[_REACTOR]


class Trial:
    """One command, tried in folders of its own."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.words: list[str] = plan["words"]
        self.begin = Path(plan["begin"]) if plan.get("begin") else None
        self.work = Path(plan["work"])
        self.kills: Counter[str] = Counter()
        self.faults: list[str] = []
        self.calm = self.place("calm")
        self.run(self.calm)
        import_what_was_needed(self.calm.parent / "log.txt")

    def place(self, name: str) -> Path:
        """A new folder with what is there before the command; its database."""
        folder = self.work / name
        if self.begin:
            shutil.copytree(self.begin, folder)
        else:
            folder.mkdir(parents=True)
        return folder / "embassy.db"

    def run(self, db: Path, chosen: int = 0) -> int:
        words = [word.replace("{db}", str(db)) for word in self.words]
        status = fork(db.parent / "log.txt", words, chosen)
        if status not in (0, 3, -signal.SIGKILL):
            said = (db.parent / "log.txt").read_text(errors="replace").strip()
            self.faults.append(f"{db.parent.name}: exit {status}: {said[-600:]}")
        return status

    def kill_at_each(self) -> None:
        """Kill at write 1, 2, 3 and so on, until a run comes to its end."""
        number = 1
        while self.kill_at(number):
            number += 1

    def kill_at(self, number: int) -> bool:
        """Kill at one write, run again and compare; whether there was such a write."""
        db = self.place(str(number))
        was_killed = self.run(db, number) == -signal.SIGKILL
        if was_killed:
            kind = (db.parent / "log.killed").read_text()
            self.kills[kind] += 1
            self.run(db)
            self.judge(db, f"killed at write {number}, {kind}")
        shutil.rmtree(db.parent)
        return was_killed

    def judge(self, db: Path, what: str) -> None:
        """Note where the history is not the undisturbed one, or not what its bytes say."""
        from tests.world import program

        try:
            found = program.table_differences(self.calm, db)
        except (sqlite3.Error, AssertionError) as error:
            found = [repr(error)]
        log = db.parent / "verify.txt"
        status = fork(log, ["verify", "--db", str(db)])
        said = log.read_text(errors="replace")
        if status or not re.search(r"\bfaults: 0\b", said):
            found.append(f"verify: exit {status}: {said[-300:]}")
        self.faults += [f"{what}: {line}" for line in found[:4]]


def main() -> None:
    """Do what the plan says."""
    plan = json.loads(Path(sys.argv[1]).read_text())
    count_writes()
    trial = Trial(plan)
    trial.kill_at_each()
    print(json.dumps({"kills": trial.kills, "faults": trial.faults}))


if __name__ == "__main__":
    main()
