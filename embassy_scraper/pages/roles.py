"""What a reader took each line of a page for: kept where somebody asks (``probe``)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from embassy_scraper.items import Header
from embassy_scraper.pages.lines import Line
from embassy_scraper.pages.parts import MainPart


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

    def add_read(
        self,
        lines: Iterable[Line],
        main: MainPart,
        header: Header | None = None,
        rest: str = "not read",
    ) -> None:
        """Note for what *lines* were taken by what was read; others are noted as *rest*."""
        if not self.is_on:
            return
        texts = [*_header_texts(header), *_texts(main)]
        for line in lines:
            role = next((role for role, text in texts if line.text and line.text in text), rest)
            self.add(role, [line])


def _header_texts(header: Header | None) -> Iterator[tuple[str, str]]:
    """Yield the roles of what the header says, each with its text."""
    if header is None:
        return
    for text in (header.date_text, header.label, header.phone, header.email_text):
        yield "header", f"{text or ''}:"
    for counter in header.counters:
        yield "counter", f"{counter.value} {counter.label}"


def _texts(main: MainPart) -> Iterator[tuple[str, str]]:
    """Yield the roles of what was read, each with its text."""
    statement = main.statement
    if statement is not None:
        yield "heading", statement.heading or ""
        yield "date", statement.date_text or ""
        yield "title", statement.title or ""
        yield "signature", statement.signature_text or ""
        for line in (statement.body or "").split("\n"):
            yield "body", line
    for part in main.lists:
        for number, entry in enumerate(part.entries, start=1):
            yield f"{part.name} {number}: entry", f"{entry.date_text} - {entry.title}"
            yield f"{part.name} {number}: entry", f"{entry.title}"
            yield f"{part.name} {number}: lead", entry.lead or ""
    yield "pager", main.pager or ""
