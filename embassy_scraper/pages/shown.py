"""The lines of a page of unknown markup, and what their elements tell of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from embassy_scraper.pages.lines import SHORT, Line
from embassy_scraper.pages.phrases import COUNT_BEHIND, TOOLS
from embassy_scraper.pages.tree import Element

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SENTENCE = re.compile(r"[.!?…][)\]\"'”’»“]*$")
_CLAUSE = re.compile(r"[:;,–—-]$")
_COUNT_LENGTH = 30  # characters; no count with its word is longer
_LABEL = 6  # words: no label has more
_LONG = 100  # letters: no label or caption has so many
Shape = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """All lines of a page, the blocks they stand in, and the document's title."""

    lines: list[Line]
    owners: list[Element]
    title: str
    _in_heading: dict[Element, bool] = field(default_factory=dict, compare=False)

    def shape(self, index: int) -> Shape:
        """Return tag and class of the block of a line."""
        owner = self.owners[index]
        return (owner.tag, owner.get("class") or "")

    def is_heading_element(self, index: int) -> bool:
        """Say whether a line stands in a heading element."""
        element, known = self.owners[index], self._in_heading
        way = []
        while element is not None and element.tag not in _HEADINGS and element not in known:
            way.append(element)
            element = element.getparent()
        found = element is not None and known.get(element, True)
        known.update(dict.fromkeys(way, found))
        return found

    def goes_on(self, index: int) -> bool:
        """Say whether the next line stands in the same block, with no empty line between."""
        if index + 1 >= len(self.lines) or self.lines[index + 1].gap:
            return False
        return self.owners[index] is self.owners[index + 1]

    def container(self, indexes: Sequence[int]) -> Element:
        """Return the innermost element that holds all lines at *indexes*, one at least."""
        chains = [[self.owners[i], *self.owners[i].iterancestors()] for i in indexes]
        common = set(chains[0]).intersection(*chains[1:])
        return next(element for element in chains[0] if element in common)

    def path(self, index: int, container: Element) -> tuple[Shape, ...]:
        """Return tags and classes from the block of a line up to *container*, that one aside."""
        shapes: list[Shape] = []
        owner = self.owners[index]
        for element in (owner, *owner.iterancestors()):
            if element is container:
                break
            shapes.append((element.tag, element.get("class") or ""))
        return tuple(shapes)

    def child(self, index: int, container: Element) -> Element | None:
        """Return the child of *container* in which a line stands; ``None`` for its own text."""
        below = None
        for element in (self.owners[index], *self.owners[index].iterancestors()):
            if element is container:
                return below
            below = element
        return None

    def is_inside(self, index: int, container: Element) -> bool:
        """Say whether a line stands in *container*."""
        owner = self.owners[index]
        return owner is container or container in owner.iterancestors()

    def agrees_with_title(self, index: int) -> bool:
        """Say whether the document's title repeats a line of at least three words."""
        text, title = self.lines[index].text.casefold(), self.title.casefold()
        if len(text.split()) < 3 or text not in title:
            return False
        rest = title.replace(text, "\n", 1).split("\n")
        before, behind = rest[0].strip(), rest[1].strip()
        is_end = not behind or not behind[0].isalnum()
        return is_end and (not before or not before[-1].isalnum())


def is_sentence(line: Line) -> bool:
    """Say whether *line* ends as a sentence does, or is longer than any label."""
    return len(line.text) >= _LONG or ends_as_sentence(line)


def ends_as_sentence(line: Line) -> bool:
    """Say whether *line* ends as a sentence does, however long it is."""
    return _SENTENCE.search(line.text) is not None


def ends_as_text(line: Line) -> bool:
    """Say whether *line* ends as a sentence or a part of one does, however long it is."""
    return ends_as_sentence(line) or _CLAUSE.search(line.text) is not None


def is_prose(line: Line) -> bool:
    """Say whether *line* may stand in the middle of a text."""
    return is_sentence(line) or ends_as_text(line)


def is_few(line: Line) -> bool:
    """Say whether *line* is no more than a few words, as labels are."""
    return len(line.text.split()) <= _LABEL


def is_chrome(line: Line) -> bool:
    """Say whether *line* may stand behind a text and be none of it: a link, or a few words."""
    return line.is_linked or is_few(line)


def is_tool(line: Line) -> bool:
    """Say whether *line* is what a page says beside its text: a button, a count of its visitors.

    >>> is_tool(Line("Print version")), is_tool(Line("Views: 12")), is_tool(Line("Views differ."))
    (True, True, False)
    """
    return len(line.text) <= SHORT and TOOLS.fullmatch(line.text) is not None


def ends_in_tool(line: Line) -> bool:
    """Say whether a button stands behind the text of *line*: as a link, or in brackets.

    >>> ends_in_tool(Line("On otters (print version)")), ends_in_tool(Line("On otters (and seals)"))
    (True, False)
    """
    link = line.link_text
    if link and not line.is_linked and line.text.endswith(link) and is_tool(Line(link)):
        return True
    text, bracket, behind = line.text.replace("[", "(").rpartition("(")
    return bool(text and bracket) and is_tool(Line(behind))


def ends_in_count(text: str) -> bool:
    """Say whether a count of a page's visitors stands behind *text*, on one line with it.

    >>> ends_in_count("On otters Views: 12"), ends_in_count("Embassy comment 2018")
    (True, False)
    """
    end = text[-_COUNT_LENGTH:]
    return any(found.end() == len(end) for found in COUNT_BEHIND.finditer(end))
