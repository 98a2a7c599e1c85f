"""``python -m tests.faults [VERB…] [--every N] [--jobs N] [--docs]``: the table of faults.

Without a VERB all are tried. At every write each of kill -9, ENOSPC and EIO is tried, which takes
some hours of one core; with ``--every 3`` each write is struck by one of the three in turn. All
that was wrong is printed to stderr. ``--docs`` puts the table into ``docs/reliability.md``, with
the rows of the verbs that were not tried as they are.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.at_least import at_least
from tests.docs.reliability import DOCS, section, with_table
from tests.faults.found import Found, read_table, table
from tests.faults.shim import compiler
from tests.faults.tried import MEMORY, try_verb
from tests.faults.verbs import VERBS


def main() -> None:
    """Try the verbs, and print what came of it."""
    asked = _asked()
    if compiler() is None:
        sys.exit("no C compiler (cc) here: the faults are made by a library that it compiles")
    verbs = asked.verbs or list(VERBS)
    with tempfile.TemporaryDirectory(prefix="faults-", dir=MEMORY) as name:
        folder = Path(name)
        with ThreadPoolExecutor(asked.jobs) as pool:
            found = list(pool.map(lambda v: try_verb(v, folder / v, every=asked.every), verbs))
    print(table(found), end="")
    for row in found:
        for line in row.lines:
            print(line, file=sys.stderr)
    if asked.docs:
        DOCS.write_text(with_found(DOCS.read_text(), found))
    sys.exit(any(row.lines for row in found))


def with_found(docs: str, found: Iterable[Found]) -> str:
    """The *docs*, in whose table of faults what was *found* stands now."""
    rows = {row.name: row for row in [*read_table(section(docs, "faults")), *found]}
    return with_table(docs, "faults", table(rows.values()))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("verbs", nargs="*", choices=[*VERBS, []], metavar="VERB")
    parser.add_argument("--every", type=at_least(int, 1), default=1, help="only every N-th write")
    parser.add_argument(
        "--jobs", type=at_least(int, 1), default=1, help="verbs tried at the same time"
    )
    parser.add_argument("--docs", action="store_true", help="write the table to the docs")
    return parser.parse_args()


if __name__ == "__main__":
    main()
