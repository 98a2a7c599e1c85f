"""Stretches of headers that show the same: what is compared is where they begin and end.

A header is seen on every capture and nearly always shows what the one before it showed. Kept is,
for each field (a contact's by language), from which capture to which one value was shown; a new
capture only lengthens, parts or joins stretches, wherever in time it falls.
"""

import sqlite3
from bisect import bisect_right
from dataclasses import dataclass

_OF = {"shape": "''", "phone": "h.language", "email": "h.language", "label": "h.language"}


@dataclass(slots=True)
class Stretch:
    """From the capture ``first`` to ``last`` every header that shows the field shows ``value``."""

    first: str
    last: str
    value: str


def load_stretches(connection: sqlite3.Connection, field: str) -> dict[str, list[Stretch]]:
    """Return the stretches of *field* by language, in order of time."""
    found: dict[str, list[Stretch]] = {}
    for language, *stretch in connection.execute(
        "SELECT language, first, last, value FROM stretches WHERE field = ?"
        " ORDER BY language, first",
        (field,),
    ):
        found.setdefault(language, []).append(Stretch(*stretch))
    return found


def follow_headers(connection: sqlite3.Connection) -> None:
    """Take the headers of the pending captures into the stretches."""
    for field in _OF:
        rows = connection.execute(
            f"SELECT {_OF[field]}, h.capture, h.{field} FROM pending p"
            f" CROSS JOIN headers h ON h.capture = p.capture"
            f" WHERE h.{field} IS NOT NULL ORDER BY h.capture"
        ).fetchall()
        if not rows:
            continue
        known = load_stretches(connection, field)
        for language, capture, value in rows:
            _take(connection, field, language, known.setdefault(language, []), capture, value)
        connection.execute("DELETE FROM stretches WHERE field = ?", (field,))
        connection.executemany(
            "INSERT INTO stretches VALUES (?,?,?,?,?)",
            [
                (field, language, s.first, s.last, s.value)
                for language, stretches in known.items()
                for s in stretches
            ],
        )


def _take(
    connection: sqlite3.Connection,
    field: str,
    language: str,
    stretches: list[Stretch],
    capture: str,
    value: str,
) -> None:
    at = bisect_right(stretches, capture, key=lambda stretch: stretch.first)
    before = stretches[at - 1] if at else None
    behind = stretches[at] if at < len(stretches) else None
    if before is not None and capture <= before.last:
        if before.value != value:
            _part(connection, field, language, stretches, at, capture, value)
    elif before is not None and before.value == value:
        before.last = capture
        if behind is not None and behind.value == value:
            before.last = behind.last
            del stretches[at]
    elif behind is not None and behind.value == value:
        behind.first = capture
    else:
        stretches.insert(at, Stretch(capture, capture, value))


def _part(
    connection: sqlite3.Connection,
    field: str,
    language: str,
    stretches: list[Stretch],
    at: int,
    capture: str,
    value: str,
) -> None:
    """Part the stretch before position *at*, in the midst of which *capture* shows otherwise."""
    whole = stretches[at - 1]
    of_language = f"({_OF[field]} = ? AND h.{field} IS NOT NULL)"
    query = f"SELECT {{}}(capture) FROM headers h WHERE {of_language} AND"
    last = connection.execute(f"{query.format('max')} capture < ?", (language, capture)).fetchone()[
        0
    ]
    first = connection.execute(
        f"{query.format('min')} capture > ? AND capture NOT IN (SELECT capture FROM pending)",
        (language, capture),
    ).fetchone()[0]
    stretches[at:at] = [Stretch(capture, capture, value), Stretch(first, whole.last, whole.value)]
    whole.last = last
