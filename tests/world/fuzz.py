"""Fuzz driver: `python -m tests.world.fuzz --seeds 0:500 [--law truth] [--kind text] [--shrink]`.

Laws: truth (against the oracle), order (backwards one by one), batches, rebuild, cut
(a quiet world with one page cut off anywhere tells nothing more); order, batches and rebuild
also use worlds in which anything goes (when 3 does not divide the seed). `--dump DIR` keeps the
world's files and describes it.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
import traceback
from collections import Counter
from pathlib import Path

from .chaos import make_chaos
from .checks import CHECKS, is_told
from .files import instant
from .generate import KINDS, make_world
from .model import World
from .quiet import quiet_world
from .shrink import shrunk


def world_of(law: str, seed: int, kind: str | None) -> World:
    if law == "cut":
        return quiet_world(seed)
    return make_world(seed, kind) if law == "truth" or seed % 3 == 0 else make_chaos(seed)


def findings(law: str, world: World, folder: Path, ignore: str) -> list[str]:
    """The lines of what is wrong, a crash as one of them."""
    try:
        lines = CHECKS[law](world, folder)
    except Exception as crash:  # noqa: BLE001 - a crash is one more finding
        frame = traceback.extract_tb(crash.__traceback__)[-1]
        where = f"{Path(frame.filename).name}:{frame.lineno}"
        lines = [f"CRASH {type(crash).__name__}: {str(crash)[:200]} at {where}"]
    return [line for line in lines if not re.search(ignore, line)]


def sort_of(lines: list[str]) -> str:
    """What kind of failure it is: enough to know it again while shrinking."""
    return " ".join(lines[0].split()[:2]) if lines else ""


def describe(world: World) -> list[str]:
    """The world as a reader wants it: each event and each capture, in order of time."""
    told = [(e.at, f"  * {_event(e)}") for e in world.events]
    for i, c in enumerate(world.captures):
        fault = f" FAULT {c.fault} at {c.cut_at}" if c.fault else ""
        said = f" SAID {instant(c.said)}" if c.said else ""
        kept = f" KEEP {c.keep:.4f}" if c.keep is not None else ""
        bad = f" BAD DATE {c.bad_date}" if c.bad_date is not None else ""
        dress = f"{c.dress.medium}/{c.dress.form}/{c.dress.markup}/{c.dress.charset}"
        told.append(
            (c.at, f"{i:03} {c.url or '(no url)'} [{c.look.kind}] {dress}{fault}{said}{kept}{bad}")
        )
    return [f"{instant(at)} {line}" for at, line in sorted(told, key=lambda t: t[0])]


def _event(event: object) -> str:
    moments = r"datetime\.(datetime|date)\(([^()]*?)(, tzinfo=[^()]*)?\)"
    text = re.sub(moments, r"(\2)", f"{event!r}")
    return " ".join(text.split())[:230]


def smallest(law: str, world: World, folder: Path, ignore: str, sort: str) -> World:
    def fails(smaller: World) -> bool:
        if law == "truth" and not is_told(smaller):
            return False
        return sort_of(findings(law, smaller, folder, ignore)) == sort

    return shrunk(world, fails)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="0:100", help="FIRST:END or one seed")
    parser.add_argument("--law", choices=sorted(CHECKS), default="truth")
    parser.add_argument("--kind", choices=KINDS, help="the media of truth's worlds")
    parser.add_argument("--shrink", action="store_true", help="find fewer captures that fail")
    parser.add_argument("--dump", type=Path, help="keep the (last) world here and describe it")
    parser.add_argument("--most", type=int, default=8, help="lines of a failure")
    parser.add_argument("--ignore", default="$^", help="lines of failures that match are none")
    parser.add_argument("--stop", type=int, default=20, help="stop after so many failures")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    first, _, end = args.seeds.partition(":")
    folder = args.dump or Path(tempfile.mkdtemp(prefix="world"))
    tally: Counter[str] = Counter()
    for seed in range(int(first), int(end) if end else int(first) + 1):
        world = world_of(args.law, seed, args.kind)
        if args.law == "truth" and not is_told(world):
            tally["ambiguous"] += 1
            continue
        lines = findings(args.law, world, folder, args.ignore)
        tally["FAIL" if lines else "ok"] += 1
        if lines:
            print(f"seed {seed} ({args.kind or ''} {len(world.captures)} captures)", flush=True)
        if lines and args.shrink:
            world = smallest(args.law, world, folder, args.ignore, sort_of(lines))
            lines = findings(args.law, world, folder, args.ignore)
        if lines:
            print(*(f"  {line}" for line in lines[: args.most]), sep="\n", flush=True)
        if args.dump or (lines and args.shrink):
            print(*(f"    {line}" for line in describe(world)), sep="\n", flush=True)
        if tally["FAIL"] >= args.stop:
            break
    if not args.dump:
        shutil.rmtree(folder, ignore_errors=True)
    print(dict(tally))
    return 1 if tally["FAIL"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
