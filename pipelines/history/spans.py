"""Spans: from capture to capture a series shows one value, with no other between.

Spans are the one thing between facts and history. Which there are follows from what was observed,
not from the order in which it came.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple, Protocol

from pipelines.values.instants import instant

END = "~"  # sorts behind every capture of one instant, and behind every date


class Span(NamedTuple):
    """From the capture ``first`` to ``last`` the series shows ``value`` whenever it is observed.

    Of several captures of one instant the first by id stands for all.
    """

    series: int
    first: str
    last: str
    value: int

    def overlaps(self, other: "Span") -> bool:
        """Say whether both were under way at some instant."""
        return instant(self.first) <= instant(other.last) and instant(other.first) <= instant(
            self.last
        )


class Looks(Protocol):
    """When a series was observed: the captures inside its spans."""

    def between(self, series: int, since: str, until: str) -> list[str]:
        """Return the captures of *series* from one instant to another, both included, in order."""

    def last_before(self, series: int, before: str) -> str | None:
        """Return the last capture of *series* before an instant; the first by id of its instant."""

    def first_after(self, series: int, after: str) -> str | None:
        """Return the first capture of *series* after an instant."""


def find_spans(series: int, observed: Iterable[tuple[str, int]]) -> Iterator[Span]:
    """Yield the spans of *series*, of which captures with their values were *observed*, in order.

    Captures of one instant are one step. One that shows several values parts what stands before and
    behind it: it is a span of its own for each value.

    >>> [tuple(span) for span in find_spans(1, [("a", 5), ("b", 5), ("c", 6)])]
    [(1, 'a', 'b', 5), (1, 'c', 'c', 6)]
    """
    current: Span | None = None
    for _, group in groupby(observed, key=lambda one: instant(one[0])):
        shown: dict[int, str] = {}
        for capture, value in group:
            shown.setdefault(value, capture)
        steps = [Span(series, capture, capture, value) for value, capture in shown.items()]
        if current is not None and len(steps) == 1 and steps[0].value == current.value:
            current = current._replace(last=steps[0].last)
            continue
        if current is not None:
            yield current
        current = steps[0] if len(steps) == 1 else None
        if current is None:
            yield from steps
    if current is not None:
        yield current


def inside(one: Span, other: Span, looks: Looks) -> Iterator[str]:
    """Yield the captures of *one* at the time of *other*, and its last before and first behind."""
    begin, end = instant(other.first), instant(other.last)
    if instant(one.first) < begin:
        yield looks.last_before(one.series, begin) or one.first
    if instant(one.last) > end:
        yield looks.first_after(one.series, end) or one.last
    yield from captures_in(one, begin, end, looks)


def captures_in(span: Span, since: str, until: str, looks: Looks) -> list[str]:
    """Return the captures of *span* from one instant to another, both included.

    Where a series shows several values at one instant it has a span for each, of that instant.
    """
    first, last = instant(span.first), instant(span.last)
    if first == last:
        return [span.first] if since <= first <= until else []
    return looks.between(span.series, max(since, first), min(until, last))


def differences(
    shown: Iterable[tuple[str, str]], plain: Callable[[str], str] = str
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield the pairs of sightings between which a value changed, as *plain* texts compare.

    *shown* are captures with what they show, in order. Captures of one instant are one step: where
    one of them shows the value of before, nothing has changed.
    """
    last: tuple[str, str] | None = None
    for _, group in groupby(shown, key=lambda one: instant(one[0])):
        step = list(group)
        same = [one for one in step if last and plain(one[1]) == plain(last[1])]
        if last is not None and not same:
            yield last, step[0]
        last = same[0] if same else step[0]
