"""One format, one function: rows go in, lines of text come out as they are made."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

BOM = "\ufeff"  # without it Excel does not take a CSV file for UTF-8
LONGEST_CELL = 32_767  # of Excel, in UTF-16 units; it cuts off what is longer, silently
Row = Sequence[Any]  # texts, numbers, and None for what is not known
_RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Yield RFC 4180 lines: a header line, CRLF line ends, empty cells for what is not known.

    A similarity has three decimals.
    """
    is_likeness = [column == "similarity" for column in columns]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(map(_printed, row, is_likeness))
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _printed(cell: Any, is_likeness: bool) -> Any:
    if cell is None:
        return ""
    return f"{cell:.3f}" if is_likeness and isinstance(cell, float) else cell


def for_spreadsheet(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield *rows* as a spreadsheet takes them: nothing runs, and no cell is too long for it.

    An apostrophe stands before what it would run as a formula (source: OWASP, "CSV Injection");
    where a cell had to be cut off its end says so.
    """
    for row in rows:
        yield [_cell(cell) if isinstance(cell, str) else cell for cell in row]


def _cell(text: str) -> str:
    safe = "'" + text if text.startswith(_RUN_AS_FORMULA) else text
    if _units(safe) <= LONGEST_CELL:
        return safe
    mark = f" … [cut off: {len(text):,} characters]"
    units = safe.encode("utf-16-le", "replace")[: 2 * (LONGEST_CELL - len(mark))]
    return units.decode("utf-16-le", "ignore") + mark


def _units(text: str) -> int:
    """Return how many UTF-16 units *text* has; what is beyond the first plane has two."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def as_json(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Yield a JSON array of objects, one a line; ``null`` for what is not known.

    Numbers are numbers.
    """
    yield "["
    comma = "\n"
    for row in rows:
        record: dict[str, object] = dict(zip(columns, row, strict=True))
        if record.get("similarity") is not None:  # text, in what an older release has told
            record["similarity"] = float(str(record["similarity"]))
        yield comma + json.dumps(record, ensure_ascii=False)
        comma = ",\n"
    yield "\n]\n"


FORMATS = {"csv": as_csv, "json": as_json}
