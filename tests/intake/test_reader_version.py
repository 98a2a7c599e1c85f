"""Reader version: no history mixes two readers; what reads otherwise is no change of the site."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from embassy_scraper.errors import DatabaseError
from embassy_scraper.sites import load_profile, read_profile, reader_digest
from pipelines.tables.database import open_database, writing
from pipelines.tables.facts import store_captures
from pipelines.tables.site_and_reader import note_reader, reader_of
from tests.examples import quickly
from tests.live.site import ROOT, Open, site
from tests.profiles import SECOND, SHIPPED, changed, write_settings
from tests.saying import page
from tests.world import program
from tests.world.chaos import make_chaos
from tests.world.files import write_world

ZONE = changed('local_zone = "Europe/London"', 'local_zone = "Europe/Paris"')
OTHER = {  # profiles by which some of the captures read differently
    "another zone": ZONE,
    "a family less": changed('[[family]]\nname = "fnapr"\n', "").replace('["fnapr"]', "[]"),
    "a host less": changed('hosts = ["rusemb.org.uk", ', "hosts = ["),
}
SAME = changed('"Main menu", ', '"Main menu", "A label that no page has", ')
WORDS = re.compile(r"captures read differently: (\d+) of (\d+)(?: \((.*)\);)?")


def saved(folder: Path, captures: Path) -> tuple[Path, Path]:
    """The captures of the tests in two folders, each with its manifest, and one of another host."""
    head, *lines = (captures / "manifest.tsv").read_text().splitlines()
    text = page(datetime(2021, 3, 4, 9), "PRESS RELEASES AND NEWS", ())
    (folder / "bare.txt").parent.mkdir(parents=True, exist_ok=True)
    (folder / "bare.txt").write_text(text)
    bare = "bare.txt\thttp://rusemb.org.uk/fnapr/9006%20%5D\t2021-03-04T09:00:00Z"
    parts = folder / "first", folder / "second"
    for part, told in zip(parts, ([*lines[:3], bare], lines[3:]), strict=True):
        part.mkdir()
        (part / "manifest.tsv").write_text("\n".join([head, *told, ""]))
        for line in told:
            name = line.split("\t")[0]
            shutil.copy((captures if (captures / name).exists() else folder) / name, part)
    return parts


def ingest(db: Path, config: Path, *paths: Path) -> program.Outcome:
    outcome = program.run("ingest", *map(str, paths), "--db", str(db), "--config", str(config))
    assert outcome.exit_code == 0, outcome.err
    return outcome


def read_by(db: Path) -> set[object]:
    return {row[0] for row in program.query(db, "SELECT DISTINCT reader FROM captures")}


def assert_same(one: Path, other: Path) -> None:
    assert program.table_differences(one, other) == []
    assert program.report(one) == program.report(other)


@pytest.mark.parametrize("profile", OTHER.values(), ids=OTHER)
def test_it_becomes_the_history_that_the_new_reader_gives(
    tmp_path: Path, demo_captures: Path, profile: str
) -> None:
    first, second = saved(tmp_path / "saved", demo_captures)
    db, fresh = tmp_path / "one" / "embassy.db", tmp_path / "fresh" / "embassy.db"
    ingest(db, write_settings(tmp_path / "old", None), first)
    config = write_settings(tmp_path / "new", profile)
    said = ingest(db, config, second).err
    ingest(fresh, config, first, second)
    assert_same(db, fresh)
    assert read_by(db) == {reader_digest(read_profile(profile, "it"))}
    found = WORDS.search(said)
    assert found is not None and 0 < int(found[1]) <= int(found[2]) == 4, said
    named = re.findall(r"^  .*: embassy-scraper probe (\S+)", said, re.M)
    assert len(named) == int(found[1])
    there = {row[0] for row in program.query(db, "SELECT id FROM captures")}
    assert set(named) <= there
    assert program.run("verify", "--db", str(db), "--config", str(config)).exit_code == 0
    assert not list(db.parent.glob("*.anew*"))
    assert "read otherwise" not in ingest(db, config, second).err


@pytest.mark.parametrize("seed", quickly([20, 21, 28]))
def test_so_it_does_in_any_world(tmp_path: Path, seed: int) -> None:
    world = make_chaos(seed)
    order = Random(seed).sample(range(len(world.captures)), len(world.captures))
    half = len(order) // 2
    first, second = write_world(world, tmp_path / "world", [order[:half], order[half:]])
    old = write_settings(tmp_path / "old", None)
    for name, profile in OTHER.items():
        new = write_settings(tmp_path / name, profile)
        db, fresh = tmp_path / name / "one" / "embassy.db", tmp_path / name / "fresh" / "embassy.db"
        for path, config, *paths in (
            (db, old, first),
            (db, new, second),
            (fresh, new, first, second),
        ):
            program.run("ingest", *map(str, paths), "--db", str(path), "--config", str(config))
        assert_same(db, fresh)


def test_an_instant_by_the_clock_is_read_anew_and_never_lost(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    text = page(datetime(2021, 3, 4, 9), "", [("03.03.2021", "Notice", "Lead.")])
    (tmp_path / "in" / "page.txt").write_text(text)
    db = tmp_path / "embassy.db"
    ingest(db, write_settings(tmp_path / "old", None), tmp_path / "in")
    (tmp_path / "nothing").mkdir()
    instants = []
    for name, profile in (("paris", ZONE), ("no March", changed('"March"', '"Marsh"'))):
        ingest(db, write_settings(tmp_path / name, profile), tmp_path / "nothing")
        instants += program.query(db, "SELECT captured_at, page_clock FROM captures")
    assert instants == [
        ("2021-03-04T08:00:00Z", "2021-03-04T08:00:00Z"),
        ("2021-03-04T08:00:00Z", None),
    ]


def test_what_reads_otherwise_is_no_change(tmp_path: Path, demo_captures: Path) -> None:
    db = tmp_path / "embassy.db"
    ingest(db, write_settings(tmp_path / "old", None), demo_captures)
    before = program.report(db)
    said = ingest(db, write_settings(tmp_path / "new", ZONE), demo_captures).err
    assert said.endswith("captures: 0 stored, 6 known, 0 rejected; changes: 0\n")
    found = WORDS.search(said)
    assert found is not None
    fields = dict(part.rsplit(" ", 1) for part in found[3].split(", "))
    assert int(fields["clock"]) == 6
    assert set(fields) <= {"clock", "signature"}
    said = ingest(db, write_settings(tmp_path / "old", None), demo_captures).err
    assert "; changes: 0\n" in said
    assert program.report(db) == before


def test_what_reads_alike_keeps_its_changes(tmp_path: Path, demo_captures: Path) -> None:
    db = tmp_path / "embassy.db"
    ingest(db, write_settings(tmp_path / "old", None), demo_captures)
    before, readers = program.tables(db), read_by(db)
    said = ingest(db, write_settings(tmp_path / "new", SAME), demo_captures).err
    assert "captures read differently: 0 of 6\n" in said
    assert program.tables(db) == before
    assert read_by(db) != readers


LAYOUT = """
[[layout]]
name = "of tomorrow"
marks = ["main.news"]
header = "header"
part = "section"
heading = "h2"
date = "time"
title = "h3"
entry = "li"
"""
ANEW = "embassy.db: all captures are read again: "
NOT_MEANT = " (if this is not intended, name your settings file with --config)"


def test_a_layout_of_the_settings_is_of_the_reader(tmp_path: Path, demo_captures: Path) -> None:
    db = tmp_path / "embassy.db"
    ingest(db, write_settings(tmp_path / "old", None), demo_captures)
    said = ingest(db, write_settings(tmp_path / "new", None, LAYOUT), demo_captures).err
    assert "captures read differently: 0 of 6\n" in said


def test_it_says_which_settings_read_otherwise(tmp_path: Path, demo_captures: Path) -> None:
    """Most often ``--config`` was forgotten; the whole history is read anew then."""
    db = tmp_path / "embassy.db"
    other = LAYOUT.replace("tomorrow", "today")
    plain = write_settings(tmp_path / "none", None)
    both = write_settings(tmp_path / "both", None, LAYOUT + other)
    steps = [
        (plain, None),
        (both, "the layouts 'of tomorrow', 'of today' of the settings are new"),
        (
            write_settings(tmp_path / "turned", None, other + LAYOUT),
            "the layouts of the settings are in another order",
        ),
        (
            write_settings(tmp_path / "edited", None, other + LAYOUT.replace("h3", "h4")),
            "the layout 'of tomorrow' of the settings is now different",
        ),
        (
            plain,
            f"the layouts 'of today', 'of tomorrow' of the settings are now missing{NOT_MEANT}",
        ),
        (write_settings(tmp_path / "paris", ZONE), "the profile was rusemb.toml and is now"),
        (
            write_settings(tmp_path / "edited profile", SAME),
            "the profile site.toml has changed in [clock], [menu]",
        ),
        (
            write_settings(tmp_path / "one", None, LAYOUT),
            "the layout 'of tomorrow' of the settings is new; the profile was site.toml and is now"
            f" rusemb.toml, which differs in [menu]{NOT_MEANT}",
        ),
    ]
    for config, why in steps:
        said = ingest(db, config, demo_captures).err
        assert (ANEW in said) is (why is not None)
        assert why is None or f"{ANEW}{why}" in said, said
    for words in (("--dry-run",), ()):
        said = program.run("rebuild", *words, "--db", str(db), "--config", str(plain)).err
        anew = ANEW.replace("are", "would be") if words else ANEW
        assert f"{anew}the layout 'of tomorrow' of the settings is now missing{NOT_MEANT}" in said
    assert ANEW not in program.run("rebuild", "--db", str(db), "--config", str(plain)).err


def test_it_says_when_the_program_itself_reads_otherwise(
    tmp_path: Path, demo_captures: Path
) -> None:
    db = tmp_path / "embassy.db"
    config = write_settings(tmp_path / "old", None)
    ingest(db, config, demo_captures)
    for change, why in (
        ("reader = 'of before'", "this version of the program reads pages differently"),
        ("reader = 'of before', facts = '{}'", "another version of this program has read them"),
        ("reader = 'of before', facts = ''", "another version of this program has read them"),
    ):
        connection = open_database(db)
        with writing(connection):
            connection.execute(f"UPDATE _site SET {change}")
        connection.close()
        assert f"{ANEW}{why}\n" in ingest(db, config, demo_captures).err


def test_a_dry_run_says_it_beforehand_and_changes_nothing(
    tmp_path: Path, demo_captures: Path
) -> None:
    db = tmp_path / "data" / "embassy.db"
    ingest(db, write_settings(tmp_path / "old", None), demo_captures)
    config = str(write_settings(tmp_path / "new", ZONE))
    before, files = program.tables(db), sorted(db.parent.rglob("*"))
    dry = program.run("rebuild", "--dry-run", "--db", str(db), "--config", config)
    assert dry.exit_code == 0
    assert WORDS.match(dry.out)
    assert program.tables(db) == before
    assert sorted(db.parent.rglob("*")) == files
    done = program.run("rebuild", "--db", str(db), "--config", config)
    assert dry.out in done.err
    again = program.run("rebuild", "--dry-run", "--db", str(db), "--config", config)
    assert again.out == "captures read differently: 0 of 6\n"


def test_a_dry_run_says_what_a_layout_does_not_do(tmp_path: Path, demo_captures: Path) -> None:
    db = tmp_path / "data" / "embassy.db"
    ingest(db, write_settings(tmp_path / "old", None), demo_captures)
    config = tmp_path / "embassy.toml"
    config.write_text(LAYOUT)
    words = ("rebuild", "--dry-run", "--db", str(db), "--config", str(config))
    said = program.run(*words).err
    assert "captures would be read again" in said
    assert 'if "read by" does not name the layout, its marks' in said
    config.write_text(LAYOUT.replace("main.news", "td.content"))  # a mark that the pages have
    assert "more is withheld than before: do not use this yet" in program.run(*words).err


MOMENTS = {  # where the process kills itself
    "between two parts": ("a", "_store", 2),
    "before what follows is derived": ("a", "settle", 1),
    "before the exchange": ("a", "exchange", 1),
    "inside the exchange": ("x", "_copy", 5),
    "behind the exchange": ("a", "remove_database", 1),
}


@pytest.mark.peer
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_kill_costs_nothing_and_shows_nobody_two_readers(
    tmp_path: Path, demo_captures: Path, moment: tuple[str, str, int]
) -> None:
    db, fresh = tmp_path / "one" / "embassy.db", tmp_path / "fresh" / "embassy.db"
    old, new = write_settings(tmp_path / "old", None), write_settings(tmp_path / "new", ZONE)
    ingest(db, old, demo_captures)
    ingest(fresh, new, demo_captures)
    before = program.tables(db)
    module, name, calls = moment
    script = f"""
import os, signal
import embassy_scraper.intake.anew as a, pipelines.tables.exchange as x
from embassy_scraper.commands import main
real, calls = {module}.{name}, []
def dies(*given, **named):
    calls.append(1)
    if len(calls) == {calls}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given, **named)
{module}.{name} = dies
a._BATCH = 2
main(["ingest", {str(demo_captures)!r}, "--db", {str(db)!r}, "--config", {str(new)!r}])
"""
    killed = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env={**os.environ, "PYTHONPATH": "."},
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    is_exchanged = name == "remove_database"
    assert program.tables(db) == (program.tables(fresh) if is_exchanged else before)
    if name != "remove_database":
        kept = program.query(Path(f"{db}.anew"), "SELECT count(*) FROM _read")
        assert kept == [(2,)] if name == "_store" else [(6,)]
    ingest(db, new, demo_captures)
    assert_same(db, fresh)
    assert not list(db.parent.glob("*.anew*"))


def test_a_crawl_reads_anew_first(live: Open, tmp_path: Path) -> None:
    with live(site(3)) as it:
        it.crawl("--part", "homepage")
        text = it.config.read_text()
        (tmp_path / "site.toml").write_text(ZONE)
        it.config.write_text(text.replace("[site]", '[site]\nprofile = "site.toml"'))
        it.later(hours=1)
        said = it.crawl("--part", "homepage")
        assert WORDS.search(said), said
        assert read_by(it.db) == {reader_digest(read_profile(ZONE, "it"))}
        it.config.write_text(text)
        it.later(hours=1)
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", "homepage", "-s", f"EMBASSY_DB={it.db}",
             "-s", f"EMBASSY_CONFIG={it.config}"],
            cwd=ROOT, text=True, capture_output=True, check=False,
        )  # fmt: skip
        assert WORDS.search(done.stderr), done.stderr
        assert read_by(it.db) == {reader_digest(load_profile())}
        rows = it.rows("SELECT outcome FROM runs")
        assert {row[0] for row in rows} == {"complete"}, rows


def test_a_crawl_says_the_ways_out_where_raw_files_are_lost(live: Open, tmp_path: Path) -> None:
    with live(site(3)) as it:
        it.crawl("--part", "homepage")
        lose_raw_files(it.db, tmp_path / "elsewhere")
        (tmp_path / "site.toml").write_text(ZONE)
        text = it.config.read_text()
        it.config.write_text(text.replace("[site]", '[site]\nprofile = "site.toml"'))
        said = it.crawl("--part", "homepage", code=1)
        assert " captures cannot be read again, so the history stays as it is" in said
        assert "or give ingest their pages once more; to go on without them, move" in said


@pytest.mark.peer
def test_a_backfill_reads_anew_first(tmp_path: Path, demo_captures: Path) -> None:
    db = tmp_path / "embassy.db"
    ingest(db, write_settings(tmp_path / "old", None), demo_captures)
    nobody = '[archives]\nwayback = "http://127.0.0.1:9"\nretries = 0\n'
    config = write_settings(tmp_path / "new", ZONE, nobody)
    process = program.start("backfill", "wayback", "--db", str(db), "--config", str(config))
    said = process.communicate(timeout=600)[1].decode()
    assert process.returncode == 1
    assert WORDS.search(said), said
    assert read_by(db) == {reader_digest(read_profile(ZONE, "it"))}


@pytest.mark.parametrize(
    "verb",
    [
        ["ingest", str(ROOT / "tests" / "captures")],
        ["crawl"],
        ["backfill", "wayback"],
        ["rebuild"],
        ["verify"],
    ],
)
def test_another_site_is_refused(tmp_path: Path, demo_captures: Path, verb: list[str]) -> None:
    db = tmp_path / "data" / "embassy.db"
    ingest(db, write_settings(tmp_path / "old", None), demo_captures)
    before, runs = program.tables(db), program.query(db, "SELECT * FROM runs")
    config = write_settings(tmp_path / "new", SECOND, '[crawl]\ncontact = "me@example.org"\n')
    outcome = program.run(*verb, "--db", str(db), "--config", str(config))
    assert outcome.exit_code == 1
    assert outcome.err.count("\n") == 1
    assert "the site 'rusemb', and the profile is of 'harbour'; name another" in outcome.err
    assert program.tables(db) == before
    assert program.query(db, "SELECT * FROM runs") == runs


def test_an_empty_database_may_still_become_another_site(
    tmp_path: Path, demo_captures: Path
) -> None:
    db = tmp_path / "data" / "embassy.db"
    (tmp_path / "nothing").mkdir()
    ingest(db, write_settings(tmp_path / "new", SECOND), tmp_path / "nothing")
    ingest(db, write_settings(tmp_path / "old", None), demo_captures)
    assert program.query(db, "SELECT name FROM _site") == [("rusemb",)]


def test_verify_says_that_another_reader_has_read_it(tmp_path: Path, demo_captures: Path) -> None:
    db = tmp_path / "data" / "embassy.db"
    ingest(db, write_settings(tmp_path / "old", None), demo_captures)
    config = write_settings(tmp_path / "new", ZONE)
    outcome = program.run("verify", "--db", str(db), "--config", str(config))
    assert outcome.exit_code == 1
    assert outcome.err.count("\n") == 1
    assert (
        "the profile was rusemb.toml and is now site.toml, which differs in [clock]" in outcome.err
    )
    files = f"--db {db} --config {config}"
    assert f"run embassy-scraper rebuild {files}, which reads all" in outcome.err


def test_a_run_that_began_with_the_old_reader_adds_nothing_behind_the_new_one(
    tmp_path: Path, demo_captures: Path
) -> None:
    from embassy_scraper.intake.stored import read_again, stored_captures

    db = tmp_path / "data" / "embassy.db"
    ingest(db, write_settings(tmp_path / "old", None), demo_captures)
    connection = open_database(db)
    stored = next(stored_captures(connection))
    capture = read_again(db.parent / "captures", stored, load_profile())
    with writing(connection):
        note_reader(connection, read_profile(SAME, "it"))
    assert reader_of(connection) != capture.reader
    with pytest.raises(DatabaseError, match="run it again"), writing(connection):
        store_captures(connection, [(capture, stored.place)])
    connection.close()


def lose_raw_files(db: Path, elsewhere: Path) -> list[str]:
    """Move the raw captures *elsewhere*; return their names."""
    elsewhere.mkdir()
    names = [raw.name for raw in (db.parent / "captures").iterdir()]
    for name in names:
        (db.parent / "captures" / name).rename(elsewhere / name)
    return names


def test_a_lost_raw_file_changes_nothing(tmp_path: Path, demo_captures: Path) -> None:
    db = tmp_path / "data" / "embassy.db"
    (tmp_path / "nothing").mkdir()
    ingest(db, write_settings(tmp_path / "old", None), demo_captures)
    before = program.tables(db)
    names = lose_raw_files(db, tmp_path / "elsewhere")
    config = write_settings(tmp_path / "new", ZONE)
    for verb in (["ingest", str(tmp_path / "nothing")], ["rebuild"], ["rebuild", "--dry-run"]):
        outcome = program.run(*verb, "--db", str(db), "--config", str(config))
        assert outcome.exit_code == 1
        said = outcome.err.splitlines()[-1]
        assert said.startswith("embassy-scraper: 6 captures cannot be read again, so the history ")
        assert f"restore {db.parent / 'captures' / names[0]} from a backup" in said
        assert "or give ingest their pages once more" in said
        assert program.tables(db) == before
    rows = program.query(db, "SELECT outcome, substr(note, 1, 10) FROM runs")
    assert rows == [("complete", None), ("failed", "6 captures"), ("failed", "6 captures")]
    (tmp_path / "elsewhere" / names[0]).rename(db.parent / "captures" / names[0])
    assert WORDS.search(ingest(db, config, demo_captures).err)


@pytest.mark.parametrize("profile", OTHER.values(), ids=OTHER)
def test_lost_raw_files_are_restored_from_what_is_offered_again(
    tmp_path: Path, demo_captures: Path, profile: str
) -> None:
    """Piece by piece, and the history is read anew as soon as all of them are there."""
    first, second = saved(tmp_path / "saved", demo_captures)
    db, fresh = tmp_path / "one" / "embassy.db", tmp_path / "fresh" / "embassy.db"
    ingest(db, write_settings(tmp_path / "old", None), first, second)
    before = program.tables(db)
    lose_raw_files(db, tmp_path / "elsewhere")
    config = write_settings(tmp_path / "new", profile)
    outcome = program.run("ingest", str(first), "--db", str(db), "--config", str(config))
    assert outcome.exit_code == 1
    assert "raw records restored: 4 of 7\n" in outcome.err
    assert "3 captures cannot be read again" in outcome.err
    assert program.tables(db) == before
    said = ingest(db, config, second).err
    assert "raw records restored: 3 of 3\n" in said
    assert WORDS.search(said)
    ingest(fresh, config, first, second)
    assert_same(db, fresh)
    assert program.run("verify", "--db", str(db), "--config", str(config)).exit_code == 0


def test_a_damaged_record_is_restored_from_its_page(tmp_path: Path, demo_captures: Path) -> None:
    db, fresh = tmp_path / "one" / "embassy.db", tmp_path / "fresh" / "embassy.db"
    ingest(db, write_settings(tmp_path / "old", None), demo_captures)
    (raw,) = (db.parent / "captures").iterdir()
    ((at,),) = program.query(db, "SELECT max(warc_offset) FROM captures")
    whole = raw.read_bytes()
    raw.write_bytes(whole[: int(str(at)) + 40])
    config = write_settings(tmp_path / "new", ZONE)
    said = ingest(db, config, demo_captures).err
    assert "raw records restored: 1 of 1\n" in said
    ingest(fresh, config, demo_captures)
    assert_same(db, fresh)


def test_a_history_goes_on_without_what_is_lost_for_ever(
    tmp_path: Path, demo_captures: Path
) -> None:
    first, second = saved(tmp_path / "saved", demo_captures)
    db, fresh = tmp_path / "one" / "embassy.db", tmp_path / "fresh" / "embassy.db"
    config = write_settings(tmp_path / "old", None)
    ingest(db, config, first)
    lose_raw_files(db, tmp_path / "elsewhere")
    ingest(db, config, second)
    new = write_settings(tmp_path / "new", ZONE)
    command = ("--db", str(db), "--config", str(new))
    outcome = program.run("ingest", str(second), *command)
    assert outcome.exit_code == 1
    raw = str(db.parent / "captures")
    files = " ".join(command)
    assert f"away and run embassy-scraper rebuild --from {raw} {files}\n" in outcome.err
    for path in db.parent.glob("embassy.db*"):
        path.rename(tmp_path / path.name)
    assert program.run("rebuild", "--from", raw, *command).exit_code == 0
    ingest(fresh, new, second)
    assert program.table_differences(db, fresh) == []


def test_the_profile_that_read_the_captures_is_kept_whole(tmp_path: Path) -> None:
    from pipelines.tables.site_and_reader import profile_of

    connection = open_database(tmp_path / "embassy.db")
    for text in (SHIPPED, SECOND):
        profile = read_profile(text, "it")
        with writing(connection):
            note_reader(connection, profile)
        assert profile_of(connection) == profile
    connection.close()
