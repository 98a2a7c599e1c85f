"""The strip: time from left to right, a row a list, as SVG.

Ticks say where it was looked at, hatching where nothing was seen, crosses where a look saw nothing
certain, dots where something changed.
Pure: rows go in, text comes out; all that comes from a page is escaped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from embassy_scraper.reports.charts import ACCENT, FAINT, HAIRLINE, INK, id_of, svg
from embassy_scraper.reports.markup import as_text
from embassy_scraper.reports.times import counted

_WIDTH, _LEFT, _RIGHT = 640, 4, 636
_ROW, _BAND = 50, 20  # the height of a row with its label, and of its band


@dataclass(frozen=True, slots=True)
class Bin:
    """A span of time in one row: what it is called, how often it was looked at, what changed.

    ``unread`` looks saw nothing that is certain, and are not among ``looks``.
    """

    label: str
    looks: int
    changes: int = 0
    href: str | None = None
    is_chosen: bool = False
    unread: int = 0

    @property
    def words(self) -> str:
        """Return what the bin says, in words."""
        told = [_looks(self.looks, self.unread) or "not looked at"]
        if self.changes:
            told.append(counted(self.changes, "change"))
        return f"{self.label}: {', '.join(told)}"


@dataclass(frozen=True, slots=True)
class Row:
    """A list, or anything else that is looked at again and again."""

    label: str
    bins: tuple[Bin, ...]


def strip(rows: Sequence[Row], *, title: str, begin: str, end: str, name: str = "strip") -> str:
    """Return the strip of *rows* as an SVG element; of none, an empty text.

    *begin* and *end* are what the axis says at its ends; *name* makes the ids in the element
    unique on a page.
    """
    if not rows:
        return ""
    parts = [_pattern(name)]
    for number, row in enumerate(rows):
        parts += _row(row, number * _ROW, name)
    bottom = len(rows) * _ROW + 14
    parts.append(f'<text x="{_LEFT}" y="{bottom}" fill="{FAINT}">{as_text(begin)}</text>')
    parts.append(
        f'<text x="{_RIGHT}" y="{bottom}" text-anchor="end" fill="{FAINT}">{as_text(end)}</text>'
    )
    size, about = (_WIDTH, bottom + 12), _about(rows, begin, end)
    return svg(parts, size, title=title, about=about, name=name)


def _pattern(name: str) -> str:
    return (
        f'<defs><pattern id="{id_of(name)}-unseen" width="6" height="6"'
        ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path d="M0 0V6" stroke="{FAINT}" stroke-width="2" stroke-opacity=".55"/>'
        "</pattern></defs>"
    )


def _row(row: Row, top: int, name: str) -> Iterator[str]:
    yield f'<text x="{_LEFT}" y="{top + 18}">{as_text(row.label)}</text>'
    y = top + _ROW - _BAND - 8
    width = (_RIGHT - _LEFT) / max(1, len(row.bins))
    yield (
        f'<rect x="{_LEFT}" y="{y}" width="{_RIGHT - _LEFT}" height="{_BAND}" fill="none"'
        f' stroke="{HAIRLINE}"/>'
    )
    for number, one in enumerate(row.bins):
        yield from _bin(one, (_LEFT + number * width, y, width), name)


def _bin(one: Bin, place: tuple[float, float, float], name: str) -> Iterator[str]:
    x, y, width = place
    fill = "transparent" if one.looks else f"url(#{id_of(name)}-unseen)"
    chosen = f' stroke="{ACCENT}" stroke-width="3"' if one.is_chosen else ""
    inner = (
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAND}" fill="{fill}"{chosen}>'
        f"<title>{as_text(one.words)}</title></rect>"
    )
    middle = x + width / 2
    if one.looks:
        height = 5 + min(4, one.looks.bit_length())  # a longer tick for more looks
        inner += f'<path d="M{middle:.1f} {y + _BAND}v-{height}" stroke="{INK}"/>'
    if one.unread:
        cross = middle + (width / 3 if one.looks else 0)
        inner += f'<path d="M{cross - 2.5:.1f} {y + _BAND - 8}l5 5m0-5l-5 5" stroke="{INK}"/>'
    if one.changes:
        radius = min(2.5 + one.changes.bit_length() / 2, 4, max(2.0, width / 2))
        inner += f'<circle cx="{middle:.1f}" cy="{y + 6}" r="{radius:.1f}" fill="{ACCENT}"/>'
    if one.href is None:
        yield inner
    else:  # out of the keyboard's way: there are hundreds, and the table beneath has them too
        words = as_text(one.words)
        yield f'<a href="{as_text(one.href)}" tabindex="-1" aria-label="{words}">{inner}</a>'


def _looks(looks: int, unread: int) -> str:
    """Return how many looks there were, in words; of none, an empty text."""
    seen = counted(looks, "look") if looks else ""
    lost = f"{counted(unread, 'look')} that could not be read" if unread else ""
    return ", ".join(filter(None, (seen, lost)))


def _about(rows: Sequence[Row], begin: str, end: str) -> str:
    told = []
    for row in rows:
        seen = _looks(sum(one.looks for one in row.bins), sum(one.unread for one in row.bins))
        unseen = sum(not (one.looks or one.unread) for one in row.bins)
        changes = sum(one.changes for one in row.bins)
        told.append(
            f"{row.label}: {seen or 'no look'}, {counted(changes, 'change')},"
            f" not looked at in {unseen:,} of {counted(len(row.bins), 'span')}"
        )
    return f"From {begin} to {end}. {'; '.join(told)}."
