"""Columns: a small table for a terminal."""

from collections.abc import Iterable, Iterator, Sequence

from embassy_scraper.visible import one_line

_LONGEST = 60  # characters of a cell


def aligned(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    r"""Yield the lines of a table; numbers stand at the right of their columns.

    >>> print("\n".join(aligned(["list", "looks"], [["home", 1200], ["latest", 7]])))
    list    looks
    home    1,200
    latest      7
    """
    table = [list(row) for row in rows]
    texts = [list(headings), *([_cell(cell) for cell in row] for row in table)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    right = [any(isinstance(row[i], int | float) for row in table) for i in range(len(headings))]
    for line in texts:
        cells = [
            text.rjust(width) if is_right else text.ljust(width)
            for text, width, is_right in zip(line, widths, right, strict=True)
        ]
        yield "  ".join(cells).rstrip()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int | float) else one_line(str(value), _LONGEST)
