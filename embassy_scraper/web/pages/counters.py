"""The counters: what each prints, and a page of its own with its value against the calendar."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from embassy_scraper.errors import BadRequest, NotHere
from embassy_scraper.reports import run_report
from embassy_scraper.reports.charts import Point, counter_chart
from embassy_scraper.reports.entries import entries_of
from embassy_scraper.reports.wanted import read_changes_of
from embassy_scraper.web.page import Asked, Values
from embassy_scraper.web.told import tell_alike

_GAP = 7  # days without a look behind which a line is not drawn on
_ROWS = 100  # of the table on one page
_ENTRIES = 40  # of its changes on one page


@dataclass(frozen=True, slots=True)
class Stretch:
    """Readings in a row that tell one thing: ``kept`` to the calendar, ``off`` it, or ``unseen``.

    ``first`` and ``last`` are readings; of a time that was not seen they are those around it.
    """

    kind: str
    first: Point
    last: Point
    readings: int

    @property
    def days(self) -> int:
        """Return how many days lie between the first and the last."""
        return _days(self.first, self.last)


def load_all(asked: Asked) -> Values:
    """Return every counter with its newest value."""
    return {"counters": asked.rows("counters", event=None)}


def load(asked: Asked) -> Values:
    """Return one counter: its chart, the table beneath it, and its changes."""
    event = asked.parts["event"]
    found = asked.row("counters", event=event)
    if found is None:
        raise NotHere(f"There is no counter since {event}; the page Counters has all of them")
    drawn = asked.remembered(f"counter {event}", lambda: _drawn(asked, event))
    stretches: list[Stretch] = drawn["stretches"]
    begin = _number(asked, "row")
    entries = entries_of(read_changes_of(asked.connection, [event]))
    older = _number(asked, "entry")
    return {
        "counter": found,
        "picture": drawn["picture"],
        "stretches": stretches[begin : begin + _ROWS],
        "begin": begin,
        "rows": _ROWS,
        "of": len(stretches),
        "groups": tell_alike(entries[older : older + _ENTRIES], asked.headings),
        "following": older + _ENTRIES if len(entries) > older + _ENTRIES else None,
    }


def _number(asked: Asked, name: str) -> int:
    given = asked.argument(name) or "0"
    if not (given.isascii() and given.isdigit() and len(given) < 9):
        raise BadRequest(f"{given!r} is not a number of a row; write 0 for the newest")
    return int(given)


def _drawn(asked: Asked, event: str) -> Values:
    always = {"event": event, "since": None, "until": None}
    points = [Point(*row) for row in run_report(asked.connection, "counter_days", **always)[1]]
    title = "The value shown, by the date on the page"
    return {
        "picture": counter_chart(thinned(points), title=title, gap=_GAP),
        "stretches": list(reversed(list(stretches_of(points)))),
    }


def stretches_of(points: Sequence[Point]) -> Iterator[Stretch]:
    """Yield the stretches of *points*, which are in order of time.

    >>> days = [Point("2021-03-01", 290), Point("2021-03-02", 291, 291)]
    >>> off = Point("2021-03-03", 291, 292)
    >>> [(one.kind, one.readings) for one in stretches_of([*days, off])]
    [('kept', 2), ('off', 1)]
    """
    begin = 0
    for number, (one, other) in enumerate(pairwise(points), start=1):
        is_far = _days(one, other) > _GAP
        if other.is_off or is_far:
            yield from _kept(points[begin:number])
            begin = number
            if is_far:
                yield Stretch("unseen", one, other, 0)
            if other.is_off:
                yield Stretch("off", one, other, 1)
    yield from _kept(points[begin:])


def _kept(points: Sequence[Point]) -> Iterator[Stretch]:
    """Yield what kept to the calendar; an anomaly alone did not, but those behind it may."""
    if len(points) > 1 or (points and not points[0].is_off):
        yield Stretch("kept", points[0], points[-1], len(points))


def thinned(points: Sequence[Point]) -> list[Point]:
    """Return those of *points* that a picture needs: no two of them farther apart for it.

    What is left out kept to the calendar, as did its neighbours, and its neighbours are near.
    """
    kept: list[Point] = []
    for number, point in enumerate(points):
        around = points[max(0, number - 1) : number + 2]
        is_plain = 0 < number < len(points) - 1 and not any(one.is_off for one in around)
        if is_plain and kept and _days(kept[-1], points[number + 1]) <= _GAP:
            continue
        kept.append(point)
    return kept


def _days(one: Point, other: Point) -> int:
    return (date.fromisoformat(other.day) - date.fromisoformat(one.day)).days
