"""The ledger of what was told to whom: ``report --new NAME``, and alerts of the same name.

In: the rows that hold now. Out: which of them a name was not told yet, which it was told and hold
no longer. Drops: nothing; what is taken back stays, with the instant. Never: sends anything, or
notes what was not told.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.tables.runs import now

Row = dict[str, Any]  # the columns of the report
COLUMNS = (
    "change_id", "kind", "subject", "title", "published_on", "url", "field", "before", "after",
    "significance", "similarity", "observed_after", "observed_by", "capture_before",
    "capture_after", "note",
)  # fmt: skip
_CONTENT = ("kind", "subject", "field", "before", "after")
TAKEN_BACK = "taken back"


@dataclass(frozen=True, slots=True)
class Told:
    """A row as it was told, by its number in the ledger."""

    id: int
    row: Row


@dataclass(frozen=True, slots=True)
class News:
    """What is new to a name, what is gone, and which ids have changed (by number)."""

    new: list[Row] = field(default_factory=list)
    gone: list[Told] = field(default_factory=list)
    renamed: dict[int, str] = field(default_factory=dict)


def compare(rows: Iterable[Row], told: Iterable[Told]) -> News:
    """Return what of *rows* was not *told*, and what was told and is not among them.

    A row is the same by its ``change_id``; else by its content, each told row standing for one: of
    several alike first the one of the same instant.
    """
    there = {one["change_id"]: one for one in rows}
    left = [one for one in told if there.pop(one.row["change_id"], None) is None]
    alike = defaultdict(list)
    for row in sorted(there.values(), key=_when):
        alike[_content(row)].append(row)
    news = News()
    waiting: list[Told] = []
    for one in sorted(left, key=lambda one: _when(one.row)):
        same = alike[_content(one.row)]
        exact = [row for row in same if row["observed_by"] == one.row["observed_by"]]
        if exact:
            _rename(news, one, exact[0], same)
        else:
            waiting.append(one)
    for one in waiting:
        if same := alike[_content(one.row)]:
            _rename(news, one, same[0], same)
        else:
            news.gone.append(one)
    news.new.extend(row for same in alike.values() for row in same)
    news.new.sort(key=_order)
    return news


def _rename(news: News, one: Told, row: Row, same: list[Row]) -> None:
    same.remove(row)
    news.renamed[one.id] = str(row["change_id"])


def _content(row: Row) -> tuple[str | None, ...]:
    return tuple(row[name] for name in _CONTENT)


def _when(row: Row) -> tuple[str, str]:
    return row["observed_by"] or "", row["change_id"] or ""


def _order(row: Row) -> tuple[str, ...]:
    names = ("observed_by", "kind", "subject", "field", "change_id")
    return tuple(row[name] or "" for name in names)


def as_taken_back(row: Row) -> Row:
    """Return a told *row* as it is told once more, for it no longer holds."""
    note = f"{row['note']}; {TAKEN_BACK}" if row["note"] else TAKEN_BACK
    return {**row, "note": note}


def chosen(news: News, wanted: Callable[[Row], bool]) -> News:
    """Return of *news* what is wanted; the rest stays as it is in the ledger."""
    new = [row for row in news.new if wanted(row)]
    return News(new, [one for one in news.gone if wanted(one.row)], news.renamed)


def told_to(
    connection: sqlite3.Connection, name: str, kinds: Iterable[str], *, is_gone: bool = False
) -> list[Told]:
    """Return what *name* was told of these *kinds*, and is not taken back.

    *is_gone*: only that whose ``change_id`` no change has.
    """
    found = connection.execute(
        "SELECT id, change_id, row FROM _told t WHERE name = ? AND taken_back IS NULL"
        " AND kind IN (SELECT value FROM json_each(?)) AND NOT (? AND EXISTS ("
        "SELECT 1 FROM changes c WHERE c.change_id = t.change_id))",
        (name, json.dumps(sorted(kinds)), is_gone),
    )
    return [Told(number, {**json.loads(row), "change_id": id_}) for number, id_, row in found]


def note_told(
    connection: sqlite3.Connection, name: str, news: News, message: int | None = None
) -> None:
    """Write down that *name* was told these *news*, in a *message* if there is one.

    The caller commits.
    """
    at = now()
    for number, change_id in news.renamed.items():
        connection.execute("UPDATE _told SET change_id = ? WHERE id = ?", (change_id, number))
    for one in news.gone:
        connection.execute("UPDATE _told SET taken_back = ? WHERE id = ?", (at, one.id))
    connection.executemany(
        "INSERT INTO _told (name, change_id, kind, subject, field, before, after, row, at, message)"
        " VALUES (?,?,?,?,?,?,?,?,?,?)",
        [(name, *_keys(row), json.dumps(row), at, message) for row in news.new],
    )


def _keys(row: Mapping[str, str | None]) -> tuple[str | None, ...]:
    return row["change_id"], *(row[name] for name in _CONTENT)
