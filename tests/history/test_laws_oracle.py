"""The oracle itself, on histories small enough to be worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.world.folding import significance, similarity
from tests.world.observe import Answer, HeaderSeen, Seen, Shown, Window
from tests.world.oracle import expected
from tests.world.oracle_header import counter_rows
from tests.world.rows import LETTER, Row


def at(day: int) -> datetime:
    return datetime(2020, 1, day, 12, tzinfo=UTC)


def on(day: int) -> date:
    return date(2020, 1, day)


def window(when: int, *entries: tuple[int, int], place: str = "latest", head: bool = True) -> Seen:
    """A window of (statement, date) with titles of their own."""
    shown = tuple(Shown(at(when), place, s, f"title {s}", on(d), f"lead {s}") for s, d in entries)
    return Seen(at(when), (Window(at(when), place, head, True, shown),))


def told(rows: list[Row], sid: int) -> list[tuple[str, tuple[str, ...], int | None, int]]:
    return [
        (r.kind, r.fields, r.observed_after.day if r.observed_after else None, r.observed_by.day)
        for r in rows
        if r.subject == ("statement", sid)
    ]


def test_added_after_the_latest_window_that_covers_its_date() -> None:
    seen = [window(5, (1, 4), (2, 2)), window(6, (1, 4), (2, 2)), window(7, (3, 5), (1, 4), (2, 2))]
    assert told(expected(seen), 3) == [("statement_added", ("latest",), 6, 7)]
    assert told(expected(seen), 1) == [("statement_discovered", ("latest",), None, 5)]


def test_discovered_when_its_date_is_the_edge_of_every_earlier_window() -> None:
    seen = [window(5, (1, 4), (2, 2)), window(6, (1, 4), (3, 2), (2, 2))]
    assert told(expected(seen), 3) == [("statement_discovered", ("latest",), None, 6)]


def test_backdated_by_the_newest_date_then_shown() -> None:
    seen = [window(9, (1, 8), (2, 2)), window(10, (1, 8), (3, 5), (2, 2))]
    assert [r.notes for r in expected(seen) if r.subject[1] == 3] == [("backdated 3 days",)]


def test_withdrawn_and_restored_within_their_windows() -> None:
    whole, lacking = ((1, 8), (2, 5), (3, 2)), ((1, 8), (3, 2))
    seen = [window(9, *whole), window(10, *lacking), window(11, *lacking), window(12, *whole)]
    assert told(expected(seen), 2) == [
        ("statement_discovered", ("latest",), None, 9),
        ("statement_withdrawn", ("latest",), 9, 10),
        ("statement_restored", ("latest",), 11, 12),
    ]


def test_scrolled_off_is_not_withdrawn() -> None:
    seen = [window(9, (1, 8), (2, 5), (3, 2)), window(10, (4, 9), (1, 8), (2, 5))]
    assert told(expected(seen), 3) == [("statement_discovered", ("latest",), None, 9)]


def test_moved_out_of_the_window_is_not_withdrawn() -> None:
    seen = [
        window(9, (1, 8), (2, 5), (3, 3)),
        window(10, (1, 8), (3, 3)),
        window(11, (1, 8), (3, 3), (2, 2)),
    ]
    assert [r.kind for r in expected(seen) if r.subject[1] == 2] == [
        "statement_discovered",
        "statement_edited",
    ]


def test_one_edit_seen_in_two_places_has_the_tightest_interval() -> None:
    def shown(when: int, place: str, title: str) -> Seen:
        entry = Shown(at(when), place, 1, title, on(1), "lead")
        return Seen(at(when), (Window(at(when), place, True, True, (entry,)),))

    seen = [
        shown(2, "latest", "old"),
        shown(3, "newarh", "old"),
        shown(6, "newarh", "new"),
        shown(9, "latest", "new"),
    ]
    assert told(expected(seen), 1)[1:] == [("statement_edited", ("title",), 3, 6)]


def test_page_gone_and_back() -> None:
    page = Shown(at(2), "page", 1, "title", on(1))
    answers = [(2, 200), (3, 404), (4, 410), (5, 200)]
    seen = [
        Seen(at(d), page=page if d == 2 else None, answer=Answer(at(d), 1, status))
        for d, status in answers
    ]
    assert told(expected(seen), 1)[1:] == [
        ("page_gone", ("http_status",), 2, 3),
        ("page_back", ("http_status",), 4, 5),
    ]


def headers(*values: tuple[int, dict[str, int]]) -> list[HeaderSeen]:
    return [
        HeaderSeen(
            at(day),
            on(day),
            tuple((event, f"days have passed since {event} - x", v) for event, v in lines.items()),
            "en",
            "label",
            "phone",
            None,
        )
        for day, lines in values
    ]


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        (((1, {"a": 5}), (2, {"a": 6}), (4, {"a": 8})), ["discovered", "progressed 1 4"]),
        (((1, {}), (2, {"a": 6})), ["appeared"]),
        (
            ((1, {"a": 5}), (3, {"a": 7}), (5, {"a": 7}), (6, {"a": 8})),
            ["discovered", "progressed 1 3", "anomaly stalled|2|0", "progressed 5 6"],
        ),
        (
            ((1, {"a": 5}), (3, {"b": 7}), (4, {"b": 8})),
            ["discovered", "reworded", "progressed 1 4"],
        ),
        (((1, {"a": 5}), (3, {"b": 9})), ["discovered", "vanished", "appeared"]),
        (((1, {"a": 5}), (3, {"a": 2})), ["discovered", "anomaly reset|2|-3"]),
        (((1, {"a": 5}), (3, {"a": 6})), ["discovered", "anomaly behind|2|1"]),
        (((1, {"a": 5}), (1, {"a": 6})), ["discovered"]),
        (((1, {"a": 5}), (2, {}), (3, {"a": 7})), ["discovered", "vanished", "appeared"]),
    ],
)
def test_counters(values: tuple[tuple[int, dict[str, int]], ...], kinds: list[str]) -> None:
    rows = counter_rows(headers(*values), LETTER)
    assert [_counter_tale(r) for r in rows] == kinds


def _counter_tale(row: Row) -> str:
    kind = row.kind.removeprefix("counter_")
    if kind == "progressed":
        assert row.observed_after is not None
        return f"{kind} {row.observed_after.day} {row.observed_by.day}"
    return f"{kind} {row.notes[0]}".strip()


@pytest.mark.parametrize(
    ("old", "new", "weight"),
    [
        ("“Yes” – he said", '"yes" - he said...', "cosmetic"),
        ("1.5 tons", "15 tons", "substantive"),
        ("thePrime minister", "the Prime minister", "substantive"),
    ],
)
def test_significance(old: str, new: str, weight: str) -> None:
    assert significance(old, new) == weight


def test_similarity_is_over_words() -> None:
    assert similarity("a b c d", "a b x d") == "0.750"
