"""What is said at the end of a run: what is withheld, which sources disagree, what is crowded."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from embassy_scraper.intake.pasted import to_paste
from embassy_scraper.intake.place import say
from embassy_scraper.intake.words import look_at
from pipelines.tables.crowded import count_crowded
from pipelines.tables.database import open_database
from pipelines.tables.reconcile import count_disagreements
from pipelines.tables.withheld import Share, Unclean


def end_of_run_line(withheld: int, captures: int, capture: str | None) -> str:
    """Return what a run says at its end."""
    return (
        f"withheld: in {withheld} of {captures} captures a part was not proven; it was not read"
        f" and counts as not seen; look at one with: {look_at(capture)}"
    )


def tell_run(spider: Any, told: str) -> None:
    """Say what a *spider* has *told* of its run, how that ended, and what is withheld."""
    note = f" ({spider.note})" if spider.note else ""
    say(f"{told}; changes: {spider.changes}; {spider.outcome}{note}")
    if spider.withheld is not None:
        say(end_of_run_line(spider.counts.withheld, spider.counts.stored, spider.withheld))


def lines_until_clean(unclean: Unclean, shares: list[Share]) -> Iterator[str]:
    """Yield what is said until a run is clean: month by month, how much is withheld."""
    for share in shares:
        part = 100 * share.withheld / share.captures
        yield f"withheld in {share.month}: {share.withheld} of {share.captures} ({part:.0f} %)"
    yield (
        f"{unclean.command}, begun {unclean.started}, could not read a part in {unclean.withheld}"
        f" of {unclean.captures} captures; that part counts as not seen. Look at one with:"
        f" {look_at(unclean.capture)}"
    )


def tell_disagreements(db: Path) -> None:
    """Say on stderr where two sources disagree, and which titles too many texts have, if any."""
    with closing(open_database(db)) as connection:
        places, titles = count_disagreements(connection), count_crowded(connection)
    for kind, told in (
        ("sources disagree", f" in {_many(places, 'place')}" if places else ""),
        ("too many alike", f": {_many(titles, 'title')}, not compared" if titles else ""),
    ):
        if told:
            look = to_paste(f'problems --kind "{kind}"')
            say(f"{kind}{told}; look at them with: {look}")


def _many(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"
