"""The streams of a command: what reaches a terminal by no word of ours is made safe as well.

``voice`` and ``commands.writing`` make lines of what this program says. Other code prints too: an
argument that click repeats, a warning, a traceback, the log of a library. Text that is written to
stderr and stdout passes here; data goes to ``stdout.buffer``, as it is.
"""

import logging
import os
import sys
import threading
import traceback
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TextIO

from embassy_scraper import voice
from embassy_scraper.visible import visible


class SafeText:
    """A text stream on which what would not be seen is shown by its number; ``own`` is beneath.

    Our own bars are drawn on ``own``, which moves the cursor; where ``has_bar``, the next text
    takes the place of the bar.
    """

    def __init__(self, own: TextIO) -> None:
        """Write to *own*."""
        self.own = own
        self.has_bar = False

    def write(self, text: str) -> int:
        """Write *text*, visible."""
        begin, self.has_bar = "\r\033[K" if self.has_bar else "", False
        return self.own.write(begin + visible(text))

    def writelines(self, lines: Iterable[str]) -> None:
        """Write *lines*, visible."""
        self.own.writelines(map(visible, lines))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.own, name)


def own_screen() -> TextIO:
    """Return stderr for what this program draws itself, and moves the cursor for."""
    screen: TextIO = getattr(sys.stderr, "own", sys.stderr)
    return screen


def note_bar(*, is_there: bool) -> None:
    """Note whether a bar of ours stands in the last line of stderr."""
    if isinstance(sys.stderr, SafeText):
        sys.stderr.has_bar = is_there


def _open_closed() -> None:
    """Open nothing in place of a stream that is closed.

    Else the next file that is opened, as the database, has its number, and what some library says
    is written into it.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _drop_unwritten() -> None:
    """Drop what could not be written: Python would try again as it ends, and fail."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def made_safe() -> Iterator[None]:
    """Make stdout and stderr safe meanwhile, and warnings and what libraries log lines of ours."""
    _open_closed()
    before = sys.stdout, sys.stderr, logging.lastResort
    sys.excepthook, threading.excepthook = _tell_fault, _tell_fault_of_thread
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, SafeText):  # None: stdout was closed
            setattr(sys, name, SafeText(stream))
    logging.lastResort = voice.to_person(logging.WARNING)
    try:
        with warnings.catch_warnings():
            vars(warnings)["showwarning"] = _tell_warning
            yield
    finally:
        _drop_unwritten()
        sys.stdout, sys.stderr, logging.lastResort = before


def _tell_warning(message: Warning | str, category: type[Warning], *_where: Any) -> None:
    logging.getLogger("py.warnings").warning("%s: %s", category.__name__, message)


def _tell_fault(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Tell of an unexpected error: its traceback, in lines that cannot be ours."""
    if not issubclass(kind, Exception):
        sys.__excepthook__(kind, error, trace)
        return
    for part in traceback.format_exception(kind, error, trace):
        for line in part.splitlines():
            voice.show(f"| {line}")
    voice.warn(
        f"embassy-scraper: a fault of this program ({kind.__name__}: {error}); please report it"
        " with the lines above"
    )


def _tell_fault_of_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        _tell_fault(told.exc_type, told.exc_value, told.exc_traceback)
