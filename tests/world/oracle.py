"""Contract section 5 for statements, by brute force, with the true identities known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

from .doubt import with_doubtful
from .folding import significance, similarity
from .observe import BOX, Answer, Seen, Shown, Window, is_list
from .oracle_edits import FIELDS, is_chained, narrowed, tightest
from .oracle_header import contact_rows, counter_rows
from .rows import CHOICES, LETTER, Ambiguous, Reading, Row, other_readings

Instant = datetime
Subject = tuple[str, object]
GONE = (404, 410)


def expected(seen: Sequence[Seen], how: Reading = LETTER) -> list[Row]:
    """Every change that the captures tell."""
    known = [with_doubtful(s, how) for s in seen]
    rows: list[Row] = []
    for sid in sorted({e.sid for s in known for e in s.shown()}):
        rows += Life(known, sid, how).rows()
    headers = [s.header for s in known if s.header]
    return rows + counter_rows(headers, how) + contact_rows(headers)


def relevant_choices(seen: Sequence[Seen]) -> list[str]:
    """The doubtful sentences that make a difference for these captures."""
    letter = set(expected(seen))
    return [
        name
        for name, values in CHOICES.items()
        if any(set(expected(seen, replace(LETTER, **{name: v}))) != letter for v in values)  # type: ignore[arg-type]
    ]


def acceptable(seen: Sequence[Seen]) -> list[tuple[Reading, list[Row]]]:
    return [(how, expected(seen, how)) for how in other_readings(relevant_choices(seen))]


class Life:
    """One statement through all captures."""

    def __init__(self, seen: Sequence[Seen], sid: int, how: Reading) -> None:
        self.how = how
        self.sid = sid
        self.subject: Subject = ("statement", sid)
        self.windows: list[Window] = [w for s in seen for w in s.windows]
        self.shown: list[Shown] = [e for s in seen for e in s.shown() if e.sid == sid]
        self.answers: list[Answer] = [s.answer for s in seen if s.answer and s.answer.sid == sid]
        self.has_url = any(e.linked for e in self.shown)
        if any(e.place == "page" and not e.title for e in self.shown) and not self._in_a_list():
            raise Ambiguous("a page without a title, of a statement that no list shows")

    def _in_a_list(self) -> bool:
        return any(e.lead for e in self.shown)

    @property
    def places(self) -> list[str]:
        return sorted({e.place for e in self.shown})

    def rows(self) -> list[Row]:
        out = [self.first_event(), *self.edits(), *self.page_changes()]
        for place in self.places:
            if is_list(place):
                out += self.list_changes(place)
        return out

    # -- first event ---------------------------------------------------------------------

    def first_date(self) -> date | None:
        printed = [e.on for e in self.shown if e.on]
        signed = [e.signed.date() for e in self.shown if e.signed]
        return next(iter(printed or signed), None)

    def title_at(self, at: Instant) -> tuple[str, ...]:
        """The titles shown at the instant, else the first known later."""
        now = set(_titles(e for e in self.shown if e.at == at))
        later = _titles(e for e in self.shown if e.at > at)
        return tuple(sorted(now)) or tuple(later[:1]) or ("",)

    def first_event(self) -> Row:
        first = self.shown[0].at
        absent = self._absent_before(first)
        if not absent:
            places = {e.place for e in self.shown if e.at == first}
            fields = ("page",) if "page" in places else tuple(sorted(places))
            return Row(
                "statement_discovered",
                self.subject,
                fields,
                ("",),
                self.title_at(first),
                None,
                first,
            )
        latest = max(at for at, _, _ in absent)
        fields = tuple(sorted({f for at, f, _ in absent if at == latest}))
        notes = tuple(sorted({n for at, _, n in absent if at == latest}))
        return Row(
            "statement_added",
            self.subject,
            fields,
            ("",),
            self.title_at(first),
            latest,
            first,
            notes,
        )

    def _absent_before(self, first: Instant) -> list[tuple[Instant, str, str]]:
        """When, by which list, and with which note it was known to be absent."""
        day = self.first_date()
        out = []
        for w in self.windows:
            if w.at < first and w.place in self.places and day and w.covers(day):
                out.append((w.at, w.place, _backdated(w.newest(), day)))
        if self.has_url:
            gone = [a for a in self.answers if a.at < first and a.status in GONE]
            out += [(a.at, "http_status", "") for a in gone]
        return out

    # -- edits ---------------------------------------------------------------------------

    def edits(self) -> list[Row]:
        return [row for name, get in FIELDS.items() for row in self._edits_of(name, get)]

    def _edits_of(self, name: str, get: Callable[[Shown], str | None]) -> list[Row]:
        """Per place every change of value; the same one in several places is one."""
        seen = [(e.place, e.at, value) for e in self.shown if (value := get(e)) is not None]
        found: list[tuple[str, str, Instant, Instant]] = []
        for place in sorted({p for p, _, _ in seen}):
            here = [(at, v) for p, at, v in seen if p == place]
            for (a, old), (b, new) in pairwise(here):
                if old != new:
                    assert a < b, "two texts at one instant"
                    found.append((old, new, a, b))
        merged = tightest(found)
        if self.how.edit_interval == "anywhere":
            merged = [narrowed(edit, [(at, v) for _, at, v in seen]) for edit in merged]
        if self.how.chained_edit == "dropped":
            merged = [e for e in merged if not is_chained(e, merged)]
        return [self._edit_row(name, edit) for edit in merged]

    def _edit_row(self, name: str, edit: tuple[str, str, Instant, Instant]) -> Row:
        old, new, a, b = edit
        is_text = name in ("title", "lead", "body")
        return Row(
            "statement_edited",
            self.subject,
            (name,),
            None if name == "body" else (old,),
            None if name == "body" else (new,),
            a,
            b,
            significance=significance(old, new) if is_text else "",
            similarity=similarity(old, new) if is_text else "",
        )

    # -- lists ---------------------------------------------------------------------------

    def list_changes(self, place: str) -> Iterable[Row]:
        here = sorted({e.at for e in self.shown if e.place == place})
        lacking = [w for w in self.windows if w.place == place and self._lacks(w)]
        last_in: Instant | None = None
        last_out: Instant | None = None
        for at in sorted({*here, *(w.at for w in lacking)}):
            if at not in here and not any(w.at == at and self._tells(w, last_in) for w in lacking):
                continue
            if at in here:
                if last_out:
                    yield self._list_row("statement_restored", place, last_out, at)
                last_in, last_out = at, None
            elif last_in:
                if not last_out:
                    yield self._list_row("statement_withdrawn", place, last_in, at)
                last_out = at

    def is_out_of(self, place: str) -> bool:
        rows = list(self.list_changes(place))
        return bool(rows) and rows[-1].kind == "statement_withdrawn"

    def _list_row(self, kind: str, place: str, a: Instant, b: Instant) -> Row:
        if kind == "statement_restored":
            return Row(kind, self.subject, (place,), ("",), self.title_at(b), a, b)
        before = {e.title for e in self.shown if e.at == a and e.title and e.place == place}
        earlier = _titles(e for e in self.shown if e.at <= b)
        return Row(kind, self.subject, (place,), tuple({*before, *earlier[-1:]}), ("",), a, b)

    def _lacks(self, window: Window) -> bool:
        """Whether the window covers the date last shown, and has not the statement."""
        days = [e.on for e in self.shown if e.at <= window.at and e.on]
        if not days or not window.covers(days[-1]) or window.has(self.sid):
            return False
        moved = self._next_date(window.at)
        return moved is None or moved == days[-1] or window.covers(moved)

    def _tells(self, window: Window, last_in: Instant | None) -> bool:
        """What was left out of the trunk is missing later only from the head of the list."""
        last = [w for w in self.windows if w.place == window.place and w.at == last_in]
        showing = [w for w in last if w.has(self.sid)]
        return window.head or not showing or not all(w.left_out(self.sid) for w in showing)

    def _next_date(self, after: Instant) -> date | None:
        later = [e for e in self.shown if e.at > after]
        if self.how.next_sighting == "any":
            later = [e for e in later if e.at == later[0].at]
        dated = [e.on for e in later if e.on]
        return dated[0] if dated else None

    # -- own page ------------------------------------------------------------------------

    def page_changes(self) -> Iterable[Row]:
        last: Answer | None = None
        for answer in self.answers:
            if last is None and answer.status in GONE:
                continue  # gone is what answered 200 before
            if last and (last.status in GONE) != (answer.status in GONE):
                kind = "page_gone" if answer.status in GONE else "page_back"
                yield Row(
                    kind,
                    self.subject,
                    ("http_status",),
                    (str(last.status),),
                    (str(answer.status),),
                    last.at,
                    answer.at,
                )
            last = answer

    def is_withdrawn(self) -> set[bool]:
        """The status of section 8: gone from every list it was last known in, or its page gone.

        Two right answers where the words leave two: whether a page that never answered 200 is
        gone, and whether the lists of its last sighting count or each list it was ever in.
        """
        answers = [a.status in GONE for a in self.answers]
        if answers and answers[-1]:
            return {True} if False in answers else {True, self._is_out_of_all(self.places)}
        last = max((e.at for e in self.shown if is_list(e.place)), default=None)
        at_last = [e.place for e in self.shown if e.at == last]
        return {self._is_out_of_all(self.places), self._is_out_of_all(at_last)}

    def _is_out_of_all(self, places: Iterable[str]) -> bool:
        lists = [p for p in places if is_list(p)]
        return bool(lists) and all(self.is_out_of(p) for p in lists)


def _titles(entries: Iterable[Shown]) -> list[str]:
    """The titles shown; a box's only where no other place has shown one."""
    titled = [(e.place, e.title) for e in entries if e.title]
    return [t for place, t in titled if place != BOX] or [t for _, t in titled]


def _backdated(newest: date, day: date) -> str:
    return f"backdated {(newest - day).days} days" if day < newest else ""
