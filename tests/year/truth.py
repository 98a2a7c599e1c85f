"""Is the report what happened? Row by row against the oracle of tests/world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.world import program
from tests.world.compare import differences
from tests.world.observe import Seen
from tests.world.oracle import acceptable, expected
from tests.year.events import Events, judge_events
from tests.year.happens import Year
from tests.year.seen import Names, observe, thinned
from tests.year.site import Look


@dataclass(frozen=True)
class Verdict:
    """What was judged, and every line that is wrong."""

    answers: int
    stored: int
    lost: tuple[str, ...]  # answered, not stored, and no harm was done then
    wrong: tuple[str, ...]  # missed, invented, or not within its bounds
    rows: int
    events: Events


def judge(
    year: Year, looks: Sequence[Look], db: Path, harmed: Sequence[tuple[datetime, datetime]]
) -> Verdict:
    """Judge the history in *db* by what the replica showed."""
    stored = {
        (str(at), "/" + str(url).split("//", 1)[-1].partition("/")[2])
        for at, url in program.query(db, "SELECT captured_at, url FROM captures")
    }
    kept, lost = [], []
    for look in looks:
        key = f"{look.at:%Y-%m-%dT%H:%M:%SZ}", look.path
        if key in stored or (key[0], look.path.rstrip("/")) in stored:
            kept.append(look)
        elif look.status in (429, 503) or look.status >= 500:
            continue  # it is asked again, and the last answer counts
        elif not any(since <= look.at <= until for since, until in harmed):
            lost.append(f"{key[0]} {look.path} {look.status}")
    names = Names()
    seen = [observe(look, names) for look in kept]
    printed = program.report_rows(db)
    wrong = _compare(thinned(seen), printed, names)
    events = judge_events(year.events, seen, printed, names)
    return Verdict(len(looks), len(kept), tuple(lost), tuple(wrong), len(printed), events)


def _compare(seen: list[Seen], printed: list[dict[str, str]], names: Names) -> list[str]:
    """The fewest differences that any reading of the contract leaves."""
    best = differences(expected(seen), printed, names.keys())
    for _, rows in acceptable(seen) if best else ():
        found = differences(rows, printed, names.keys())
        best = min(best, found, key=len)
        if not best:
            break
    return best
