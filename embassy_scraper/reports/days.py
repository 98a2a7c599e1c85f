"""Days: entries under the day on which each was seen, and what stands above a whole report."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from embassy_scraper.reports.entries import Entry
from embassy_scraper.reports.times import counted, say_instant


@dataclass(frozen=True, slots=True)
class About:
    """What a report is of: a title, the instant and the command that made it."""

    title: str
    made_at: str
    command: str
    since: str | None = None
    until: str | None = None

    @property
    def made(self) -> str:
        """Return the moment in words."""
        return f"{say_instant(self.made_at)} (UTC)"

    @property
    def span(self) -> str:
        """Return of which time the report is, in words."""
        begin = f"from {say_instant(self.since)}" if self.since else ""
        end = f"until {say_instant(self.until)}" if self.until else ""
        told = " ".join(filter(None, (begin, end)))
        return f"{told} (UTC)" if told else "all that is known"


def by_day(entries: Iterable[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """Yield each day with its entries, in the order in which they come."""
    for day, group in groupby(entries, key=lambda entry: entry.observed_by[:10]):
        yield day, list(group)


def counted_changes(entries: Sequence[Entry]) -> str:
    """Return how many changes *entries* hold, and how many entries they are."""
    changes = sum(len(entry.changes) for entry in entries)
    told = counted(changes, "change")
    return told if changes == len(entries) else f"{told}, told in {len(entries):,} entries"
