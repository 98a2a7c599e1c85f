"""The contract's laws as properties over made-up worlds (tests/world).

``--hypothesis-profile=deep`` runs twenty times as many examples as `make test-all` does.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embassy_scraper.limits import MAX_ALIKE
from pipelines.history import pairs
from pipelines.tables import crowded, derived, reconcile, renames
from tests.examples import examples
from tests.world import program
from tests.world.chaos import make_chaos
from tests.world.checks import is_told
from tests.world.compare import judge
from tests.world.files import write_world
from tests.world.generate import make_world
from tests.world.model import World
from tests.world.quiet import dressed_anew, quiet_world, with_cut_capture, with_refusal

QUIET_KINDS = {
    "statement_discovered",
    "counter_discovered",
    "counter_progressed",
}
seeds = st.integers(min_value=0, max_value=1_000_000)
limits = st.sampled_from([MAX_ALIKE, 0, 1, 2, 3])  # of one kind that are compared


@contextmanager
def workplace() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="laws"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def database(folder: Path, name: str) -> Path:
    (folder / name).mkdir(exist_ok=True)
    return folder / name / "embassy.db"


def ingested(folder: Path, name: str, *batches: Sequence[Path]) -> Path:
    db = database(folder, name)
    for batch in batches:
        outcome = program.ingest(db, *batch)
        assert outcome.exit_code in (0, 3), outcome.err
    return db


@contextmanager
def some_at_a_time(captures: int) -> Iterator[None]:
    """Let so many captures at a time be derived, instead of ten thousand."""
    before, derived._AT_ONCE = derived._AT_ONCE, captures
    try:
        yield
    finally:
        derived._AT_ONCE = before


@contextmanager
def compared_at_most(most: int) -> Iterator[None]:
    """Let at *most* so many of one kind be compared, where a limit allows for more."""
    limits = {
        pairs: "MAX_ALIKE",
        crowded: "MAX_ALIKE",
        renames: "MAX_RIVALS",
        reconcile: "MAX_NEAR",
    }
    with pytest.MonkeyPatch.context() as patch:
        for module, name in limits.items():
            patch.setattr(module, name, min(most, getattr(module, name)))
        yield


def assert_same(a: Path, b: Path) -> None:
    differences = program.table_differences(a, b)
    assert not differences, "\n".join(differences[:12])
    assert program.report(a) == program.report(b)


def scattered(rng: Random, count: int) -> list[list[int]]:
    """The numbers up to `count` in groups of one to four, in any order."""
    order = rng.sample(range(count), count)
    out = []
    while order:
        size = rng.randint(1, 4)
        out.append(order[:size])
        order = order[size:]
    return out


def any_batches(rng: Random, paths: Sequence[Path]) -> list[list[Path]]:
    """The paths over one to three commands in any order, some of them offered again."""
    mixed = rng.sample(list(paths), len(paths))
    commands = rng.randint(1, 3)
    batches = [mixed[i::commands] for i in range(commands)]
    again = [p for p in paths if rng.random() < 0.3]
    return [b for b in [*batches, again] if b]


# -- (a) order, batching, repetition ----------------------------------------------------------


@examples(30)
@given(seeds, limits)
def test_any_order_gives_the_same_history(seed: int, limit: int) -> None:
    world = make_chaos(seed) if seed % 3 else make_world(seed)
    rng = Random(seed)
    with workplace() as folder, compared_at_most(limit):
        paths = write_world(world, folder / "world", scattered(rng, len(world.captures)))
        at_once = ingested(folder, "at_once", [folder / "world"])
        in_parts = ingested(folder, "in_parts", *any_batches(rng, paths))
        assert_same(at_once, in_parts)


@examples(12)
@given(seeds)
def test_one_by_one_and_backwards_is_the_same_history(seed: int) -> None:
    world = make_chaos(seed)
    with workplace() as folder:
        groups = [[i] for i in range(len(world.captures))]
        paths = write_world(world, folder / "world", groups)
        forwards = ingested(folder, "forwards", paths)
        backwards = ingested(folder, "backwards", *[[p] for p in reversed(paths)])
        assert_same(forwards, backwards)


@examples(20)
@given(seeds, st.integers(min_value=1, max_value=5))
def test_many_at_once_are_derived_some_at_a_time(seed: int, some: int) -> None:
    world = make_chaos(seed) if seed % 3 else make_world(seed)
    with workplace() as folder:
        groups = scattered(Random(seed), len(world.captures))
        write_world(world, folder / "world", groups)
        at_once = ingested(folder, "at_once", [folder / "world"])
        with some_at_a_time(some):
            in_parts = ingested(folder, "in_parts", [folder / "world"])
        assert_same(at_once, in_parts)


# -- (b) the truth ----------------------------------------------------------------------------


def assert_true(seed: int, kind: str) -> None:
    world = make_world(seed, kind)
    if not is_told(world):
        return
    with workplace() as folder:
        paths = write_world(world, folder / "world", [range(len(world.captures))])
        db = ingested(folder, "db", paths)
        verdict = judge(world, db)
        assert not verdict.lines, f"seed {seed}\n" + "\n".join(verdict.lines[:10])


@examples(30)
@given(seeds)
def test_text_captures_tell_the_truth(seed: int) -> None:
    assert_true(seed, "text")


@examples(30)
@given(seeds)
def test_html_captures_tell_the_truth(seed: int) -> None:
    assert_true(seed, "html")


@examples(30)
@given(seeds)
def test_warc_captures_tell_the_truth(seed: int) -> None:
    assert_true(seed, "warc")


@examples(30)
@given(seeds)
def test_mixed_captures_tell_the_truth(seed: int) -> None:
    assert_true(seed, "mixed")


# -- (c) forms and markups ---------------------------------------------------------------------


@examples(20)
@given(seeds)
def test_forms_and_markups_are_no_change(seed: int) -> None:
    world = dressed_anew(quiet_world(seed), seed)
    with workplace() as folder:
        paths = write_world(world, folder / "world", [range(len(world.captures))])
        db = ingested(folder, "db", paths)
        verdict = judge(world, db)
        assert not verdict.lines, f"seed {seed}\n" + "\n".join(verdict.lines[:10])
        assert {r["kind"] for r in program.report_rows(db)} <= QUIET_KINDS


# -- (d) cut off and blocked -------------------------------------------------------------------


def assert_no_difference(plain: World, disturbed: World, seed: int) -> None:
    """The disturbed world has captures more, and must tell nothing more."""
    with workplace() as folder:
        one = write_world(plain, folder / "plain", [range(len(plain.captures))])
        two = write_world(disturbed, folder / "disturbed", [range(len(disturbed.captures))])
        calm = program.report(ingested(folder, "calm", one))
        shaken = program.report(ingested(folder, "shaken", two))
        extra = [line for line in shaken.splitlines() if line not in calm.splitlines()]
        assert calm == shaken, f"seed {seed}\n" + "\n".join(x[:300] for x in extra[:5])


@examples(60)
@given(seeds, st.floats(0, 1))
def test_a_page_cut_off_at_any_byte_changes_nothing(seed: int, share: float) -> None:
    world = quiet_world(seed)
    assert_no_difference(world, with_cut_capture(world, seed, share), seed)


@examples(15)
@given(seeds)
def test_a_refused_page_changes_nothing(seed: int) -> None:
    world = quiet_world(seed)
    assert_no_difference(world, with_refusal(world, seed), seed)


# -- (e) rebuild and verify --------------------------------------------------------------------


@examples(20)
@given(seeds)
def test_rebuild_gives_the_same_and_verify_agrees(seed: int) -> None:
    world = make_chaos(seed) if seed % 2 else make_world(seed)
    with workplace() as folder:
        paths = write_world(world, folder / "world", [range(len(world.captures))])
        db = ingested(folder, "db", paths)
        before = program.tables(db), program.report(db)
        assert program.run("verify", "--db", str(db)).exit_code == 0
        assert program.run("rebuild", "--db", str(db)).exit_code == 0
        assert (program.tables(db), program.report(db)) == before
        assert program.run("verify", "--db", str(db)).exit_code == 0


# -- (f, g) two at once, and killed ------------------------------------------------------------


@examples(3)
@given(seeds)
def test_two_processes_at_once_both_finish(seed: int) -> None:
    world = make_chaos(seed)
    with workplace() as folder:
        paths = write_world(world, folder / "world", scattered(Random(seed), len(world.captures)))
        alone = ingested(folder, "alone", paths)
        db = database(folder, "together")
        halves = [paths[: len(paths) // 2 + 1], paths[len(paths) // 2 :]]
        running = [program.start("ingest", *map(str, h), "--db", str(db)) for h in halves]
        ends = [(p.communicate()[1].decode(), p.returncode) for p in running]
        assert all(code in (0, 3) for _, code in ends), ends
        assert_same(alone, db)


@examples(3)
@given(seeds, st.lists(st.floats(0.0, 1.0), min_size=2, max_size=4))
def test_killed_and_run_again_is_the_undisturbed_history(seed: int, moments: list[float]) -> None:
    world = replace(make_chaos(seed))
    with workplace() as folder:
        paths = write_world(world, folder / "world", scattered(Random(seed), len(world.captures)))
        alone = ingested(folder, "alone", paths)
        db = database(folder, "killed")
        command = ("ingest", *map(str, paths), "--db", str(db))
        length = program.seconds("ingest", *map(str, paths), "--db", str(database(folder, "timed")))
        for moment in moments:
            program.killed_after(moment * length, *command)
            if db.exists():
                program.run("report", "--db", str(db))
        outcome = program.run(*command)
        assert outcome.exit_code in (0, 3), outcome.err
        assert_same(alone, db)
        assert program.run("verify", "--db", str(db)).exit_code == 0
