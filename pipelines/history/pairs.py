"""Pairs: which wordings may be one statement, the most alike first.

What is one beyond doubt is a node. Two nodes with a title in common are weighed by the likeness of
their texts, where their dates let them be one.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from embassy_scraper.limits import MAX_ALIKE
from pipelines.values.likeness import ALIKE, Text, agree


@dataclass(frozen=True, slots=True)
class WordingRow:
    """A wording as the database holds it."""

    id: int
    is_page: bool
    url_key: str | None
    title: str | None
    date: str | None
    signed_on: str | None
    is_box: bool
    core: int | None
    text: Text
    title_digest: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """What is one statement beyond doubt: all wordings of one URL, or one wording without a URL.

    ``dates`` are those printed for it; where none is, the days of its signatures.
    """

    name: tuple[str, ...]
    url_key: str | None
    wordings: Sequence[WordingRow]
    dates: frozenset[str]
    has_printed_date: bool

    def has_text(self) -> bool:
        """Say whether any of its wordings shows a text that can be compared."""
        return any(
            wording.text.words() and not wording.text.is_title() for wording in self.wordings
        )

    def is_undated_page(self) -> bool:
        """Say whether it was only seen on its own page, which prints no date."""
        return not self.has_printed_date and all(wording.is_page for wording in self.wordings)

    def titles(self) -> Mapping[int, Sequence[WordingRow]]:
        """Return its wordings by the digests of their titles."""
        found: dict[int, list[WordingRow]] = {}
        for wording in self.wordings:
            if wording.title is not None and wording.title_digest is not None:
                found.setdefault(wording.title_digest, []).append(wording)
        return found

    def days_of(self, wordings: Iterable[WordingRow]) -> set[str]:
        """Return the days of some of its *wordings*: of one without a date, those of the node."""
        return {day for w in wordings for day in ((w.date,) if w.date else self.dates)}


def nodes_of(group: Iterable[WordingRow], crowded: Collection[int] = ()) -> list[Node]:
    """Return the nodes of *group* by their names, which do not depend on what came first.

    Wordings of *crowded* titles have none in their nodes, and so nothing in common with others.
    """
    wordings_of: dict[tuple[str, ...], list[WordingRow]] = {}
    for wording in group:
        one = replace(wording, title=None) if wording.title_digest in crowded else wording
        wordings_of.setdefault(_name(wording), []).append(one)
    return [_node(name, wordings) for name, wordings in sorted(wordings_of.items())]


DayAndAddress = tuple[str | None, str | None]


def crowded_titles(group: Iterable[WordingRow]) -> set[int]:
    """Return the digests of the titles of which too many wordings of *group* may be one.

    Each pair would have to be compared, as often as another one comes.
    """
    counts: dict[int, Counter[DayAndAddress]] = {}
    for wording in group:
        if wording.title_digest is not None:
            one = counts.setdefault(wording.title_digest, Counter())
            one[wording.date, wording.url_key] += 1
    return {title for title, wordings in counts.items() if count_pairs(wordings) > MAX_ALIKE}


def count_pairs(wordings: Mapping[DayAndAddress, int]) -> int:
    """Return how many pairs of *wordings* of one title are to be compared.

    Those of one day are, and one without a date with all; but not those of one address.
    """
    days: Counter[str | None] = Counter()
    of_addresses: dict[str, Counter[str | None]] = {}
    for (day, address), number in wordings.items():
        days[day] += number
        if address is not None:
            of_addresses.setdefault(address, Counter())[day] += number
    return _count_of_one_day(days) - sum(map(_count_of_one_day, of_addresses.values()))


def _count_of_one_day(days: Counter[str | None]) -> int:
    undated = days[None]
    same = sum(number * (number - 1) // 2 for number in days.values())
    return same + undated * (days.total() - undated)


def _name(wording: WordingRow) -> tuple[str, ...]:
    if wording.url_key is not None:
        return ("", wording.url_key)
    kind = "page" if wording.is_page else "box" if wording.is_box else "entry"
    return (kind, wording.date or "", wording.title or "", wording.text.digest())


def _node(name: tuple[str, ...], wordings: Sequence[WordingRow]) -> Node:
    printed = frozenset(wording.date for wording in wordings if wording.date)
    signed = frozenset(wording.signed_on for wording in wordings if wording.signed_on)
    return Node(name, wordings[0].url_key, wordings, printed or signed, bool(printed))


def weighed_pairs(nodes: Sequence[Node]) -> list[tuple[Node, Node]]:
    """Return the pairs of *nodes* whose texts say that they are one, the most alike first.

    Of pairs equally alike those whose days agree come first.
    """
    found = []
    for a, b in _possible_pairs(nodes):
        one, other = nodes[a], nodes[b]
        weight = _weigh(one, other)
        if weight is not None and weight >= ALIKE:
            found.append((-weight, one.dates.isdisjoint(other.dates), a, b))
    return [(nodes[a], nodes[b]) for _, _, a, b in sorted(found)]


def _possible_pairs(nodes: Sequence[Node]) -> Iterator[tuple[int, int]]:
    """Yield the places of those that have a title in common, and a day or one of them none."""
    by_title: dict[int, list[tuple[int, set[str]]]] = {}
    for place, node in enumerate(nodes):
        for title, wordings in node.titles().items():
            by_title.setdefault(title, []).append((place, node.days_of(wordings)))
    seen: set[tuple[int, int]] = set()
    for same in by_title.values():
        undated = [place for place, _ in same if not nodes[place].has_printed_date]
        for pair in _of_one_day(same, undated):
            if pair not in seen:
                seen.add(pair)
                yield pair


def _of_one_day(
    same: Sequence[tuple[int, set[str]]], undated: Sequence[int]
) -> Iterator[tuple[int, int]]:
    by_day: dict[str, list[int]] = {}
    for place, days in same:
        for day in days:
            by_day.setdefault(day, []).append(place)
    for places in by_day.values():
        yield from combinations(places, 2)
    for one in undated:
        yield from ((min(one, other), max(one, other)) for other, _ in same if other != one)


def _weigh(one: Node, other: Node) -> float | None:
    """Return how alike the texts of two nodes are that title and date allow to be one.

    ``None`` where title or date forbid it, or where no text stands against a text.
    """
    best: float | None = None
    for a, b in same_titles(one, other):
        if not dates_allow(one, a, other, b):
            continue
        likeness = agree(a.text, b.text)
        if likeness is not None and (best is None or likeness > best):
            best = likeness
    return best


def same_titles(one: Node, other: Node) -> Iterator[tuple[WordingRow, WordingRow]]:
    """Yield the wordings of two nodes that have one title."""
    for a in one.wordings:
        for b in other.wordings:
            if a.title is not None and b.title is not None and _is_same_title(a, b):
                yield a, b


def _is_same_title(a: WordingRow, b: WordingRow) -> bool:
    """Say whether two titles are equal, if one is a box's behind the word before the other."""
    if a.is_box or b.is_box:
        return a.title_digest == b.title_digest
    return a.title == b.title


def dates_allow(one: Node, a: WordingRow, other: Node, b: WordingRow) -> bool:
    """Say whether the dates of two wordings with one title let them be one statement.

    Two URLs are one only where both dates are told and equal; so are two entries. A page
    without a printed date is the same as what agrees with its text.
    """
    if (one.url_key is not None and other.url_key is not None) or (
        one.has_printed_date and other.has_printed_date
    ):
        return not one.days_of([a]).isdisjoint(other.days_of([b]))
    return True
