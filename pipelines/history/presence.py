"""Whether a statement was there: first seen, withdrawn, restored, its own page gone.

Absence is read only from windows that cover the statement's date, and from a 404 or 410 of its
own page.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, takewhile

from embassy_scraper.sites.addresses import statement_url
from pipelines.history.coverage import Coverage, CoveringWindow, ListWindows
from pipelines.history.outages import Outages
from pipelines.history.timeline import Seen, Timeline


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
    last_seen: str
    first_missing: str
    last_missing: str
    seen_again: str | None
    at_head_only: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the statement's own URL answered: 200, 404 or 410."""

    capture: str
    status: int


def absence_before(timeline: Timeline, coverage: Coverage, gone: list[Answer]) -> Absence | None:
    """Return the latest sign, before the first sighting, that the statement was not there."""
    first = timeline.seen[0].capture
    found = [
        Absence(answer.capture, "http_status", None)
        for answer in gone
        if answer.capture[:16] < first[:16]
    ]
    day = timeline.first_date()
    for name in timeline.lists() if day else []:
        window = next(coverage.of(name).covering_backwards(day or "", before=first), None)
        if window is not None:
            found.append(Absence(window.capture, name, window.newest))
    latest = max((absence.capture[:16] for absence in found), default="")
    at_latest = [absence for absence in found if absence.capture[:16] == latest]
    return min(
        at_latest, key=lambda a: (a.field == "http_status", a.field, a.capture), default=None
    )


def find_gaps(timeline: Timeline, coverage: Coverage) -> Iterator[Gap]:
    """Yield every absence of the statement from a list it was seen in, list by list."""
    for name in timeline.lists():
        yield from gaps_in(timeline, name, coverage.of(name))


def gaps_in(timeline: Timeline, name: str, windows: ListWindows) -> Iterator[Gap]:
    """Yield the absences between the sightings in the list *name*, and behind them.

    What stood out of order when last seen, a pinned item, has no place of its own among the others;
    it is missing only where the head of the list lacks it.
    """
    seen = timeline.places[name]
    captures = [s.capture for s in seen]
    if windows.follow_each_other(captures):
        del captures[:-1]
    days = {day for _, day in timeline.dated}
    in_order = {s.capture[:16] for s in seen if not s.is_left_out}
    for here, there in zip(captures, [*captures[1:], None], strict=True):
        if not windows.has_any(here, there):
            continue
        at_head_only = here[:16] not in in_order
        missing = _first_and_last(timeline, days, windows, here, there, at_head_only=at_head_only)
        if missing is not None:
            yield Gap(name, here, *missing, there, at_head_only)


def _first_and_last(
    timeline: Timeline,
    days: set[str],
    windows: ListWindows,
    here: str,
    there: str | None,
    *,
    at_head_only: bool,
) -> tuple[str, str] | None:
    """Return the first and the last window between two sightings that lack the statement."""
    is_simple = len(days) == 1 and not at_head_only
    if is_simple and timeline.dated[0][0][:16] <= here[:16]:
        day = next(iter(days))
        first = next(windows.covering(day, here, there), None)
        if first is None:
            return None
        last = next(windows.covering_backwards(day, here, there))
        return first.capture, last.capture
    found = sorted(
        window.capture
        for day in days
        for window in windows.covering(day, here, there)
        if (window.is_head() or not at_head_only) and _tells(timeline, window, day)
    )
    return (found[0], found[-1]) if found else None


def _tells(timeline: Timeline, window: CoveringWindow, day: str) -> bool:
    """Say whether *window*, which covers *day* and lacks the statement, shows its absence.

    It does not where another date was the last shown, nor where the next sighting shows another
    date that the window does not cover: then it may only have moved.
    """
    if timeline.date_at(window.capture) != day:
        return False
    following = timeline.next_date(window.capture)
    return following is None or following == day or window.covers(following)


def load_answers(connection: sqlite3.Connection, url_key: str) -> tuple[list[Answer], list[Answer]]:
    """Return what the page *url_key* answered in order of time, and its 404 and 410 alone.

    Saved text and HTML count as 200. Where it was never gone both are empty.
    """
    gone = [
        Answer(*row)
        for row in connection.execute(
            "SELECT id, http_status FROM captures WHERE url_key = ?"
            " AND http_status IN (404, 410) ORDER BY id",
            (url_key,),
        )
    ]
    if not gone:
        return [], []
    there = [
        Answer(row[0], 200)
        for row in connection.execute(
            "SELECT id FROM captures WHERE url_key = ? AND page_kind = 'statement' ORDER BY id",
            (url_key,),
        )
    ]
    return sorted([*gone, *there], key=lambda answer: answer.capture), gone


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
    for _, group in groupby(answers, key=lambda answer: answer.capture[:16]):
        step = list(group)
        same = [a for a in step if state and (a.status == 200) == (state.status == 200)]
        if state is not None and not same:
            yield Turn(state, step[0])
        state = same[-1] if same else step[-1]


def was_withheld_before(connection: sqlite3.Connection, timeline: Timeline) -> bool:
    """Say whether its page answered before its first sighting, though what it said is withheld.

    Such a page shows that the statement existed, and nothing else of it.
    """
    first = timeline.seen[0].capture[:16]
    query = (
        "SELECT 1 FROM captures WHERE url = ? AND id < ? AND page_kind = 'statement'"
        " AND coalesce(http_status, 200) = 200 LIMIT 1"
    )
    return any(
        connection.execute(query, (statement_url(url_key, timeline.profile), first)).fetchone()
        is not None
        for url_key in timeline.url_keys()
    )


def is_gone(answers: list[Answer], outages: Outages) -> bool:
    """Say whether the page was there, and was last found gone, not with the whole site."""
    there = any(answer.status == 200 for answer in answers)
    turns = list(find_turns(answers))
    last = turns[-1].after if turns else answers[0] if answers else None
    if not there or last is None or last.status == 200:
        return False
    return not (turns and outages.have_at(last.capture))


def last_places(timeline: Timeline, gaps: list[Gap]) -> list[tuple[str, str, int, bool]]:
    """Return list, instant last seen there, offset, and whether it is missing since.

    Instants are as in capture ids; of several offsets at one instant the first counts.
    """
    missing = {gap.list for gap in gaps if gap.seen_again is None}
    return [(name, *_last(timeline.places[name]), name in missing) for name in timeline.lists()]


def _last(seen: list[Seen]) -> tuple[str, int]:
    instant = seen[-1].capture[:16]
    at_last = takewhile(lambda s: s.capture[:16] == instant, reversed(seen))
    return instant, min(s.start for s in at_last)
