"""``as-of``: what the site showed at an instant, and how old that is."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from .test_coverage import looked


@pytest.fixture
def watched(run, tmp_path) -> None:
    """Looks at a homepage after 1, 25 and 49 hours, the last of them a challenge."""
    assert run("ingest", looked(tmp_path / "in", [1, 25, 49, 200], blocked={49})).exit_code == 0


def listed(run, when: str, name: str = "home") -> dict[str, Any]:
    told = json.loads(run("as-of", when, "--format", "json").stdout)
    found: list[dict[str, Any]] = [one for one in told["lists"] if one["name"] == name]
    assert len(found) == 1
    return found[0]


def test_the_newest_look_at_or_before_the_instant_counts(run, watched, rows) -> None:
    times = [row[0] for row in rows("SELECT captured_at FROM captures ORDER BY id")]
    for number in (0, 1, 3):
        (page,) = listed(run, times[number])["pages"]
        assert page["seen_at"] == times[number]
    (page,) = listed(run, "2021-03-02T06:59:59Z")["pages"]
    assert page["seen_at"] == times[0]


def test_what_was_shown_is_what_the_capture_shows(run, watched, rows) -> None:
    (page,) = listed(run, "2021-03-02")["pages"]
    shown = rows(
        "SELECT position, statement, published_on, title FROM shown"
        f" WHERE capture = '{page['capture']}' AND list = 'home' ORDER BY position"
    )
    entries = [
        (one["position"], one["statement"], one["published_on"], one["title"])
        for one in page["entries"]
    ]
    assert entries == shown
    assert len(entries) > 3


def test_a_look_that_saw_nothing_is_not_taken_for_one(run, watched) -> None:
    found = listed(run, "2021-03-03T08:00:00Z")
    assert [one["at"] for one in found["unread"]] == ["2021-03-03T07:00:00Z"]
    assert [page["seen_at"] for page in found["pages"]] == ["2021-03-02T07:00:00Z"]
    said = run("as-of", "2021-03-03T08:00:00Z").stdout
    assert "the homepage, last seen 25 hours before; since then one look (1 hour before)" in said
    assert "could not be read" in said


def test_the_age_is_said_in_words(run, watched) -> None:
    assert "the homepage, seen at this moment\n" in run("as-of", "2021-03-02T07:00:00Z").stdout
    assert "the homepage, seen 3 hours before\n" in run("as-of", "2021-03-02T10:00:00Z").stdout
    assert "the homepage, not looked at for 2," in run("as-of", "2026-11-01").stdout
    early = run("as-of", "2020").stdout
    assert "the homepage, never seen before\n" in early
    assert "the list “Videos”, never seen before\n" in early


def test_a_day_means_its_end(run, watched) -> None:
    (page,) = listed(run, "2021-03-02")["pages"]
    assert page["seen_at"] == "2021-03-02T07:00:00Z"


def test_counters_contacts_and_pages_have_their_own_ages(run, demo_captures) -> None:
    run("ingest", demo_captures)
    told = json.loads(run("as-of", "2021-03", "--format", "json").stdout)
    assert [one["text"] for one in told["counters"]]
    assert isinstance(told["counters"][0]["value"], int)
    assert {one["name"].split(",")[0] for one in told["contacts"]} <= {"label", "phone", "email"}
    table = list(csv.DictReader(io.StringIO(run("as-of", "2021-03", "--format", "csv").stdout)))
    assert {row["what"] for row in table} == {"entry", "counter", "contact"}
    assert len(table) == sum(
        len(page["entries"]) for one in told["lists"] for page in one["pages"]
    ) + len(told["counters"]) + len(told["contacts"])


def test_the_lists_stand_in_the_sites_order(run, watched) -> None:
    told = json.loads(run("as-of", "2021", "--format", "json").stdout)
    names = [one["name"] for one in told["lists"]]
    assert names[:4] == ["home", "latest", "newarh", "apress_arh"]


def test_a_list_that_is_not_there_is_wrong_usage(run, watched) -> None:
    found = run("as-of", "2021", "--list", "newahr")
    assert found.exit_code == 2
    assert "there is no list 'newahr'; the lists are: home, latest, newarh," in found.stderr
    told = json.loads(run("as-of", "2021", "--list", "home", "--format", "json").stdout)
    assert [one["name"] for one in told["lists"]] == ["home"]


def test_a_list_read_in_part_is_not_certain(run, tmp_path, demo_captures) -> None:
    text = (demo_captures / "1-home.txt").read_text(encoding="utf-8")
    cut = text[: text.rindex("all messages")]
    (tmp_path / "cut.txt").write_text(cut, encoding="utf-8")
    (tmp_path / "manifest.tsv").write_text(
        "file\turl\tcaptured_at\ncut.txt\thttps://www.rusemb.org.uk/\t2021-03-02T10:00:00Z\n"
    )
    run("ingest", Path(tmp_path))
    found = listed(run, "2021-03-02")
    assert [page["is_certain"] for page in found["pages"]] in ([False], [])
    assert "more may have stood in it" in run("as-of", "2021-03-02").stdout
