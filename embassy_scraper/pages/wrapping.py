"""Text that was wrapped at some width when it was saved: its lines are put together again."""

from collections.abc import Sequence

from embassy_scraper.pages.grammar import Grammar
from embassy_scraper.pages.lines import Line

_EVIDENCE = 3  # lines that end where the next word would not have fitted
_LONG = 0.6  # of the width: a line that may have been wrapped
_NEARLY_ALL = 0.9


def unwrap(lines: list[Line], grammar: Grammar) -> list[Line]:
    """Return *lines* with what was parted at the width of the text put together.

    A text is wrapped where nearly every long line with another below it ends because the next
    word would not have fitted. One width counts for all of the text, whatever it is.
    """
    width = max((len(line.text) for line in lines), default=0)
    below = [index for index in range(1, len(lines)) if not lines[index].gap]
    full = {i for i in below if _is_full(lines[i - 1], lines[i], width)}
    long = [i for i in below if len(lines[i - 1].text) >= _LONG * width]
    if len(full) < _EVIDENCE or len(full.intersection(long)) < _NEARLY_ALL * len(long):
        return lines
    joined: list[Line] = []
    for index, line in enumerate(lines):
        if index in full and not _is_part(lines, index, grammar):
            above = joined.pop()
            line = above._replace(text=f"{above.text} {line.text}")
        joined.append(line)
    return joined


def _is_full(above: Line, line: Line, width: int) -> bool:
    """Say whether the first word of *line* would not have fitted on the one above."""
    word = line.text.split(" ", 1)[0]
    return len(above.text) + 1 + len(word) >= width


def _is_part(lines: Sequence[Line], index: int, grammar: Grammar) -> bool:
    """Say whether the line above *index*, or that line, is a part of the page by itself."""
    above, line = lines[index - 1], lines[index]
    return (
        any(
            grammar.is_known_heading(one)
            or grammar.is_date_line(one)
            or grammar.is_latest_heading(one)
            or grammar.is_closing(one)
            or grammar.is_signature(one)
            for one in (above, line)
        )
        or grammar.read_own_line(line) is not None
    )
