"""Python processes of ours: they import nothing from the folder they work in.

Among saved pages may lie a stranger's ``zipfile.py``; a process begun by ``python -c``, as those of
``multiprocessing`` are, would run it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver, get_context
from multiprocessing.context import ForkServerContext

_SAFE_PATH = "PYTHONSAFEPATH"


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


def process_context() -> ForkServerContext:
    """Return where processes are begun: forked from one that has loaded what they need."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["embassy_scraper.intake.workers"])
    with safe_path():
        forkserver.ensure_running()
    return context
