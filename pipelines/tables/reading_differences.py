"""Reading differences: what one reader has read of captures, beside what another one reads.

In: two databases with the same captures. Out: how many are read differently, in what, and the
first of them. Drops: nothing. Never: calls any of it a change of the site.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from embassy_scraper.text import one_line
from pipelines.tables.crowded import CROWDED
from pipelines.tables.reconcile import DISAGREE
from pipelines.tables.withheld import shares
from pipelines.values.places import BOX, PAGE

_IDS_A_QUERY = 200
_NAMED = 10  # captures that are named
_OWN = ("title", "body", "date", "signature")  # what a statement's own page shows
FIELDS = (
    "address", "kind", "end", "clock", "header", "counters", *_OWN, "lists", "boxes", "problems",
)  # fmt: skip
Facts = dict[str, Any]  # what one capture shows, by field


@dataclass(slots=True)
class ReadingDifferences:
    """How many captures there are, which are read differently, and how many withhold a part."""

    captures: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    differing: int = 0
    first: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    withheld_before: int = 0
    withheld_now: int = 0

    def note(self, capture: str, differing: tuple[str, ...]) -> None:
        """Count a capture, and in what its readings differ."""
        self.captures += 1
        if not differing:
            return
        self.differing += 1
        self.fields.update(differing)
        if len(self.first) < _NAMED:
            self.first.append((capture, differing))


def compare_readings(
    kept: sqlite3.Connection, anew: sqlite3.Connection, ids: Iterable[tuple[str, str]]
) -> ReadingDifferences:
    """Return in what the captures *ids*, as *kept* and *anew* call them, are read differently."""
    result = ReadingDifferences()
    rest = iter(ids)
    while pairs := list(islice(rest, _IDS_A_QUERY)):
        before = _facts(kept, [old for old, _ in pairs])
        after = _facts(anew, [new for _, new in pairs])
        for old, new in pairs:
            differing = (x for x in FIELDS if before[old].get(x) != after[new].get(x))
            result.note(new, tuple(differing))
    result.withheld_before, result.withheld_now = _withheld(kept), _withheld(anew)
    return result


def _withheld(connection: sqlite3.Connection) -> int:
    return sum(month.withheld for month in shares(connection))


def _facts(connection: sqlite3.Connection, ids: list[str]) -> dict[str, Facts]:
    facts: dict[str, Facts] = {capture: {} for capture in ids}
    named = {"ids": json.dumps(ids)}

    def ask(query: str) -> sqlite3.Cursor:
        query = query.replace("(:ids)", "(SELECT value FROM json_each(:ids))")
        return connection.execute(query, named)

    for capture, url, key, kind, is_cut, *clock in ask(
        "SELECT id, url, url_key, page_kind, is_cut, page_clock, clock_deviation"
        " FROM captures WHERE id IN (:ids)"
    ):
        facts[capture] |= {"address": (url, key), "kind": kind, "end": is_cut, "clock": clock}
    for capture, *header in ask(
        "SELECT capture, page_date, language, label, phone, email, NOT EXISTS (SELECT 1"
        " FROM _observations o JOIN _series s ON s.id = o.series AND s.place = 'shape'"
        " WHERE o.capture = headers.capture) FROM headers WHERE capture IN (:ids)"
    ):
        facts[capture]["header"] = header
    _add(facts, "counters", ask(
        "SELECT capture, event, value, unit, label, since_date FROM counter_readings"
        " WHERE capture IN (:ids) ORDER BY event"
    ))  # fmt: skip
    _add(facts, "lists", ask(
        "SELECT capture, list, start, covers_after, covers_until, entries FROM snapshots"
        " WHERE capture IN (:ids) ORDER BY list"
    ))  # fmt: skip
    _add(facts, "problems", ask(
        'SELECT capture, what, "where", text FROM problems WHERE capture IN (:ids)'
        f" AND what NOT IN ('{DISAGREE}', '{CROWDED}') ORDER BY what, \"where\", text"
    ))  # fmt: skip
    _add_sightings(facts, ask)
    return facts


def _add(facts: dict[str, Facts], name: str, rows: Iterable[tuple[Any, ...]]) -> None:
    for capture, *row in rows:
        facts[capture].setdefault(name, []).append(row)


def _add_sightings(facts: dict[str, Facts], ask: Callable[[str], sqlite3.Cursor]) -> None:
    for capture, name, *place, body, title, day, signed, lead, key, date_text, is_open in ask(
        "SELECT capture, list, position, start, body, title, date,"
        " coalesce(published_at, signature_text), lead, url_key, date_text, is_open"
        " FROM _shown WHERE capture IN (:ids) ORDER BY list, position"
    ):
        if name == PAGE:
            text = one_line(body) if body is not None else None
            facts[capture] |= dict(zip(_OWN, (title, text, (day, date_text), signed), strict=True))
            continue
        entry = (name, *place, title, lead, day, date_text, key, is_open)
        facts[capture].setdefault("boxes" if name == BOX else "lists", []).append(entry)
