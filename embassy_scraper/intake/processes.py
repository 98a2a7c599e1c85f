"""Python processes of ours: they import nothing from the folder they work in.

Among saved pages may lie a stranger's ``zipfile.py``; a process begun by ``python -c``, as those of
``multiprocessing`` are, would run it.
"""

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver, get_context, resource_tracker
from multiprocessing.context import ForkServerContext

from embassy_scraper.errors import EmbassyError

_SAFE_PATH = "PYTHONSAFEPATH"
_FOR_DRIVER = (signal.SIGINT, signal.SIGHUP)  # which a terminal sends to all processes
_LONGEST = 70  # bytes; a socket's path has at most 107, and multiprocessing adds 33
_SHORT = ("/tmp", "/var/tmp")


@contextmanager
def safe_path() -> Iterator[None]:
    """Let processes that are begun inside import nothing from the working folder."""
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


@contextmanager
def deaf() -> Iterator[None]:
    """Let what is begun inside never hear of Ctrl-C and closed windows: the driver hears."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _FOR_DRIVER)
    try:
        resource_tracker.ensure_running()  # whose beginning lets Ctrl-C through again
        signal.pthread_sigmask(signal.SIG_BLOCK, _FOR_DRIVER)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def short_folder() -> Iterator[None]:
    """Let a socket that is made inside lie in a folder whose name is short enough for sockets.

    Raises:
        EmbassyError: there is none.
    """
    name, before = tempfile.gettempdir(), tempfile.tempdir
    if len(os.fsencode(name)) > _LONGEST:
        short = next((one for one in _SHORT if os.access(one, os.W_OK | os.X_OK)), None)
        if short is None:
            told = "the name of this folder is too long for the sockets of several processes"
            raise EmbassyError(f"{name}: {told}; name a shorter one in TMPDIR")
        tempfile.tempdir = short
    try:
        yield
    finally:
        tempfile.tempdir = before


def process_context() -> ForkServerContext:
    """Return where processes are begun: forked from one that has loaded what they need.

    Raises:
        EmbassyError: as ``short_folder``.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["embassy_scraper.intake.workers"])
    with safe_path(), short_folder(), deaf():
        forkserver.ensure_running()
    return context
