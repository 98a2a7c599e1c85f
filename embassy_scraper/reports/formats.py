"""One format, one function: rows go in, lines of text come out as they are made."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

BOM = "\ufeff"  # without it Excel does not take a CSV file for UTF-8
Row = Sequence[str | None]
_RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Yield RFC 4180 lines: a header line, CRLF line ends, empty cells for what is not known."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if cell is None else cell for cell in row])
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def for_spreadsheet(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield *rows* with an apostrophe before every cell that a spreadsheet would run.

    Source: OWASP, "CSV Injection".
    """
    for row in rows:
        yield [
            "'" + cell if cell is not None and cell.startswith(_RUN_AS_FORMULA) else cell
            for cell in row
        ]


def as_json(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Yield a JSON array of objects, one a line; ``null`` for what is not known."""
    yield "["
    comma = "\n"
    for row in rows:
        record: dict[str, object] = dict(zip(columns, row, strict=True))
        if record.get("similarity") is not None:
            record["similarity"] = float(str(record["similarity"]))
        yield comma + json.dumps(record, ensure_ascii=False)
        comma = ",\n"
    yield "\n]\n"


FORMATS = {"csv": as_csv, "json": as_json}
