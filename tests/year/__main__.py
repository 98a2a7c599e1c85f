"""``python -m tests.year``: a year unattended, and what came of it."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.docs.reliability import DOCS, with_table
from tests.year.figures import figures
from tests.year.whole import judged, live


def main() -> int:
    """Live a year; print its figures, and everything that is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where it is lived; it is emptied first")
    parser.add_argument("--docs", action="store_true", help="write docs/reliability.md's figures")
    parser.add_argument("--again", action="store_true", help="judge what FOLDER holds once more")
    given = parser.parse_args()
    folder = (given.folder or Path(tempfile.mkdtemp(prefix="year-"))).resolve()
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


if __name__ == "__main__":
    sys.exit(main())
