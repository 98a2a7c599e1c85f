"""The history of one statement: its changes and its versions, from its timeline.

The same facts give the same history, in any order of arrival.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Any

from pipelines.history.changes import Captures, Change, Teller, Values
from pipelines.history.coverage import Coverage
from pipelines.history.edits import TEXT_FIELDS, Edit, find_edits, passages, significance
from pipelines.history.outages import WITH_THE_SITE, Outages
from pipelines.history.presence import (
    Absence,
    Answer,
    Gap,
    absence_before,
    answers_of,
    find_gaps,
    find_turns,
    is_gone,
    last_places,
)
from pipelines.history.spans import Span
from pipelines.history.timeline import Seen, Timeline
from pipelines.values.instants import days_between, instant, instant_of
from pipelines.values.likeness import similarity
from pipelines.values.places import PAGE, is_list


@dataclass(frozen=True, slots=True)
class Version:
    """One distinct text of a statement."""

    number: int
    title: str | None
    lead: str | None
    body: str | None
    first_seen: str
    last_seen: str
    first_capture: str


@dataclass(frozen=True, slots=True)
class History:
    """Everything derived of one statement."""

    timeline: Timeline
    changes: list[Change]
    versions: list[Version]
    places: list[tuple[str, str, int, bool]]
    absence: Absence | None
    is_gone: bool
    has_gaps: bool


def derive(
    timeline: Timeline, coverage: Coverage, answers: Mapping[str, list[Span]], outages: Outages
) -> History:
    """Return the history of the statement whose *timeline* it is.

    *answers* are what its own pages answered, by URL key.
    """
    turning = {key: found for key, spans in answers.items() if (found := answers_of(spans))}
    absence = absence_before(timeline, coverage, (s for spans in answers.values() for s in spans))
    gaps = list(find_gaps(timeline, coverage))
    edits = find_edits(timeline)
    teller = _Teller(timeline)
    changes = [teller.first_event(absence)]
    changes += [teller.edit(edit) for edit in edits]
    changes += [change for gap in gaps for change in teller.gap(gap)]
    for url_key, part in turning.items():
        changes += teller.turns(url_key, part, outages)
    page_gone = bool(turning) and all(is_gone(part, outages) for part in turning.values())
    versions = list(_versions(timeline, edits))
    places = last_places(timeline, gaps)
    return History(timeline, changes, versions, places, absence, page_gone, bool(gaps))


class _Teller:
    """Words the changes of one statement as rows."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._teller = Teller(timeline.key, "statement", timeline.key)
        self._url = timeline.url()

    def first_event(self, absence: Absence | None) -> Change:
        seen = self._timeline.seen
        at = instant(seen[0].capture)
        first = list(takewhile(lambda s: instant(s.capture) == at, seen))
        place = min(first, key=_first_place)
        title = self._timeline.title_at(place.capture)
        if absence is None:
            return self._row(
                "statement_discovered", place.place, (None, title), (None, place.capture), "first"
            )
        return self._row(
            "statement_added", absence.field, (None, title), (absence.capture, first[0].capture),
            "first", note=self._backdated(absence),
        )  # fmt: skip

    def _backdated(self, absence: Absence) -> str | None:
        day = self._timeline.first_date()
        if day is None or absence.newest is None or day >= absence.newest:
            return None
        return f"backdated {days_between(day, absence.newest)} days"

    def edit(self, edit: Edit) -> Change:
        before, after = edit.before, edit.after
        if edit.field == "body":
            before, after = passages(before, after)
        return self._row(
            "statement_edited", edit.field, (before, after),
            (edit.capture_before, edit.capture_after),
            "edit", edit.field, edit.before, edit.after,
            title=edit.after if edit.field == "title" else None,
            day=edit.after if edit.field == "published_on" else None,
            significance=significance(edit.before, edit.after),
            similarity=round(similarity(edit.before, edit.after), 3),
        )  # fmt: skip

    def gap(self, gap: Gap) -> Iterator[Change]:
        title = self._timeline.title_at(gap.last.capture)
        yield self._row(
            "statement_withdrawn", gap.list, (title, None), (gap.last.capture, gap.first_missing),
            "withdrawn", gap.list, as_of=gap.last.capture,
        )  # fmt: skip
        if gap.seen_again is not None:
            title = self._timeline.title_at(gap.seen_again)
            yield self._row(
                "statement_restored", gap.list, (None, title), (gap.last_missing, gap.seen_again),
                "restored", gap.list,
            )  # fmt: skip

    def turns(self, url_key: str, answers: list[Answer], outages: Outages) -> Iterator[Change]:
        for turn in find_turns(answers):
            if turn.before.status != 200 and not _was_there(answers, turn.before):
                continue
            kind = "page_gone" if turn.before.status == 200 else "page_back"
            is_outage = kind == "page_gone" and outages.have_at(turn.after.capture)
            yield self._row(
                kind, "http_status", (str(turn.before.status), str(turn.after.status)),
                (turn.before.capture, turn.after.capture), kind, url_key,
                note=WITH_THE_SITE if is_outage else None,
            )  # fmt: skip

    def _row(
        self,
        kind: str,
        field: str,
        values: Values,
        captures: Captures,
        *identity: object,
        as_of: str | None = None,
        title: str | None = None,
        day: str | None = None,
        **more: Any,
    ) -> Change:
        timeline, moment = self._timeline, as_of or captures[1]
        return self._teller.tell(
            kind, field, values, captures, *identity,
            title=title or timeline.title_at(moment),
            published_on=day or timeline.date_at(moment) or timeline.first_date(),
            url=self._url, **more,
        )  # fmt: skip


def _first_place(s: Seen) -> tuple[bool, bool, str, str]:
    """Return what orders the places of one instant: the own page, then lists, then boxes."""
    return s.place != PAGE, not is_list(s.place), s.place, s.capture


def _was_there(answers: Iterable[Answer], until: Answer) -> bool:
    return any(a.status == 200 and a.capture < until.capture for a in answers)


def _versions(timeline: Timeline, edits: list[Edit]) -> Iterator[Version]:
    """Yield the distinct texts in order; a text that returns is not a new version.

    What a box shows is none: its title is another's, shortened.
    """
    texts_alone = timeline.without_boxes()
    if texts_alone is not timeline:
        timeline, edits = texts_alone, find_edits(texts_alone)
    seen = timeline.seen
    if not seen:
        return
    edits = [edit for edit in edits if edit.field in TEXT_FIELDS]
    texts = _first_texts(timeline)
    bodies = _body_texts(timeline)
    last_seen = instant_of(seen[-1].capture)
    found: dict[tuple[str | None, ...], list[str]] = {}
    begins = seen[0].capture
    steps = [list(step) for _, step in groupby(edits, key=lambda e: instant(e.capture_after))]
    for step in [*steps, []]:
        ends = max((instant_of(edit.capture_before) for edit in step), default=last_seen)
        state = tuple(texts[field] for field in ("title", "lead", "body"))
        span = found.setdefault(state, [begins, ends])
        span[1] = max(span[1], ends, instant_of(span[0]))
        if step:
            begins = step[0].capture_after
            texts |= {edit.field: edit.after for edit in step}
    for number, ((title, lead, body), (capture, ends)) in enumerate(found.items(), start=1):
        text = bodies.get(body or "", body)
        yield Version(number, title, lead, text, instant_of(capture), ends, capture)


def _first_texts(timeline: Timeline) -> dict[str, str | None]:
    texts: dict[str, str | None] = {"title": None, "lead": None, "body": None}
    for s in timeline.seen:
        wording = timeline.wordings[s.wording]
        for field, known in texts.items():
            if known is None:
                texts[field] = getattr(wording, field)
        if None not in texts.values():
            break
    return texts


def _body_texts(timeline: Timeline) -> dict[str, str | None]:
    """Return every body by its folded text, in the lines of the capture that showed it first."""
    texts: dict[str, str | None] = {}
    for s in timeline.seen:
        wording = timeline.wordings[s.wording]
        if wording.body is not None:
            texts.setdefault(wording.body, wording.body_text)
    return texts
