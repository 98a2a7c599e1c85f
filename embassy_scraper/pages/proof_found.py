"""What the reader of unknown markup has proven of a page so far, and what it withholds."""

from dataclasses import dataclass

from embassy_scraper.items import ListText, PageProblem
from embassy_scraper.pages.parts import withheld
from embassy_scraper.pages.proof_lists import Proven


@dataclass(slots=True)
class Found:
    """What was proven so far; ``spans`` are the lines that belong to parts."""

    lists: list[ListText]
    problems: list[PageProblem]
    spans: list[range]
    is_cut: bool = False

    def withhold(self, part: str, reason: str) -> None:
        """Note that *part* is withheld."""
        self.problems.append(withheld(part, reason))


def add_list(found: Found, name: str, start: int, proven: Proven) -> None:
    """Add the list *name* to what was *found*, and what is withheld of it."""
    covers_nothing = proven.reason is not None or name == "unknown"
    found.lists.append(ListText(name, start, proven.entries, covers_nothing))
    found.spans.append(range(proven.start, proven.end))
    if proven.reason is not None:
        found.withhold(name, proven.reason)
