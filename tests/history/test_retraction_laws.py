"""A history without a retracted capture is that of the others alone, whatever came when."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random

from hypothesis import given

from embassy_scraper.archives.saved import find_files
from embassy_scraper.archives.shards import whole
from embassy_scraper.intake.files import read_here
from embassy_scraper.intake.reading import Reader
from embassy_scraper.items import Taken
from embassy_scraper.sites import load_profile
from pipelines.tables.compare import differences
from tests.examples import examples
from tests.world import program
from tests.world.chaos import make_chaos
from tests.world.files import write_world
from tests.world.generate import make_world

from .test_laws import compared_at_most, database, ingested, limits, seeds, workplace

BESIDE = "_retracted: "  # rows beside the history


def ids_in(path: Path) -> set[str]:
    """The ids of what is offered at *path*."""
    files, _ = find_files([path])
    pieces = read_here(whole(files), Reader(load_profile()))
    found = (one for piece in pieces for one in piece.found)
    return {one.capture.id for one in found if isinstance(one, Taken)}


def without_places(db: Path) -> sqlite3.Connection:
    """A copy in which the raw records lie nowhere: where they lie tells what came when."""
    copy = sqlite3.connect(":memory:")
    with closing(sqlite3.connect(db)) as source:
        source.backup(copy)
    for table in ("captures", "_retracted"):
        copy.execute(f"UPDATE {table} SET warc_file = '', warc_offset = 0")
    return copy


def assert_same_rows(kept: Path, other: Path) -> None:
    """Every row of both is the same, but for what lies beside the history."""
    with closing(without_places(kept)) as one, closing(without_places(other)) as two:
        found = [line for line in differences(one, two) if not line.startswith(BESIDE)]
    assert not found, "\n".join(found[:12])


def retract(db: Path, ids: Sequence[str], *more: str) -> None:
    outcome = program.run("retract", *ids, *(more or ("--why", "it is wrong")), "--db", str(db))
    assert outcome.exit_code == 0, outcome.err


def assert_sound(db: Path) -> None:
    outcome = program.run("verify", "--db", str(db))
    assert outcome.exit_code == 0, outcome.out


def written(seed: int, folder: Path) -> dict[Path, set[str]]:
    """The captures of a world, each in a folder of its own, and the ids that it offers."""
    world = make_chaos(seed) if seed % 3 else make_world(seed)
    paths = write_world(world, folder / "world", [[i] for i in range(len(world.captures))])
    return {path: ids_in(path) for path in paths}


@examples(40)
@given(seeds, limits)
def test_what_is_retracted_was_never_offered_and_is_when_brought_back(
    seed: int, limit: int
) -> None:
    rng = Random(seed)
    with workplace() as folder, compared_at_most(limit):
        offers = written(seed, folder)
        paths = rng.sample(list(offers), len(offers))
        ids = sorted(set().union(*offers.values()))
        out = set(rng.sample(ids, min(len(ids), rng.randint(1, 4))))
        others = [path for path in paths if not offers[path] & out]
        cut = rng.randint(0, len(paths))
        db = ingested(folder, "db", *[b for b in [paths[:cut]] if b])
        here = set().union(*(offers[path] for path in paths[:cut]), set()) & out
        if here:
            retract(db, sorted(here))
        again = [path for path in paths if rng.random() < 0.3]
        ingested(folder, "db", *[batch for batch in (paths[cut:], again) if batch])
        for one in sorted(out - here):
            retract(db, [one])
        alone = ingested(folder, "alone", others) if others else None
        if alone is not None:
            assert_same_rows(db, alone)
            assert program.table_differences(db, alone) == []
        assert_sound(db)
        ingested(folder, "db", paths)
        if alone is not None:
            assert_same_rows(db, alone)
        back = rng.sample(sorted(out), len(out))
        retract(db, back[:1], "--undo")
        retract(db, back, "--undo")
        assert_same_rows(db, ingested(folder, "all", paths))


@examples(8)
@given(seeds)
def test_a_rebuild_keeps_captures_out(seed: int) -> None:
    with workplace() as folder:
        offers = written(seed, folder)
        ids = sorted(set().union(*offers.values()))
        out = Random(seed).choice(ids)
        db = ingested(folder, "db", list(offers))
        retract(db, [out])
        before = program.tables(db)
        assert program.run("rebuild", "--db", str(db)).exit_code == 0
        assert program.tables(db) == before
        assert program.query(db, "SELECT id FROM _retracted") == [(out,)]
        assert_sound(db)
        assert database(folder, "db") == db
