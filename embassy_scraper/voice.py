"""The voice of a run: what is said on stderr, and what goes to the log.

A quiet run keeps what it says until it is known whether anybody has to read it.
"""

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from embassy_scraper.config import Log
from embassy_scraper.errors import ConfigError

_SAID = logging.getLogger("embassy_scraper.said")  # what a person is shown as well
_OURS = "embassy_scraper"
logging.getLogger(_OURS).addHandler(logging.NullHandler())  # else warnings are said twice
_kept: list[list[tuple[str, bool]]] = []  # of the quiet run under way: its lines, and which matter

_last: list[list[tuple[str, bool]]] = []  # the last words of the run under way, and which are bad


def say(line: str) -> None:
    """Say a *line* to the person at the keyboard; a quiet run says it only if it ends badly."""
    _SAID.info(line)
    _say_or_keep(line, matters=False)


def warn(line: str) -> None:
    """Say a *line* that a person has to read, even of a quiet run."""
    _SAID.warning(line)
    _say_or_keep(line, matters=True)


def conclude(line: str, *, is_bad: bool = False) -> None:
    """Say a *line* as the last of the run under way, behind what is said of alerts."""
    if _last:
        _last[-1].append((line, is_bad))
    else:
        (warn if is_bad else say)(line)


@contextmanager
def last_words() -> Iterator[None]:
    """Let the lines with which a verb concludes be said at the end."""
    _last.append([])
    try:
        yield
    finally:
        for line, is_bad in _last.pop():
            conclude(line, is_bad=is_bad)


def _say_or_keep(line: str, *, matters: bool) -> None:
    if _kept:
        _kept[-1].append((line, matters))
    else:
        click.echo(line, err=True)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what is said until it is known how the run ends; then say all of it, or what matters."""
    _kept.append([])
    is_bad = True
    try:
        yield
        is_bad = False
    finally:
        for line, matters in _kept.pop():
            if is_bad or matters:
                click.echo(line, err=True)


@contextmanager
def logged(log: Log, *, is_verbose: bool) -> Iterator[None]:
    """Write to the *log* what is said meanwhile; if *verbose*, say each request as well.

    Raises:
        ConfigError: the file of the log cannot be written to.
    """
    handlers = [_to_file(Path(log.file), log.level)] if log.file else []
    if is_verbose:
        handlers.append(_to_person())
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
            handler.close()


def _to_file(file: Path, level: str) -> logging.Handler:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(file, encoding="utf-8", errors="replace")
    except OSError as error:
        reason = error.strerror or error
        raise ConfigError(
            f"{file}: {reason}; name as file of [log] one that you can write to"
        ) from error
    handler.setLevel(level.upper())
    if level != "debug":
        handler.addFilter(lambda one: one.name.startswith(_OURS) or one.levelno > logging.INFO)
    handler.setFormatter(_Lines("%(asctime)sZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S"))
    return handler


def _to_person() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.INFO)
    handler.addFilter(lambda one: one.name.startswith(_OURS) and one.name != _SAID.name)
    handler.setFormatter(_Lines("%(message)s"))
    return handler


class _Lines(logging.Formatter):
    """One record is one line, in UTC, and nothing that a site says steers who reads it."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a *record*."""
        line = " ".join(super().format(record).split())
        return "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in line)
