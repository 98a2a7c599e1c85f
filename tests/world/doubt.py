"""Cut-off captures as each reading of the contract takes them."""

from __future__ import annotations

from dataclasses import replace

from .observe import Seen, Window
from .rows import Reading


def with_doubtful(seen: Seen, how: Reading) -> Seen:
    """The capture with the last entry of a cut-off window kept or dropped."""
    windows = tuple(_window_with_doubtful(w, how) for w in seen.windows)
    header = seen.header if how.cut_header or not seen.cut else None
    return replace(seen, windows=windows, header=header)


def _window_with_doubtful(window: Window, how: Reading) -> Window:
    if window.doubtful is None or how.cut_last == "absent":
        return window
    last = replace(window.doubtful, lead=None)
    if how.cut_last in ("present", "dated"):
        last = replace(last, title=None, on=last.on if how.cut_last == "dated" else None)
    return replace(window, entries=(*window.entries, last))
