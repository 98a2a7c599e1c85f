"""Identity: which wordings are one statement.

The answer is a function of the set of wordings alone: pairs that may be one are weighed by the
likeness of their texts and joined best first, and two that stand in one window never are. When a
capture was made is looked at only where an edit could explain a difference (``renames``).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from pipelines.history.pairs import (
    Node,
    WordingRow,
    crowded_titles,
    dates_allow,
    nodes_of,
    same_titles,
    weighed_pairs,
)
from pipelines.values.likeness import ALIKE, agree

Windows = Mapping[int, Collection[int]]  # which windows show a wording, by its id


@dataclass(slots=True, eq=False)
class Members:
    """The nodes of one statement; the days printed for it, and the windows that show it."""

    nodes: list[Node]
    days: set[str] = field(default_factory=set)
    windows: set[int] = field(default_factory=set)

    def can_be_one_with(self, other: "Members") -> bool:
        """Say whether they have a printed date in common, or one has none; and never meet."""
        is_of_one_day = not self.days or not other.days or not self.days.isdisjoint(other.days)
        return is_of_one_day and not self.meets(other)

    def meets(self, other: "Members") -> bool:
        """Say whether a window shows both side by side."""
        return not self.windows.isdisjoint(other.windows)

    def first_name(self) -> tuple[str, ...]:
        """Return the first of the names of its nodes."""
        return min(node.name for node in self.nodes)

    def wordings(self) -> list[WordingRow]:
        """Return the wordings of all nodes."""
        return [wording for node in self.nodes for wording in node.wordings]


ClusterOf = dict[tuple[str, ...], Members]


@dataclass(frozen=True, slots=True)
class Clusters:
    """The wordings of each statement; and the undated pages that fit several, with these.

    A page in doubt is a statement by itself, unless those that it fits turn out to be one.
    """

    statements: list[list[WordingRow]]
    doubts: list[tuple[list[WordingRow], list[list[WordingRow]]]]


def cluster(group: list[WordingRow], windows: Windows) -> Clusters:
    """Return the wordings of *group* parted into statements; *windows* tell which are two."""
    nodes = nodes_of(group, crowded_titles(group))
    if len(nodes) == 1:
        return Clusters([group], [])
    cluster_of = {node.name: _members(node, windows) for node in nodes}
    pairs = weighed_pairs(nodes)
    for one, other in pairs:
        a, b = cluster_of[one.name], cluster_of[other.name]
        is_sure = one.is_undated_page() == other.is_undated_page()
        if is_sure and a is not b and a.can_be_one_with(b):
            _merge(cluster_of, a, b)
    doubts = list(_join_undated_pages(cluster_of, pairs))
    _join_textless(nodes, cluster_of)
    distinct = {id(members): members for members in cluster_of.values()}
    return Clusters(
        [members.wordings() for members in distinct.values()],
        [
            (page.wordings(), [cluster_of[name].wordings() for name in sorted(names)])
            for page, names in doubts
        ],
    )


def _members(node: Node, windows: Windows) -> Members:
    shown = {one for w in node.wordings if not w.is_page for one in windows.get(w.id, ())}
    return Members([node], set(node.dates) if node.has_printed_date else set(), shown)


def _merge(cluster_of: ClusterOf, one: Members, other: Members) -> None:
    one.nodes += other.nodes
    one.days |= other.days
    one.windows |= other.windows
    for node in other.nodes:
        cluster_of[node.name] = one


def _join_undated_pages(
    cluster_of: ClusterOf, pairs: Iterable[tuple[Node, Node]]
) -> Iterator[tuple[Members, set[tuple[str, ...]]]]:
    """Join each undated page to the one statement that it fits; yield those that fit several.

    Where the day of its signature is that of some of them, only these count.
    """
    fits: dict[int, tuple[Members, list[tuple[bool, Node]]]] = {}
    for one, other in pairs:
        page, entry = (one, other) if one.is_undated_page() else (other, one)
        if page.is_undated_page() and not entry.is_undated_page():
            members = cluster_of[page.name]
            is_of_its_day = not page.dates.isdisjoint(entry.dates)
            fits.setdefault(id(members), (members, []))[1].append((is_of_its_day, entry))
    for page_members, found in fits.values():
        best = max(is_of_its_day for is_of_its_day, _ in found)
        near = (cluster_of[entry.name] for is_of_its_day, entry in found if is_of_its_day == best)
        names = {theirs.first_name() for theirs in {id(one): one for one in near}.values()}
        if len(names) == 1:
            _merge(cluster_of, cluster_of[names.pop()], page_members)
        else:
            yield page_members, names


def _join_textless(nodes: Sequence[Node], cluster_of: ClusterOf) -> None:
    """Join each node that shows no text of its own to the one statement it can be.

    Same title and same day; where two fit, to none.
    """
    textless = [node for node in nodes if not node.has_text()]
    by_title_and_day: dict[tuple[int, str], list[Node]] = {}
    for node in nodes if textless else ():
        for key in _titles_and_days(node):
            by_title_and_day.setdefault(key, []).append(node)
    for node in textless:
        mine = cluster_of[node.name]
        near = (other for key in _titles_and_days(node) for other in by_title_and_day[key])
        fits = {
            id(theirs): theirs
            for other in near
            if (theirs := cluster_of[other.name]) is not mine and _fits_textless(node, other)
        }
        chosen = [
            theirs
            for theirs in fits.values()
            if not mine.meets(theirs) and not _has_other_lead(node, theirs.nodes)
        ]
        if len(chosen) == 1:
            _merge(cluster_of, chosen[0], mine)


def _titles_and_days(node: Node) -> Iterator[tuple[int, str]]:
    return product(node.titles(), node.dates)


def _has_other_lead(node: Node, theirs: Iterable[Node]) -> bool:
    """Say whether entries of the same title and day all have leads that contradict the node's.

    A lead that only repeats the title says nothing of a body, but to entries it is a lead.
    """
    likenesses = [
        likeness
        for other in theirs
        for a, b in same_titles(node, other)
        if not a.is_page and not b.is_page and dates_allow(node, a, other, b)
        if (likeness := agree(a.text, b.text)) is not None
    ]
    return bool(likenesses) and max(likenesses) < ALIKE


def _fits_textless(node: Node, other: Node) -> bool:
    if node.url_key is not None and other.url_key is not None:
        return False
    return not node.dates.isdisjoint(other.dates) and any(
        dates_allow(node, a, other, b) for a, b in same_titles(node, other)
    )
