"""What a reader took each line of a page for: kept where somebody asks (``probe``)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from embassy_scraper.pages.lines import Line


@dataclass(frozen=True, slots=True)
class Role:
    """One line of a page, and what it was taken for, or why it was dropped."""

    role: str
    text: str
    href: str | None = None


@dataclass(slots=True)
class Trace:
    """Collects the roles of lines, in the order in which they are read; off by default."""

    is_on: bool = False
    roles: list[Role] = field(default_factory=list)

    def add(self, role: str, lines: Iterable[Line]) -> None:
        """Note that *lines* were taken for *role*."""
        if self.is_on:
            self.roles += [Role(role, line.text, line.href) for line in lines]
