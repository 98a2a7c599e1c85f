"""How the counters progress, checked against the calendar.

A counter on schedule grows by the days between the header dates, that is, header date less value
stays the same: its *since date*. Headers whose counters have the same words and since dates have
the same shape, so only the first and the last capture of each span of one shape is looked at.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from embassy_scraper.limits import MAX_REWORDED
from pipelines.history.changes import Captures, Change, Teller, Values
from pipelines.history.spans import Span
from pipelines.values.instants import days_between, instant
from pipelines.values.likeness import similarity


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A counter's value on one capture."""

    capture: str
    event: str
    label: str
    unit: str
    value: int
    page_date: str
    since_date: str


@dataclass(slots=True)
class CounterHistory:
    """One counter, the *number*-th; it keeps its first event whatever it is called later."""

    number: int
    event: str
    first: ReadingRow
    last: ReadingRow
    run_start: ReadingRow
    is_there: bool = True
    changes: list[Change] = field(default_factory=list)
    _teller: Teller = field(init=False)

    def __post_init__(self) -> None:
        """Let its changes bear the name of its first event."""
        self._teller = Teller(self.event, "counter", self.event)

    def tell(
        self, kind: str, values: Values, captures: Captures, *identity: object, **more: Any
    ) -> None:
        """Add a change: of the counter itself, unless another *field* is named."""
        field = more.pop("field", self.event)
        self.changes.append(self._teller.tell(kind, field, values, captures, *identity, **more))


Read = Callable[[str], dict[str, ReadingRow]]  # the readings on one capture, by event


def derive_counters(shapes: Iterable[Span], read: Read) -> list[CounterHistory]:
    """Return every counter with its changes; *shapes* are the spans of the headers' shapes."""
    headers = [(c, s.value) for s in shapes for c in dict.fromkeys((s.first, s.last))]
    found = _Follower(read).follow(_one_a_step(headers))
    return sorted(found, key=lambda counter: counter.event)


def _one_a_step(headers: list[tuple[str, int]]) -> list[str]:
    """Return one capture an instant: the one that agrees with the step before, if any."""
    chosen: list[str] = []
    shape = 0
    for _, group in groupby(headers, key=lambda header: instant(header[0])):
        step = list(group)
        capture, shape = next((header for header in step if header[1] == shape), step[0])
        chosen.append(capture)
    return chosen


class _Follower:
    """Follows the counters from header to header."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._counters: dict[str, CounterHistory] = {}  # by their first events
        self._there: list[CounterHistory] = []
        self._away: dict[str, list[CounterHistory]] = {}  # by what they were called last
        self._before: str | None = None

    def follow(self, headers: list[str]) -> list[CounterHistory]:
        for capture in headers:
            self._step(capture, self._read(capture))
            self._before = capture
        for counter in self._counters.values():
            self._end_run(counter)
        return list(self._counters.values())

    def _step(self, capture: str, readings: dict[str, ReadingRow]) -> None:
        there = self._there
        for counter in there:
            reading = readings.pop(counter.last.event, None)
            if reading is not None:
                self._read_again(counter, reading)
        gone = [c for c in there if c.last.capture != capture]
        for counter, reading in _reworded(gone, readings):
            del readings[reading.event]
            self._reword(counter, reading)
        still = [counter for counter in there if counter.last.capture == capture]
        for counter in there:
            if counter.last.capture != capture:
                self._vanish(counter, capture)
                self._away.setdefault(counter.last.event, []).append(counter)
        appeared = [self._appear(reading) for reading in readings.values()]
        self._there = sorted([*still, *appeared], key=lambda counter: counter.number)

    def _read_again(self, counter: CounterHistory, reading: ReadingRow) -> None:
        on_schedule = reading.since_date == counter.last.since_date
        if reading.label == counter.last.label:
            if not on_schedule:
                self._anomaly(counter, reading)
            counter.last = reading
        elif on_schedule:
            self._reword(counter, reading)
        else:
            self._vanish(counter, reading.capture)
            self._end_run(counter)
            self._come_back(counter, reading)
            counter.run_start = counter.last = reading

    def _reword(self, counter: CounterHistory, reading: ReadingRow) -> None:
        before, after = counter.last.label, reading.label
        counter.tell(
            "counter_reworded", (before, after), (counter.last.capture, reading.capture),
            "reworded", before, after, field="label",
        )  # fmt: skip
        counter.last = reading

    def _anomaly(self, counter: CounterHistory, reading: ReadingRow) -> None:
        last = counter.last
        expected = days_between(last.page_date, reading.page_date)
        actual = reading.value - last.value
        word = (
            "reset" if actual < 0 else "stalled" if not actual
            else "behind" if actual < expected else "ahead"
        )  # fmt: skip
        self._end_run(counter)
        counter.tell(
            "counter_anomaly", (str(last.value), str(reading.value)),
            (last.capture, reading.capture), "anomaly", last.since_date, reading.since_date,
            note=f"{word}: expected {expected:+d}, actual {actual:+d}",
        )  # fmt: skip
        counter.run_start = reading

    def _end_run(self, counter: CounterHistory) -> None:
        start, last = counter.run_start, counter.last
        if last.value > start.value:
            counter.tell(
                "counter_progressed", (str(start.value), str(last.value)),
                (start.capture, last.capture), "progressed", start.since_date,
            )  # fmt: skip

    def _vanish(self, counter: CounterHistory, capture: str) -> None:
        counter.is_there = False
        values = (str(counter.last.value), None)
        counter.tell("counter_vanished", values, (counter.last.capture, capture), "vanished")

    def _appear(self, reading: ReadingRow) -> CounterHistory:
        counter = self._away_called(reading.event)
        if counter is None:
            return self._begin(reading)
        self._away[counter.last.event].remove(counter)
        self._come_back(counter, reading)
        on_schedule = reading.since_date == counter.last.since_date
        if reading.label != counter.last.label and on_schedule:
            self._reword(counter, reading)
        elif reading.label != counter.last.label:
            self._end_run(counter)
            counter.run_start = reading
        elif not on_schedule:
            self._anomaly(counter, reading)
        counter.last = reading
        return counter

    def _away_called(self, event: str) -> CounterHistory | None:
        """Return the first counter that is away and was called *event* last, or else at first."""
        first = self._counters.get(event)
        called = self._away.get(event, ())
        counter = min(called, key=lambda counter: counter.number, default=first)
        return None if counter is None or counter.is_there else counter

    def _begin(self, reading: ReadingRow) -> CounterHistory:
        name = self._new_name(reading.event)
        counter = CounterHistory(len(self._counters), name, reading, reading, reading)
        self._counters[name] = counter
        kind = "counter_discovered" if self._before is None else "counter_appeared"
        counter.tell(kind, (None, str(reading.value)), (self._before, reading.capture), "first")
        return counter

    def _new_name(self, event: str) -> str:
        """Return *event*, numbered where another counter began with the same words."""
        number, name = 1, event
        while name in self._counters:
            number += 1
            name = f"{event} ({number})"
        return name

    def _come_back(self, counter: CounterHistory, reading: ReadingRow) -> None:
        counter.is_there = True
        captures = (self._before, reading.capture)
        counter.tell("counter_appeared", (None, str(reading.value)), captures, "appeared")


def _reworded(
    gone: list[CounterHistory], readings: dict[str, ReadingRow]
) -> list[tuple[CounterHistory, ReadingRow]]:
    """Return the pairs of a counter that is gone and a new line on schedule with it.

    Where more lines have changed at once than on any true page, nothing tells which was which.
    """
    by_day: dict[str, list[ReadingRow]] = {}
    for reading in readings.values():
        by_day.setdefault(reading.since_date, []).append(reading)
    if sum(len(by_day.get(counter.last.since_date, ())) for counter in gone) > MAX_REWORDED:
        return []
    pairs = sorted(
        (-similarity(counter.last.label, reading.label), counter.event, reading.event)
        for counter in gone
        for reading in by_day.get(counter.last.since_date, ())
    )
    by_event = {counter.event: counter for counter in gone}
    free = dict(readings)
    return [
        (by_event.pop(event), free.pop(new_event))
        for _, event, new_event in pairs
        if event in by_event and new_event in free
    ]
