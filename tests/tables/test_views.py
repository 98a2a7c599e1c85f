"""The views for people: each answers the question it is named after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.world import program

Ask = Callable[[str], list[tuple[object, ...]]]
HEAD = "{day}\nMoscow: 15:00\nLondon: {hour:02}:00\n\nConsular queries:\n+44 (0) 203 668 7474\n\n"
COUNTER = "{value} days have passed since the last concert - no tickets\n"


def day_text(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def page(day: date, value: int, entries: list[str], hour: int = 12) -> str:
    """A homepage as text: clock, counter, its list, closed by its last line."""
    lines = "\n\n".join(entries)
    head = HEAD.format(day=day_text(day), hour=hour)
    return f"{head}{COUNTER.format(value=value)}\n\n{lines}\n\nall messages"


ENTRIES = {
    name: f"{8 - number:02}.03.2021 - {name} is played\n\nIt is about the {name.lower()}."
    for number, name in enumerate(["Opera", "Ballet", "Choir", "Organ"])
}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Four looks at a homepage: an item goes and comes back; the counter stalls."""
    folder = tmp_path_factory.mktemp("views")
    source = folder / "captures"
    source.mkdir()
    first = date(2021, 3, 10)
    shown = [list(ENTRIES.values()) for _ in range(4)]
    shown[1] = [entry for entry in shown[1] if "Ballet" not in entry]
    values = [100, 101, 101, 102]
    rows = ["file\turl\tcaptured_at"]
    for number, (entries, value) in enumerate(zip(shown, values, strict=True)):
        day = first + timedelta(days=number)
        (source / f"{number}.txt").write_text(page(day, value, entries))
        rows.append(f"{number}.txt\thttps://www.rusemb.org.uk/\t{day}T12:00:00Z")
    (source / "manifest.tsv").write_text("\n".join(rows) + "\n")
    db = folder / "embassy.db"
    assert program.ingest(db, source).exit_code == 0
    yield lambda query: program.query(Path(db), query)


def test_removed_says_between_which_instants_it_went_and_came_back(asked: Ask) -> None:
    query = "SELECT title, list, last_seen, missing_by, still_missing_at, back_by FROM removed"
    assert asked(query) == [
        ("Ballet is played", "home", "2021-03-10T12:00:00Z", "2021-03-11T12:00:00Z",
         "2021-03-11T12:00:00Z", "2021-03-12T12:00:00Z"),
    ]  # fmt: skip


def test_shown_says_what_stood_in_a_list_on_a_day(asked: Ask) -> None:
    query = "SELECT position, title, published_on FROM shown WHERE captured_at GLOB '2021-03-11*'"
    assert asked(f"{query} ORDER BY position") == [
        (1, "Opera is played", "2021-03-08"),
        (2, "Choir is played", "2021-03-06"),
        (3, "Organ is played", "2021-03-05"),
    ]


def test_counter_days_are_held_against_the_calendar(asked: Ask) -> None:
    assert asked("SELECT day, value, expected, off FROM counter_days ORDER BY day") == [
        ("2021-03-10", 100, None, None),
        ("2021-03-11", 101, 101, 0),
        ("2021-03-12", 101, 102, -1),
        ("2021-03-13", 102, 102, 0),
    ]


def test_unwatched_goes_on_until_now(asked: Ask) -> None:
    spans = asked("SELECT list, last_look, days FROM unwatched ORDER BY last_look")
    assert [(name, at) for name, at, _ in spans] == [
        ("home", f"2021-03-{day}T12:00:00Z") for day in (10, 11, 12, 13)
    ]
    assert [days for _, _, days in spans[:3]] == [1.0, 1.0, 1.0]
    assert float(str(spans[3][2])) > 1000


def test_timeline_is_every_change_as_a_sentence_newest_first(asked: Ask) -> None:
    (count,), (changes,) = asked(
        "SELECT count(*) FROM timeline UNION ALL SELECT count(*) FROM changes"
    )
    assert count == changes
    rows = asked("SELECT observed_by, sentence, happened, learned FROM timeline")
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), reverse=True)
    assert all(sentence and happened and learned for _, sentence, happened, learned in rows)
    removed = [row[1:3] for row in rows if str(row[1]).startswith("Removed")]
    assert removed == [
        ("Removed from the list home: Ballet is played",
         "between 2021-03-10T12:00:00Z and 2021-03-11T12:00:00Z"),
    ]  # fmt: skip


def test_version_pairs_stand_side_by_side(run, rows, demo_captures) -> None:
    assert run("ingest", demo_captures).exit_code == 0
    pairs = rows(
        "SELECT number_before, number_after, body_before IS NOT body_after OR lead_before"
        " IS NOT lead_after OR title_before IS NOT title_after, observed_after <= observed_by,"
        " published_on_before FROM version_pairs"
    )
    (count,) = rows("SELECT sum(versions - 1) FROM statements")[0]
    assert len(pairs) == count > 0
    assert {pair[2:4] for pair in pairs} == {(1, 1)}
    assert None not in {pair[4] for pair in pairs}
