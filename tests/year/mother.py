"""The program in children of a process that has imported it: a run begins in a third of the time.

``python -m tests.year.mother FOLDER`` listens at ``FOLDER/mother.sock``. Where ``FOLDER/full`` is,
no child can write a file behind its first kilobytes, as on a full disk. What each child used stands
in ``FOLDER/used.tsv``.
"""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import resource
import select
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from tests.live.forked import MODULES, PACKAGES

_FULL = 40_000  # bytes that a file may have while the disk is full
_MORE = """
    embassy_scraper.commands.status embassy_scraper.commands.coverage
    embassy_scraper.commands.verify embassy_scraper.commands.rebuild
    embassy_scraper.commands.report embassy_scraper.commands.problems
""".split()


def warm() -> None:
    """Import what a run imports on its way; none of it installs a reactor."""
    found = [pkgutil.walk_packages(import_module(name).__path__, f"{name}.") for name in PACKAGES]
    names = (module.name for package in found for module in package)
    for name in (*MODULES, *_MORE, *names):
        import_module(name)
    assert "twisted.internet.reactor" not in sys.modules
    gc.freeze()


class Mother:
    """Those who wait for a child, by its process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(folder / "mother.sock"))
        self.server.listen()
        self.waiting: dict[int, tuple[socket.socket, dict[str, Any]]] = {}

    def serve(self) -> None:
        """Carry out orders, and tell their ends, until stdin ends."""
        while True:
            patience = 0.004 if self.waiting else None
            ready = select.select([self.server, sys.stdin], [], [], patience)[0]
            if sys.stdin in ready:
                return
            if ready:
                self.begin(self.server.accept()[0])
            self.reap()

    def begin(self, connection: socket.socket) -> None:
        """Begin what is asked for, in a child."""
        data, handles, _, _ = socket.recv_fds(connection, 65536, 3)
        order = json.loads(data)
        child = os.fork()
        if not child:
            self.become(order, handles)
        for handle in handles:
            os.close(handle)
        self.waiting[child] = connection, order
        connection.sendall(f"{child}\n".encode())

    def become(self, order: dict[str, Any], handles: list[int]) -> NoReturn:
        """Be what the scheduler would have started."""
        os.setsid()
        for number, handle in enumerate(handles):
            os.dup2(handle, number)
        os.closerange(3, 64)
        os.chdir(order["folder"])
        if order["job"]:
            os.environ["EMBASSY_JOB"] = order["job"]
        if (self.folder / "full").exists():
            resource.setrlimit(resource.RLIMIT_FSIZE, (_FULL, _FULL))
        from embassy_scraper.commands import main

        main(order["words"], prog_name="embassy-scraper")
        os._exit(0)

    def reap(self) -> None:
        """Tell of the children that have ended."""
        for child in list(self.waiting):
            pid, status, used = os.wait4(child, os.WNOHANG)
            if not pid:
                continue
            connection, order = self.waiting.pop(child)
            code = os.waitstatus_to_exitcode(status)
            line = [
                datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), order["job"] or "-",
                str(code), str(used.ru_maxrss), f"{used.ru_utime + used.ru_stime:.3f}",
            ]  # fmt: skip
            with (self.folder / "used.tsv").open("a") as file:
                file.write("\t".join(line) + "\n")
            with suppress(OSError):  # whoever waited may have ended before
                connection.sendall(f"{code}\n".encode())
            connection.close()


if __name__ == "__main__":
    warm()
    mother = Mother(Path(sys.argv[1]))
    print("ready", flush=True)
    mother.serve()
