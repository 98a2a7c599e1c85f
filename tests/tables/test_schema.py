"""A table more is a decision more: whether a rebuild forgets it, and whether verify looks at it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import sqlite_utils

from embassy_scraper.sites import load_profile
from pipelines.tables.compare import differences
from pipelines.tables.database import open_database
from pipelines.tables.facts import forget_everything
from pipelines.tables.known import has_others
from pipelines.tables.schema import migrations

KEPT = (  # what no raw capture tells
    "warc_files runs visits walks robots offers queries waiting_revisits shards evidence"
    " changed_sources"
)
UNCOMPARED = {"pending", "renames"}  # what is to be derived; numbers of forms


def tables_after(path: Path, verb: str, work: Callable[..., object]) -> tuple[set[str], set[str]]:
    """Which tables there are, and which of them *work* names behind *verb*."""
    connection = open_database(path / "embassy.db")
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    there = {name for (name,) in rows if not name.startswith(("versions_fts", "_", "sqlite_"))}
    said: list[str] = []
    connection.set_trace_callback(said.append)
    work(connection)
    return there, set(re.findall(rf"{verb} (\w+)", " ".join(said))) & there


def test_a_rebuild_forgets_every_table_that_is_not_kept(tmp_path: Path) -> None:
    there, forgotten = tables_after(tmp_path, "DELETE FROM", forget_everything)
    assert there - forgotten - {"problems"} == set(KEPT.split())


def test_verify_compares_every_table_that_a_rebuild_makes(tmp_path: Path) -> None:
    there, compared = tables_after(tmp_path, "FROM", lambda c: list(differences(c, c)))
    assert compared == there - set(KEPT.split()) - UNCOMPARED


def test_captures_of_another_site_than_the_mirror_are_known(run, db, demo_captures) -> None:
    mirror = "http://127.0.0.1:8080/"
    config = db.parent.parent / "embassy.toml"
    config.write_text(f'[site]\nbase_url = "{mirror}"\n')
    assert run("ingest", demo_captures, "--config", config).exit_code == 0
    assert not has_others(open_database(db), mirror)
    assert has_others(open_database(db), load_profile().site.base_url)
    assert has_others(open_database(db), mirror.replace("8080", "8081"))


def test_an_earlier_database_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "embassy.db"
    earlier = sqlite_utils.Database(path)
    migrations.apply(earlier, stop_before="m012_places")
    form = "'d', 1, NULL, 'VIDEO: A talk', NULL, 'Body.', NULL, NULL, '2021-06-30T23:30:00Z'"
    earlier.execute(f"INSERT INTO forms VALUES (1, {form}, NULL, 0, 1, 'c', 5, 1, 's')")
    earlier.execute("INSERT INTO sightings VALUES ('s', 'c', 'newarh', 3, 1, 1)")
    earlier.conn.commit()
    earlier.close()
    connection = open_database(path)
    assert connection.execute("SELECT is_box FROM forms").fetchall() == [(0,)]
    seen = connection.execute("SELECT * FROM sightings").fetchall()
    assert seen == [("s", "c", "newarh", 3, 1, 1, 3, 0)]
    connection.close()
