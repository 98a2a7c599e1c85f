"""The shim: a library between the program and the kernel, where calls fail when they are told to.

It is compiled from ``shim.c`` and loaded by ``LD_PRELOAD``; ``Shim`` is its hand in Python.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SOURCE = Path(__file__).with_name("shim.c")
_MOST, _LONGEST = 65_536, 4096
WRITES, READS, LOCKS = range(3)  # what is counted


@dataclass(frozen=True)
class Fault:
    """A way to fail, at which calls, and what the table calls it."""

    number: int
    name: str
    counter: int
    calls: str = ""  # of the writes only those of these kinds, see shim.c
    column: str = ""

    @property
    def is_kill(self) -> bool:
        return self.column == "kill -9"


FAULTS = (
    Fault(1, "killed before a write", WRITES, "wcsu", "kill -9"),
    Fault(2, "killed within a write", WRITES, "w", "kill -9"),
    Fault(3, "no space for one write", WRITES, "wcs", "ENOSPC"),
    Fault(4, "no space behind half of a write", WRITES, "w", "ENOSPC"),
    Fault(5, "no space from here on", WRITES, "wcs", "ENOSPC"),
    Fault(6, "a write that fails", WRITES, "wcsu", "EIO"),
    Fault(7, "a read of the database that fails", READS, "", "EIO"),
    Fault(8, "a lock that another holds", LOCKS, "", "SQLITE_BUSY"),
    Fault(9, "a lock that another never frees", LOCKS, "", "SQLITE_BUSY"),
    Fault(10, "another process writes first", LOCKS, "", "SQLITE_BUSY"),
)
COLUMNS = tuple(dict.fromkeys(fault.column for fault in FAULTS))


class Plan(ctypes.Structure):
    """The page that all forks share; see ``struct plan`` in shim.c."""

    _fields_ = (
        ("chosen", ctypes.c_int),
        ("fault", ctypes.c_int),
        ("counts", ctypes.c_int * 3),
        ("made", ctypes.c_int),
        ("calls", ctypes.c_char * _MOST),
        ("what", ctypes.c_char * _LONGEST),
        ("root", ctypes.c_char * _LONGEST),
    )


def compiler() -> str | None:
    """The C compiler of this machine."""
    return shutil.which("cc")


def compile_shim(folder: Path) -> Path:
    """Compile the shim into a *folder*."""
    made = folder / "shim.so"
    files = ["-o", str(made), str(_SOURCE)]
    command = [compiler() or "cc", "-Wall", "-O1", "-shared", "-fPIC", *files, "-ldl"]
    subprocess.run(command, check=True)
    return made


class Shim:
    """The shim that is loaded in this process."""

    def __init__(self, library: str, root: Path) -> None:
        """Let calls fail below *root* alone."""
        self._library = ctypes.CDLL(library)
        self._library.faults_plan.restype = ctypes.POINTER(Plan)
        self.plan: Plan = self._library.faults_plan().contents
        self.plan.root = f"{root}/".encode()

    def choose(self, fault: Fault | None = None, number: int = 0) -> None:
        """Let the call *number* fail so, in the fork that is armed next."""
        ctypes.memset(ctypes.addressof(self.plan) + Plan.counts.offset, 0, Plan.counts.size)
        self.plan.made, self.plan.what = 0, b""
        self.plan.fault, self.plan.chosen = (fault.number, number) if fault else (0, 0)

    def arm(self) -> None:
        """From here on the calls of this process count."""
        self._library.faults_arm(1)

    def moments(self, fault: Fault) -> list[int]:
        """The numbers of the calls of the last run that can fail so."""
        count = self.plan.counts[fault.counter]
        if fault.counter != WRITES:
            return list(range(1, count + 1))
        calls = ctypes.string_at(ctypes.addressof(self.plan) + Plan.calls.offset, count + 1)
        return [n for n in range(1, count + 1) if chr(calls[n]) in fault.calls]
