"""What can be wrong with a world's history in the program: one function a law."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from . import program
from .compare import judge
from .files import write_world
from .joinable import is_joinable
from .model import World
from .observe import observe_world
from .oracle import expected
from .quiet import with_cut_capture
from .rows import Ambiguous

Check = Callable[[World, Path], list[str]]


def is_told(world: World) -> bool:
    """Whether the contract says what this world's history is."""
    try:
        expected(observe_world(world))
    except Ambiguous:
        return False
    return is_joinable(world)


def fresh(folder: Path, name: str) -> Path:
    shutil.rmtree(folder / name, ignore_errors=True)
    (folder / name).mkdir(parents=True)
    return folder / name / "embassy.db"


def _ingested(folder: Path, name: str, *batches: Sequence[Path], most: int) -> tuple[Path, str]:
    """The database, and what went wrong (exit status above `most` but for 3)."""
    db = fresh(folder, name)
    for batch in batches:
        outcome = program.ingest(db, *batch)
        if outcome.exit_code not in (0, most):
            return db, f"ingest: exit {outcome.exit_code}: {outcome.err.strip()[-300:]}"
    return db, ""


def truth(world: World, folder: Path) -> list[str]:
    """Where the report and the oracle differ."""
    paths = write_world(world, folder / "world", [range(len(world.captures))])
    db, trouble = _ingested(folder, "db", paths, most=0)
    return [trouble] if trouble else list(judge(world, db).lines)


def order(world: World, folder: Path) -> list[str]:
    """Where all at once and one by one backwards differ."""
    paths = write_world(world, folder / "world", [[i] for i in range(len(world.captures))])
    one, trouble = _ingested(folder, "one", paths, most=3)
    two, more = _ingested(folder, "two", *[[p] for p in reversed(paths)], most=3)
    return [t for t in (trouble, more) if t] or program.table_differences(one, two)


def batches(world: World, folder: Path) -> list[str]:
    """Where all at once and any order in a few commands differ."""
    rng = Random(world.seed)
    paths = write_world(world, folder / "world", [[i] for i in range(len(world.captures))])
    one, trouble = _ingested(folder, "one", paths, most=3)
    mixed = rng.sample(paths, len(paths))
    two, more = _ingested(folder, "two", mixed[::2], mixed[1::2], paths[:2], most=3)
    return [t for t in (trouble, more) if t] or program.table_differences(one, two)


def rebuild(world: World, folder: Path) -> list[str]:
    """Where a rebuild differs from what was derived step by step."""
    paths = write_world(world, folder / "world", [[i] for i in range(len(world.captures))])
    db, trouble = _ingested(folder, "one", *[[p] for p in paths], most=3)
    if trouble:
        return [trouble]
    before = program.tables(db)
    outcomes = [program.run(verb, "--db", str(db)) for verb in ("verify", "rebuild", "verify")]
    after = program.tables(db)
    out = [f"exit {o.exit_code}: {o.err[-200:]}" for o in outcomes if o.exit_code]
    return out + [f"{name} differs" for name in before if before[name] != after[name]]


def from_raw(world: World, folder: Path) -> list[str]:
    """Where a database made of raw captures alone differs from the one that is lost."""
    paths = write_world(world, folder / "world", [[i] for i in range(len(world.captures))])
    db, trouble = _ingested(folder, "one", *[[p] for p in paths], most=3)
    if trouble:
        return [trouble]
    bytes_before = {path.name: path.read_bytes() for path in (db.parent / "captures").iterdir()}
    lost = db.with_name("lost.db")
    for end in ("-wal", "-shm", ""):
        if Path(f"{db}{end}").exists():
            Path(f"{db}{end}").rename(f"{lost}{end}")
    raw = str(db.parent / "captures")
    made = program.run("rebuild", "--from", raw, "--db", str(db))
    verified = program.run("verify", "--db", str(db))
    out = [f"exit {o.exit_code}: {o.err[-200:]}" for o in (made, verified) if o.exit_code]
    after = {path.name: path.read_bytes() for path in (db.parent / "captures").iterdir()}
    out += [] if after == bytes_before else ["raw captures were written"]
    names = [name for name in program.TABLES if name != "problems"]  # rejections are lost
    return out + program.table_differences(lost, db, names)


def cut(world: World, folder: Path) -> list[str]:
    """What a quiet world tells more when one of its pages is seen once more, cut off."""
    share = Random(world.seed).random()
    disturbed = with_cut_capture(world, world.seed, share)
    printed = []
    for name, each in (("calm", world), ("shaken", disturbed)):
        paths = write_world(each, folder / name, [range(len(each.captures))])
        db, trouble = _ingested(folder, f"{name}_db", paths, most=3)
        if trouble:
            return [trouble]
        printed.append(program.report(db).splitlines())
    last = disturbed.captures[-1]
    where = f"{share:.3f} of {last.look.kind} {last.dress.medium}/{last.dress.form}"
    told = [line for line in printed[1] if line not in printed[0]]
    lost = [line for line in printed[0] if line not in printed[1]]
    return [f"+ {where}: {x}" for x in told] + [f"- {where}: {x}" for x in lost]


CHECKS: dict[str, Check] = {
    "truth": truth,
    "order": order,
    "batches": batches,
    "rebuild": rebuild,
    "from_raw": from_raw,
    "cut": cut,
}
