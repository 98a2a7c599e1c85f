"""How counters go on, stall, vanish and come back: a table of cases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipelines.history.counters import ReadingRow, derive_counters
from pipelines.history.spans import find_spans

Reading = tuple[str, int]  # what the line says behind the number, the number
CONCERT = "days have passed since the last concert - no tickets"
REWORDED = "days have passed since the concert of May - no tickets"
OTHER = "days have passed since the flood - no answer"
Look = tuple[int, tuple[Reading, ...]]  # day of March 2021, the lines of the header


def event(label: str) -> str:
    return label.split("since ")[1].split(" - ")[0]


def told(looks: list[Look]) -> list[str]:
    """The changes of the counters that headers show, as short lines."""
    shown: dict[str, dict[str, ReadingRow]] = {}
    shapes: dict[tuple[tuple[str, str], ...], int] = {}
    observed = []
    for day, lines in looks:
        on = date(2021, 3, day)
        capture = f"{on:%Y%m%d}T090000Z-a"
        rows = {
            event(label): ReadingRow(
                capture, event(label), label, "days", value, str(on),
                str(on - timedelta(days=value)),
            )
            for label, value in lines
        }  # fmt: skip
        shown[capture] = dict(sorted(rows.items()))
        shape = tuple(sorted((row.label, row.since_date) for row in rows.values()))
        observed.append((capture, shapes.setdefault(shape, len(shapes))))
    changes = []
    for counter in derive_counters(find_spans(1, observed), shown.__getitem__):
        for c in counter.changes:
            after = c.observed_after[8:10] if c.observed_after else "?"
            note = f" ({c.note})" if c.note else ""
            changes.append(
                f"{c.kind}: {c.before} → {c.after} [{after} {c.observed_by[8:10]}]{note}"
            )
    return changes


def on(day: int, value: int, label: str = CONCERT) -> Look:
    return day, ((label, value),)


SEEN = "counter_discovered: None → 100 [? 01]"
CASES = {
    "seen once": ([on(1, 100)], [SEEN]),
    "a steady run is one row": (
        [on(1, 100), on(2, 101), on(3, 102), on(9, 108)],
        [SEEN, "counter_progressed: 100 → 108 [01 09]"],
    ),
    "the same day again": ([on(1, 100), (1, ((CONCERT, 100),))], [SEEN]),
    "stalled": (
        [on(1, 100), on(2, 101), on(3, 101), on(4, 102)],
        [SEEN, "counter_progressed: 100 → 101 [01 02]",
         "counter_anomaly: 101 → 101 [02 03] (stalled: expected +1, actual +0)",
         "counter_progressed: 101 → 102 [03 04]"],
    ),
    "behind": (
        [on(1, 100), on(5, 102)],
        [SEEN, "counter_anomaly: 100 → 102 [01 05] (behind: expected +4, actual +2)"],
    ),
    "ahead": (
        [on(1, 100), on(2, 110)],
        [SEEN, "counter_anomaly: 100 → 110 [01 02] (ahead: expected +1, actual +10)"],
    ),
    "reset": (
        [on(1, 100), on(2, 0)],
        [SEEN, "counter_anomaly: 100 → 0 [01 02] (reset: expected +1, actual -100)"],
    ),
    "reworded on schedule": (
        [on(1, 100), on(2, 101, REWORDED)],
        [SEEN, f"counter_reworded: {CONCERT} → {REWORDED} [01 02]",
         "counter_progressed: 100 → 101 [01 02]"],
    ),
    "reworded and off schedule": (
        [on(1, 100), on(2, 7, REWORDED)],
        [SEEN, "counter_vanished: 100 → None [01 02]", "counter_appeared: None → 7 [01 02]"],
    ),
    "vanished and back": (
        [on(1, 100), (2, ()), on(3, 102)],
        [SEEN, "counter_vanished: 100 → None [01 02]", "counter_appeared: None → 102 [02 03]",
         "counter_progressed: 100 → 102 [01 03]"],
    ),
    "a second one appears": (
        [on(1, 100), (2, ((CONCERT, 101), (OTHER, 5)))],
        ["counter_appeared: None → 5 [01 02]", SEEN, "counter_progressed: 100 → 101 [01 02]"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_counters(case: str) -> None:
    looks, changes = CASES[case]
    assert sorted(told(looks)) == sorted(changes)


def all_reworded(count: int) -> list[Look]:
    """Two headers whose counters, all of one day, have other words in the second."""
    return [
        (
            day,
            tuple((f"days have passed since {word} {i} - no end", 99 + day) for i in range(count)),
        )
        for day, word in ((1, "flood"), (2, "ebb"))
    ]


@pytest.mark.parametrize(("count", "kind"), [(100, "reworded"), (101, "vanished")])
def test_of_more_than_a_hundred_other_lines_at_once_none_is_known_again(
    count: int, kind: str
) -> None:
    """To weigh each that is gone against each that is new takes the square of what a page shows."""
    changes = [line.split(":")[0] for line in told(all_reworded(count))]
    assert changes.count(f"counter_{kind}") == count
    assert set(changes) & {"counter_reworded", "counter_vanished"} == {f"counter_{kind}"}
