"""Identity: which wordings are one statement.

The answer is a function of the set of wordings alone: pairs that may be one are weighed by the
likeness of their texts and joined best first, and two that stand in one window never are. When a
capture was made is looked at only where an edit could explain a difference (``renames``).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, combinations

from pipelines.values.likeness import ALIKE, Text, agree


@dataclass(frozen=True, slots=True)
class WordingRow:
    """A wording as the database holds it."""

    id: int
    is_page: bool
    url_key: str | None
    title: str | None
    lead: str | None
    date: str | None
    signed_on: str | None
    is_open: bool
    is_box: bool
    core: int | None
    statement: str
    text: Text
    title_digest: int | None


@dataclass(slots=True)
class Node:
    """What is one statement beyond doubt: all wordings of one URL, or one wording without a URL."""

    name: tuple[str, ...]
    url_key: str | None
    wordings: list[WordingRow] = field(default_factory=list)

    def dates(self) -> set[str]:
        """Return the dates printed for it; where none is, the days of its signatures."""
        printed = {wording.date for wording in self.wordings if wording.date}
        return printed or {wording.signed_on for wording in self.wordings if wording.signed_on}

    def has_text(self) -> bool:
        """Say whether any of its wordings shows a text that can be compared."""
        return any(
            wording.text.words() and not wording.text.is_title() for wording in self.wordings
        )

    def has_printed_date(self) -> bool:
        """Say whether an item date is printed for it anywhere."""
        return any(wording.date for wording in self.wordings)

    def is_undated_page(self) -> bool:
        """Say whether it was only seen on its own page, which prints no date."""
        return all(wording.is_page for wording in self.wordings) and not self.has_printed_date()


Members = list[Node]  # of one statement
ClusterOf = dict[tuple[str, ...], Members]
Beside = Callable[[int, int], bool]  # whether a window shows one wording beside another


@dataclass(frozen=True, slots=True)
class Clusters:
    """The wordings of each statement; and the undated pages that fit several, with these.

    A page in doubt is a statement by itself, unless those that it fits turn out to be one.
    """

    statements: list[list[WordingRow]]
    doubts: list[tuple[list[WordingRow], list[list[WordingRow]]]]


def cluster(group: list[WordingRow], beside: Beside) -> Clusters:
    """Return the wordings of *group* parted into statements; *beside* tells which are two."""
    nodes = _nodes(group)
    if len(nodes) == 1:
        return Clusters([group], [])
    cluster_of = {name: [node] for name, node in nodes.items()}
    pairs = _weighed_pairs(list(nodes.values()))
    for one, other in pairs:
        a, b = cluster_of[one.name], cluster_of[other.name]
        is_sure = one.is_undated_page() == other.is_undated_page()
        if is_sure and a is not b and _can_be_one(beside, a, b):
            _merge(cluster_of, a, b)
    doubts = list(_join_undated_pages(cluster_of, pairs))
    for node in sorted(nodes.values(), key=lambda node: node.name):
        if not node.has_text():
            _join_textless(beside, node, cluster_of)
    distinct = {id(members): members for members in cluster_of.values()}
    return Clusters(
        [_wordings(members) for members in distinct.values()],
        [
            (_wordings(page), [_wordings(cluster_of[name]) for name in sorted(names)])
            for page, names in doubts
        ],
    )


def _wordings(members: Members) -> list[WordingRow]:
    return [wording for node in members for wording in node.wordings]


def _join_undated_pages(
    cluster_of: ClusterOf, pairs: list[tuple[Node, Node]]
) -> Iterator[tuple[Members, set[tuple[str, ...]]]]:
    """Join each undated page to the one statement that it fits; yield those that fit several.

    Where the day of its signature is that of some of them, only these count.
    """
    fits: dict[int, tuple[Members, list[tuple[bool, Node]]]] = {}
    for one, other in pairs:
        page, entry = (one, other) if one.is_undated_page() else (other, one)
        if page.is_undated_page() and not entry.is_undated_page():
            members = cluster_of[page.name]
            is_of_its_day = bool(page.dates() & entry.dates())
            fits.setdefault(id(members), (members, []))[1].append((is_of_its_day, entry))
    for page_members, found in fits.values():
        best = max(is_of_its_day for is_of_its_day, _ in found)
        names = {
            min(node.name for node in cluster_of[entry.name])
            for is_of_its_day, entry in found
            if is_of_its_day == best
        }
        if len(names) == 1:
            _merge(cluster_of, cluster_of[names.pop()], page_members)
        else:
            yield page_members, names


def _merge(cluster_of: ClusterOf, one: list[Node], other: list[Node]) -> None:
    one.extend(other)
    for node in other:
        cluster_of[node.name] = one


def _can_be_one(beside: Beside, one: Members, other: Members) -> bool:
    """Say whether two clusters can be one statement.

    They have a printed date in common, or one of them has none; and no window shows them side by
    side.
    """
    first = {wording.date for wording in _wordings(one) if wording.date}
    second = {wording.date for wording in _wordings(other) if wording.date}
    is_of_one_day = not first or not second or bool(first & second)
    return is_of_one_day and not _stand_side_by_side(beside, one, other)


def _nodes(group: list[WordingRow]) -> dict[tuple[str, ...], Node]:
    nodes: dict[tuple[str, ...], Node] = {}
    for wording in group:
        if wording.url_key is not None:
            name: tuple[str, ...] = ("", wording.url_key)
        else:
            texts = (wording.date or "", wording.title or "", wording.text.digest())
            name = ("page" if wording.is_page else "box" if wording.is_box else "entry", *texts)
        nodes.setdefault(name, Node(name, wording.url_key)).wordings.append(wording)
    return nodes


def _weighed_pairs(nodes: list[Node]) -> list[tuple[Node, Node]]:
    """Return the pairs whose texts say that they are one, the most alike first.

    Of pairs equally alike those whose days agree come first.
    """
    pairs = []
    for one, other in _possible_pairs(nodes):
        weight = _weigh(one, other)
        if weight is not None and weight >= ALIKE:
            pairs.append((weight, not one.dates() & other.dates(), one, other))
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2].name, pair[3].name))
    return [(one, other) for _, _, one, other in pairs]


def _possible_pairs(nodes: list[Node]) -> Iterator[tuple[Node, Node]]:
    """Yield the pairs that have a date in common, or of which one has no printed date."""
    by_day: dict[str, list[Node]] = {}
    for node in nodes:
        for day in node.dates():
            by_day.setdefault(day, []).append(node)
    seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    undated = [(a, b) for a in nodes if not a.has_printed_date() for b in nodes if a is not b]
    for a, b in chain(*(combinations(same, 2) for same in by_day.values()), undated):
        one, other = (a, b) if a.name < b.name else (b, a)
        if (one.name, other.name) not in seen:
            seen.add((one.name, other.name))
            yield one, other


def _weigh(one: Node, other: Node) -> float | None:
    """Return how alike the texts of two nodes are that title and date allow to be one.

    ``None`` where title or date forbid it, or where no text stands against a text.
    """
    best: float | None = None
    for a, b in _same_titles(one, other):
        if not _dates_allow(one, a, other, b):
            continue
        likeness = agree(a.text, b.text)
        if likeness is not None and (best is None or likeness > best):
            best = likeness
    return best


def _same_titles(one: Node, other: Node) -> Iterator[tuple[WordingRow, WordingRow]]:
    for a in one.wordings:
        for b in other.wordings:
            if a.title is not None and b.title is not None and _is_same_title(a, b):
                yield a, b


def _is_same_title(a: WordingRow, b: WordingRow) -> bool:
    """Say whether two titles are equal, if one is a box's behind the word before the other."""
    if a.is_box or b.is_box:
        return a.title_digest == b.title_digest
    return a.title == b.title


def _dates_allow(one: Node, a: WordingRow, other: Node, b: WordingRow) -> bool:
    """Say whether the dates of two wordings with one title let them be one statement.

    Two URLs are one only where both dates are told and equal; so are two entries. A page
    without a printed date is the same as what agrees with its text.
    """
    if one.url_key is not None and other.url_key is not None:
        return bool(_form_dates(one, a) & _form_dates(other, b))
    if one.has_printed_date() and other.has_printed_date():
        return bool(_form_dates(one, a) & _form_dates(other, b))
    return True


def _form_dates(node: Node, wording: WordingRow) -> set[str]:
    return {wording.date} if wording.date else node.dates()


def _stand_side_by_side(beside: Beside, one: Members, other: Members) -> bool:
    """Say whether a window shows a wording of *one* beside a wording of *other*."""
    return any(
        beside(a.id, b.id)
        for a in _wordings(one)
        for b in _wordings(other)
        if not a.is_page and not b.is_page
    )


def _join_textless(beside: Beside, node: Node, cluster_of: ClusterOf) -> None:
    """Join a node that shows no text of its own to the one statement it can be.

    Same title and same day; where two fit, to none.
    """
    mine = cluster_of[node.name]
    fits: dict[int, list[Node]] = {}
    for theirs in cluster_of.values():
        is_fit = any(_fits_textless(node, other) for other in theirs)
        if theirs is not mine and is_fit and not _has_other_lead(node, theirs):
            fits[id(theirs)] = theirs
    chosen = [c for c in fits.values() if not _stand_side_by_side(beside, mine, c)]
    if len(chosen) == 1:
        _merge(cluster_of, chosen[0], mine)


def _has_other_lead(node: Node, theirs: Iterable[Node]) -> bool:
    """Say whether entries of the same title and day all have leads that contradict the node's.

    A lead that only repeats the title says nothing of a body, but to entries it is a lead.
    """
    likenesses = [
        likeness
        for other in theirs
        for a, b in _same_titles(node, other)
        if not a.is_page and not b.is_page and _dates_allow(node, a, other, b)
        if (likeness := agree(a.text, b.text)) is not None
    ]
    return bool(likenesses) and max(likenesses) < ALIKE


def _fits_textless(node: Node, other: Node) -> bool:
    if node.url_key is not None and other.url_key is not None:
        return False
    return bool(node.dates() & other.dates()) and any(
        _dates_allow(node, a, other, b) for a, b in _same_titles(node, other)
    )
