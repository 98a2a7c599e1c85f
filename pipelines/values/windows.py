"""What a window covers: the dates of which it tells that nothing else stands there.

In: the dates of a list's entries in the order of the page. Out: the window's trunk. Drops: the
entries that stand out of order, from the trunk alone. Never: looks at anything but dates.

Lists are newest first, but an item may be pinned at the head, sink among newer ones, or bear a
wrong date. Such an item must not make the window cover more, for then what scrolled off would
seem to be withdrawn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

_LEFT_OUT_AT_MOST = 2
_FAR = 30  # days; a last entry that is further off tells nothing of what lies between


@dataclass(frozen=True, slots=True)
class Trunk:
    """A window without the entries that stand out of order, by their positions from 0.

    It covers a date ``d`` when ``covers_after < d`` and (``covers_until`` is ``None`` or
    ``d < covers_until``). ``newest`` is the newest date of the trunk.
    """

    covers_after: str
    covers_until: str | None
    newest: str
    left_out: frozenset[int]


def find_trunk(days: Sequence[str], *, is_head: bool) -> Trunk | None:
    """Return the trunk of a window whose entries have *days*; ``None`` where it covers nothing.

    Of all ways to leave out at most two entries so that dates never rise, it is one that leaves
    out the fewest; of those the one that covers least, of equal ones that nearest the top.

    >>> trunk = find_trunk(["2019-05-01", "2021-03-09", "2021-03-05"], is_head=True)
    >>> trunk.covers_after, sorted(trunk.left_out)
    ('2021-03-05', [0])
    """
    ways = [frozenset[int]()]
    for _ in range(_LEFT_OUT_AT_MOST + 1):
        rises = [(way, _first_rise(days, way)) for way in ways]
        fitting = [way for way, rise in rises if rise is None]
        if fitting:
            trunks = (_trunk(days, way, is_head=is_head) for way in fitting)
            return min(trunks, key=_covers, default=None) if days else None
        ways = list(dict.fromkeys(w for way, rise in rises if rise for w in _mended(way, rise)))
    return None


def _first_rise(days: Sequence[str], left_out: frozenset[int]) -> tuple[int, int] | None:
    """Return the first two neighbours, but for what is *left out*, of which the lower is newer."""
    above: int | None = None
    for index, day in enumerate(days):
        if index in left_out:
            continue
        if above is not None and day > days[above]:
            return above, index
        above = index
    return None


def _mended(way: frozenset[int], rise: tuple[int, int]) -> Iterator[frozenset[int]]:
    """Yield the two ways to end a rise: whatever else goes, one of its two entries has to.

    So every way that leaves out the fewest is found, by at most four searches of two steps.
    """
    for index in rise:
        yield way | {index}


def _trunk(days: Sequence[str], left_out: frozenset[int], *, is_head: bool) -> Trunk:
    rest = [day for index, day in enumerate(days) if index not in left_out]
    until = None if is_head else rest[0]
    return Trunk(_oldest_sure(rest), until, rest[0], left_out)


def _oldest_sure(rest: Sequence[str]) -> str:
    """Return the oldest date of a trunk, without a last entry far below the others."""
    if len(rest) > 1 and _days(rest[-2]) - _days(rest[-1]) > _FAR:
        return rest[-2]
    return rest[-1]


def _covers(trunk: Trunk) -> tuple[int, list[int]]:
    """Return how much *trunk* covers, then how near the top it leaves out: the least is best."""
    after = _days(trunk.covers_after)
    until = _days(trunk.covers_until) if trunk.covers_until else date.max.toordinal()
    return max(0, until - after - 1), sorted(trunk.left_out)


def _days(day: str) -> int:
    return date.fromisoformat(day).toordinal()
