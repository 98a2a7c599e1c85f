"""Whether a statement was there: first seen, withdrawn, restored, its own page gone.

Absence is read only from windows that cover the statement's date, and from a 404 or 410 of its
own page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, takewhile

from pipelines.history.coverage import Coverage, CoveringSpan, InOrder, ListWindows
from pipelines.history.outages import Outages
from pipelines.history.spans import END, Looks, Span, captures_in, inside
from pipelines.history.timeline import Seen, Timeline
from pipelines.values.instants import instant

_THERE = 200


@dataclass(frozen=True, slots=True)
class Absence:
    """What shows that a statement was not there before it was first seen."""

    capture: str
    field: str
    newest: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A statement missing from a list: last seen, first and last missing, seen again.

    ``at_head_only``: when last seen it stood out of order, so only windows of the list's head tell
    that it is missing.
    """

    list: str
    last: Seen
    first_missing: str
    last_missing: str
    seen_again: str | None
    at_head_only: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the statement's own URL answered: 200, 404 or 410."""

    capture: str
    status: int


def absence_before(
    timeline: Timeline, coverage: Coverage, answers: Iterable[Span]
) -> Absence | None:
    """Return the latest sign, before the first sighting, that the statement was not there.

    *answers* are those of its own pages. Where one answered with a page before, though what that
    said is withheld, there is no such sign: it shows that the statement existed.
    """
    first = instant(timeline.seen[0].capture)
    found: list[Absence] = []
    for span in (span for span in answers if instant(span.first) < first):
        if span.value == _THERE:
            return None
        last = span.last
        if instant(last) >= first:
            last = coverage.looks.last_before(span.series, first) or span.first
        found += [Absence(last, "http_status", None)] if span.value else []
    day = timeline.first_date()
    for name in timeline.lists() if day else []:
        window = coverage.of(name).last_covering(day or "", first)
        if window is not None:
            found.append(Absence(window[0], name, window[1].newest))
    latest = max((instant(absence.capture) for absence in found), default="")
    at_latest = [absence for absence in found if instant(absence.capture) == latest]
    return min(
        at_latest, key=lambda a: (a.field == "http_status", a.field, a.capture), default=None
    )


def find_gaps(timeline: Timeline, coverage: Coverage) -> Iterator[Gap]:
    """Yield every absence of the statement from a list it was seen in, list by list."""
    for name in timeline.lists():
        yield from gaps_in(timeline, name, coverage.of(name), coverage.looks)


def gaps_in(timeline: Timeline, name: str, windows: ListWindows, looks: Looks) -> Iterator[Gap]:
    """Yield the absences between the sightings in the list *name*, and behind them.

    What stood out of order when last seen, a pinned item, has no place of its own among the others;
    it is missing only where the head of the list lacks it.
    """
    shown = {one.span.value for one in timeline.own if one.place == name}
    days = {day for _, day in timeline.dated}
    since = instant(timeline.places[name][0].capture)
    lacking = [one for one in windows.covering(days, since) if one.span.value not in shown]
    if not lacking:
        return
    anywhere, at_head = InOrder(lacking), InOrder([one for one in lacking if one.is_head()])
    seen = _seen_beside(timeline, name, anywhere, looks)
    in_order = {instant(s.capture) for s in seen if not s.is_left_out}
    for here, there in zip(seen, [*seen[1:], None], strict=True):
        at_head_only = instant(here.capture) not in in_order
        between = (instant(here.capture), instant(there.capture) if there else END)
        telling = (at_head if at_head_only else anywhere).near(*between)
        missing = _first_and_last(timeline, days, telling, between, looks)
        if missing is not None:
            yield Gap(name, here, *missing, there.capture if there else None, at_head_only)


def _seen_beside(timeline: Timeline, name: str, lacking: InOrder, looks: Looks) -> list[Seen]:
    """Return the sightings in a list, and those at the time of windows that lack the statement."""
    seen = set(timeline.places[name])
    for one in (one for one in timeline.own if one.place == name):
        for window in lacking.near(instant(one.span.first), instant(one.span.last)):
            if one.span.overlaps(window.span):
                seen.update(map(one.seen, inside(one.span, window.span, looks)))
    return sorted(seen)


def _first_and_last(
    timeline: Timeline,
    days: set[str],
    lacking: Iterable[CoveringSpan],
    between: tuple[str, str],
    looks: Looks,
) -> tuple[str, str] | None:
    """Return the first and the last capture *between* two instants that lacks the statement.

    Where it had another date at other times, each capture is asked whether it tells anything.
    """
    if len(days) == 1 and instant(timeline.dated[0][0]) <= between[0]:
        found = [end for one in lacking for end in _ends_between(one.span, between, looks)]
    else:
        found = [
            capture
            for one in lacking
            for capture in captures_in(one.span, *between, looks)
            if between[0] < instant(capture) < between[1]
            and any(_tells(timeline, one, capture, day) for day in days if one.covers(day))
        ]
    return (min(found), max(found)) if found else None


def _ends_between(span: Span, between: tuple[str, str], looks: Looks) -> Iterator[str]:
    """Yield the first and the last capture of *span* strictly between two instants."""
    after, before = between
    if not (instant(span.first) < before and after < instant(span.last)):
        return
    first: str | None = span.first
    if instant(span.first) <= after:
        first = looks.first_after(span.series, after)
    last: str | None = span.last
    if instant(span.last) >= before:
        last = looks.last_before(span.series, before)
    if first is not None and last is not None and instant(first) <= instant(last):
        yield from (first, last)


def _tells(timeline: Timeline, window: CoveringSpan, capture: str, day: str) -> bool:
    """Say whether a *window* that covers *day* and lacks the statement shows its absence.

    It does not where another date was the last shown, nor where the next sighting shows another
    date that the window does not cover: then it may only have moved.
    """
    if timeline.date_at(capture) != day:
        return False
    following = timeline.next_date(capture)
    return following is None or following == day or window.covers(following)


def answers_of(spans: Iterable[Span]) -> list[Answer]:
    """Return what a page answered in order of time, where it ever was gone.

    Saved text and HTML count as 200; what tells nothing (403, 5xx, redirects) is left out.
    """
    found = [Answer(capture, s.value) for s in spans if s.value for capture in (s.first, s.last)]
    is_gone = any(answer.status != _THERE for answer in found)
    return sorted(dict.fromkeys(found), key=lambda answer: answer.capture) if is_gone else []


@dataclass(frozen=True, slots=True)
class Turn:
    """The page changed between there and gone; ``before`` and ``after`` are the statuses."""

    before: Answer
    after: Answer


def find_turns(answers: list[Answer]) -> Iterator[Turn]:
    """Yield where a page that answered 200 is gone, and where it is back.

    Where answers of one instant contradict each other the state stays what it was.
    """
    state: Answer | None = None
    for _, group in groupby(answers, key=lambda answer: instant(answer.capture)):
        step = list(group)
        same = [a for a in step if state and (a.status == _THERE) == (state.status == _THERE)]
        if state is not None and not same:
            yield Turn(state, step[0])
        state = same[-1] if same else step[-1]


def is_gone(answers: list[Answer], outages: Outages) -> bool:
    """Say whether the page was there, and was last found gone, not with the whole site."""
    there = any(answer.status == _THERE for answer in answers)
    turns = list(find_turns(answers))
    last = turns[-1].after if turns else answers[0] if answers else None
    if not there or last is None or last.status == _THERE:
        return False
    return not (turns and outages.have_at(last.capture))


def last_places(timeline: Timeline, gaps: list[Gap]) -> list[tuple[str, str, int, bool]]:
    """Return list, instant last seen there, offset, and whether it is missing since.

    Of several offsets at one instant the first counts.
    """
    missing = {gap.list for gap in gaps if gap.seen_again is None}
    return [(name, *_last(timeline.places[name]), name in missing) for name in timeline.lists()]


def _last(seen: list[Seen]) -> tuple[str, int]:
    last = instant(seen[-1].capture)
    at_last = takewhile(lambda s: instant(s.capture) == last, reversed(seen))
    return last, min(s.start for s in at_last)
