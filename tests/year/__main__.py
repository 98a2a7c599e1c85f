"""``python -m tests.year``: a year unattended, and what came of it."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.at_least import at_least
from tests.docs.reliability import DOCS, with_table
from tests.year.clock import COMPILER, WHY_NOT
from tests.year.figures import figures
from tests.year.happens import LEAST_DAYS
from tests.year.whole import KEPT, judged, live


def main() -> int:
    """Live a year; print its figures, and everything that is not as it should be."""
    given = _asked()
    with ExitStack() as stack:
        temporary = given.folder or stack.enter_context(TemporaryDirectory(prefix="year-"))
        folder = Path(temporary).resolve()
        if not given.again:
            live(folder, given.seed, given.days)
        lived = judged(folder)
        text = figures(lived)
    print(text, end="")
    for line in lived.verdict.events.unseen:
        print("not to be seen:", line)
    for line in lived.trouble:
        print("WRONG:", line)
    if given.docs and not lived.trouble:
        DOCS.write_text(with_table(DOCS.read_text(), "year", text))
    return 1 if lived.trouble else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument(
        "--days", type=at_least(int, LEAST_DAYS), default=365, help=f"at least {LEAST_DAYS}"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--folder", type=Path, help="a new folder, or that of an earlier year, which is emptied;"
        " without it nothing is kept"
    )  # fmt: skip
    parser.add_argument("--docs", action="store_true", help="write docs/reliability.md's figures")
    parser.add_argument("--again", action="store_true", help="judge what FOLDER holds once more")
    given = parser.parse_args()
    if given.again and given.folder is None:
        parser.error("--again needs --folder, the folder in which the year was lived")
    if given.again and not (given.folder / KEPT).is_file():
        parser.error(f"{given.folder} holds no year; leave out --again to live one there")
    if COMPILER is None:
        sys.exit(WHY_NOT)
    return given


if __name__ == "__main__":
    sys.exit(main())
