"""Stopping: what SIGTERM, SIGINT and SIGHUP do, whatever a verb is busy with.

The first one raises ``Stopped`` where the program stands: what was committed stays, what was begun
is rolled back, temporary files go. SQLite calls ``is_late`` while a statement runs, so that it is
raised there too. What would be torn apart by it, as the event loop of a crawl, is run inside
``ending_by`` and brings itself to its end. Whatever hangs, a thread ends the process after
``PATIENCE`` seconds, and at once when a second signal comes: that costs what a kill costs, nothing
that was stored.
"""

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from select import select
from types import FrameType
from typing import Any, NoReturn

PATIENCE = 6.5  # seconds from the first signal until the process ends: less than a scheduler waits
_LATE = 3.0  # seconds from it until SQLite breaks off what a run still writes at its end
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)  # SIGHUP: the window was closed
GO_ON = "what is stored stays; run the same command again to go on"


class Stopped(BaseException):
    """A signal has told this process to end; what catches errors does not catch it."""


@dataclass(slots=True)
class _Now:
    """What was heard, what is being done, what a signal calls, and whether it raises."""

    number: int = 0
    at: float = 0.0
    doing: str = ""
    end: Callable[[], None] | None = None
    raises: bool = True
    is_said: bool = False
    advice: str = GO_ON


_now = _Now()


def doing(what: str) -> None:
    """Note *what* is being done, for the line that a signal is answered with."""
    _now.doing = what


def advise(what: str) -> None:
    """Note *what* to do after a signal, where that is not to run the same command again."""
    _now.advice = what


def advice() -> str:
    """Return what to do after a signal."""
    return _now.advice


def told() -> str | None:
    """Return which signal has told this process to end, and at what; ``None``: none did."""
    if not _now.number:
        return None
    at = f" ({_now.doing})" if _now.doing else ""
    return f"stopped by {signal.Signals(_now.number).name}{at}"


def check() -> None:
    """Raise if a signal has told this process to end.

    Raises:
        Stopped: one has.
    """
    if (why := told()) is not None:
        raise Stopped(why)


def is_late() -> bool:
    """Say whether SQLite is to break off its statement: asked by it every so many steps.

    The first signal needs no answer: it raises ``Stopped`` in here, and SQLite breaks off.
    """
    return bool(_now.number) and time.monotonic() - _now.at > _LATE


@contextmanager
def instead_of_errors() -> Iterator[None]:
    """Raise ``Stopped`` in place of an error that comes of a signal, as SQLite's "interrupted".

    Raises:
        Stopped: there was an error, and a signal has told this process to end.
    """
    try:
        yield
    except Exception as error:
        if (why := told()) is not None:
            raise Stopped(why) from error
        raise


@contextmanager
def ending_by(end: Callable[[], None]) -> Iterator[None]:
    """Let a signal call *end* instead of raising, for what would be torn apart by that."""
    before = _now.end, _now.raises
    _now.end, _now.raises = end, False
    try:
        yield
    finally:
        _now.end, _now.raises = before


@contextmanager
def raising() -> Iterator[None]:
    """Let a signal raise nevertheless, in a long step of what is ended by a function.

    Raises:
        Stopped: a signal has come, now or before.
    """
    before, _now.raises = _now.raises, True
    try:
        with instead_of_errors():
            check()
            yield
    finally:
        _now.raises = before


@contextmanager
def unbroken() -> Iterator[None]:
    """Let what is inside come to its end before a signal raises ``Stopped``.

    Raises:
        Stopped: a signal came meanwhile.
    """
    was_told, before, _now.raises = _now.number, _now.raises, False
    try:
        yield
    finally:
        _now.raises = before
    if before and not was_told:
        check()


@contextmanager
def scratch_folder(prefix: str) -> Iterator[Path]:
    """Make a temporary folder that is gone afterwards, also where a signal comes as it goes."""
    folder: Path | None = None
    try:
        with unbroken():
            folder = Path(tempfile.mkdtemp(prefix=prefix))
        yield folder
    finally:
        if folder is not None:
            with unbroken():
                shutil.rmtree(folder, ignore_errors=True)


def heeded() -> list[int]:
    """Return the signals that end this process; not one that it was begun to ignore."""
    return [one for one in _SIGNALS if signal.getsignal(one) is not signal.SIG_IGN]


@contextmanager
def heard() -> Iterator[None]:
    """Hear the signals that are ``heeded``.

    Raises:
        Stopped: one has come.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    advise(GO_ON)
    read, write = os.pipe()
    os.set_blocking(write, False)
    before = {one: signal.signal(one, _hear) for one in heeded()}
    pipe_before = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(read,), daemon=True).start()
    hook_before, sys.unraisablehook = sys.unraisablehook, _tell_unraised
    try:
        yield
    finally:
        if not _now.number:  # else the thread watches over the end of the process
            signal.set_wakeup_fd(pipe_before)
            for one, handler in before.items():
                signal.signal(one, handler)
            os.close(write)
            sys.unraisablehook = hook_before


def said() -> None:
    """Note that the person at the keyboard was told why this process ends."""
    _now.is_said = True


def _hear(number: int, _frame: FrameType | None) -> None:
    if _now.number:  # a second one: the thread ends the process
        return
    _now.number, _now.at = number, time.monotonic()
    if _now.end is not None:
        _now.end()
    if _now.raises:
        check()


def _tell_unraised(told: Any) -> None:
    """Tell of an error that nothing can catch; not of ``Stopped``, for then the thread ends it."""
    if not isinstance(told.exc_value, Stopped):
        sys.__unraisablehook__(told)


def _watch(pipe: int) -> None:
    """Hear through *pipe* of signals as they come, even while a long step keeps Python from it."""
    number = 0
    with os.fdopen(pipe, "rb", buffering=0) as heard_of:
        while select([heard_of], [], [], PATIENCE if number else None)[0]:
            came = heard_of.read(1)
            if not came:
                return
            if signal.getsignal(came[0]) is _hear:
                if number:
                    break
                number = came[0]
    _end(number)


def _end(number: int) -> NoReturn:
    """End the process, with a line if nobody was told yet."""
    if not _now.is_said:
        why = f"stopped by {signal.Signals(number).name}, at once; {advice()}"
        with suppress(OSError, AttributeError):  # there may be no stderr
            os.write(sys.stderr.fileno(), f"embassy-scraper: {why}\n".encode())
    os._exit(1)
