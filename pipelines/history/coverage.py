"""What the windows of a list cover: the evidence for absence.

All windows of one list that cover anything, in order of time, with the outline of every 64 of
them, so that the stretches which cannot cover a date are passed over at once.
"""

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_STRETCH = 64
_NO_END = "~"  # sorts behind every date, and behind every capture of one instant


@dataclass(frozen=True, slots=True)
class CoveringWindow:
    """One window that covers a date it was asked for."""

    capture: str
    newest: str
    after: str
    until: str

    def covers(self, day: str) -> bool:
        """Say whether the window covers another *day* too."""
        return self.after < day < self.until

    def is_head(self) -> bool:
        """Say whether it is the head of its list."""
        return self.until == _NO_END


class ListWindows:
    """The covering windows of one list.

    Instants are given as the first 16 characters of capture ids.
    """

    def __init__(self, rows: list[tuple[str, str, str | None, str]]) -> None:
        """Take rows of capture, covers_after, covers_until, newest, in order of capture."""
        self._captures = [row[0] for row in rows]
        self._after = [row[1] for row in rows]
        self._until = [row[2] or _NO_END for row in rows]
        self._newest = [row[3] for row in rows]
        starts = range(0, len(rows), _STRETCH)
        self._lowest = [min(self._after[i : i + _STRETCH]) for i in starts]
        self._highest = [max(self._until[i : i + _STRETCH]) for i in starts]

    def covering(
        self, day: str, after: str | None = None, before: str | None = None
    ) -> Iterator[CoveringWindow]:
        """Yield the windows that cover *day*, strictly between two instants, oldest first."""
        index, end = self._range(after, before)
        while index < end:
            stretch = index // _STRETCH
            if not index % _STRETCH and not self._may_cover(stretch, day):
                index += _STRETCH
                continue
            if self._after[index] < day < self._until[index]:
                yield self._window(index)
            index += 1

    def covering_backwards(
        self, day: str, after: str | None = None, before: str | None = None
    ) -> Iterator[CoveringWindow]:
        """Yield the same windows as ``covering``, newest first."""
        start, index = self._range(after, before)
        while index > start:
            stretch = (index - 1) // _STRETCH
            if not index % _STRETCH and not self._may_cover(stretch, day):
                index -= _STRETCH
                continue
            index -= 1
            if self._after[index] < day < self._until[index]:
                yield self._window(index)

    def has_any(self, after: str, before: str | None) -> bool:
        """Say whether there is any window strictly between two instants."""
        start, end = self._range(after, before)
        return start < end

    def follow_each_other(self, captures: list[str]) -> bool:
        """Say whether *captures* are windows that cover anything, with none left out between."""
        start = bisect_left(self._captures, captures[0])
        return self._captures[start : start + len(captures)] == captures

    def _window(self, index: int) -> CoveringWindow:
        return CoveringWindow(
            self._captures[index], self._newest[index], self._after[index], self._until[index]
        )

    def _may_cover(self, stretch: int, day: str) -> bool:
        return self._lowest[stretch] < day < self._highest[stretch]

    def _range(self, after: str | None, before: str | None) -> tuple[int, int]:
        start = bisect_right(self._captures, after[:16] + _NO_END) if after else 0
        end = bisect_left(self._captures, before[:16]) if before else len(self._captures)
        return start, end


class Coverage:
    """The covering windows of every list, read when first asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read from *connection*, as it stands when a list is first asked for."""
        self._connection = connection
        self._lists: dict[str, ListWindows] = {}

    def of(self, name: str) -> ListWindows:
        """Return the covering windows of the list *name*."""
        windows = self._lists.get(name)
        if windows is None:
            days: dict[str, str] = {}
            rows = [
                (capture, days.setdefault(a, a), days.setdefault(u, u) if u else None,
                 days.setdefault(n, n))
                for capture, a, u, n in self._connection.execute(
                    "SELECT capture, covers_after, covers_until, newest FROM snapshots"
                    " WHERE list = ? AND covers_after IS NOT NULL ORDER BY capture",
                    (name,),
                )
            ]  # fmt: skip
            windows = self._lists[name] = ListWindows(rows)
        return windows
