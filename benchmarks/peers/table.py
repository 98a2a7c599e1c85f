"""The rows of the peers in the table of the benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.peers import git_history, ours, site, truth, web_changes

SEED = 1


def peers(folder: Path) -> Iterator[str]:
    """The same captures read by this program, git-history and webchanges.

    git-history is given them all at once, so its time stands against one import of all;
    webchanges runs once a day, so its time stands against an import and a report for each day.
    """
    world = site.make_world(SEED)
    found = site.versions(world)
    changes = truth.true_changes(world, found)
    us = ours.at_once(world, changes, found, folder)
    by_day = ours.day_by_day(found, folder)
    pages = len({version.url for version in found})
    yield (
        f"| peers: {len(found)} captures of {pages} pages on {site.ROUNDS} days | {len(changes)}"
        f" things happened, {sum(bool(c.sights) for c in changes)} can be seen | | |"
    )
    git = git_history.git_history(world, changes, found, folder)
    plain = web_changes.web_changes(
        "webchanges", web_changes.AS_IT_COMES, changes, found, folder / "plain"
    )
    tuned = web_changes.web_changes(
        "webchanges, clock and counters filtered out", web_changes.NO_CLOCKS, changes, found,
        folder / "tuned",
    )  # fmt: skip
    for score, against in ((us, us.seconds), (git, us.seconds), (plain, by_day), (tuned, by_day)):
        yield score.row(changes, against)
