"""The voice of a run: what is said on stderr, and what goes to the log.

Whatever is said goes through here, and is one line that does nothing but stand there: a name or a
title in it cannot steer a terminal, nor begin a line that looks like one of ours. A quiet run keeps
what it says until it is known whether anybody has to read it.
"""

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from embassy_scraper.disk import what_failed
from embassy_scraper.errors import ConfigError
from embassy_scraper.visible import as_line

if TYPE_CHECKING:
    from embassy_scraper.config import Log

_SAID = logging.getLogger("embassy_scraper.said")  # what a person is shown as well
_OURS = "embassy_scraper"
logging.getLogger(_OURS).addHandler(logging.NullHandler())  # else warnings are said twice
Line = tuple[str, bool]  # what is said, and whether it matters


@dataclass(frozen=True, slots=True)
class _Run:
    """What a run keeps: what it said, if it is *quiet*, and with what it concludes."""

    is_quiet: bool
    said: list[Line] = field(default_factory=list)
    last: list[Line] = field(default_factory=list)


_under_way: list[_Run] = []


def show(line: str) -> None:
    """Show a *line* on stderr and nowhere else: it is no news, or has been logged already.

    Where it cannot be written, as in a window that is closed, nobody is there to read it.
    """
    with suppress(OSError):
        click.echo(as_line(line), err=True)


def say(line: str) -> None:
    """Say a *line* to the person at the keyboard; a quiet run says it only if it ends badly."""
    _SAID.info("%s", as_line(line))
    _say_or_keep(line, matters=False)


def warn(line: str) -> None:
    """Say a *line* that a person has to read, even of a quiet run."""
    _SAID.warning("%s", as_line(line))
    _say_or_keep(line, matters=True)


def conclude(line: str, *, is_bad: bool = False) -> None:
    """Say a *line* as the last of the run under way, behind what is said of alerts."""
    if _under_way:
        _under_way[-1].last.append((line, is_bad))
    else:
        (warn if is_bad else say)(line)


def _say_or_keep(line: str, *, matters: bool) -> None:
    if _under_way and _under_way[-1].is_quiet:
        _under_way[-1].said.append((line, matters))
    else:
        show(line)


@contextmanager
def one_run(*, is_quiet: bool) -> Iterator[None]:
    """Say what a run concludes with at its end; of a *quiet* one only then what was said before.

    If it ends badly all of that is said, else what matters.
    """
    run = _Run(is_quiet)
    _under_way.append(run)
    is_bad = True
    try:
        yield
        is_bad = False
    finally:
        for line, is_fault in run.last:
            (warn if is_fault else say)(line)
        _under_way.pop()
        for line, matters in run.said:
            if is_bad or matters:
                show(line)


@contextmanager
def logged(log: "Log", *, is_verbose: bool) -> Iterator[None]:
    """Write to the *log* what is said meanwhile; if *verbose*, say each request as well.

    Raises:
        ConfigError: the file of the log cannot be written to.
    """
    handlers = [_to_file(Path(log.file), log.level)] if log.file else []
    if is_verbose:
        handlers.append(_each_request())
    ours, root = logging.getLogger(_OURS), logging.getLogger()
    before = ours.level
    if handlers:
        ours.setLevel(logging.DEBUG)
    for handler in handlers:
        root.addHandler(handler)
    try:
        yield
    finally:
        ours.setLevel(before)
        for handler in handlers:
            root.removeHandler(handler)
            with suppress(OSError):  # what could not be written was told
                handler.close()


class _LogFile(logging.FileHandler):
    """The file of a log; the first line that cannot be written is told, and the run goes on."""

    is_told = False

    def handleError(self, record: logging.LogRecord) -> None:
        """Say once why the log has gaps."""
        error = sys.exc_info()[1]
        if not self.is_told and isinstance(error, OSError):
            self.is_told = True
            told = what_failed(error, "name as file of [log] one that you can write to")
            show(f"the log was not written: {self.baseFilename}: {told}")


def _to_file(file: Path, level: str) -> logging.Handler:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_fifo():  # one without a reader would be waited for
            os.close(os.open(file, os.O_WRONLY | os.O_NONBLOCK))
        handler = _LogFile(file, encoding="utf-8", errors="replace")
    except OSError as error:
        reason = error.strerror or error
        raise ConfigError(
            f"{file}: {reason}; name as file of [log] one that you can write to"
        ) from error
    handler.setLevel(level.upper())
    if level != "debug":
        handler.addFilter(lambda one: one.name.startswith(_OURS) or one.levelno > logging.INFO)
    handler.setFormatter(Lines("%(asctime)sZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S"))
    return handler


def to_person(level: int, form: str = "%(name)s: %(message)s") -> logging.Handler:
    """Return what shows records from a *level* on, each as one line of that *form*."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(level)
    handler.setFormatter(Lines(form))
    return handler


def _each_request() -> logging.Handler:
    handler = to_person(logging.INFO, "%(message)s")
    handler.addFilter(lambda one: one.name.startswith(_OURS) and one.name != _SAID.name)
    return handler


class Lines(logging.Formatter):
    """One record is one line, in UTC, and nothing that a site says steers who reads it."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a *record*; the lines of a traceback are parted by spaces."""
        return as_line(" ".join(super().format(record).split()))
