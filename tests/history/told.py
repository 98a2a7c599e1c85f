"""Histories told in a few rows, without a database: what looks at a statement found, and when.

A look is an instant, a place, and what was shown there: a wording, or a window without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from embassy_scraper.sites import load_profile
from embassy_scraper.text import one_line
from pipelines.history.coverage import Coverage, CoveringSpan
from pipelines.history.outages import Outages
from pipelines.history.resolve import resolve
from pipelines.history.spans import END, Span, find_spans
from pipelines.history.statements import History, derive
from pipelines.history.timeline import Own, Shown, make_timeline
from pipelines.values.instants import instant

PROFILE = load_profile()
NOTICE = Shown(
    1, 1, False, None, "A notice", "It opens at ten.", None, None, "2021-03-05", None, None, False
)
PAGE = replace(NOTICE, is_page=True, url_key="fnapr/9", lead=None, body_text="It opens at ten.")


def at(moment: str, name: str = "a") -> str:
    """Return the id of a capture: ``0301T09`` is nine o'clock on the first of March 2021."""
    return f"2021{moment}0000Z-{name}"


@dataclass(frozen=True)
class Look:
    """One look at one place: what wording of the statement it showed, and which dates it covers.

    *covers* are the oldest date that is not covered and, but at a list's head, the newest.
    """

    moment: str
    place: str
    wording: Shown | None = NOTICE
    covers: tuple[str, str | None] | None = None
    start: int = 1
    name: str = "a"
    is_left_out: bool = False


class Observed:
    """What was observed, series by series: the captures inside its spans."""

    def __init__(self) -> None:
        self.series: dict[tuple[str, int], dict[str, int]] = {}
        self.parts: list[Look] = []

    def take(self, look: Look) -> None:
        """Take one look in."""
        part = replace(look, moment="", name="")
        if part not in self.parts:
            self.parts.append(part)
        shown = self.series.setdefault((look.place, look.start), {})
        shown[at(look.moment, look.name)] = self.parts.index(part)

    def spans(self) -> Iterable[Span]:
        """Return the spans of all series."""
        for number, shown in enumerate(self.series.values()):
            yield from find_spans(number, sorted(shown.items()))

    def between(self, series: int, since: str, until: str) -> list[str]:
        """Return the captures of *series* between two instants, both included."""
        captures = sorted(list(self.series.values())[series])
        return [capture for capture in captures if since <= instant(capture) <= until]

    def last_before(self, series: int, before: str) -> str | None:
        """Return the last capture before an instant, of several the first by id."""
        found = [c for c in self.between(series, "", END) if instant(c) < before]
        return min((c for c in found if instant(c) == instant(found[-1])), default=None)

    def first_after(self, series: int, after: str) -> str | None:
        """Return the first capture after an instant."""
        return next((c for c in self.between(series, "", END) if instant(c) > after), None)


def history(
    looks: Iterable[Look],
    answers: Mapping[str, Iterable[tuple[str, int]]] | None = None,
    home: Iterable[tuple[str, int]] = (),
) -> History:
    """Return the history of the one statement that *looks* show.

    *answers* are moment and status of what its own pages answered, *home* of the homepage.
    """
    observed = Observed()
    for look in looks:
        observed.take(look)
    wordings: list[Shown] = []
    own: list[Own] = []
    covering: dict[str, list[CoveringSpan]] = {}
    for span in sorted(observed.spans(), key=lambda s: s.first):
        part = observed.parts[span.value]
        if part.wording is not None:
            if part.wording not in wordings:
                wordings.append(part.wording)
            number = wordings.index(part.wording)
            own.append(Own(span, part.place, part.start, 1, number, part.is_left_out))
        if part.covers is not None:
            after, until = part.covers
            window = CoveringSpan(span, after, until or END, until or "2021-12-31")
            covering.setdefault(part.place, []).append(window)
    shown = resolve([replace(wording, id=number) for number, wording in enumerate(wordings)])
    timeline = make_timeline("key", shown, own, observed, PROFILE)
    coverage = Coverage(lambda name: covering.get(name, []), observed)
    answered = {key: answer_spans(told) for key, told in (answers or {}).items()}
    return derive(timeline, coverage, answered, Outages(answer_spans(home)))


def answer_spans(told: Iterable[tuple[str, int]]) -> list[Span]:
    """Return the spans of an address's answers."""
    return list(find_spans(99, [(at(moment), status) for moment, status in told]))


def changes(found: History) -> list[str]:
    """Return the changes as short lines: kind, field, before → after, the two instants."""
    lines = []
    for c in found.changes:
        after = c.observed_after[5:13] if c.observed_after else "?"
        note = f" ({c.note})" if c.note else ""
        what = f"{c.before} → {c.after}" if c.kind in EDITS else str(c.after or c.before)
        lines.append(f"{c.kind} {c.field}: {what} [{after} {c.observed_by[5:13]}]{note}")
    return lines


EDITS = ("statement_edited", "page_gone", "page_back")
__all__ = ["NOTICE", "PAGE", "Look", "changes", "history", "one_line"]
