"""Days: entries under the day on which each was seen, and what stands above a whole report."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from embassy_scraper.reports.entries import Entry
from embassy_scraper.reports.passages import passages_of
from embassy_scraper.reports.sentences import Headings, sentence, when
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


def alike(entries: Iterable[Entry], headings: Headings | None = None) -> list[list[Entry]]:
    """Return *entries* in groups: those of one instant of which nothing but the subject differs.

    Of a statement first seen with a hundred others nobody wants to read a hundred times when.
    """
    groups: list[list[Entry]] = []
    known: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in entries:
        told = sentence(entry, headings), when(entry), entry.observed_by
        if any(passages_of(entry)):
            groups.append([entry])  # with words of its own
        elif told in known:
            known[told].append(entry)
        else:
            groups.append(known.setdefault(told, [entry]))
    return groups


def subjects(group: Sequence[Entry]) -> str:
    """Return how many subjects a group of several entries has, in words; of one, nothing.

    It stands behind their sentence.
    """
    noun = "statement" if group[0].first.is_of_statement else "counter"
    return f": {counted(len(group), noun)}" if len(group) > 1 else ""


def counted_changes(entries: Sequence[Entry]) -> str:
    """Return how many changes *entries* hold, and how many entries they are."""
    changes = sum(len(entry.changes) for entry in entries)
    told = counted(changes, "change")
    return told if changes == len(entries) else f"{told}, told in {len(entries):,} entries"
