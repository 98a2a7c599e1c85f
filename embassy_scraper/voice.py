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
_kept: list[list[str]] = []  # the lines of the quiet run under way, if there is one


def say(line: str) -> None:
    """Say a *line* to the person at the keyboard; a quiet run keeps it."""
    _SAID.info(line)
    if _kept:
        _kept[-1].append(line)
    else:
        click.echo(line, err=True)


def warn(line: str) -> None:
    """Say a *line* that a person has to read, even of a quiet run."""
    _SAID.warning(line)
    click.echo(line, err=True)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what is said; it is said after all where the run does not end well."""
    _kept.append([])
    try:
        yield
    except BaseException as error:
        lines = _kept.pop()
        if not isinstance(error, SystemExit) or error.code:
            for line in lines:
                click.echo(line, err=True)
        raise
    _kept.pop()


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
