"""Prints how the reader does on the bench: ``python -m tests.frames --help``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.at_least import at_least

from .bench import Choice, findings, table
from .judge import WRONG
from .pour import OWN, SHARED, all_pages, frames


def main() -> int:
    """Run the bench; 1 where a page is wrong."""
    options = _options().parse_args()
    paths = frames(options.frames or (SHARED if SHARED.is_dir() else OWN))
    if options.only:
        paths = [path for path in paths if path.stem in options.only]
    paths = paths[:: max(1, len(paths) // options.sample)] if options.sample else paths
    choice = Choice(options.kind, options.variant, options.draw, options.share, options.text)
    if options.html:
        page = next(page for path in paths for page in all_pages(path, choice.takes, choice.draw))
        sys.stdout.write(page.html)
        return 0
    found = list(findings(paths, choice, options.jobs))
    print(table(found))
    wanted = {WRONG} | ({"refused"} if options.refused else set())
    told = [finding for finding in found if finding.verdict in wanted and finding.group != "open"]
    for finding in told[: options.verbose]:
        print(finding.words)
    silent = sum(f.verdict == WRONG and f.group != "open" for f in found)
    print(f"{len(found)} pages in {len(paths)} frames, {silent} silently wrong")
    return 1 if silent else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tests.frames", description=__doc__)
    parser.add_argument("--frames", type=Path, help="a folder of frames (.html with two holes)")
    parser.add_argument("--kind", default="", choices=("statement", "listing", "home"))
    parser.add_argument("--variant", default="", help="only variants whose name has these words")
    parser.add_argument("--only", nargs="*", help="only these frames, by their names")
    parser.add_argument("--sample", type=int, default=0, help="about so many frames")
    parser.add_argument("--draw", default="", help="any word: other markups are drawn")
    parser.add_argument(
        "--share", type=at_least(int, 1), default=1, help="one page of so many, all plain ones"
    )
    parser.add_argument("--jobs", type=at_least(int, 1), default=1)
    parser.add_argument("--verbose", type=int, default=0, help="tell the first N that are wrong")
    parser.add_argument("--refused", action="store_true", help="tell the refused ones too")
    parser.add_argument("--text", action="store_true", help="the pages as text browsers dump them")
    parser.add_argument("--html", action="store_true", help="print the first page chosen")
    return parser


if __name__ == "__main__":
    sys.exit(main())
