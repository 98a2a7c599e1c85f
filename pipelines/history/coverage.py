"""What the windows of a list cover: the evidence for absence.

All spans of windows of one list that cover anything, in order of time, with the outline of every 64
of them, so that those which cannot tell of a date are passed over at once.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipelines.history.spans import END, Looks, Span
from pipelines.values.instants import instant

_BLOCK = 64


@dataclass(frozen=True, slots=True)
class CoveringSpan:
    """From when to when one page of a list showed one window, and the dates it covers.

    ``newest`` is the newest date of its trunk; ``until`` sorts behind every date at a list's head.
    """

    span: Span
    after: str
    until: str
    newest: str

    def covers(self, day: str) -> bool:
        """Say whether the window covers *day*."""
        return self.after < day < self.until

    def is_head(self) -> bool:
        """Say whether it is the head of its list."""
        return self.until == END


class InOrder:
    """Spans in order of their first captures, of which those of some time are found at once.

    ``firsts`` are the instants of these captures.
    """

    def __init__(self, spans: Sequence[CoveringSpan]) -> None:
        """Take *spans* in that order."""
        self._spans = spans
        self.firsts = [instant(one.span.first) for one in spans]
        self._reach = list(accumulate((instant(one.span.last) for one in spans), max))

    def places(self, since: str, until: str) -> range:
        """Return from where to where those stand that are seen from one instant to another.

        Some others may stand between them.
        """
        return range(bisect_left(self._reach, since), bisect_right(self.firsts, until))

    def near(self, since: str, until: str) -> Sequence[CoveringSpan]:
        """Return all that are seen from one instant to another, both included, and some others."""
        places = self.places(since, until)
        return self._spans[places.start : places.stop]


class ListWindows:
    """The covering windows of one list."""

    def __init__(self, spans: Iterable[CoveringSpan], looks: Looks) -> None:
        """Take *spans* in order of their first captures; *looks* tells what lies inside them."""
        self._spans = list(spans)
        self._looks = looks
        self._order = InOrder(self._spans)
        blocks = [self._spans[i : i + _BLOCK] for i in range(0, len(self._spans), _BLOCK)]
        self._lowest = [min(one.after for one in block) for block in blocks]
        self._highest = [max(one.until for one in block) for block in blocks]
        self._latest = [max(one.span.last for one in block) for block in blocks]

    def covering(self, days: Iterable[str], after: str, until: str = END) -> Iterator[CoveringSpan]:
        """Yield what covers any of *days*, was seen later than *after* and begun by *until*.

        Both are instants; the windows come in order.
        """
        wanted, places = sorted(days), self._order.places(after, until)
        for block in range(places.start // _BLOCK, -(-places.stop // _BLOCK)):
            if self._may_cover(block, wanted) and instant(self._latest[block]) > after:
                begin, end = block * _BLOCK, (block + 1) * _BLOCK
                for one in self._spans[max(begin, places.start) : min(end, places.stop)]:
                    if instant(one.span.last) > after and any(map(one.covers, wanted)):
                        yield one

    def seen_between(self, day: str, after: str, until: str) -> Iterator[CoveringSpan]:
        """Yield what covers *day* and was seen later than *after*, but no later than *until*."""
        for one in self.covering([day], after, until):
            first: str | None = one.span.first
            if instant(one.span.first) <= after:
                first = self._looks.first_after(one.span.series, after)
            if first is not None and instant(first) <= until:
                yield one

    def last_covering(self, day: str, before: str) -> tuple[str, CoveringSpan] | None:
        """Return the last capture before an instant whose window covers *day*, and that window."""
        found: tuple[str, CoveringSpan] | None = None
        end = bisect_left(self._order.firsts, before)
        for block in range((end - 1) // _BLOCK, -1, -1):
            if found is not None and self._latest[block] <= found[0]:
                continue
            if self._may_cover(block, [day]):
                for one in self._spans[block * _BLOCK : min(end, (block + 1) * _BLOCK)]:
                    found = self._later(found, one, before) if one.covers(day) else found
        return found

    def _later(
        self, found: tuple[str, CoveringSpan] | None, one: CoveringSpan, before: str
    ) -> tuple[str, CoveringSpan] | None:
        last: str | None = one.span.last
        if instant(one.span.last) >= before:
            last = self._looks.last_before(one.span.series, before)
        return (last, one) if last is not None and (found is None or last > found[0]) else found

    def _may_cover(self, block: int, days: list[str]) -> bool:
        """Say whether anything of a block may cover one of *days*, which are in order."""
        return bool(days) and self._lowest[block] < days[-1] and days[0] < self._highest[block]


class Coverage:
    """The covering windows of every list, read when first asked for."""

    def __init__(self, load: Callable[[str], Iterable[CoveringSpan]], looks: Looks) -> None:
        """*load* returns the covering windows of a list, in order of their first captures."""
        self._load, self.looks = load, looks
        self._lists: dict[str, ListWindows] = {}

    def of(self, name: str) -> ListWindows:
        """Return the covering windows of the list *name*."""
        if name not in self._lists:
            self._lists[name] = ListWindows(self._load(name), self.looks)
        return self._lists[name]
