"""``retract``: what it says, what it refuses, and what other verbs say of what is retracted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.world import program

Run = Callable[..., Result]
Rows = Callable[[str], list[tuple[object, ...]]]
WHY = ("--why", "saved from another site")


@pytest.fixture
def ids(run: Run, rows: Rows, demo_captures: Path) -> list[str]:
    """The captures of a history, in the order of their ids."""
    assert run("ingest", demo_captures).exit_code == 0
    return [str(row[0]) for row in rows("SELECT id FROM captures ORDER BY id")]


def test_it_says_in_one_line_what_became_of_captures_and_report(
    run: Run, rows: Rows, ids: list[str]
) -> None:
    before = rows("SELECT * FROM changes ORDER BY change_id")
    told = run("retract", ids[0], ids[1], *WHY)
    assert told.exit_code == 0
    assert told.stdout == ""
    less = len(before) - len(rows("SELECT * FROM changes"))
    assert less
    assert told.stderr == f"retracted: 2 captures; changes: {-less}\n"
    assert rows("SELECT capture, why FROM retractions") == [(one, WHY[1]) for one in ids[:2]]
    told = run("retract", *ids[:2], "--undo", "--why", "the clock was right")
    assert told.stderr == f"brought back: 2 captures; changes: {less}\n"
    assert rows("SELECT * FROM changes ORDER BY change_id") == before
    found = [json.loads(str(row[0])) for row in rows("SELECT counts FROM runs ORDER BY id")]
    assert found[1:] == [
        {"retracted": 2, "changes": -less}, {"brought_back": 2, "changes": less},
    ]  # fmt: skip
    assert rows("SELECT command, outcome, note FROM runs ORDER BY id")[1:] == [
        ("retract", "complete", WHY[1]), ("retract", "complete", "the clock was right"),
    ]  # fmt: skip


def test_what_is_so_already_is_passed_over(run: Run, rows: Rows, ids: list[str]) -> None:
    run("retract", ids[0], *WHY)
    ((at,),) = rows("SELECT at FROM retractions")
    told = run("retract", ids[0], ids[1], "--why", "another reason")
    assert told.exit_code == 0
    assert told.stderr.splitlines()[0] == f"retracted already: {ids[0]} ({at}: {WHY[1]})"
    assert "retracted: 1 capture;" in told.stderr
    assert rows("SELECT why FROM retractions ORDER BY capture") == [(WHY[1],), ("another reason",)]
    told = run("retract", *ids[:3], "--undo")
    assert told.exit_code == 0
    assert told.stderr.splitlines()[0] == f"not retracted: {ids[2]}"
    assert "brought back: 2 captures;" in told.stderr
    files = len(rows("SELECT name FROM _warc_files"))
    assert run("retract", ids[0], "--undo").stderr.endswith(
        "brought back: 0 captures; changes: 0\n"
    )
    assert len(rows("SELECT name FROM _warc_files")) == files


def test_all_that_are_named_or_none(run: Run, rows: Rows, ids: list[str]) -> None:
    for other in ("2001", "2", ""):
        told = run("retract", ids[0], other, *WHY)
        assert told.exit_code == 1
        assert len(told.stderr.splitlines()) == 1 and repr(other) in told.stderr
        assert rows("SELECT count(*) FROM captures") == [(len(ids),)]
    assert rows("SELECT command FROM runs") == [("ingest",)]  # what is refused is no run


def test_an_id_is_given_by_its_beginning_or_twice(run: Run, rows: Rows, ids: list[str]) -> None:
    told = run("retract", ids[0], ids[0][:-3], *WHY)
    assert told.exit_code == 0 and "retracted: 1 capture;" in told.stderr
    told = run("retract", ids[0][:-3], "--undo")
    assert "brought back: 1 capture;" in told.stderr


@pytest.mark.parametrize(
    "words",
    [(), ("--why", ""), ("--why", " \n\t"), ("--why", "\u202e\x07"), ("--undo", "--why", " ")],
)
def test_without_a_reason_it_is_wrong_usage(
    run: Run, rows: Rows, ids: list[str], words: tuple[str, ...]
) -> None:
    assert run("retract", ids[0], *words).exit_code == 2
    assert rows("SELECT count(*) FROM retractions") == [(0,)]


def test_no_capture_is_wrong_usage_and_no_history_is_one_line(run: Run) -> None:
    assert run("retract", *WHY).exit_code == 2
    told = run("retract", "2021", *WHY)
    assert told.exit_code == 1 and "no history there" in told.stderr


def test_show_says_when_and_why_and_has_the_bytes(run: Run, rows: Rows, ids: list[str]) -> None:
    hostile = "wrong\x1b[31m date\n\u202e<b>=1+1"
    raw = run("show", ids[0], "--raw").stdout_bytes
    run("retract", ids[0], "--why", hostile)
    ((why, at),) = rows("SELECT why, at FROM retractions")
    assert why == "wrong[31m date <b>=1+1"
    shown = run("show", ids[0][:-4])
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert lines[0] == f"capture {ids[0]}"
    assert any(line.startswith("  warc file ") for line in lines)
    place = lines.index("retracted")
    assert lines[place + 1 : place + 3] == [f"  at               {at}", f"  why              {why}"]
    assert run("show", ids[0], "--raw").stdout_bytes == raw
    told = json.loads(run("show", ids[0], "--format", "json").stdout)
    assert [row["why"] for row in told["retracted"]] == [why]
    assert "retracted" not in json.loads(run("show", ids[1], "--format", "json").stdout)
    assert run("probe", ids[0]).exit_code == 0
    assert ids[0] not in run("problems").stdout


def test_it_waits_for_no_one_in_a_folder_it_may_not_write_to(
    run: Run, ids: list[str], db: Path
) -> None:
    """The reason cannot be written beside the raw captures: nothing is changed."""
    before = program.tables(db)
    kept = db.parent / "captures"
    kept.rename(db.parent / "kept")
    kept.write_text("no folder")
    told = run("retract", ids[0], *WHY)
    assert told.exit_code == 1 and len(told.stderr.splitlines()) == 1
    kept.unlink()
    (db.parent / "kept").rename(kept)
    assert program.tables(db) == before
    assert run("verify").exit_code == 0
