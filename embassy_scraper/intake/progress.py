"""Progress on stderr: a bar where someone is there to see it, else a line a minute."""

import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

import click

from embassy_scraper import stopping
from embassy_scraper.streams import note_bar, own_screen
from embassy_scraper.voice import show

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

_PAUSE = 60  # seconds between two lines


def begin(what: str) -> None:
    """Say on a terminal that something begins whose length nobody knows yet."""
    if sys.stderr.isatty():
        show(f"{what} …")


class Bar:
    """A bar that shows how far the work is; on anything but a terminal, a line a minute."""

    def __init__(self, length: int | None) -> None:
        """Prepare a bar for work of *length* units (``None``: given with every step)."""
        self._length = length
        self._bar: ProgressBar[int] | None = None
        self._at = 0
        self._told_at = time.monotonic()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def show(self, what: str, done: int, of: int | None = None) -> None:
        """Show that *done* units (*of* so many) are done; *what* names the work."""
        stopping.doing(what)
        length = of or self._length or 0
        if not sys.stderr.isatty():
            self._tell(what, done, length)
            return
        with suppress(OSError):  # the terminal may be gone
            self._draw(what, done, length)

    def _draw(self, what: str, done: int, length: int) -> None:
        if self._bar is None or self._bar.length != length:
            self._bar = click.progressbar(length=length, label=what, file=own_screen())
            self._bar.__enter__()
            self._at = 0
        self._bar.update(done - self._at)
        note_bar(is_there=True)
        self._at = done

    def _tell(self, what: str, done: int, length: int) -> None:
        if time.monotonic() - self._told_at >= _PAUSE:
            self._told_at = time.monotonic()
            share = f"{100 * done // length} %" if length else f"{done}"
            show(f"{what}: {share}")

    def __exit__(self, *raised: Any) -> None:
        """End the bar's line."""
        if not raised[0]:
            stopping.doing("")
        if self._bar is not None:
            with suppress(OSError):
                self._bar.__exit__(*raised)
            note_bar(is_there=False)
