"""Fuzz driver: `python -m tests.world.fuzz --seeds 0:500 [--kind text] [--dump DIR]`."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import traceback
from collections import Counter
from pathlib import Path

from . import program
from .compare import judge
from .files import instant, write_world
from .generate import KINDS, make_world
from .model import World
from .observe import observe_world
from .oracle import expected
from .rows import Ambiguous


def check(seed: int, kind: str | None, folder: Path) -> tuple[str, list[str]]:
    """("ok"|"ambiguous"|"FAIL", lines) for one seed."""
    world = make_world(seed, kind)
    try:
        expected(observe_world(world))
    except Ambiguous as doubt:
        return "ambiguous", [str(doubt)]
    paths = write_world(world, folder / "world", [range(len(world.captures))])
    db = folder / "data" / "embassy.db"
    shutil.rmtree(db.parent, ignore_errors=True)
    db.parent.mkdir(parents=True)
    try:
        outcome = program.ingest(db, *paths)
        if outcome.exit_code != 0:
            return "FAIL", [f"ingest: exit {outcome.exit_code}: {outcome.err.strip()[-400:]}"]
        verdict = judge(world, db)
    except Exception:  # noqa: BLE001 - a crash is one more finding
        return "FAIL", traceback.format_exc().strip().splitlines()[-4:]
    if verdict.lines:
        return "FAIL", [*verdict.lines, f"({verdict.reading})"]
    return "ok", [str(verdict.reading)]


def describe(world: World) -> list[str]:
    """The world as a reader wants it: each event and each capture, in order of time."""
    told = [(e.at, f"  * {_event(e)}") for e in world.events]
    for i, c in enumerate(world.captures):
        place = c.url or "(no url)"
        fault = f" FAULT {c.fault} at {c.cut_at}" if c.fault else ""
        dress = f"{c.dress.medium}/{c.dress.form}/{c.dress.markup}/{c.dress.charset}"
        told.append((c.at, f"{i:03} {place} [{c.look.kind}] {dress}{fault}"))
    return [f"{instant(at)} {line}" for at, line in sorted(told, key=lambda t: t[0])]


def _event(event: object) -> str:
    return " ".join(f"{event!r}".split())[:230]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="0:100", help="FIRST:END or one seed")
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--dump", type=Path, help="keep the (last) world here and describe it")
    parser.add_argument("--most", type=int, default=8, help="lines of a failure")
    parser.add_argument("--stop", type=int, default=20, help="stop after so many failures")
    args = parser.parse_args()
    first, _, end = args.seeds.partition(":")
    folder = args.dump or Path(tempfile.mkdtemp(prefix="world"))
    tally: Counter[str] = Counter()
    for seed in range(int(first), int(end) if end else int(first) + 1):
        outcome, lines = check(seed, args.kind, folder)
        tally[outcome] += 1
        if outcome == "FAIL":
            kind = args.kind or KINDS[seed % len(KINDS)]
            print(f"seed {seed} ({kind})", *(f"  {x}" for x in lines[: args.most]), sep="\n")
        if args.dump:
            print(*describe(make_world(seed, args.kind)), sep="\n")
        if tally["FAIL"] >= args.stop:
            break
    if not args.dump:
        shutil.rmtree(folder, ignore_errors=True)
    print(dict(tally))
    return 1 if tally["FAIL"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
