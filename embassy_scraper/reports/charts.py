"""The counter chart: a counter's value against the calendar, as SVG.

Pure: rows go in, text comes out; all that comes from a page is escaped. Colours are custom
properties of ``style.css``, or the colour of the text around the picture.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from embassy_scraper.reports.markup import as_text
from embassy_scraper.reports.times import counted, say_day

ACCENT = "var(--accent, currentColor)"
INK = "var(--ink, currentColor)"
FAINT = "var(--faint, currentColor)"
HAIRLINE = "var(--hairline, currentColor)"
PAPER = "var(--paper, none)"
_WIDTH, _HEIGHT = 640, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 620, 34, 250
_MOST_LABELS = 8  # of anomalies; the others say what they are where a pointer rests on them
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Point:
    """A counter's value on one day; ``expected``: by the calendar, from the value seen before."""

    day: str
    value: int
    expected: int | None = None
    captured_at: str | None = None

    @property
    def is_off(self) -> bool:
        """Say whether the value is not what the calendar says."""
        return self.expected is not None and self.value != self.expected


def counter_chart(points: Iterable[Point], *, title: str, gap: int = 7, name: str = "c") -> str:
    """Return the chart of *points* as an SVG element; of none, an empty text.

    A line joins readings that kept to the calendar and are at most *gap* days apart; a longer
    time without a look stays open. *name* makes the ids in the element unique on a page.
    """
    shown = sorted(points, key=lambda p: (p.day, p.captured_at or ""))
    if not shown:
        return ""
    plane = _Plane.of(shown)
    parts = [
        *_axes(plane),
        *_lines(shown, plane, gap),
        *_dots(shown, plane),
        *_labels(shown, plane),
    ]
    return svg(parts, (_WIDTH, _HEIGHT), title=title, about=_about(shown, gap), name=name)


def svg(parts: Iterable[str], size: tuple[int, int], *, title: str, about: str, name: str) -> str:
    """Return *parts* as a picture of a *size* with its *title* and what it is *about*."""
    width, height = size
    own = id_of(name)
    inner = "\n".join(parts)
    role = "group" if "<a " in inner else "img"  # what is in an image is out of reach
    return (
        f'<svg class="chart" role="{role}" aria-labelledby="{own}-title {own}-about"'
        f' viewBox="0 0 {width} {height}" font-size="13" fill="currentColor"'
        ' xmlns="http://www.w3.org/2000/svg">\n'
        f'<title id="{own}-title">{as_text(title)}</title>\n'
        f'<desc id="{own}-about">{as_text(about)}</desc>\n{inner}\n</svg>\n'
    )


def id_of(name: str) -> str:
    """Return *name* as the id of an element."""
    return re.sub(r"[^0-9A-Za-z_-]+", "-", name)


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where days and values lie."""

    first: date
    days: int
    low: int
    high: int

    @classmethod
    def of(cls, points: Sequence[Point]) -> "_Plane":
        first = date.fromisoformat(points[0].day)
        days = (date.fromisoformat(points[-1].day) - first).days
        step = _step(min(p.value for p in points), max(p.value for p in points))
        low = min(p.value for p in points) // step * step
        high = -(-max(p.value for p in points) // step) * step
        return cls(first, days, low, max(high, low + step))

    def x(self, day: str) -> float:
        share = (date.fromisoformat(day) - self.first).days / self.days if self.days else 0.5
        return round(_LEFT + share * (_RIGHT - _LEFT), 1)

    def y(self, value: int) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(_BOTTOM - share * (_BOTTOM - _TOP), 1)


def _step(low: int, high: int) -> int:
    """Return between which round numbers the axis has its lines."""
    least = max(1, (high - low) / _TICKS)
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size >= least:
                return factor * size
        size *= 10


def _axes(plane: _Plane) -> Iterator[str]:
    yield f'<text x="4" y="16" fill="{FAINT}">Value shown</text>'
    step = _step(plane.low, plane.high)
    for value in range(plane.low, plane.high + 1, step):
        y = plane.y(value)
        yield f'<path d="M{_LEFT} {y}H{_RIGHT}" stroke="{HAIRLINE}" stroke-opacity=".6"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{value:,}</text>'
    last = plane.first + timedelta(days=plane.days)
    ends = ((plane.first, "start"), (last, "end")) if plane.days else ((last, "middle"),)
    for day, anchor in ends:
        x = plane.x(day.isoformat())
        yield f'<path d="M{x} {_BOTTOM}v6" stroke="currentColor"/>'
        words = say_day(day.isoformat())
        yield f'<text x="{x}" y="{_BOTTOM + 26}" text-anchor="{anchor}">{words}</text>'
    for day in _turns(plane):
        x = plane.x(day.isoformat())
        yield f'<path d="M{x} {_BOTTOM}v6" stroke="currentColor"/>'
        if _LEFT + 150 < x < _RIGHT - 150:
            label = f"{day.year}" if plane.days > 400 else f"{day:%B}"
            yield (
                f'<text class="fine" x="{x}" y="{_BOTTOM + 26}" text-anchor="middle">{label}</text>'
            )
    yield (
        f'<text x="{_RIGHT}" y="{_BOTTOM + 56}" text-anchor="end" fill="{FAINT}">'
        "Date on the page</text>"
    )


def _turns(plane: _Plane) -> Iterator[date]:
    """Yield where a year begins or, of a short time, where a month does."""
    last = plane.first + timedelta(days=plane.days)
    for year in range(plane.first.year, last.year + 1):
        for month in range(1, 13):
            day = date(year, month, 1)
            if plane.first < day < last and (plane.days <= 400 or month == 1):
                yield day


def _lines(points: Sequence[Point], plane: _Plane, gap: int) -> Iterator[str]:
    """Yield a line for each run of readings on the calendar; such a run is straight."""
    path = "".join(
        f"M{plane.x(run[0].day)} {plane.y(run[0].value)}"
        f"L{plane.x(run[-1].day)} {plane.y(run[-1].value)}"
        for run in _runs(points, gap)
        if len(run) > 1
    )
    if path:
        yield f'<path d="{path}" fill="none" stroke="{ACCENT}" stroke-width="2"/>'


def _runs(points: Sequence[Point], gap: int) -> list[list[Point]]:
    runs = [[points[0]]]
    for one, other in pairwise(points):
        if other.is_off or _days(one, other) > gap:
            runs.append([])
        runs[-1].append(other)
    return runs


def _days(one: Point, other: Point) -> int:
    return (date.fromisoformat(other.day) - date.fromisoformat(one.day)).days


def _dots(points: Sequence[Point], plane: _Plane) -> Iterator[str]:
    """Yield a dot for every reading, and a ring around one that is off the calendar."""
    places = ((round(plane.x(p.day)), round(plane.y(p.value))) for p in points if not p.is_off)
    for x, y in dict.fromkeys(places):  # of years of days: one for each that an eye can tell
        yield f'<circle cx="{x}" cy="{y}" r="2" fill="{ACCENT}"/>'
    for point in points:
        if point.is_off:
            cx, cy = plane.x(point.day), plane.y(point.value)
            yield (
                f'<circle cx="{cx}" cy="{cy}" r="5" fill="{PAPER}" stroke="currentColor"'
                f' stroke-width="2"><title>{_said(point)}</title></circle>'
            )


def _said(point: Point) -> str:
    return f"{say_day(point.day)}: shown {point.value:,}, by the calendar {point.expected:,}"


def _labels(points: Sequence[Point], plane: _Plane) -> Iterator[str]:
    """Yield words at the anomalies that are farthest off, so that none covers another."""
    off = [point for point in points if point.is_off]
    off.sort(key=lambda p: (-abs(p.value - (p.expected or 0)), p.day))
    taken: list[tuple[float, float]] = []
    for point in off:
        x, y = plane.x(point.day), plane.y(point.value)
        is_right = x > (_LEFT + _RIGHT) / 2
        at = max(y - 10, 16) if is_right else y + 20  # a counter rises: there the line is not
        if len(taken) == _MOST_LABELS or any(
            abs(at - b) < 18 and abs(x - a) < 210 for a, b in taken
        ):
            continue
        taken.append((x, at))
        anchor, shift = ("end", -9) if is_right else ("start", 9)
        yield (
            f'<text x="{x + shift}" y="{at}" text-anchor="{anchor}" font-weight="600">'
            f"{point.value:,} instead of {point.expected:,}</text>"
        )


def _about(points: Sequence[Point], gap: int) -> str:
    """Return in words what the picture shows."""
    off = [point for point in points if point.is_off]
    open_ = sum(_days(one, two) > gap for one, two in pairwise(points))
    told = [
        f"{counted(len(points), 'reading')} from {say_day(points[0].day)}"
        f" ({points[0].value:,}) to {say_day(points[-1].day)} ({points[-1].value:,})",
        f"{counted(len(off), 'of them is', 'of them are')} off the calendar",
        f"{counted(open_, 'gap')} of more than {gap} days left open",
    ]
    return "; ".join(told) + "."
