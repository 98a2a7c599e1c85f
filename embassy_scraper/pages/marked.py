"""From one line of text with marks at the edges of its elements to lines.

Most often to one line. A date that has an element of its own among other elements, with nothing
but a dash beside it, parts them: ``<span>date</span> <a>title</a> <span>lead</span>`` are three
things, a title with a word in bold is one.
"""

import re
from functools import lru_cache

from embassy_scraper.pages.lines import DATE_IN_FIGURES, Line
from embassy_scraper.text import fold

OPEN, CLOSE, LINK_OPEN, LINK_CLOSE = "\x01", "\x02", "\x03", "\x04"
_KEPT_MARKS = re.compile("([\x01-\x04])")
_LINK_MARKS = re.compile("([\x03\x04])")
_STEPS = {OPEN: 1, LINK_OPEN: 1, CLOSE: -1, LINK_CLOSE: -1}  # how an edge changes the depth
_REMEMBERED = 2000  # characters; longer lines do not come again
_BLANK = " \t\n\r\f\v\xa0-–—:|"
_WORD = re.compile(r"\w")
_OWN_DATE = re.compile(rf"[\s\x01-\x04]*{DATE_IN_FIGURES}\s*[-–—]?\s*[\x01-\x04]")


def read_unlinked(raw: str, gap: bool) -> tuple[Line, ...]:
    """Return the lines in *raw*, on which no link stands; one inside another may end there."""
    if _OWN_DATE.match(raw):
        return read_marked(raw, gap, None, ())
    text = _folded(raw)
    return (Line(text, gap),) if text else ()


def read_marked(raw: str, gap: bool, link: str | None, hrefs: tuple[str, ...]) -> tuple[Line, ...]:
    """Return the lines in *raw*; *link* is open at its start, *hrefs* are those met on it.

    The ten newest items stand on every page of their days, so the last lines read are remembered.
    """
    if len(raw) + sum(map(len, hrefs)) > _REMEMBERED:
        return tuple(_read(raw, gap, link, hrefs))
    return _remembered(raw, gap, link, hrefs)


@lru_cache(maxsize=4096)
def _remembered(raw: str, gap: bool, link: str | None, hrefs: tuple[str, ...]) -> tuple[Line, ...]:
    return tuple(_read(raw, gap, link, hrefs))


def _read(raw: str, gap: bool, link: str | None, hrefs: tuple[str, ...]) -> list[Line]:
    has_own_date = _OWN_DATE.match(raw) is not None
    parts = _parts_beside_date(raw) if has_own_date else None
    if not parts:
        line, _ = _read_line(raw, gap, link, hrefs, has_own_date=has_own_date)
        return [line] if line is not None else []
    lines: list[Line] = []
    met = 0
    for part in parts:
        count = part.count(LINK_OPEN)
        line, link = _read_line(part, gap or bool(lines), link, hrefs[met : met + count])
        met += count
        if line is not None:
            lines.append(line)
    return lines


def _read_line(
    raw: str, gap: bool, link: str | None, hrefs: tuple[str, ...], *, has_own_date: bool = False
) -> tuple[Line | None, str | None]:
    """Return the line in *raw*, and the link that is still open behind it."""
    text = _folded(raw)
    if link is None and LINK_OPEN not in raw:
        return (Line(text, gap, has_own_date=has_own_date) if text else None), None
    found: str | None = None
    linked, unlinked, met, is_first = "", "", 0, True
    for piece in _LINK_MARKS.split(raw):
        if piece == LINK_OPEN:
            link, met = hrefs[met], met + 1
        elif piece == LINK_CLOSE:
            link, is_first = None, is_first and not linked
        elif link is None:
            unlinked += piece
        elif is_first and (linked or _folded(piece)):
            found, linked = link, linked + piece
    if not text:
        return None, link
    is_linked = found is not None and not _WORD.search(_without_marks(unlinked))
    link_text = _folded(linked) or None
    return Line(text, gap, found, is_linked, link_text, has_own_date), link


def _folded(raw: str) -> str:
    return fold(_without_marks(raw))


def _without_marks(raw: str) -> str:
    for mark in (OPEN, CLOSE, LINK_OPEN, LINK_CLOSE):
        if mark in raw:
            raw = raw.replace(mark, "")
    return raw


def _parts_beside_date(raw: str) -> list[str]:
    """Return the elements beside the date at the start of *raw*; none where text stands there.

    They are parted at the depth at which the date's own element ends.
    """
    pieces = [piece for piece in _KEPT_MARKS.split(raw) if piece]
    texts: list[tuple[int, int]] = []  # index and depth of every piece of text but dashes
    depths: list[int] = []  # behind every piece
    depth = 0
    for index, piece in enumerate(pieces):
        step = _STEPS.get(piece)
        if step is not None:
            depth += step
        elif piece.strip(_BLANK):
            texts.append((index, depth))
        depths.append(depth)
    if len(texts) < 2:
        return []
    level = min(depths[texts[0][0] : texts[1][0]])
    if any(depth <= level for _, depth in texts):
        return []
    parts, start = [], 0
    for index, piece in enumerate(pieces):
        if depths[index] == level and _STEPS.get(piece) == -1:
            parts.append("".join(pieces[start : index + 1]))
            start = index + 1
    return [*parts, "".join(pieces[start:])]
