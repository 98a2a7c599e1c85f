"""The Atom file beside the database: written when something is new, whole, and never another's."""

from __future__ import annotations

from pathlib import Path

import feedparser
import pytest

from tests.telling.test_alerts import Desk
from tests.world import program


@pytest.fixture
def desk(tmp_path: Path, demo_captures: Path) -> Desk:
    desk = Desk(tmp_path, demo_captures)
    desk.config.write_text("")
    return desk


def test_it_has_what_is_new_first_and_stays_when_nothing_is(desk: Desk) -> None:
    feed = desk.db.with_name("embassy.atom")
    desk.run("ingest", desk.part(0, 1))
    read = feedparser.parse(feed.read_text())
    assert not read.bozo and read.feed.title == "Changes on www.rusemb.org.uk"
    assert all(row["change_id"] in feed.read_text() for row in program.report_rows(desk.db))
    before = feed.stat().st_mtime_ns
    desk.run("ingest", desk.part(0, 1))
    desk.run("rebuild", "--dry-run")
    assert feed.stat().st_mtime_ns == before
    old = {row["change_id"] for row in program.report_rows(desk.db)}
    desk.run("ingest", desk.part(3, 4))
    new = {row["change_id"] for row in program.report_rows(desk.db)} - old
    assert any(one in feed.read_text() for one in new)
    assert len({entry.id for entry in feedparser.parse(feed.read_text()).entries}) > 1
    assert not [one for one in desk.db.parent.iterdir() if one.name.startswith(".")]


def test_another_file_in_its_place_is_left_alone(desk: Desk) -> None:
    feed = desk.db.with_name("embassy.atom")
    feed.parent.mkdir(parents=True)
    feed.write_text("my notes")
    said = desk.run("ingest", desk.part(0, 1))
    assert "not a feed of this program; move it away" in said
    assert said.splitlines()[-1].startswith("captures: 2 stored")
    assert feed.read_text() == "my notes"


def test_a_database_that_is_called_like_its_feed_is_left_alone(desk: Desk) -> None:
    desk.db = desk.db.with_name("embassy.atom")
    said = desk.run("ingest", desk.part(0, 1))
    assert "not a feed" not in said
    assert desk.db.read_bytes().startswith(b"SQLite format 3")
