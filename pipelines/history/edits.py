"""What was edited: values that differ between consecutive sightings in the same place."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from rapidfuzz.distance import Indel

from embassy_scraper.limits import MAX_WORDS_COMPARED
from pipelines.history.spans import differences
from pipelines.history.timeline import Seen, Shown, Timeline
from pipelines.values.instants import instant
from pipelines.values.places import PAGE

FIELDS = ("title", "lead", "body", "published_on", "published_at")
TEXT_FIELDS = frozenset({"title", "lead", "body"})
_MARK = re.compile(r"(?P<kept>(?<=\d)[^\w\s](?=\d))|[^\w\s]|_")
_CONTEXT = 4  # words shown around a changed passage
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_QUOTES = dict.fromkeys(map(ord, "‘’‚‛“”„‟«»‹›`´′″"), "'")

Hunk = tuple[int, int, int, int]  # the words from, until; and those instead of them


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of one field, between two captures."""

    field: str
    before: str
    after: str
    capture_before: str
    capture_after: str


def find_edits(timeline: Timeline) -> list[Edit]:
    """Return the edits of a statement, each once, with its tightest interval."""
    if len(timeline.wordings) == 1:
        return []
    found: list[Edit] = []
    for place in _places(timeline):
        wordings = {s.wording for s in place}
        for field in FIELDS if len(wordings) > 1 else ():
            known = {wording: value_of(timeline.wordings[wording], field) for wording in wordings}
            if len(set(known.values()) - {None}) > 1:
                found += _edits_in(place, field, known)
    return _merge(found)


def _places(timeline: Timeline) -> Iterator[list[Seen]]:
    """Yield the sightings of each list, and of each own page.

    A capture whose URL is not known is of the own page, where the statement has but one.
    """
    yield from (seen for place, seen in timeline.places.items() if place != PAGE)
    urls = timeline.url_keys()
    only = urls[0] if len(urls) == 1 else None
    pages: dict[str | None, list[Seen]] = {}
    for s in timeline.places.get(PAGE, ()):
        pages.setdefault(timeline.wordings[s.wording].url_key or only, []).append(s)
    yield from pages.values()


def value_of(wording: Shown, field: str) -> str | None:
    """Return what *wording* shows for *field*."""
    value = wording.date if field == "published_on" else getattr(wording, field)
    return value if value is None else str(value)


def _edits_in(place: list[Seen], field: str, known: dict[int, str | None]) -> Iterator[Edit]:
    """Yield the edits of *field*, of which each wording shows what is *known*, in one place."""
    shown = ((s.capture, value) for s in place if (value := known[s.wording]) is not None)
    for (capture_before, before), (capture_after, after) in differences(shown):
        yield Edit(field, before, after, capture_before, capture_after)


def _merge(edits: list[Edit]) -> list[Edit]:
    """Join the same edit seen in several places where its intervals overlap."""
    edits.sort(key=lambda e: (e.field, e.before, e.after, e.capture_after, e.capture_before))
    merged: list[Edit] = []
    for edit in edits:
        last = merged[-1] if merged else None
        if last is not None and _is_same(last, edit):
            merged[-1] = replace(
                last,
                capture_before=_latest(last.capture_before, edit.capture_before),
                capture_after=min(last.capture_after, edit.capture_after),
            )
        else:
            merged.append(edit)
    merged.sort(key=lambda e: (e.capture_after, FIELDS.index(e.field), e.capture_before))
    return merged


def _latest(one: str, other: str) -> str:
    """Return the later capture; of two at one instant the first by id."""
    if instant(one) == instant(other):
        return min(one, other)
    return max(one, other)


def _is_same(one: Edit, other: Edit) -> bool:
    """Say whether two edits may have been one act: an instant at which both can have happened.

    Where one place shows the new text while another still shows the old one there is none.
    """
    same = (one.field, one.before, one.after) == (other.field, other.before, other.after)
    after = max(instant(one.capture_before), instant(other.capture_before))
    return same and after < min(instant(one.capture_after), instant(other.capture_after))


def significance(before: str, after: str) -> str:
    """Return ``cosmetic`` where only quotes, dashes, ellipses, case or punctuation differ.

    Punctuation between digits is no decoration.

    >>> significance("‘Novichok’ – a hoax", '"novichok" - a hoax…')
    'cosmetic'
    >>> significance("1.5 tons", "15 tons")
    'substantive'
    """
    same = any(_plain(before, dash) == _plain(after, dash) for dash in ("", " "))
    return "cosmetic" if same else "substantive"


def _plain(text: str, dash: str) -> str:
    text = text.translate(_DASHES).translate(_QUOTES).replace("…", "...").casefold()

    def folded(found: re.Match[str]) -> str:
        if found["kept"] or unicodedata.category(found[0])[0] != "P":
            return found[0]
        return dash if found[0] == "-" else ""

    return " ".join(_MARK.sub(folded, text).split())


def passages(before: str, after: str) -> tuple[str, str]:
    """Return the changed passages of two texts, a few words around each.

    Where they would take too much memory to compare, all from the first to the last change is one.

    >>> passages("a b c d e f g h i j", "a b c d e X g h i j")
    ('… b c d e f g h i j', '… b c d e X g h i j')
    """
    old, new = before.split(" "), after.split(" ")
    joined: list[Hunk] = []
    for a, b, c, d in _hunks(old, new):
        if joined and a - joined[-1][1] <= 2 * _CONTEXT:
            joined[-1] = (joined[-1][0], b, joined[-1][2], d)
        else:
            joined.append((a, b, c, d))
    return (
        _excerpt(old, [(a, b) for a, b, _, _ in joined]),
        _excerpt(new, [(c, d) for _, _, c, d in joined]),
    )


def _hunks(old: list[str], new: list[str]) -> list[Hunk]:
    """Return where two texts differ; beyond the limit from the first place to the last as one."""
    begin = _length_of_equal(old, new)
    end = _length_of_equal(reversed(old[begin:]), reversed(new[begin:]))
    whole = (begin, len(old) - end, begin, len(new) - end)
    if (whole[1] - begin) * (whole[3] - begin) > MAX_WORDS_COMPARED**2:
        return [whole]
    steps = Indel.opcodes(old, new)
    return [
        (step.src_start, step.src_end, step.dest_start, step.dest_end)
        for step in steps
        if step.tag != "equal"
    ]


def _length_of_equal(old: Iterable[str], new: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _excerpt(words: list[str], hunks: list[tuple[int, int]]) -> str:
    parts = []
    for start, end in hunks:
        left, right = max(0, start - _CONTEXT), min(len(words), end + _CONTEXT)
        head = "… " if left else ""
        tail = " …" if right < len(words) else ""
        parts.append(head + " ".join(re.sub(r"\s+", " ", w) for w in words[left:right]) + tail)
    return " | ".join(parts)
