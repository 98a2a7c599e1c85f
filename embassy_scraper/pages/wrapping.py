"""Text that was wrapped at some width when it was saved: its lines are put together again."""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line

_EVIDENCE = 3  # lines that end where the next word would not have fitted
_NARROWEST = 25  # characters; the lines of a header alone are shorter
_HEADER_WORDS = 40  # a header has fewer
_LONG = 0.6  # of the width: a line that may have been wrapped
_NEARLY_ALL = 0.9
_PHONE = re.compile(r"(?=(?:\D*\d){8})[+(0-9][0-9()+,./–-]*(?:\s[0-9()+,./–-]+)+")
_DASHES = "-–—"  # between an item's date and its title
_FIRST_WORD = re.compile(r"[ \t]*[^ \t]*")  # no-break spaces part no words
_FIRST_HALF = re.compile(r"\s*[^\W\d_]{2,}-(?=[^\W\d_])")
_HYPHEN = re.compile(r"\w-\Z")
_SHORTENED = re.compile(r"(?:and|or|to)\b")  # behind a hyphen: "short- and medium-range"
_ENDS_IN_RUN, _BEGINS_IN_RUN = re.compile(r"\s{5,}\Z"), re.compile(r"\s{5,}")
_LAST_BEHIND_RUN, _FIRST_BEFORE_RUN = re.compile(r"\s{5,}\S+\Z"), re.compile(r"\S+\s{5,}")
_RUN = re.compile(r"\s{5,}")  # as between two counters; a tool may leave it longer than its width


def unwrap(text: str, grammar: Grammar) -> str:
    """Return *text* with what was parted at its width put together.

    A text is wrapped where nearly every long line with another below it ends because the next
    word would not have fitted. One width counts for all of the text, whatever it is. Spaces count:
    a long run of them, as between two counters, is parted as well.
    """
    lines = text.splitlines()
    width = max((len(part) for line in lines for part in _RUN.split(line)), default=0)
    below = [i for i in range(1, len(lines)) if lines[i] and lines[i - 1]]
    full = {i for i in below if _is_full(lines[i - 1], lines[i], width)}
    words = [i for i in below if lines[i].strip() and lines[i - 1].strip()]
    long = {i for i in words if len(lines[i - 1].rstrip()) >= _LONG * width}
    if width < _NARROWEST or len(full) < _EVIDENCE or len(full & long) < _NEARLY_ALL * len(long):
        return text
    parts_words = _parts_words(lines, full, width)
    pieces: list[str] = []
    for index, line in enumerate(lines):
        above = lines[index - 1] if index else ""
        if index not in full or _is_part(lines, index, grammar):
            pieces.append("\n" if index else "")
        elif not above[-1:].isspace() and not (parts_words and _is_half(above, line)):
            pieces.append(" ")
        pieces.append(line)
    return "".join(pieces)


def is_too_narrow(text: str) -> bool:
    """Say whether *text* was wrapped so narrowly that nothing tells whole lines from parted ones.

    It has more words than a header has, and no two of them reach the narrowest width together.
    """
    parts = [part.strip() for line in text.splitlines() for part in _RUN.split(line)]
    longest = max((len(part) for part in parts if len(part.split()) > 1), default=0)
    return longest < _NARROWEST and len(text.split()) > _HEADER_WORDS


def cuts_counters(text: str) -> bool:
    """Say whether a word or a number beside the long run between two counters may have been parted.

    Where the run itself was parted, no word of that line was kept whole.
    """
    pairs = [pair for pair in pairwise(text.splitlines()) if all(pair)]
    is_parted = any(_ENDS_IN_RUN.search(a) or _BEGINS_IN_RUN.match(b) for a, b in pairs)
    return is_parted and any(
        (_LAST_BEHIND_RUN.search(above) and not line[0].isspace())
        or (_FIRST_BEFORE_RUN.match(line) and not above[-1].isspace())
        for above, line in pairs
    )


def leaves_counters_parted(text: str, grammar: Grammar) -> bool:
    """Say whether the line of the counters is still parted in *text*, once it was unwrapped.

    The long run between two stands further down then than on the line that the first begins.
    """
    begun = False
    for line in text.splitlines():
        begins = grammar.begins_as_counter(Line(" ".join(line.split())))
        has_run = len(_RUN.split(line.strip())) > 1
        if begun and (_BEGINS_IN_RUN.match(line) or (has_run and not begins)):
            return True
        begun = begins or (begun and bool(line.strip()))
    return False


def _is_half(above: str, line: str) -> bool:
    return _HYPHEN.search(above[-2:]) is not None and _SHORTENED.match(line) is None


def _parts_words(lines: Sequence[str], full: Collection[int], width: int) -> bool:
    """Say whether words were parted behind their hyphens too: no first half was left that fits."""
    halves = ((lines[i - 1], _FIRST_HALF.match(lines[i])) for i in full)
    return not any(half and len(above) + 1 + len(half[0]) <= width for above, half in halves)


def _is_full(above: str, line: str, width: int) -> bool:
    """Say whether the first word of *line* would not have fitted on the one above."""
    found = _FIRST_WORD.match(line)
    word = len(found[0]) if found else 0
    return len(above) + (not above[-1:].isspace()) + word >= width


def _is_part(lines: Sequence[str], index: int, grammar: Grammar) -> bool:
    """Say whether the line above *index*, or that line, is a part of the page by itself."""
    above, line = (Line(" ".join(lines[i].split())) for i in (index - 1, index))
    if grammar.is_date_line(above) and above.text[-1] in _DASHES:
        return False
    return any(
        grammar.is_known_heading(one)
        or grammar.is_date_line(one)
        or grammar.is_latest_heading(one)
        or grammar.is_closing(one)
        or grammar.is_signature(one)
        or grammar.is_contact_or_clock(one)
        or _PHONE.fullmatch(one.text)
        for one in (above, line)
    ) or (bool(line.text) and grammar.read_own_line(line) is not None)
