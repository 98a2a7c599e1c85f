"""Contract section 5 for counters and contacts: one walk through the headers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from .observe import HeaderSeen
from .rows import Ambiguous, Reading, Row


@dataclass
class Point:
    at: datetime
    day: date
    value: int
    label: str


@dataclass
class Track:
    """One counter under its first event."""

    event: str
    points: list[Point] = field(default_factory=list)
    run: list[Point] = field(default_factory=list)
    present: bool = True

    @property
    def last(self) -> Point:
        return self.points[-1]

    def on_schedule(self, point: Point) -> bool:
        return point.value - self.last.value == (point.day - self.last.day).days

    def row(
        self, kind: str, before: str, after: str, a: datetime | None, b: datetime, **more: object
    ) -> Row:
        fields = ("label",) if kind == "counter_reworded" else (self.event,)
        subject = ("counter", self.event)
        return Row(kind, subject, fields, (before,), (after,), a, b, **more)  # type: ignore[arg-type]


class CounterWalk:
    def __init__(self, how: Reading) -> None:
        self.how = how
        self.rows: list[Row] = []
        self.tracks: dict[str, Track] = {}
        self.alias: dict[str, str] = {}
        self.previous: HeaderSeen | None = None

    def step(self, header: HeaderSeen) -> None:
        """One header after the one before: reworded, gone, gone on, come (back)."""
        lines = {
            event: Point(header.at, header.page_date, value, label)
            for event, label, value in header.readings
        }
        self._reword(lines)
        told = {self.alias.get(event): point for event, point in lines.items()}
        for name, track in self.tracks.items():
            if track.present and name not in told:
                self._vanish(track, header.at)
        for event, point in lines.items():
            self._read(event, point)
        self.previous = header

    def _reword(self, lines: dict[str, Point]) -> None:
        """Give a new line that is on schedule with a gone one the name of that one."""
        told = {self.alias.get(event) for event in lines}
        gone = [t for n, t in self.tracks.items() if t.present and n not in told]
        taken: set[str] = set()
        for event, point in lines.items():
            known = self.alias.get(event)
            fits = [t for t in gone if t.on_schedule(point)]
            if known and self.tracks[known].present:
                continue
            if fits and (known or len(fits) > 1 or fits[0].event in taken):
                raise Ambiguous("which counter was reworded")
            if fits:
                self.alias[event] = fits[0].event
                taken.add(fits[0].event)

    def _read(self, event: str, point: Point) -> None:
        track = self.tracks.get(self.alias.get(event, ""))
        if track is None:
            self._first(event, point)
        elif not track.present:
            self._back(track, point)
        else:
            self._next(track, point)

    def _first(self, event: str, point: Point) -> None:
        track = Track(event, [point], [point])
        self.tracks[event] = track
        self.alias[event] = event
        kind = "counter_appeared" if self.previous else "counter_discovered"
        after = self.previous.at if self.previous else None
        self.rows.append(track.row(kind, "", str(point.value), after, point.at))

    def _back(self, track: Track, point: Point) -> None:
        assert self.previous is not None
        if track.last.label != point.label:
            raise Ambiguous("a counter that comes back in other words")
        row = track.row("counter_appeared", "", str(point.value), self.previous.at, point.at)
        self.rows.append(row)
        track.present = True
        if self.how.vanish_ends_run:
            track.points, track.run = [point], [point]
        else:
            self._go_on(track, point)

    def _next(self, track: Track, point: Point) -> None:
        if track.last.label != point.label:
            if not track.on_schedule(point):
                raise Ambiguous("the same event reworded and off schedule at once")
            old = track.last
            self.rows.append(
                track.row("counter_reworded", old.label, point.label, old.at, point.at)
            )
        self._go_on(track, point)

    def _go_on(self, track: Track, point: Point) -> None:
        """Extend the run, or note an anomaly and begin another."""
        old = track.last
        grown, due = point.value - old.value, (point.day - old.day).days
        if grown == due:
            track.run.append(point)
        else:
            self._end_run(track)
            note = f"{anomaly(grown, due)}|{due}|{grown}"
            self.rows.append(
                track.row(
                    "counter_anomaly",
                    str(old.value),
                    str(point.value),
                    old.at,
                    point.at,
                    notes=(note,),
                )
            )
            track.run = [point]
        track.points.append(point)

    def _vanish(self, track: Track, at: datetime) -> None:
        track.present = False
        self.rows.append(
            track.row("counter_vanished", str(track.last.value), "", track.last.at, at)
        )
        if self.how.vanish_ends_run:
            self._end_run(track)
            track.run = []

    def _end_run(self, track: Track) -> None:
        if len(track.run) > 1 and track.run[-1].value > track.run[0].value:
            first, last = track.run[0], track.run[-1]
            self.rows.append(
                track.row(
                    "counter_progressed", str(first.value), str(last.value), first.at, last.at
                )
            )

    def end(self) -> list[Row]:
        for track in self.tracks.values():
            self._end_run(track)
        return self.rows


def anomaly(grown: int, due: int) -> str:
    if grown < 0:
        return "reset"
    if grown > due:
        return "ahead"
    return "stalled" if grown == 0 else "behind"


def counter_rows(headers: Sequence[HeaderSeen], how: Reading) -> list[Row]:
    walk = CounterWalk(how)
    for i, header in enumerate(headers):
        if i == 0 or header.at != headers[i - 1].at:
            walk.step(header)
    return walk.end()


def contact_rows(headers: Sequence[HeaderSeen]) -> list[Row]:
    """Within one language, each part that is printed in another way."""
    out = []
    for language in ("en", "ru"):
        spoken = [h for h in headers if h.language == language]
        for name in ("phone", "email", "label"):
            told = [(h.at, v) for h in spoken if (v := getattr(h, name)) is not None]
            for (a, old), (b, new) in pairwise(told):
                if old != new:
                    row = Row("contact_changed", ("header", ""), (name,), (old,), (new,), a, b)
                    out.append(row)
    return out
