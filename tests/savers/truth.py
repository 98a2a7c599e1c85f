"""What a history says of the site: what of it has to be the same, whoever saved the pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.world import program

Rows = frozenset[tuple[object, ...]]
_FACTS = {
    "statements": "SELECT title, published_on, published_at FROM statements",
    "bodies": "SELECT s.title, v.title, v.body FROM versions v JOIN statements s"
    " ON s.key = v.statement WHERE v.body IS NOT NULL",
    "leads": "SELECT s.title, v.lead FROM versions v JOIN statements s"
    " ON s.key = v.statement WHERE v.lead IS NOT NULL",
    "counters": "SELECT event, unit, since_date, label FROM counters",
    "readings": "SELECT event, page_date, value, since_date FROM counter_readings",
    "contacts": "SELECT page_date, language, label, phone, email FROM headers",
    "changes": "SELECT kind, title, published_on, field, before, after FROM changes"
    " WHERE kind NOT LIKE '%discovered'",
    "discovered": "SELECT kind, subject FROM changes WHERE kind LIKE '%discovered'",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one database, by what they are about."""

    rows: dict[str, Rows]

    def false_beside(self, truth: Facts) -> list[str]:
        """What is told here and is not true."""
        return _told(self, truth)

    def lacking_of(self, truth: Facts) -> list[str]:
        """What is true and not told here."""
        return _told(truth, self)


def _told(one: Facts, other: Facts) -> list[str]:
    return [f"{name}: {row}" for name in one.rows for row in sorted(one.rows[name], key=repr)
            if not any(_is_told_by(row, more) for more in other.rows[name])]  # fmt: skip


def _is_told_by(row: tuple[object, ...], more: tuple[object, ...]) -> bool:
    """Say whether *more* tells what *row* tells; what is not known tells nothing."""
    return all(cell is None or cell == told for cell, told in zip(row, more, strict=True))


def facts_of(db: Path) -> Facts:
    """Return what the history *db* says."""
    return Facts({name: frozenset(program.query(db, query)) for name, query in _FACTS.items()})
